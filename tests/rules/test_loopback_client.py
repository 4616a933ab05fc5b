"""`loopback-client`: what the app connects to on its own machine."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]

HEAD = "from flask import Flask\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import redis\nr = redis.Redis()\n", "localhost:6379"),
        ("import redis\nr = redis.StrictRedis('127.0.0.1', 6380)\n", "127.0.0.1:6380"),
        ("import redis\nr = redis.from_url('redis://localhost')\n", "localhost:6379"),
        ("from celery import Celery\nc = Celery('a', broker='amqp://guest@localhost//')\n", "localhost:5672"),
        ("app.config['CELERY_BROKER_URL'] = 'redis://localhost:6379/0'\n", "localhost:6379"),
        ("from pymongo import MongoClient\nc = MongoClient()\n", "localhost:27017"),
        ("import httpx\nBASE = 'http://localhost:8001'\n@app.route('/')\ndef i():\n    return httpx.get(f'{BASE}/x').text\n",
         "localhost:8001"),
        ("from openai import OpenAI\nc = OpenAI(base_url='http://localhost:11434/v1')\n", "localhost:11434"),
        ("import redis, os\nr = redis.Redis(host=os.environ.get('REDIS_HOST', 'localhost'))\n", ""),
        ("import redis, os\nr = redis.from_url(os.environ.get('REDIS_URL', 'redis://localhost'))\n", ""),
        ("import redis\nr = redis.Redis(connection_pool=pool)\n", ""),
        ("import httpx\nhttpx.get('http://localhost.example.com/x')\n", ""),
        ("import httpx, subprocess\nsubprocess.Popen(['other'])\nhttpx.get('http://localhost:8001')\n", ""),
    ],
)  # fmt: skip
def test_what_the_code_connects_to(findings: Findings, code: str, said: str) -> None:
    found = findings({"app.py": HEAD + code}, "gunicorn app:app", rule="loopback-client")
    assert [said in one.message for one in found] == ([True] if said else [])


@pytest.mark.parametrize(
    "command",
    ["redis-server & gunicorn app:app", "gunicorn --bind 0.0.0.0:6379 app:app", "something gunicorn app:app"],
)
def test_what_may_listen_there(findings: Findings, command: str) -> None:
    files = {"app.py": HEAD + "import redis\nr = redis.Redis()\n"}
    assert findings(files, command, rule="loopback-client") == ()


def test_a_port_counts_once_in_a_file(findings: Findings) -> None:
    code = "import redis\na = redis.Redis()\nb = redis.Redis(db=1)\n"
    (found,) = findings({"app.py": HEAD + code}, "gunicorn app:app", rule="loopback-client")
    assert found.span.line == 4


WSGI = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
)
CACHE = "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': %s}}\n"
LAYER = (
    "CHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [%s]}}}\n"
)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (CACHE % "'redis://127.0.0.1:6379/1'", "127.0.0.1:6379"),
        (CACHE % "['redis://localhost:6380']", "localhost:6380"),
        (CACHE % "'127.0.0.1:11211'", "127.0.0.1:11211"),
        (CACHE % "os.environ.get('REDIS_URL', 'redis://127.0.0.1:6379/1')", ""),
        (CACHE % "'redis://cache.example:6379'", ""),
        (LAYER % "('127.0.0.1', 6379)", "127.0.0.1:6379"),
        (LAYER % "'redis://localhost:6379'", "localhost:6379"),
        (LAYER % "(os.environ['REDIS_HOST'], 6379)", ""),
        (LAYER % "os.environ.get('REDIS_URL', 'redis://localhost:6379')", ""),
    ],
)
def test_the_settings_of_django(findings: Findings, settings: str, said: str) -> None:
    files = {"shop/__init__.py": "", "shop/wsgi.py": WSGI, "shop/settings.py": f"import os\n{settings}"}
    found = findings(files, "gunicorn shop.wsgi", rule="loopback-client")
    assert [finding.message.split("«")[1].split("»")[0] for finding in found] == ([said] if said else [])
