"""Which databases the deployed code uses, and where it says so."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.connectors import CALLS, Library
from adaptable_preflight.model import Call, Code, Guard, Phase, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import Items, Known, Table, Thing, Value, known_text, text_of, things


class DatabaseUse(NamedTuple):
    """One place where deployed code tells which database it opens."""

    value: Value
    """A URL, the path of a file, or the table of options that Django's `DATABASES` holds for one alias."""
    span: Span
    """The text that decides, as far as it stands by itself."""
    by: str
    """What takes the value: a call's dotted name or a setting's name."""
    engine: str = ""
    """The file database that the call opens, such as `SQLite`; empty: the value tells, because it is a URL."""
    phase: Phase = "import"
    guards: tuple[Guard, ...] = ()


class Opener(NamedTuple):
    """A call that opens a database, and which of its arguments names it."""

    engine: str
    position: int
    keyword: str
    default: str | None = None
    """What the library opens when it is told nothing; None: that is no database of its own."""


_SQLITE = Opener("SQLite", 0, "database")

FILES: dict[str, Opener] = {
    "pydal.DAL": Opener("", 0, "uri", "sqlite://dummy.db"),
    "sqlite3.dbapi2.connect": _SQLITE,
    "pysqlite3.connect": _SQLITE,
    "aiosqlite.core.connect": _SQLITE,
    "apsw.Connection": Opener("SQLite", 0, "filename"),
    "sqlite_utils.Database": Opener("SQLite", 0, "filename_or_conn"),
    "sqlitedict.SqliteDict": Opener("SQLite", 0, "filename"),
    "peewee.SqliteDatabase.init": _SQLITE,
    "playhouse.sqlite_ext.SqliteExtDatabase": _SQLITE,
    "playhouse.sqliteq.SqliteQueueDatabase": _SQLITE,
    "playhouse.pool.PooledSqliteDatabase": _SQLITE,
    "tinydb.TinyDB": Opener("TinyDB", 0, "path"),
    "tinydb.database.TinyDB": Opener("TinyDB", 0, "path"),
    "shelve.open": Opener("shelve", 0, "filename"),
    "dbm.open": Opener("dbm", 0, "file"),
    "dbm.gnu.open": Opener("dbm", 0, "filename"),
    "dbm.dumb.open": Opener("dbm", 0, "filename"),
    "duckdb.connect": Opener("DuckDB", 0, "database"),
    "lmdb.open": Opener("LMDB", 0, "path"),
    "lmdb.Environment": Opener("LMDB", 0, "path"),
    "plyvel.DB": Opener("LevelDB", 0, "name"),
    "pickledb.load": Opener("pickleDB", 0, "location"),
    "pickledb.PickleDB": Opener("pickleDB", 0, "location"),
    "unqlite.UnQLite": Opener("UnQLite", 0, "filename"),
    "ZODB.FileStorage.FileStorage": Opener("ZODB", 0, "file_name"),
    "chromadb.PersistentClient": Opener("Chroma", 0, "path", "./chroma"),
}
"""Calls that open a database file, beside those of `connectors`. Source: the reference of each library."""

SERVED: tuple[Phase, ...] = ("import", "request", "background")
"""The phases in which the process runs that the platform serves."""

DJANGO = "django.settings"


def uses(code: Code) -> tuple[DatabaseUse, ...]:
    """Return every database that the served code opens, in the order of the code."""
    read = [setting for setting in code.settings if setting.name not in _OF_SQLALCHEMY or _loads_sqlalchemy(code)]
    from_settings = [use for setting in read for use in _of_setting(setting)]
    aside = _backed_up(code) | _idle_engines(code)
    served = (call for call in code.calls if call.phase in SERVED and call.span not in aside)
    from_calls = [use for call in served for use in _of_call(call)]
    return tuple(dict.fromkeys([*from_settings, *from_calls]))


_OF_SQLALCHEMY = ("SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_BINDS")


def _loads_sqlalchemy(code: Code) -> bool:
    """Whether something reads SQLAlchemy's settings, as far as that is known."""
    return not code.complete or any("sqlalchemy" in one.module.lower() for one in code.imports)


_USES = tuple(f"sqlite3.connect.{method}" for method in ("execute", "executemany", "executescript", "cursor", "commit"))


def _backed_up(code: Code) -> frozenset[Span]:
    """Return the connections that serve to copy a database, from which and into which `backup` copies it.

    The database of the app is the one that other code opens.
    Source: https://docs.python.org/3/library/sqlite3.html#sqlite3.Connection.backup
    """
    backups = [call for call in code.calls if call.name == "sqlite3.connect.backup"]
    ends = (value for call in backups for value in (call.receiver, *(a.value for a in call.arguments)))
    copied = {value.span for value in ends if isinstance(value, Thing) and value.span is not None}
    used = [call.receiver for call in code.calls if call.name in _USES]
    return frozenset(copied - {one.span for one in used if isinstance(one, Thing)})


_ENGINES = ("sqlalchemy.create_engine", "sqlalchemy.ext.asyncio.create_async_engine", "sqlmodel.create_engine")
_FACTORIES = (
    "sqlalchemy.orm.sessionmaker",
    "sqlalchemy.ext.asyncio.async_sessionmaker",
    "sqlalchemy.orm.scoped_session",
)


def _idle_engines(code: Code) -> frozenset[Span]:
    """Return those of several engines with which nothing is done, such as one for tests: making one opens no database.

    Source: https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine
    """
    engines = {call.span for call in code.calls if call.name in _ENGINES}
    if len(engines) < 2:
        return frozenset()
    working = (call for call in code.calls if call.name not in _FACTORIES)
    given = (value for call in working for value in (call.receiver, *(a.value for a in call.arguments)))
    used = {thing.span for value in given if value is not None for thing in things(value)}
    return frozenset(engines - used) if engines & used else frozenset()


def _of_setting(setting: Setting) -> Iterator[DatabaseUse]:
    if setting.name == "SQLALCHEMY_DATABASE_URI" and setting.owner != DJANGO:
        yield _use(setting.value, setting, setting.name)
    elif setting.name == "SQLALCHEMY_BINDS" and isinstance(setting.value, Table):
        for _, value in setting.value.entries:
            options = value.get("url") if isinstance(value, Table) else value
            if options is not None:
                yield _use(options, setting, setting.name)
    elif setting.name == "DATABASES" and setting.owner == DJANGO and isinstance(setting.value, Table):
        for _, value in setting.value.entries:
            yield _use(value, setting, setting.name)


def _use(value: Value, setting: Setting, by: str) -> DatabaseUse:
    return DatabaseUse(value, _place(value, setting.span), by, guards=setting.guards)


def _of_call(call: Call) -> Iterator[DatabaseUse]:
    if call.name == "pony.orm.Database" or call.name == "pony.orm.Database.bind":
        yield from _of_pony(call)
        return
    opener = FILES.get(call.name) or _of_library(CALLS.get(call.name))
    if opener is None or _is_opened_to_read(call):
        return
    argument = call.argument(opener.position, opener.keyword)
    value = argument.value if argument is not None else None
    if value is None and opener.default is not None:
        value = Known(opener.default, call.span)
    if value is not None and not (isinstance(value, Known) and value.value is None):
        span = _place(value, argument.span if argument is not None else call.span)
        yield DatabaseUse(value, span, call.name, opener.engine, call.phase, call.guards)


_FLAGS = {"shelve.open": "c", "dbm.open": "r", "dbm.gnu.open": "r", "dbm.dumb.open": "c"}
"""The flag that counts where none is given. Source: https://docs.python.org/3/library/dbm.html, …/shelve.html"""


def _is_opened_to_read(call: Call) -> bool:
    """Whether a call opens an existing file and cannot change it."""
    if call.name in _FLAGS:
        flag = call.argument(1, "flag")
        return (known_text(flag.value) if flag is not None else _FLAGS[call.name]) == "r"
    read_only = call.argument(1, "read_only") if call.name == "duckdb.connect" else None
    return read_only is not None and isinstance(read_only.value, Known) and read_only.value.value is True


def _of_library(library: Library | None) -> Opener | None:
    """Return how a library that reads URLs, or SQLite's own, is told of its database."""
    if library is None or library.position < 0 or library.dialect not in ("", "sqlite"):
        return None
    return Opener("SQLite" if library.dialect else "", library.position, library.keyword)


def _of_pony(call: Call) -> Iterator[DatabaseUse]:
    provider, name = call.argument(0, "provider"), call.argument(1, "filename")
    if provider is not None and name is not None and text_of(provider.value) == "sqlite":
        yield DatabaseUse(name.value, _place(name.value, name.span), call.name, "SQLite", call.phase, call.guards)


def _place(value: Value, otherwise: Span) -> Span:
    """Return where the literal stands that decides, where it stands in a file by itself."""
    if isinstance(value, Table):  # Django's options: the engine is what makes it a file
        value = value.get("ENGINE") or value
    span = getattr(value, "span", None)
    if isinstance(value, Items | Table) or span is None:
        return otherwise
    return span if isinstance(span, Span) else otherwise
