"""Versions and the bounds on them, as far as «which one will pip take» needs it: the newest that the bounds allow."""

import re
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Installed

Version = tuple[int, ...]

_RELEASE = late_pattern(r"v?(?:\d+!)?(\d+(?:\.\d+)*)([-_.]?post\d*)?")
_CLAUSE = late_pattern(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*([^\s,]+)")
NEWEST: Version = (10**9,)
"""Stands above every version."""


def version(text: str) -> Version:
    """Return a version's numbers without zeros at the end; what follows them (`rc1`, `+cpu`) is left out.

    A zero behind them stands for a post-release, whichever it is: it comes after the release that it mends, and before
    every other (https://peps.python.org/pep-0440/#post-releases).
    """
    match = _RELEASE.match(text.strip())
    numbers = [int(n) for n in match[1].split(".")] if match else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return (*numbers, 0) if match and match[2] else tuple(numbers)


class Range(NamedTuple):
    """Versions from `low` up to `high`; `closed`: `high` itself belongs to it."""

    low: Version = ()
    high: Version = NEWEST
    closed: bool = False

    def holds(self, one: Version) -> bool:
        """Whether a version lies in the range."""
        return self.low <= one and (one < self.high or (self.closed and one == self.high))


def range_of(specifier: str) -> Range:
    """Return the range that a specifier allows; exclusions (`!=`) do not narrow it."""
    low, high, closed = Version(()), NEWEST, False
    for operator, text in _CLAUSE.findall(specifier):
        start, end, end_closed = _bounds(operator, text)
        low = max(low, start)
        if (end, end_closed) < (high, closed):
            high, closed = end, end_closed
    return Range(low, high, closed)


def _bounds(operator: str, text: str) -> tuple[Version, Version, bool]:
    numbers = version(text)
    if operator in ("==", "===", "~=") and (text.endswith(".*") or operator == "~="):
        given = [int(n) for n in re.findall(r"\d+", text.removesuffix(".*").split("+")[0])]
        kept = given[:-1] if operator == "~=" else given
        return numbers, (*kept[:-1], kept[-1] + 1) if kept else NEWEST, False
    match operator:
        case "==" | "===":
            return numbers, numbers, True
        case ">=" | ">":
            return numbers, NEWEST, False
        case "<":
            return (), numbers, False
        case "<=":
            return (), numbers, True
    return (), NEWEST, False


def newest_is_in(specifier: str, wanted: str) -> bool:
    """Return whether the newest version that `specifier` allows lies in the range `wanted`."""
    allowed, target = range_of(specifier), range_of(wanted)
    if allowed.closed:
        return target.holds(allowed.high)
    if allowed.high == NEWEST:
        return target.high == NEWEST
    return target.low < allowed.high and (allowed.high < target.high or allowed.high == target.high)


def all_are_in(specifier: str, wanted: str) -> bool:
    """Return whether every version that `specifier` allows lies in the range `wanted`."""
    allowed, target = range_of(specifier), range_of(wanted)
    below = allowed.high < target.high or (allowed.high == target.high and (target.closed or not allowed.closed))
    return target.low <= allowed.low and below


def excludes(specifier: str, one: str) -> bool:
    """Return whether a specifier rules a version such as `3.11` out, taken as its newest patch.

    A specifier that names one patch (`==3.11.4`) does not: which patch will run is not known.
    """
    numbers = tuple(int(n) for n in re.findall(r"\d+", one))
    patch = numbers if len(numbers) > 2 else (*numbers, 10**6)
    allowed = range_of(specifier)
    if allowed.low == allowed.high:
        return allowed.low[: len(numbers)] != numbers[: len(allowed.low)]
    if not allowed.holds(patch):
        return True
    return any(
        operator == "!=" and text.endswith(".*") and numbers[:2] == version(text.removesuffix(".*"))
        for operator, text in _CLAUSE.findall(specifier)
    )


def held_below(installed: Installed, name: str, one: str) -> bool:
    """Whether a requirement holds a distribution (normalised name) below a version, so that none from it on comes."""
    requirement = installed.find(name)
    if requirement is None or not requirement.specifier:
        return False
    allowed, bound = range_of(requirement.specifier), version(one)
    return allowed.high < bound or (allowed.high == bound and not allowed.closed)


def held_from(installed: Installed, name: str, one: str) -> bool:
    """Whether a requirement holds a distribution (normalised name) at a version or above, so that none before comes."""
    requirement = installed.find(name)
    return requirement is not None and not requirement.url and range_of(requirement.specifier).low >= version(one)


class Fit(NamedTuple):
    """Whether the Python that runs lies within bounds (None: it is not known)."""

    here: bool | None
    unless: str = ""
    """A version that the files ask for and that does not fare alike; it runs where somebody set it on the platform."""


def python_in(installed: Installed, bounds: str) -> Fit:
    """Return whether the Python that will run lies within bounds.

    A default is what runs when nobody sets a version, and files that ask for another one tell that somebody may have.
    """
    python = installed.python
    if not python.version:
        return Fit(None)
    here = newest_is_in(f"=={python.version}", bounds)
    others = () if python.sure else installed.settable
    return Fit(here, next((one for one in others if newest_is_in(f"=={one}", bounds) != here), ""))


def python_is_in(installed: Installed, bounds: str) -> bool | None:
    """Return whether the Python that will run lies within bounds; None where it cannot be told."""
    fit = python_in(installed, bounds)
    return None if fit.unless else fit.here


def minor(text: str) -> str:
    """Return the first two numbers of a version, by which platforms offer Python."""
    return ".".join(text.split(".")[:2])
