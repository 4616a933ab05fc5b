"""The data files of this package, read when they are asked for the first time."""

import os
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

_FOLDER = os.path.dirname(__file__)


def rows(file: str) -> tuple[tuple[str, str], ...]:
    """Return the rows `key: value` of a data file; `#` starts a comment."""
    with open(os.path.join(_FOLDER, file), encoding="utf-8") as text:
        pairs = (line.rstrip("\n").partition(":") for line in text if line[:1] not in "#\n")
        return tuple((key, value.strip()) for key, _, value in pairs)


@cache
def _brings() -> dict[str, tuple[str, ...]]:
    return {key: tuple(value.split()) for key, value in rows("brings.txt")}


def brought_by(keys: Iterable[str], but: str = "") -> tuple[frozenset[str], bool]:
    """Return what distributions (`name` or `name[extra]`) bring along, and whether all of that is known.

    `but`: a distribution that does not count; its extras do.
    """
    return _brought(tuple(keys), but)


@cache
def _brought(keys: tuple[str, ...], but: str) -> tuple[frozenset[str], bool]:
    table, seen, pending, known = _brings(), {but}, list(keys), True
    while pending:
        key = pending.pop()
        if key in seen:
            continue
        seen.add(key)
        name = key.partition("[")[0]
        if name != key:
            pending.append(name)
        if key in table:
            pending.extend(table[key])
        elif name == key:
            known = False
    return frozenset(seen), known


def direct_needs(name: str) -> tuple[str, ...]:
    """Return what a distribution needs by itself, as far as that is known; extras are left out."""
    return tuple(need for need in _brings().get(name, ()) if "[" not in need)


@cache
def _extras_of() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key in _brings():
        if "[" in key:
            found.setdefault(key.partition("[")[0], []).append(key)
    return {name: tuple(keys) for name, keys in found.items()}


def extras_of(name: str) -> tuple[str, ...]:
    """Return the extras of a distribution of which it is known what they bring, as `name[extra]`."""
    return _extras_of().get(name, ())


class Some(NamedTuple):
    """What only some versions of a distribution need."""

    package: str
    bounds: str
    needs: tuple[str, ...]
    """As `name` or `name[extra]`."""


@cache
def needs_of_some() -> tuple[Some, ...]:
    """Return what only some versions of a distribution need."""
    return tuple(Some(*bounded(key), tuple(needs.split())) for key, needs in rows("some_versions.txt"))


@cache
def _newest() -> dict[str, str]:
    return dict(rows("newest.txt"))


def newest(name: str) -> str:
    """Return a recent version of a distribution, for advice; empty where none is recorded."""
    return _newest().get(name, "")


@cache
def foreign() -> dict[str, str]:
    """Return the distributions that do not install on Linux, with the system that they are for."""
    return dict(rows("foreign.txt"))


class ForeignModule(NamedTuple):
    """A module whose import fails in a container."""

    needs: str
    """What it cannot do without: `Windows`, `a display`."""
    error: str


@cache
def foreign_modules() -> dict[str, ForeignModule]:
    """Return the top-level modules that cannot be imported on a Linux without a display."""
    pairs = ((key, value.split(" | ")) for key, value in rows("foreign_modules.txt"))
    return {key: ForeignModule(needs, error) for key, (needs, error) in pairs}


@cache
def source_builds() -> dict[str, tuple[str, str]]:
    """Return the distributions without a wheel for Linux: the headers' Debian package, and what to take instead."""
    table = {}
    for name, value in rows("source_build.txt"):
        headers, instead = value.split()
        table[name] = (headers, "" if instead == "-" else instead)
    return table


class Removed(NamedTuple):
    """A name that a package had once; `package` may be `python`."""

    package: str
    bounds: str
    """The versions that lack it."""
    instead: str
    source: str
    whole: bool = False
    """Whether the name stands for everything in a module."""
    python: str = ">=3.8"
    """The versions of Python for which there are such versions."""


@cache
def standard_names() -> dict[str, frozenset[str]]:
    """Return the public names of modules of Python itself, in any version up to 3.13."""
    return {module: frozenset(names.split()) for module, names in rows("standard_names.txt")}


@cache
def removed() -> dict[str, Removed]:
    """Return the removed names, with what to use instead."""
    table = {}
    for key, value in rows("removed.txt"):
        versions, instead, source = value.split(" | ")
        first, _, python = versions.partition(" + python")
        name = key.removesuffix(".*").removesuffix("()")
        table[name] = Removed(*bounded(first), instead, source, key.endswith(".*"), python or ">=3.8")
    return table


class Break(NamedTuple):
    """Two packages whose versions do not run together; `other` may be `python`, or empty where one is enough."""

    name: str
    package: str
    bounds: str
    other: str
    other_bounds: str
    error: str
    remedies: tuple[str, ...]
    """The lines that repair it, one to each; none where the package has no use any more."""
    bounding: frozenset[str]
    """Packages that keep the second one within bounds of their own."""
    source: str
    further: tuple[tuple[str, str], ...] = ()
    """What has to hold besides: other packages, or Python, with their bounds."""
    spared_by: str = ""
    """The argument with which the calls do not fail that do so otherwise; empty: more than some calls fails."""
    makers: tuple[str, ...] = ()
    """The dotted names of these calls."""

    @property
    def stops_installation(self) -> bool:
        """Whether the package cannot even be installed, so that it is no matter who imports it."""
        return self.error.startswith("pip:")

    @property
    def is_avoided(self) -> bool:
        """Whether pip takes another version where the bounds leave it one.

        It does so with two that do not go together by what they declare, and with one that excludes an old Python.
        """
        return self.stops_installation and (self.other != "python" or self.other_bounds.startswith("<"))

    @property
    def pythons(self) -> tuple[str, ...]:
        """The bounds on Python within which they break."""
        return tuple(bounds for name, bounds in ((self.other, self.other_bounds), *self.further) if name == "python")


@cache
def breaks() -> tuple[Break, ...]:
    """Return the pairs that break."""
    found = []
    for name, value in rows("breaks.txt"):
        pair, _, _, _, error, remedy, bounding, source, *calls = value.split(" | ")
        one, other, *further = map(bounded, pair.split(" + "))
        kept = frozenset(bounding.split()) - {"-"}
        lines = tuple(filter(None, remedy.strip("-").split(" and ")))
        spared, *makers = calls[0].split() if calls else ("",)
        found.append(Break(name, *one, *other, error, lines, kept, source, tuple(further), spared, tuple(makers)))
    return tuple(found)


def bounded(text: str) -> tuple[str, str]:
    """Return the distribution of a requirement without extras, and its bounds."""
    at = next((i for i, sign in enumerate(text) if sign in "<>=!~"), len(text))
    return text[:at], text[at:]


@cache
def needed_by_others() -> frozenset[str]:
    """Return the distributions that some other one needs, of itself or by an extra."""
    return frozenset(name for needs in _brings().values() for name in needs if "[" not in name)


@cache
def share_bringing(names: tuple[str, ...]) -> float:
    """Return which share of the distributions whose needs are known brings one of these along."""
    needed_by: dict[str, list[str]] = {}
    holders = [key for key in _brings() if "[" not in key]
    for holder in holders:
        for need in direct_needs(holder):
            needed_by.setdefault(need, []).append(holder)
    reached, pending = set(names), list(names)
    while pending:
        new = [holder for holder in needed_by.get(pending.pop(), ()) if holder not in reached]
        reached.update(new)
        pending += new
    return (len(reached) - len(names)) / len(holders)


def is_known(name: str) -> bool:
    """Whether a distribution stands in the tables, as one that needs others or as one that others need."""
    return name in _brings() or name in needed_by_others()
