"""`file-database`: a database file is what the deployed app uses, and nothing else looks like one."""

from collections.abc import Callable

import pytest
from tests.rules.apps import django

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import file_database

Says = Callable[..., tuple[Finding, ...]]

FLASK = """\
import os
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
{config}
db = SQLAlchemy(app)
"""


def severities(findings: tuple[Finding, ...]) -> list[tuple[str, int, str]]:
    return [(f.span.path, f.span.line, str(f.severity)) for f in findings]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ('app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///site.db"', "error"),
        ('DB = "site.db"\napp.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{DB}"', "error"),
        (
            (
                "here = os.path.abspath(os.path.dirname(__file__))\n"
                'app.config.update(SQLALCHEMY_DATABASE_URI="sqlite:///" + os.path.join(here, "site.db"))'
            ),
            "error",
        ),
        ('app.config["SQLALCHEMY_BINDS"] = {"users": "sqlite:////srv/users.db"}', "error"),
        ('app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("MY_URL", "sqlite:///site.db")', "warning"),
        ('app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///site.db")', ""),
        ('app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL") or "sqlite:///site.db"', ""),
        (
            (
                'url = os.environ.get("DATABASE_URL", "sqlite:///site.db")\n'
                'if url.startswith("postgres://"):\n    url = url.replace("postgres://", "postgresql://", 1)\n'
                'app.config["SQLALCHEMY_DATABASE_URI"] = url'
            ),
            "",
        ),
        (
            (
                'if "DATABASE_URL" in os.environ:\n'
                '    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]\n'
                'else:\n    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///site.db"'
            ),
            "",
        ),
        (
            (
                'if app.debug:\n    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///site.db"\n'
                'else:\n    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]'
            ),
            "",
        ),
        (
            (
                "from library import load\noptions = load()\n"
                'app.config["SQLALCHEMY_DATABASE_URI"] = options.url if options.on else "sqlite:///site.db"'
            ),
            "notice",
        ),
        ('app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///:memory:"', ""),
        ('app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"', ""),
        ('app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://db/x"', ""),
        (
            (
                'app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///site.db"\n'
                'app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]'
            ),
            "",
        ),
    ],
)
def test_flask_configuration(says: Says, config: str, expected: str) -> None:
    found = says(file_database, {"app.py": FLASK.format(config=config)})
    assert [str(f.severity) for f in found] == ([expected] if expected else [])


CLASSES = """\
import os

class Config:
    pass

class Development(Config):
    SQLALCHEMY_DATABASE_URI = os.environ.get("DEV_DATABASE_URL") or "sqlite:///dev.db"

class Testing(Config):
    SQLALCHEMY_DATABASE_URI = "sqlite:///test.db"

class Production(Config):
    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL")

config = {"development": Development, "testing": Testing, "production": Production, "default": Development}
"""


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ('config["production"]', []),
        ('config["testing"]', [("config.py", 10, "error")]),
        ('config[os.getenv("FLASK_CONFIG", "default")]', [("config.py", 7, "notice")]),
        ('config.get(os.getenv("FLASK_CONFIG", "testing"))', [("config.py", 10, "warning")]),
        ('os.getenv("APP_SETTINGS", "config.Testing")', [("config.py", 10, "warning")]),
        ('"config.Production"', []),
        ('config["testing"] if get_debug_flag() else config["production"]', []),
        ('config["production"] if get_debug_flag() else config["testing"]', [("config.py", 10, "warning")]),
        ('config["testing"] if get_env() == "development" else config["production"]', []),
        ('config["testing"] if platform.system() == "Windows" else config["production"]', []),
        ('config["testing"] if platform.system() == "Linux" else config["production"]', [("config.py", 10, "error")]),
        ('config["testing"] if os.path.exists("/home/me") else config["production"]', [("config.py", 10, "warning")]),
        ('config["testing"] if socket.gethostname() == "me" else config["production"]', [("config.py", 10, "warning")]),
        ('config["testing"] if socket.gethostname() == "me" else config["testing"]', [("config.py", 10, "error")]),
    ],
)
def test_only_the_chosen_configuration_counts(says: Says, chosen: str, expected: list[object]) -> None:
    imports = "import platform, socket\nfrom flask.helpers import get_debug_flag, get_env\nfrom config import config"
    app = FLASK.format(config=f"{imports}\napp.config.from_object({chosen})")
    assert severities(says(file_database, {"app.py": app, "config.py": CLASSES})) == expected


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ('sqlite3.connect("data.db")', "error"),
        ('sqlite3.connect(os.environ.get("DB_FILE", "data.db"))', "error"),
        ('sqlite3.connect(os.path.join(app.root_path, "data.db"))', "error"),
        ('sqlite3.connect(":memory:")', ""),
        ('sqlite3.connect("file::memory:?cache=shared", uri=True)', ""),
        ('shelve.open("data")', "error"),
        ('tinydb.TinyDB("data.json")', "error"),
        ("tinydb.TinyDB(storage=tinydb.storages.MemoryStorage)", ""),
        ("duckdb.connect()", ""),
        ('duckdb.connect("data.duckdb")', "error"),
    ],
)
@pytest.mark.parametrize("framework", ["flask.Flask(__name__)", "fastapi.FastAPI()"])
def test_a_file_that_a_handler_opens(says: Says, framework: str, handler: str, expected: str) -> None:
    module = framework.partition(".")[0]
    app = f"""\
import os, sqlite3, shelve
import tinydb, duckdb, {module}

app = {framework}

@app.{"route" if module == "flask" else "get"}("/")
def index():
    db = {handler}
    return "ok"
"""
    assert [str(f.severity) for f in says(file_database, {"app.py": app})] == ([expected] if expected else [])


SQLITE = """\
from pathlib import Path
BASE = Path(__file__).parent.parent
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE / "db.sqlite3",
    }
}
"""


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (SQLITE, [("project/settings.py", 7, "error")]),
        (SQLITE.replace('BASE / "db.sqlite3"', '":memory:"'), []),
        ("import dj_database_url\nDATABASES = {'default': dj_database_url.config(default='sqlite:///db.sqlite3')}", []),
        (SQLITE + "import dj_database_url\nDATABASES['default'].update(dj_database_url.config())", []),
        (SQLITE + "import dj_database_url\nDATABASES['default'] = dj_database_url.config()", []),
        (SQLITE + "import django_heroku\ndjango_heroku.settings(locals())", []),
        (SQLITE + "import os\nif os.environ.get('DATABASE_URL'):\n    DATABASES = {'default': {}}", []),
        (
            "import os\n" + SQLITE.replace('"django', '"x" if os.getenv("DB_HOST") else "django'),
            [("project/settings.py", 8, "warning")],
        ),
        ("import os\n" + SQLITE.replace('"django', '"x" if os.getenv("DATABASE_URL") else "django'), []),
        (
            SQLITE + "import os\nif os.getenv('MODE') == 'live':\n    DATABASES = {'default': {'ENGINE': 'x'}}",
            [("project/settings.py", 7, "warning")],
        ),
    ],
)
def test_django(says: Says, settings: str, expected: list[object]) -> None:
    files = django(settings=settings, files={"db.sqlite3": b"SQLite format 3"})
    assert severities(says(file_database, files)) == expected


READER = """\
import sqlite3
from flask import Flask

app = Flask(__name__)

@app.route("/")
def index():
    db = sqlite3.connect("cities.db")
    return str(db.execute("{statement}").fetchall())
"""


@pytest.mark.parametrize(
    ("statement", "files", "expected"),
    [
        ("SELECT * FROM cities", {"cities.db": b"x"}, 0),
        ("SELECT * FROM cities", {}, 1),
        ("INSERT INTO cities VALUES (1)", {"cities.db": b"x"}, 1),
    ],
)
def test_a_committed_file_that_is_only_read_is_part_of_the_app(
    says: Says, statement: str, files: dict[str, bytes], expected: int
) -> None:
    assert len(says(file_database, {"app.py": READER.format(statement=statement), **files})) == expected


FETCHER = """\
import os, sqlite3, urllib.request
import boto3
import pandas as pd
from flask import Flask
from google.cloud import storage

app = Flask(__name__)

def fetch(name):
    path = os.path.join("data", name)
    if not os.path.isfile(path):
        {fetch}

@app.route("/first")
def first():
    fetch("other.db")
    return ""

@app.route("/")
def index():
    fetch("cities.db")
    db = sqlite3.connect("data/cities.db")
    {use}
    return ""
"""
SELECT = 'pd.read_sql("SELECT * FROM cities", db)'


@pytest.mark.parametrize(
    ("fetch", "use", "expected"),
    [
        ('boto3.client("s3").download_file("bucket", name, path)', SELECT, 0),
        ('boto3.resource("s3").Bucket("bucket").download_file(name, path)', SELECT, 0),
        ('storage.Client().bucket("b").blob(name).download_to_filename(path)', SELECT, 0),
        ('urllib.request.urlretrieve("https://example.org/" + name, path)', SELECT, 0),
        ('boto3.client("s3").download_file("bucket", name, "elsewhere/" + name)', SELECT, 1),
        ('boto3.client("s3").upload_file(path, "bucket", name)', SELECT, 1),
        ('boto3.client("s3").download_file("bucket", name, path)', 'db.execute("DELETE FROM cities")', 1),
        ('boto3.client("s3").download_file("bucket", name, path)', f'{SELECT}.to_sql("copy", db)', 1),
    ],
)
def test_a_file_that_is_fetched_and_only_read_is_a_copy(says: Says, fetch: str, use: str, expected: int) -> None:
    assert len(says(file_database, {"app.py": FETCHER.format(fetch=fetch, use=use)})) == expected


def test_a_committed_file_with_which_nothing_is_done_is_not_known_to_be_only_read(says: Says) -> None:
    app = "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\napp = Flask(__name__)\n"
    setting = 'app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///shop.db"\ndb = SQLAlchemy(app)\n'
    assert len(says(file_database, {"app.py": app + setting, "shop.db": b"x"})) == 1


def test_each_file_is_reported_once_with_the_other_places(says: Says) -> None:
    app = """\
import sqlite3
from flask import Flask

app = Flask(__name__)

@app.route("/a")
def a():
    sqlite3.connect("data.db").execute("DELETE FROM x")
    return ""

@app.route("/b")
def b():
    sqlite3.connect("data.db").execute("DELETE FROM y")
    return ""
"""
    (found,) = says(file_database, {"app.py": app})
    assert found.span.line == 8
    assert [related.span.line for related in found.related] == [13]


def test_what_is_not_served_does_not_count(says: Says) -> None:
    files = {
        "app.py": "from flask import Flask\napp = Flask(__name__)\n",
        "tests/test_app.py": 'import sqlite3\nsqlite3.connect("test.db")\n',
        "seed.py": 'import sqlite3\nsqlite3.connect("seed.db")\n',
    }
    assert says(file_database, files) == ()


def test_fastapi_with_sqlalchemy(says: Says) -> None:
    files = {
        "main.py": "from fastapi import FastAPI\nfrom db import engine\napp = FastAPI()\n",
        "db.py": 'from sqlalchemy import create_engine\nURL = "sqlite:///./sql_app.db"\nengine = create_engine(URL)\n',
    }
    assert severities(says(file_database, files, "main:app")) == [("db.py", 2, "error")]


ENGINES = """import os
from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
app = FastAPI()
Session = sessionmaker(bind=create_engine(os.environ["DATABASE_URL"]))
test_engine = create_engine("sqlite:///./test.db")
TestSession = sessionmaker(bind=test_engine)

@app.get("/")
def index():
    return str(Session())
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", 0),
        ("\n\n@app.get('/more')\ndef more():\n    return str(TestSession())\n", 1),
        ("\n\n@app.get('/more')\ndef more():\n    return str(test_engine.connect())\n", 1),
    ],
)
def test_an_engine_with_which_nothing_is_done_opens_no_file(says: Says, more: str, expected: int) -> None:
    assert len(says(file_database, {"main.py": ENGINES + more}, "main:app")) == expected


def test_without_a_database_the_fallback_is_what_counts(says: Says) -> None:
    config = 'app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///site.db")'
    found = says(file_database, {"app.py": FLASK.format(config=config)}, database="none")
    assert [str(f.severity) for f in found] == ["warning"]


def test_a_variable_with_a_prefix_may_replace_the_file(says: Says) -> None:
    config = 'app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///site.db"\napp.config.from_prefixed_env()'
    (found,) = says(file_database, {"app.py": FLASK.format(config=config)})
    assert str(found.severity) == "warning"
    assert "unless FLASK_SQLALCHEMY_DATABASE_URI is set" in found.message


def test_a_database_that_a_user_chooses_is_not_the_app_s_own(says: Says) -> None:
    app = """\
import sqlite3
from flask import Flask, request

app = Flask(__name__)

@app.route("/")
def look():
    return str(sqlite3.connect(request.args["path"]).execute("SELECT 1").fetchone())
"""
    assert says(file_database, {"app.py": app}) == ()


GUARDED = """\
import os, sqlite3
from urllib.parse import urlparse
from flask import Flask
app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.getenv("DATABASE_URL", "sqlite:///x.db")
def using_postgres():
    try:
        uri = app.config.get("SQLALCHEMY_DATABASE_URI")
        return {test}
    except Exception:
        return False
@app.route("/")
def index():
    if using_postgres():
        return ""
    return str(sqlite3.connect("x.db"))
"""


@pytest.mark.parametrize(
    "test",
    [
        'bool(uri and ("postgresql" in uri or uri.startswith("postgres://")))',
        'uri.split("://")[0] in ("postgres", "postgresql")',
        'uri.split(":")[0].startswith("postgres")',
        'urlparse(uri).scheme.startswith("postgres")',
        'uri[:8] == "postgres"',
        'not (uri.endswith(".db") and uri.startswith("sqlite"))',
        '"sqlite" not in uri',
    ],
)
def test_a_file_behind_a_question_for_the_scheme_of_the_database(says: Says, test: str) -> None:
    files = {"app.py": GUARDED.format(test=test)}
    assert severities(says(file_database, files)) == []
    assert severities(says(file_database, files, database="none")) == [("app.py", 16, "error")]


@pytest.mark.parametrize("test", ['uri.startswith("mysql") or "sqlite" in uri', '"oracle" in uri'])
def test_a_file_behind_a_question_for_another_scheme(says: Says, test: str) -> None:
    assert severities(says(file_database, {"app.py": GUARDED.format(test=test)})) == [("app.py", 16, "error")]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import shelve\nshelve.open('/data/old', 'r')", 0),
        ("import shelve\nshelve.open('/data/old')", 1),
        ("import dbm\ndbm.open('/data/old')", 0),
        ("import dbm\ndbm.open('/data/old', 'c')", 1),
        ("import duckdb\nduckdb.connect('/data/old', read_only=True)", 0),
        ("import duckdb\nduckdb.connect('/data/old')", 1),
        ("import sqlite3\na, b = sqlite3.connect('a.db'), sqlite3.connect('b.db')\na.backup(b)", 0),
        ("import sqlite3\na, b = sqlite3.connect('a.db'), sqlite3.connect('b.db')\na.execute(SQL)\na.backup(b)", 1),
    ],
)
def test_what_is_opened_to_be_read_or_copied(says: Says, code: str, expected: int) -> None:
    files = {"app.py": f"from flask import Flask\napp = Flask(__name__)\nSQL = 'INSERT'\n{code}\n"}
    assert len(says(file_database, files)) == expected


SWITCHED = """\
import configparser, os, sqlite3
from distutils.util import strtobool
from flask import Flask

app = Flask(__name__)
config = configparser.ConfigParser()
config.read("absent.ini")

def flag(key, default=False):
    return bool(strtobool(str(os.environ.get(key, default))))

on = {switch}

@app.route("/")
def index():
    if on:
        sqlite3.connect("a.db").execute("insert into a values (1)")
    return "x"
"""


@pytest.mark.parametrize(
    ("switch", "expected"),
    [
        ('bool(strtobool(os.environ.get("FILE", "false")))', 0),
        ('strtobool(os.environ.get("FILE", "no")) == 1', 0),
        ('flag("FILE")', 0),
        ('flag("FILE", config.getboolean("A", "FILE", fallback=False))', 0),
        ('config.getboolean("A", "FILE", fallback=False)', 0),
        ('config.read_string(os.environ["INI"]) and config.getboolean("A", "FILE", fallback=False)', 1),
        ('strtobool("yes")', 1),
        ('flag("FILE", True)', 1),
    ],
)
def test_a_database_that_a_switch_turns_on(says: Says, switch: str, expected: int) -> None:
    found = says(file_database, {"app.py": SWITCHED.format(switch=switch), "requirements.txt": "flask\n"})
    assert len(found) == expected
    assert all("unless FILE" in one.message for one in found if switch == 'flag("FILE", True)')


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("gunicorn -b 0.0.0.0:$PORT app:app", []),
        ("gunicorn -b 0.0.0.0:$PORT app:app test", ["error"]),
        ("uwsgi --http :$PORT --module app:app test", []),
        ("python -m gunicorn app:app", []),
    ],
)
def test_a_database_for_one_word_of_the_command(findings: Says, command: str, expected: list[str]) -> None:
    config = 'if "test" in sys.argv:\n    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///a.db"'
    files = {"app.py": "import sys\n" + FLASK.format(config=config)}
    assert [str(one.severity) for one in findings(files, command, rule="file-database")] == expected


@pytest.mark.parametrize(("extension", "count"), [("from flask_sqlalchemy import SQLAlchemy", 1), ("", 0)])
def test_a_setting_that_nothing_reads(says: Says, extension: str, count: int) -> None:
    code = f"from flask import Flask\n{extension}\napp = Flask(__name__)\napp.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///a.db'\n"
    assert len(says(file_database, {"app.py": code})) == count
