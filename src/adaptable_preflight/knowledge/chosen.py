"""Which version of a distribution will be installed, as far as it can be told whether that one lacks something."""

from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.knowledge.tables import Removed, breaks, brought_by
from adaptable_preflight.knowledge.versions import NEWEST, all_are_in, newest_is_in, python_in, range_of
from adaptable_preflight.model import Installed, Requirement


def lacks(row: Removed, installed: Installed) -> bool:
    """Whether the version that will be installed is one of those that lack the name."""
    if row.package == "python":
        return python_in(installed, row.bounds).here is True
    bounds = [r.specifier for m in installed.manifests if m.used for r in m.constraints if r.name == row.package]
    bounds += held_back(row.package, installed)
    requirement = installed.find(row.package)
    if requirement is not None:
        return not requirement.url and newest_is_in(",".join((requirement.specifier, *bounds)), row.bounds)
    if not any(m.used for m in installed.manifests) and installed.image is None:
        undeclared = not installed.elsewhere and not installed.manifests  # a file that is only misplaced may hold it
        return undeclared and newest_is_in("", row.bounds)  # whatever will be declared: nothing holds it back
    return _follows(row, installed) and newest_is_in(",".join(bounds), row.bounds)


def held_back(package: str, installed: Installed, steps: int = 2) -> list[str]:
    """Return the bounds within which pip keeps a distribution, because it gets no newer one beside what is declared.

    Either another one wants it older, or it wants a newer one of another that is held back itself, so many steps far.
    """
    pairs = [pair for pair in breaks() if pair.is_avoided and not pair.further and steps]
    found = []
    for pair in pairs:
        if pair.other == package and pair.other_bounds.startswith(">="):
            told, held = _bounds(pair.package, installed, steps)
            if (told and all_are_in(told, pair.bounds)) or (held and newest_is_in(f"{told},{held}", pair.bounds)):
                found.append(pair.other_bounds.replace(">=", "<"))
        elif pair.package == package and pair.bounds.startswith(">=") and "," not in pair.bounds:
            within = ",".join(filter(None, _bounds(pair.other, installed, steps)))
            if within and all_are_in(within, pair.other_bounds):
                found.append(pair.bounds.replace(">=", "<"))
    return found


def _bounds(package: str, installed: Installed, steps: int) -> tuple[str, str]:
    """Return the bounds that are declared for a distribution, and those within which others keep it."""
    declared = installed.find(package)
    return declared.specifier if declared is not None else "", ",".join(held_back(package, installed, steps - 1))


def _follows(row: Removed, installed: Installed) -> bool:
    """Whether the package is brought along by something that leaves its version open."""
    found = presence(installed, row.package)
    bringing = installed.find(found.via) if found.installed and found.via else None
    return bringing is not None and range_of(bringing.specifier).high == NEWEST and not bringing.url


def is_fixed(row: Removed, installed: Installed) -> bool:
    """Whether a requirement names the one version that is installed."""
    requirement = installed.find(row.package)
    return requirement is not None and "==" in requirement.specifier


def is_chosen(row: Removed, installed: Installed) -> bool:
    """Whether a version that lacks the name is certain, by one that is named or by the newest that there is.

    The newest is held back by an old Python, and by what is declared besides, needs the package and is old itself. It
    is so too by a bound on anything that its newest version, or the newest of what needs it, may want newer: pip then
    goes back to older versions (https://pip.pypa.io/en/stable/topics/dependency-resolution/#backtracking).
    """
    if is_fixed(row, installed):
        return True
    fit = python_in(installed, row.python)
    if installed.find(row.package) is None or not installed.known or not fit.here or fit.unless:
        return False
    declared = [r for r in installed.requirements if r.installed]
    held = frozenset(r.name for r in declared if range_of(r.specifier).high != NEWEST or r.url)
    return not any(
        _goes_back(each, held) if each.name == row.package else _may_hold(each, row.package, held) for each in declared
    )


def surely_in(installed: Installed, package: str, bounds: str) -> bool:
    """Whether the version that will be installed lies within bounds for certain."""
    requirement = installed.find(package)
    if requirement is None or requirement.url:
        return False
    row = Removed(package, bounds, "", "")
    return all_are_in(requirement.specifier, bounds) or (lacks(row, installed) and is_chosen(row, installed))


def _may_hold(other: Requirement, package: str, held: frozenset[str]) -> bool:
    if any(other.name in pair.bounding for pair in breaks() if pair.other == package):
        return True
    brought, known = brought_by(_keys(other))
    if package not in brought and (known or package not in other.name):
        return False
    return other.name in held or _goes_back(other, held)


def _goes_back(one: Requirement, held: frozenset[str]) -> bool:
    """Whether pip may have to take an older version, because of a bound on what the newest needs."""
    return not held.isdisjoint(brought_by(_keys(one))[0] - {one.name})


def _keys(one: Requirement) -> tuple[str, ...]:
    return (one.name, *(f"{one.name}[{extra}]" for extra in one.extras))
