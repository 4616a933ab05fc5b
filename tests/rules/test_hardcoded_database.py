"""`hardcoded-database`: a literal host or password, in every way in which libraries are told of one."""

from collections.abc import Callable

import pytest
from tests.rules.apps import django

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import hardcoded_database

Says = Callable[..., tuple[Finding, ...]]

FLASK = "import os\nfrom flask import Flask\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    ("code", "severities"),
    [
        ("import psycopg2\npsycopg2.connect('dbname=shop user=me password=secret host=localhost')", ["error"]),
        ("import psycopg2\npsycopg2.connect(host='db', dbname='shop')", ["error"]),
        ("import psycopg2\npsycopg2.connect(dbname='shop', user='me', password='secret')", ["error"]),
        ("import psycopg2\npsycopg2.connect(dbname='shop')", []),
        ("import psycopg2\npsycopg2.connect(host=os.environ.get('PGHOST', 'localhost'))", []),
        ("import psycopg2\npsycopg2.connect(host='/var/run/postgresql')", []),
        ("import psycopg2\npsycopg2.connect(host='db.example.com', password=os.environ['PW'])", ["notice"]),
        ("import pymysql\ndef f():\n    pymysql.connect(host='localhost', user='root', passwd='')\nf()", ["error"]),
        ("import pymongo\npymongo.MongoClient('mongodb://localhost:27017/')", ["error"]),
        ("import pymongo\npymongo.MongoClient('localhost', 27017)", ["error"]),
        ("import pymongo\npymongo.MongoClient()", ["error"]),
        ("import pymongo\npymongo.MongoClient(**options())", []),
        ("import redis\nredis.Redis()", ["warning"]),
        ("import redis\nredis.Redis(host='127.0.0.1', port=6379)", ["warning"]),
        ("import redis\nredis.from_url('redis://localhost:6379/0')", ["warning"]),
        ("import redis\nredis.Redis(host=os.environ.get('REDIS_HOST', 'localhost'))", []),
        ("import redis\nredis.Redis(unix_socket_path='/tmp/redis.sock')", []),
        ("import redis\nredis.Redis(connection_pool=pool())", []),
        ("import redis\nredis.Redis(**options())", []),
        ("import redis\nredis.Redis('cache.example.com')", []),
        ("from celery import Celery\nCelery('jobs', broker='amqp://guest:guest@localhost//')", ["warning"]),
        ("from celery import Celery\nCelery('jobs', broker=os.environ.get('BROKER', 'redis://localhost'))", []),
        ("import redis\na = redis.Redis()\nb = redis.Redis(db=1)", ["warning"]),
        ("import subprocess, redis\nsubprocess.Popen(['redis-server'])\nredis.Redis()", []),
        ("import redis\nredis.Redis()\nif __name__ == '__main__':\n    app.run()", ["warning"]),
        ("app.config['CELERY_BROKER_URL'] = 'redis://localhost:6379/0'", ["warning"]),
        ("import pika\npika.ConnectionParameters('localhost')", ["warning"]),
        ("from elasticsearch import Elasticsearch\nElasticsearch(['http://localhost:9200'])", ["warning"]),
        ("import pymongo\npymongo.MongoClient('mongodb+srv://me:secret@c0.abc.mongodb.net/shop')", ["error"]),
        ("import pymongo\npymongo.MongoClient(os.environ.get('MONGO', 'mongodb://localhost:27017/'))", []),
        ("from flask_mysqldb import MySQL\napp.config['MYSQL_HOST'] = 'localhost'\napp.config['MYSQL_DB'] = 'x'",
         ["error"]),
        ("import pyodbc\npyodbc.connect('DRIVER={ODBC};SERVER=localhost;DATABASE=x;UID=sa;PWD=secret')", ["error"]),
        ("from sqlalchemy import create_engine\ncreate_engine('sqlite:///x.db')", []),
        ("from sqlalchemy import create_engine\ncreate_engine('postgresql://u@[::1]:5432/d')", ["error"]),
        ("from sqlalchemy import create_engine\ncreate_engine('postgresql:///shop')", ["warning"]),
        ("from sqlalchemy import create_engine\ncreate_engine(f\"mysql://{os.environ['U']}:x@localhost/d\")",
         ["error"]),
        ("from sqlalchemy import create_engine\ncreate_engine(f\"mysql://u:p@{os.environ['HOST']}.example/d\")",
         ["error"]),
        ("from sqlalchemy import create_engine, URL\ncreate_engine(URL.create('postgresql', host='localhost'))",
         ["error"]),
        ("if os.environ.get('LOCAL'):\n    import psycopg2\n    psycopg2.connect(host='localhost')", []),
        ("if not os.environ.get('DATABASE_URL'):\n    import psycopg2\n    psycopg2.connect(host='localhost')", []),
        ("import psycopg2\nif __name__ == '__main__':\n    psycopg2.connect(host='localhost')", []),
    ],
)  # fmt: skip
def test_flask(says: Says, code: str, severities: list[str]) -> None:
    found = says(hardcoded_database, {"app.py": f"{FLASK}{code}\n"})
    assert [str(finding.severity) for finding in found] == severities


@pytest.mark.parametrize(("before", "expected"), [("", ["error"]), ("app.config.from_prefixed_env()\n", [])])
def test_a_default_beside_what_the_configuration_got_before(says: Says, before: str, expected: list[str]) -> None:
    url = "app.config.setdefault('SQLALCHEMY_DATABASE_URI', 'postgresql://u:p@localhost/d')"
    code = f"from flask_sqlalchemy import SQLAlchemy\n{before}{url}\nSQLAlchemy(app)\n"
    assert [str(one.severity) for one in says(hardcoded_database, {"app.py": FLASK + code})] == expected


def test_a_host_is_pointed_at_though_the_password_comes_from_elsewhere(says: Says) -> None:
    code = (
        "import psycopg2\nfrom library import PW\npsycopg2.connect(\n    password=PW,\n    host='db.example.com',\n)\n"
    )
    (found,) = says(hardcoded_database, {"app.py": FLASK + code})
    assert (found.span.line, str(found.severity)) == (8, "notice")


def test_fastapi_in_a_request(says: Says) -> None:
    code = (
        "import asyncpg\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\nasync def index():\n"
        "    return await asyncpg.connect('postgresql://me:secret@localhost/shop')\n"
    )
    found = says(hardcoded_database, {"app.py": code})
    assert [(f.span.line, str(f.severity)) for f in found] == [(6, "error")]
    assert "localhost" in found[0].message


@pytest.mark.parametrize(("override", "expected"), [("", []), ("override=False", []), ("override=True", ["error"])])
def test_a_dotenv_file_gives_way_to_the_platform(says: Says, override: str, expected: list[str]) -> None:
    code = f"import psycopg2\nfrom dotenv import load_dotenv\nload_dotenv({override})\n"
    code += "psycopg2.connect(host=os.getenv('DB_HOST', 'elsewhere'))\n"
    docker = "FROM python:3.12\nCOPY . .\nCOPY template.env .env\nCMD gunicorn -b 0.0.0.0:$PORT app:app\n"
    for files in ({".env": "DB_HOST=localhost\n"}, {"template.env": "DB_HOST=localhost\n", "Dockerfile": docker}):
        found = says(hardcoded_database, {"app.py": FLASK + code, **files})
        assert [str(one.severity) for one in found] == expected
        assert all("localhost" in one.message for one in found)


CACHE = "from django.core.cache import cache"
LAYERS = "INSTALLED_APPS += ['channels']\nCHANNEL_LAYERS = {'default': {'CONFIG': {'hosts': [%s]}}}"
REDIS = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache', 'LOCATION': '%s'}}"
CELERY = {
    "project/__init__.py": "from .celery import app",
    "project/celery.py": "from celery import Celery\napp = Celery('project')\napp.config_from_object('django.conf:settings')\n",
}


@pytest.mark.parametrize(
    ("settings", "top", "files", "count"),
    [
        (REDIS % "redis://127.0.0.1:6379/1", CACHE, {}, 1),
        (REDIS % "redis://127.0.0.1:6379/1", "", {}, 0),
        (REDIS % "redis://cache.example.com:6379/1", CACHE, {}, 0),
        (LAYERS % "('localhost', 6379)", "", {}, 1),
        (LAYERS % "'redis://localhost:6379'", "", {}, 1),
        (LAYERS % "__import__('os').environ['REDIS_URL']", "", {}, 0),
        ("CELERY_BROKER_URL = 'redis://localhost:6379'", "", CELERY, 1),
        ("CELERY_BROKER_URL = 'redis://localhost:6379'", "", {}, 0),
        ("import os\nCELERY_BROKER_URL = os.environ.get('BROKER', 'redis://localhost')", "", CELERY, 0),
    ],
)
def test_services_of_django(says: Says, settings: str, top: str, files: dict[str, str | bytes], count: int) -> None:
    found = says(hardcoded_database, django(top=top, settings=settings, files=files))
    assert [str(finding.severity) for finding in found] == ["warning"] * count
