"""Which distribution talks to which database, for each library that takes a URL or an engine's name."""

from typing import Final, NamedTuple


class Driver(NamedTuple):
    """The distributions of which one has to be there; the first one is what to add."""

    names: tuple[str, ...]
    library: str = "sqlalchemy"
    """The distribution of the library that loads the driver."""
    since: tuple[str, tuple[str, ...]] | None = None
    """The version from which on the library takes others by default, and which."""


_PSYCOPG2 = ("psycopg2-binary", "psycopg2", "psycopg2cffi")
_PSYCOPG = ("psycopg", "psycopg-binary", "psycopg-c")
_MYSQLDB = ("mysqlclient", "mysql-python")

SQLALCHEMY: Final[dict[tuple[str, str], Driver]] = {
    ("postgresql", ""): Driver(_PSYCOPG2, since=("2.1", _PSYCOPG)),
    ("postgresql", "psycopg2"): Driver(_PSYCOPG2),
    ("postgresql", "psycopg"): Driver(_PSYCOPG),
    ("postgresql", "psycopg_async"): Driver(_PSYCOPG),
    ("postgresql", "asyncpg"): Driver(("asyncpg",)),
    ("postgresql", "pg8000"): Driver(("pg8000",)),
    ("mysql", ""): Driver(_MYSQLDB),
    ("mysql", "mysqldb"): Driver(_MYSQLDB),
    ("mysql", "pymysql"): Driver(("pymysql",)),
    ("mysql", "mysqlconnector"): Driver(("mysql-connector-python", "mysql-connector", "mysql-connector-python-rf")),
    ("mysql", "aiomysql"): Driver(("aiomysql",)),
    ("mysql", "asyncmy"): Driver(("asyncmy",)),
    ("mariadb", ""): Driver(_MYSQLDB),
    ("mariadb", "pymysql"): Driver(("pymysql",)),
    ("mariadb", "mariadbconnector"): Driver(("mariadb",)),
    ("mssql", ""): Driver(("pyodbc",)),
    ("mssql", "pyodbc"): Driver(("pyodbc",)),
    ("mssql", "pymssql"): Driver(("pymssql",)),
    ("mssql", "aioodbc"): Driver(("aioodbc",)),
    ("sqlite", "aiosqlite"): Driver(("aiosqlite",)),
    ("oracle", "oracledb"): Driver(("oracledb",)),
    ("oracle", "cx_oracle"): Driver(("cx-oracle",)),
}
"""Source: https://docs.sqlalchemy.org/en/20/dialects/ and https://docs.sqlalchemy.org/en/21/changelog/migration_21.html
(psycopg is the default of `postgresql` from 2.1 on: tried with SQLAlchemy 2.1.9), 2026-11-22."""

DJANGO: Final[dict[str, Driver]] = {
    "postgresql": Driver((*_PSYCOPG2[:1], *_PSYCOPG, *_PSYCOPG2[1:]), "django"),
    "mysql": Driver((*_MYSQLDB, "pymysql"), "django"),
    "oracle": Driver(("oracledb", "cx-oracle"), "django"),
    "mssql": Driver(("mssql-django",), "django"),
}
"""Source: https://docs.djangoproject.com/en/stable/ref/databases/, 2026-11-22. Django takes pymysql where the project
installs it under MySQLdb's name."""


ASYNCHRONOUS: Final = frozenset(
    {"asyncpg", "psycopg", "psycopg_async", "aiosqlite", "aiomysql", "asyncmy", "aioodbc", "oracledb", "oracledb_async"}
)
"""SQLAlchemy's drivers whose calls are awaited: https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html."""

_IN_PLACE_OF_DEFAULT: Final = {
    "postgresql": ("psycopg2", "asyncpg", "psycopg", "pg8000"),
    "mysql": ("pymysql", "mysqlconnector", "asyncmy", "aiomysql"),
    "sqlite": ("aiosqlite",),
}


def alternatives(dialect: str, asynchronous: bool) -> tuple[tuple[str, Driver], ...]:
    """Return the drivers that a URL may name for a dialect in place of its default, the usual ones first."""
    plain = "postgresql" if dialect == "postgres" else dialect
    names = (n for n in _IN_PLACE_OF_DEFAULT.get(plain, ()) if n == "psycopg" or (n in ASYNCHRONOUS) is asynchronous)
    return tuple((f"{plain}+{name}", SQLALCHEMY[plain, name]) for name in names)


def driver_of(reads: str, dialect: str, driver: str) -> Driver | None:
    """Return what a connection needs: by SQLAlchemy's URL, or by the engine of Django's settings; None: not known."""
    dialect = "postgresql" if dialect == "postgres" else dialect
    match reads:
        case "sqlalchemy":
            return SQLALCHEMY.get((dialect, driver))
        case "django":
            return DJANGO.get(dialect)
    return None
