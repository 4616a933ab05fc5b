"""The data files of this package, read when they are asked for the first time."""

import os
from collections.abc import Iterable
from functools import cache

_FOLDER = os.path.dirname(__file__)


def rows(file: str) -> tuple[tuple[str, str], ...]:
    """Return the rows `key: value` of a data file; `#` starts a comment."""
    with open(os.path.join(_FOLDER, file), encoding="utf-8") as text:
        pairs = (line.partition(":") for line in text if line[:1] not in "#\n")
        return tuple((key.strip(), value.strip()) for key, _, value in pairs)


@cache
def _brings() -> dict[str, tuple[str, ...]]:
    return {key: tuple(value.split()) for key, value in rows("brings.txt")}


def brought_by(keys: Iterable[str]) -> tuple[frozenset[str], bool]:
    """Return what distributions (`name` or `name[extra]`) bring along, and whether all of that is known."""
    table, seen, pending, known = _brings(), set[str](), list(keys), True
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


@cache
def source_builds() -> dict[str, tuple[str, str]]:
    """Return the distributions without a wheel for Linux: the headers' Debian package, and what to take instead."""
    table = {}
    for name, value in rows("source_build.txt"):
        headers, instead = value.split()
        table[name] = (headers, "" if instead == "-" else instead)
    return table
