"""Modules of installed distributions whose import fails, because an extra brings what they import in turn."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.knowledge.tables import Extra, brought_by, extras
from adaptable_preflight.knowledge.versions import NEWEST, newest_is_in, python_is_in, range_of
from adaptable_preflight.model import Deployment, Import, Installed


class MissingExtra(NamedTuple):
    """An import that fails, and what it lacks."""

    one: Import
    extra: Extra


def missing_extras(deployment: Deployment) -> Iterator[MissingExtra]:
    """Yield the imports of modules that need an extra which nothing asks for, each module once."""
    seen, installed = set[str](), deployment.installed
    for one in deployment.code.imports:
        row = next((row for row in extras() if f"{one.module}.".startswith(f"{row.module}.")), None)
        if row is None or row.module in seen or one.guarded or one.phase not in ("import", "request"):
            continue
        if installed.known and _is_taken(row, installed) and not _is_brought(row, installed):
            seen.add(row.module)
            yield MissingExtra(one, row)


def _is_taken(row: Extra, installed: Installed) -> bool:
    """Whether the version that will be installed is certain to be one of those that need the extra."""
    own = installed.find(row.package)
    others = [r.name for r in installed.requirements if r.installed and row.package in brought_by((r.name,))[0]]
    others = [name for name in others if name != row.package]
    allowed = range_of(own.specifier if own is not None else "")
    if own is not None and (own.url or allowed.low >= range_of(row.bounds).low):
        return not own.url
    opened = allowed.high == NEWEST and newest_is_in("", row.bounds) and (own is not None or bool(others))
    constrained = any(r.name == row.package for m in installed.manifests if m.used for r in m.constraints)
    fits = python_is_in(installed, row.python) is True
    return opened and not constrained and row.unbounding.issuperset(others) and fits


def _is_brought(row: Extra, installed: Installed) -> bool:
    """Whether something brings what the module imports, or nobody knows what everything brings."""
    asked = [r for r in installed.requirements if r.installed]
    keys = [key for r in asked for key in (r.name, *(f"{r.name}[{extra}]" for extra in r.extras))]
    brought, known = brought_by(keys, but=row.package)
    return row.needed in brought or not known or row.needed in installed.supplied
