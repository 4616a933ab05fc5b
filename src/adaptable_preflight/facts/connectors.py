"""How each library is told of its database: by a URL, by single parts, or by a path.

Source: the signatures in each library's own documentation or source, named beside its rows.
"""

from typing import Final, Literal, NamedTuple

Url = Literal["sqlalchemy", "libpq", "own", "django"]
"""Who reads the URL: SQLAlchemy's dialects, libpq (which takes `postgres://` and `postgresql://`), the library;
or Django, which is told an engine and loads the driver that belongs to it."""


class Library(NamedTuple):
    """One call or setting by which a library learns of its database."""

    library: str
    """The import name of what connects."""
    position: int = -1
    """The position of the URL, connection string or path among the arguments; -1: it has none."""
    keyword: str = ""
    reads: Url = "own"
    dialect: str = ""
    """`postgresql`, `sqlite`, `mysql`, `mssql`, `mongodb`; empty: the URL tells."""
    asynchronous: bool = False
    """Whether the library wants a driver whose calls are awaited, though its URLs can name others too."""
    default: str = ""
    """The address that counts where none is told; empty: none does, or variables tell it."""


_SQLALCHEMY = Library("sqlalchemy", 0, "url", "sqlalchemy")
_ASYNC_SQLALCHEMY = _SQLALCHEMY._replace(asynchronous=True)
_PSYCOPG2 = Library("psycopg2", 0, "dsn", "libpq", "postgresql")
_PSYCOPG = Library("psycopg", 0, "conninfo", "libpq", "postgresql")
_ASYNCPG = Library("asyncpg", 0, "dsn", "own", "postgresql")
_MONGO = Library("pymongo", 0, "host", "own", "mongodb")
_MONGO_CLIENT = _MONGO._replace(default="mongodb://localhost:27017")
_SQLITE = Library("sqlite3", 0, "database", "own", "sqlite")

CALLS: Final[dict[str, Library]] = {
    # https://docs.sqlalchemy.org/en/20/core/engines.html, and what hands its URL to it
    "sqlalchemy.create_engine": _SQLALCHEMY,
    "sqlalchemy.engine.create_engine": _SQLALCHEMY,
    "sqlalchemy.ext.asyncio.create_async_engine": _ASYNC_SQLALCHEMY,
    "sqlalchemy.ext.asyncio.engine.create_async_engine": _ASYNC_SQLALCHEMY,
    "sqlalchemy.future.create_engine": _SQLALCHEMY,
    "sqlmodel.create_engine": _SQLALCHEMY,
    "sqlmodel.ext.asyncio.create_async_engine": _ASYNC_SQLALCHEMY,
    "cs50.SQL": _SQLALCHEMY,  # https://cs50.readthedocs.io/libraries/cs50/python/#cs50.SQL
    "gino.Gino.set_bind": Library("sqlalchemy", 0, "bind", "sqlalchemy"),
    "dataset.connect": _SQLALCHEMY,
    "records.Database": Library("sqlalchemy", 0, "db_url", "sqlalchemy"),
    "apscheduler.jobstores.sqlalchemy.SQLAlchemyJobStore": _SQLALCHEMY,
    "langchain_community.utilities.SQLDatabase.from_uri": Library("sqlalchemy", 0, "database_uri", "sqlalchemy"),
    # https://www.psycopg.org/docs/module.html#psycopg2.connect, https://www.psycopg.org/psycopg3/docs/api/connections.html
    "psycopg2.connect": _PSYCOPG2,
    "psycopg2.pool.SimpleConnectionPool": _PSYCOPG2._replace(position=2),
    "psycopg2.pool.ThreadedConnectionPool": _PSYCOPG2._replace(position=2),
    "aiopg.connect": _PSYCOPG2,
    "aiopg.create_pool": _PSYCOPG2,
    "psycopg.connect": _PSYCOPG,
    "psycopg.Connection.connect": _PSYCOPG,
    "psycopg.AsyncConnection.connect": _PSYCOPG,
    "psycopg_pool.ConnectionPool": _PSYCOPG,
    "psycopg_pool.AsyncConnectionPool": _PSYCOPG,
    # https://magicstack.github.io/asyncpg/current/api/
    "asyncpg.connect": _ASYNCPG,
    "asyncpg.create_pool": _ASYNCPG,
    "pg8000.connect": Library("pg8000", dialect="postgresql"),
    "pg8000.dbapi.connect": Library("pg8000", dialect="postgresql"),
    "pg8000.native.Connection": Library("pg8000", dialect="postgresql"),
    # https://www.encode.io/databases/, https://tortoise.github.io/databases.html
    "databases.Database": Library("databases", 0, "url"),
    "tortoise.Tortoise.init": Library("tortoise", 9, "db_url"),
    "tortoise.contrib.fastapi.register_tortoise": Library("tortoise", 9, "db_url"),
    # https://docs.peewee-orm.com/en/latest/peewee/playhouse.html#database-url
    "playhouse.db_url.connect": Library("peewee", 0, "url"),
    "peewee.PostgresqlDatabase": Library("psycopg2", 0, "database", "libpq", "postgresql"),
    "peewee.MySQLDatabase": Library("pymysql", dialect="mysql"),
    "peewee.SqliteDatabase": Library("sqlite3", 0, "database", "own", "sqlite"),
    # https://pymongo.readthedocs.io/en/stable/api/pymongo/mongo_client.html
    "pymongo.MongoClient": _MONGO_CLIENT,
    "pymongo.mongo_client.MongoClient": _MONGO_CLIENT,
    "pymongo.AsyncMongoClient": _MONGO_CLIENT,
    "motor.motor_asyncio.AsyncIOMotorClient": _MONGO_CLIENT,
    "flask_pymongo.PyMongo": Library("pymongo", 1, "uri", "own", "mongodb"),
    "mongoengine.connect": Library("pymongo", 9, "host", "own", "mongodb"),
    # https://pymysql.readthedocs.io/en/latest/modules/connections.html and its kin
    "pymysql.connect": Library("pymysql", dialect="mysql"),
    "pymysql.connections.Connection": Library("pymysql", dialect="mysql"),
    "MySQLdb.connect": Library("MySQLdb", dialect="mysql"),
    "mysql.connector.connect": Library("mysql.connector", dialect="mysql"),
    "mysql.connector.pooling.MySQLConnectionPool": Library("mysql.connector", dialect="mysql"),
    "aiomysql.connect": Library("aiomysql", dialect="mysql"),
    "aiomysql.create_pool": Library("aiomysql", dialect="mysql"),
    "pyodbc.connect": Library("pyodbc", 0, "", "own", "mssql"),
    "pymssql.connect": Library("pymssql", dialect="mssql"),
    # https://docs.python.org/3/library/sqlite3.html#sqlite3.connect
    "sqlite3.connect": _SQLITE,
    "aiosqlite.connect": _SQLITE._replace(library="aiosqlite"),
}

SETTINGS: Final[dict[str, tuple[str, Library]]] = {
    # https://flask-sqlalchemy.readthedocs.io/en/stable/config/, https://flask-pymongo.readthedocs.io/
    "SQLALCHEMY_DATABASE_URI": ("flask_sqlalchemy", _SQLALCHEMY),
    "MONGO_URI": ("flask_pymongo", _MONGO),
}
"""Settings of a Flask app that hold a URL, and the extension that has to be imported for them to count."""

GROUPS: Final[dict[str, tuple[str, Library]]] = {
    # https://flask-mysqldb.readthedocs.io/, https://flask-mysql.readthedocs.io/
    "MYSQL_": ("flask_mysqldb", Library("MySQLdb", dialect="mysql")),
    "MYSQL_DATABASE_": ("flaskext.mysql", Library("pymysql", dialect="mysql")),
}
"""Settings of a Flask app that tell one part each, by what their names begin with."""

PARTS: Final[dict[str, str]] = {
    "host": "host", "server": "host", "hostname": "host", "user": "user", "username": "user",
    "password": "password", "passwd": "password", "pwd": "password", "uid": "user", "dbname": "name",
    "database": "name", "db": "name", "port": "port", "sslmode": "tls", "ssl": "tls", "ssl_context": "tls",
    "connect_args": "options",
}  # fmt: skip
"""What arguments, settings and fields of connection strings are called, and what they mean."""
