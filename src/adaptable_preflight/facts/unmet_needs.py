"""Uses of libraries that fail, because nothing that is installed brings what they need besides."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from adaptable_preflight.facts.library_uses import Used, matches
from adaptable_preflight.knowledge.needs import Need
from adaptable_preflight.knowledge.presence import absence, opaque, presence
from adaptable_preflight.knowledge.tables import brought_by
from adaptable_preflight.knowledge.versions import NEWEST, all_are_in, newest_is_in, python_is_in, range_of
from adaptable_preflight.model import Deployment, Installed

_CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
"""What code catches that goes on without a library, whichever exception the library makes of it."""


class Unmet(NamedTuple):
    """A use that fails for want of a distribution."""

    used: Used
    need: Need
    at_start: bool
    """Whether it fails when the app is imported, and not in a request."""
    doubts: int = 0


def unmet_needs(deployment: Deployment) -> Iterator[Unmet]:
    """Yield each use in code that is served, where it is certain that nothing declared is what it needs."""
    settled: dict[Need, int | None] = {}
    for used, need, at_start, unsure in matches(deployment, "needs.txt"):
        if need not in settled:
            settled[need] = _lacking(need, deployment)
        lacking = settled[need]
        if lacking is not None and not used.catching & {*_CATCHING, need.kind}:
            yield Unmet(used, need, at_start, lacking + unsure)


_DOUBTS = {"lock": 0, "known": 0, "listed": 1, "unlikely": 2}
"""How many doubts are left that something is missing."""


def _lacking(need: Need, deployment: Deployment) -> int | None:
    """Return how many doubts are left that the library is there and what it needs for this is not; None: it may be."""
    installed = deployment.installed
    if not installed.known or not _is_served(need, deployment) or not is_taken(need, installed):
        return None
    why = absence(installed, need.needed, but=need.package)
    return _DOUBTS[why] if why is not None else None


def _is_served(need: Need, deployment: Deployment) -> bool:
    web = deployment.web
    servers = web.servers if web is not None else ()
    return not need.served_by or any(need.served_by == p.name for server in servers for p in server.packages)


def is_taken(need: Need, installed: Installed) -> bool:
    """Whether the version that will be installed is certain to be one of those that have the need."""
    if need.python and python_is_in(installed, need.python) is not True:
        return False
    if not need.bounds:
        return presence(installed, need.package).installed is True
    own = installed.find(need.package)
    if own is not None and own.url:
        return False
    if own is not None and any(all_are_in(own.specifier, bounds) for bounds in need.bounds):
        return True
    allowed = range_of(own.specifier if own is not None else "")
    opened = allowed.high == NEWEST and any(newest_is_in("", bounds) for bounds in need.bounds)
    constrained = any(r.name == need.package for m in installed.manifests if m.used for r in m.constraints)
    return opened and not constrained and not opaque(installed) and _is_left_open(need, installed, own is not None)


def _is_left_open(need: Need, installed: Installed, declared: bool) -> bool:
    """Whether the library is wanted, and nothing that needs it bounds its version."""
    others = [r.name for r in installed.requirements if r.installed and need.package in brought_by((r.name,))[0]]
    others = [name for name in others if name != need.package]
    open_all = all(any(fnmatchcase(name, pattern) for pattern in need.unbounding) for name in others)
    return open_all and (declared or bool(others))
