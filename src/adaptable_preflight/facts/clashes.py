"""Versions that will be installed and are known not to run together."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.knowledge.chosen import held_back
from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.knowledge.tables import Break, breaks
from adaptable_preflight.knowledge.versions import all_are_in, newest_is_in, python_in
from adaptable_preflight.model import Code, Deployment, Installed, Requirement


class Clash(NamedTuple):
    """A requirement whose version does not run with another package, or with the Python that runs."""

    pair: Break
    requirement: Requirement
    unless: str
    """A version of Python with which it does, where somebody may have set that on the platform."""


def clashes(deployment: Deployment) -> Iterator[Clash]:
    """Yield each pair of the table that this deployment would get."""
    installed = deployment.installed
    for pair in breaks():
        requirement = installed.find(pair.package)
        if requirement is None or requirement.url or not _chosen(requirement, pair):
            continue
        others = ((pair.other, pair.other_bounds), *pair.further)
        if _bounded_otherwise(pair, requirement, installed) or not all(_there(*other, installed) for other in others):
            continue
        if not pair.is_avoided and any(_is_kept_older(*other, installed) for other in others):
            continue
        if pair.is_avoided and pair.other != "python" and not _meets(requirement, pair, installed):
            continue
        if _is_spared(pair, deployment.code):
            continue
        fits = [python_in(installed, bounds) for bounds in pair.pythons]
        yield Clash(pair, requirement, next((fit.unless for fit in fits if fit.unless), ""))


def _is_spared(pair: Break, code: Code) -> bool:
    """Whether the code gives each of the calls that would fail what spares it."""
    calls = [call for call in code.calls if call.name in pair.makers]
    return bool(calls) and all(call.argument(-1, pair.spared_by) is not None for call in calls)


def _chosen(requirement: Requirement, pair: Break) -> bool:
    """Whether pip takes a version that the row is about: where it avoids those, they have to be all that there are."""
    chosen = all_are_in if pair.is_avoided else newest_is_in
    return chosen(requirement.specifier, pair.bounds or ">=0")


def _bounded_otherwise(pair: Break, requirement: Requirement, installed: Installed) -> bool:
    """Whether something that is not read here chooses the second version."""
    declared = {r.name for r in installed.requirements if r.installed}
    bounded = declared & (pair.bounding - {pair.package, pair.other})
    return bool(bounded) and not requirement.locked and installed.find(pair.other) is None


def _meets(requirement: Requirement, pair: Break, installed: Installed) -> bool:
    """Whether one run of pip gets both, and the other requirement leaves it no version outside of the pair's.

    A file is installed in one run; the lines of a Dockerfile are several, and each replaces what the former chose.
    """
    other, path = installed.find(pair.other), requirement.span.path
    if other is None or other.url or other.locked or requirement.locked or other.span.path != path:
        return False
    together = not any("--no-deps" in step.text for step in installed.steps)
    in_a_file = all(m.kind not in ("dockerfile", "conda", "conda-list") for m in installed.manifests if m.path == path)
    return together and in_a_file and all_are_in(other.specifier, pair.other_bounds)


def _is_kept_older(name: str, wanted: str, installed: Installed) -> bool:
    """Whether another requirement makes pip take a version outside of those that are wanted."""
    held, declared = held_back(name, installed), installed.find(name)
    told = declared.specifier if declared is not None else ""
    return bool(held) and not newest_is_in(",".join((told, *held)), wanted)


def _there(name: str, wanted: str, installed: Installed) -> bool:
    """Whether a package, or Python, will be there in one of the wanted versions."""
    if name == "python":
        return python_in(installed, wanted).here is True
    bounds = [r.specifier for m in installed.manifests if m.used for r in m.constraints if r.name == name]
    declared = installed.find(name)
    if declared is not None:
        known = bool(declared.specifier or bounds or not declared.url)
        return known and newest_is_in(",".join((declared.specifier, *bounds)), wanted)
    return presence(installed, name).installed is True and newest_is_in(",".join(bounds), wanted)
