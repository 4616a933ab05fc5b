"""Whether a value names a file on the instance's own disk."""

from typing import NamedTuple

from adaptable_preflight.facts.given import gives
from adaptable_preflight.facts.requests import brought
from adaptable_preflight.model import Deployment
from adaptable_preflight.value import (
    CHECKOUT,
    Concat,
    Derived,
    Either,
    FromEnv,
    Known,
    Table,
    Thing,
    Value,
    leading,
    text_of,
)

FILE_SCHEMES = ("sqlite:", "sqlite+", "sqliteext:", "duckdb:", "sqlite3:")


class OnDisk(NamedTuple):
    """A file on the instance's disk."""

    path: str
    """The path as far as it is known; empty: nothing of it is."""
    doubts: int = 0
    """How many unset variables or undecided conditions stand between this file and the deployed app."""
    unset: tuple[str, ...] = ()
    """The variables that would lead elsewhere if somebody set them."""


def database_file(deployment: Deployment, url: Value) -> OnDisk | None:
    """Return the file that a database URL (or a table of Django's options) leads to; None where it leads elsewhere."""
    match url:
        case FromEnv(name=name, default=default):
            if gives(deployment, name) or default is None:
                return None
            found = database_file(deployment, default)
            return found and found._replace(doubts=found.doubts + 1, unset=(name, *found.unset))
        case Either(options=options):
            return _of_options(deployment, options)
        case Derived(of=(first, *_)):
            return database_file(deployment, first)
        case Table():
            return _of_table(deployment, url)
        case Thing(name=name, arguments=arguments) if name.endswith(("URL.create", "URL.__call__", "engine.URL")):
            scheme = text_of(arguments[0].value) if arguments else None
            path = next((a.value for a in arguments if a.name == "database"), None)
            is_file = scheme is not None and f"{scheme}:".startswith(FILE_SCHEMES)
            return named_file(deployment, path) if is_file and path is not None else None
        case Thing(name="dj_database_url.parse", arguments=(first, *_)):
            return database_file(deployment, first.value)
        case Known() | Concat() if leading(url).lower().startswith(FILE_SCHEMES):
            return _of_url(url)
    return None


def _of_options(deployment: Deployment, options: tuple[Value, ...]) -> OnDisk | None:
    if any(isinstance(o, FromEnv | Derived) and _from_platform(deployment, o) for o in options):
        return None
    found = [database_file(deployment, option) for option in options]
    first = next((one for one in found if one is not None and one.path), None)
    stands_in = found[0] is None  # the file is what remains where something else is not configured
    return first and first._replace(doubts=first.doubts + (None in found) + stands_in)


def _from_platform(deployment: Deployment, value: Value) -> bool:
    """Whether a value is made from a variable that the platform sets."""
    if isinstance(value, Derived):
        return any(_from_platform(deployment, one) for one in value.of)
    return isinstance(value, FromEnv) and gives(deployment, value.name)


def _of_url(url: Known | Concat) -> OnDisk | None:
    text = leading(url)
    rest = text.partition(":")[2]
    path = rest.removeprefix("///") if rest.startswith("///") else rest.lstrip("/")
    if isinstance(url, Known) and (path in ("", "/") or is_memory(path)):
        return None
    return OnDisk(shown(path) if isinstance(url, Known) else "")


def _of_table(deployment: Deployment, options: Table) -> OnDisk | None:
    engine = text_of(options.get("ENGINE"))
    if engine is None or not engine.endswith("sqlite3") or not options.complete:
        return None
    name = options.get("NAME")
    return named_file(deployment, name) if name is not None else None


def named_file(deployment: Deployment, path: Value) -> OnDisk | None:
    """Return the file that a path names; None where it names no file on the disk."""
    match path:
        case Known(value=str() as text):
            return None if is_memory(text) or not text else OnDisk(shown(text))
        case FromEnv(default=default):
            inner = named_file(deployment, default) if default is not None else None
            return OnDisk(inner.path if inner is not None else "")
        case Either(options=options):
            found = [named_file(deployment, option) for option in options]
            first = next((one for one in found if one is not None), None)
            return first and first._replace(doubts=first.doubts + (None in found))
        case _ if brought(path):
            return None
        case Concat():
            return OnDisk("")
        case _:
            return OnDisk("", 1)


def is_memory(path: str) -> bool:
    """Whether SQLite keeps the database in memory (https://www.sqlite.org/inmemorydb.html)."""
    return ":memory:" in path or "mode=memory" in path


def shown(path: str) -> str:
    """Return a path as the repository's owner knows it."""
    return path.removeprefix(f"{CHECKOUT}/")
