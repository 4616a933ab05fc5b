"""`local-session`, `local-cache`, `random-secret-key` and `single-instance-socketio`: what is set up when the app starts."""

from collections.abc import Callable

import pytest
from tests.rules.apps import django, fastapi, flask

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import local_cache, local_session, random_secret_key, single_instance_socketio

Says = Callable[..., tuple[Finding, ...]]


def severities(findings: tuple[Finding, ...]) -> list[str]:
    return [str(finding.severity) for finding in findings]


SESSION = "from flask_session import Session\n"


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (SESSION + 'app.config["SESSION_TYPE"] = "filesystem"\nSession(app)', ["error"]),
        (SESSION + 'session = Session()\napp.config.update(SESSION_TYPE="cachelib")\nsession.init_app(app)', ["error"]),
        (SESSION + 'SESSION_TYPE = "filesystem"\napp.config.from_object(__name__)\nSession(app)', ["error"]),
        (SESSION + 'app.config["SESSION_TYPE"] = os.getenv("SESSIONS", "filesystem")\nSession(app)', ["warning"]),
        (SESSION + 'app.config["SESSION_TYPE"] = "redis"\nSession(app)', []),
        ('app.config["SESSION_TYPE"] = "filesystem"', []),
        ('app.secret_key = os.environ["SECRET_KEY"]', []),
    ],
)
def test_sessions_of_flask(says: Says, top: str, expected: list[str]) -> None:
    assert severities(says(local_session, flask(top=top))) == expected


ENGINE = 'SESSION_ENGINE = "django.contrib.sessions.backends.{}"\n'


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (ENGINE.format("file"), ["error"]),
        (ENGINE.format("cache"), ["error"]),
        (
            ENGINE.format("cache") + 'CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}',
            [],
        ),
        (ENGINE.format("db"), []),
        (ENGINE.format("signed_cookies"), []),
        ("", []),
    ],
)
def test_sessions_of_django(says: Says, settings: str, expected: list[str]) -> None:
    assert severities(says(local_session, django(settings=settings))) == expected


def test_sessions_of_starlette(says: Says) -> None:
    stored = "from starsessions import InMemoryStore, SessionMiddleware\napp.add_middleware(SessionMiddleware, store=InMemoryStore())"
    signed = 'from starlette.middleware.sessions import SessionMiddleware\napp.add_middleware(SessionMiddleware, secret_key="x")'
    assert severities(says(local_session, fastapi(top=stored))) == ["error"]
    assert says(local_session, fastapi(top=signed)) == ()


CACHE = "from flask_caching import Cache\n"
LIMIT = "from flask_limiter import Limiter\nfrom flask_limiter.util import get_remote_address\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (flask(top=CACHE + 'Cache(app, config={"CACHE_TYPE": "SimpleCache"})'), 1),
        (flask(top=CACHE + 'cache = Cache()\ncache.init_app(app, config={"CACHE_TYPE": "filesystem"})'), 1),
        (flask(top=CACHE + 'app.config["CACHE_TYPE"] = "simple"\ncache = Cache(app)'), 1),
        (flask(top=CACHE + 'app.config["CACHE_TYPE"] = "simple"\ncache = Cache()\ncache.init_app(app)'), 1),
        (flask(top=CACHE + 'Cache(app, config={"CACHE_TYPE": "NullCache"})'), 0),
        (flask(top=CACHE + 'Cache(app, config={"CACHE_TYPE": "RedisCache"})'), 0),
        (flask(top=CACHE + "Cache(app)"), 0),
        (flask(top=LIMIT + "Limiter(get_remote_address, app=app)"), 1),
        (flask(top=LIMIT + 'Limiter(get_remote_address, app=app, storage_uri="memory://")'), 1),
        (flask(top=LIMIT + 'Limiter(get_remote_address, app=app, storage_uri=os.environ["REDIS_URL"])'), 0),
        (
            flask(
                top=LIMIT + 'app.config["RATELIMIT_STORAGE_URI"] = "redis://x"\nLimiter(get_remote_address, app=app)'
            ),
            0,
        ),
        (flask(top="from functools import lru_cache\n@lru_cache\ndef f(x):\n    return x"), 0),
        (fastapi(top="from slowapi import Limiter\nLimiter(key_func=lambda request: '')"), 1),
        (django(settings='CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}'), 1),
        (django(settings='CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}'), 0),
        (django(), 0),
        (django('cache.set("x", request.GET["x"])', "from django.core.cache import cache"), 1),
        (django('return cache.get("x")', "from django.core.cache import cache"), 0),
        (
            django(
                'cache.set("x", request.GET["x"])',
                "from django.core.cache import cache",
                'CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}',
            ),
            0,
        ),
    ],
)
def test_caches_and_limits(says: Says, files: dict[str, str], expected: int) -> None:
    assert severities(says(local_cache, files)) == ["warning"] * expected


def test_the_store_of_a_limit_may_come_from_a_variable(says: Says) -> None:
    top = LIMIT + 'Limiter(get_remote_address, app=app, storage_uri=os.getenv("LIMITS", "memory://"))'
    (found,) = says(local_cache, flask(top=top))
    assert str(found.severity) == "notice"
    assert "unless LIMITS is set there" in found.message


def test_a_local_cache_behind_a_variable(says: Says) -> None:
    local = 'CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}'
    redis = local.replace("locmem.LocMemCache", "redis.RedisCache")
    settings = f"import os\nif os.environ.get('REDIS'):\n    {redis}\nelse:\n    {local}"
    (found,) = says(local_cache, django(settings=settings))
    assert str(found.severity) == "notice"
    assert "unless REDIS is set there" in found.message


@pytest.mark.parametrize(("top", "expected"), [("", "notice"), ("from django.core.cache import cache", "warning")])
def test_a_default_cache_beside_a_shared_one(says: Says, top: str, expected: str) -> None:
    settings = (
        'CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}, '
        '"shared": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}'
    )
    assert severities(says(local_cache, django(top=top, settings=settings))) == [expected]


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("app.secret_key = os.urandom(24)", 1),
        ('app.config["SECRET_KEY"] = os.urandom(24).hex()', 1),
        ("import secrets\napp.config.update(SECRET_KEY=secrets.token_hex(16))", 1),
        ("import uuid\napp.secret_key = str(uuid.uuid4())", 1),
        ("import random, string\napp.secret_key = ''.join(random.choice(string.ascii_letters) for _ in range(9))", 1),
        ("class Config:\n    SECRET_KEY = os.urandom(24)\napp.config.from_object(Config)", 1),
        ('app.secret_key = os.environ.get("SECRET_KEY", os.urandom(24))', 0),
        ('app.secret_key = os.environ.get("SECRET_KEY") or os.urandom(24)', 0),
        ('app.secret_key = os.environ["SECRET_KEY"]', 0),
        ('app.secret_key = "fixed"', 0),
        ("token = os.urandom(24)", 0),
    ],
)
def test_secret_keys_of_flask(says: Says, top: str, expected: int) -> None:
    assert severities(says(random_secret_key, flask(top=top))) == ["warning"] * expected


@pytest.mark.parametrize("default", ["", ', ""'])
def test_a_random_key_may_stand_in_for_a_variable(says: Says, default: str) -> None:
    top = f'key = os.environ.get("KEY"{default})\nif not key:\n    key = os.urandom(9).hex()\napp.secret_key = key'
    assert says(random_secret_key, flask(top=top)) == ()


LOADS = "def load():\n    {}\napp.secret_key = load()"


@pytest.mark.parametrize(
    "top",
    [
        LOADS.format('key = os.getenv("KEY")\n    if key:\n        return key\n    return os.urandom(9)'),
        LOADS.format('key = os.getenv("KEY", "").strip()\n    if key:\n        return key\n    return os.urandom(9)'),
        LOADS.format(
            'if "KEY" in os.environ:\n        return os.environ["KEY"]\n    else:\n        return os.urandom(9)'
        ),
        LOADS.format('key = os.getenv("KEY")\n    if not key:\n        return os.urandom(9)\n    return key.encode()'),
        'app.secret_key = os.environ["KEY"] if "KEY" in os.environ else os.urandom(9)',
        'if "KEY" in os.environ:\n    app.secret_key = os.environ["KEY"]\nelse:\n    app.secret_key = os.urandom(9)',
        'app.secret_key = os.environ.setdefault("KEY", os.urandom(9).hex())',
        "from base64 import b64decode, b64encode\nfrom x import Meta\n"
        + LOADS.format(
            'm, new = Meta.get_or_create(name="key")\n    if new:\n        key = os.urandom(9)\n'
            "        m.value = b64encode(key)\n        m.save()\n    else:\n        key = b64decode(m.value)\n    return key"
        ),
        'from config import env\napp.secret_key = env.get_credential("KEY", os.urandom(9))',
    ],
)
def test_a_random_key_stands_in_for_a_variable_in_other_words(says: Says, top: str) -> None:
    assert says(random_secret_key, flask(top=top)) == ()


@pytest.mark.parametrize(
    "top",
    [
        LOADS.format('if os.getenv("DEBUG"):\n        return "fixed"\n    return os.urandom(9)'),
        LOADS.format('if os.getenv("LOUD"):\n        print("key")\n    return os.urandom(9)'),
        "import base64\napp.secret_key = base64.b64encode(os.urandom(9)).decode()",
    ],
)
def test_a_random_key_that_no_variable_holds(says: Says, top: str) -> None:
    assert severities(says(random_secret_key, flask(top=top))) == ["warning"]


def test_secret_keys_of_others(says: Says) -> None:
    key = "from django.core.management.utils import get_random_secret_key\nSECRET_KEY = get_random_secret_key()"
    assert len(says(random_secret_key, django(settings=key))) == 1


def test_the_secret_key_of_starlette(says: Says) -> None:
    top = "import secrets\nfrom starlette.middleware.sessions import SessionMiddleware\napp.add_middleware(SessionMiddleware, secret_key={})"
    assert len(says(random_secret_key, fastapi(top=top.format("secrets.token_hex()")))) == 1
    assert says(random_secret_key, fastapi(top=top.format('"fixed"'))) == ()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (flask(top="from flask_socketio import SocketIO\nsocketio = SocketIO(app)"), 1),
        (flask(top="from flask_socketio import SocketIO\nsocketio = SocketIO()\nsocketio.init_app(app)"), 1),
        (flask(top='from flask_socketio import SocketIO\nSocketIO(app, message_queue=os.environ["REDIS_URL"])'), 0),
        (
            flask(
                top='from flask_socketio import SocketIO\ns = SocketIO()\ns.init_app(app, message_queue="redis://x")'
            ),
            0,
        ),
        (fastapi(top="import socketio\nsio = socketio.AsyncServer()\napp.mount('/', socketio.ASGIApp(sio))"), 1),
        (fastapi(top="import socketio\nsio = socketio.AsyncServer(client_manager=socketio.AsyncRedisManager('x'))"), 0),
        (django(settings='CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}'), 1),
        (django(settings='CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}}'), 0),
    ],
)
def test_socket_io_and_channels(says: Says, files: dict[str, str], expected: int) -> None:
    assert severities(says(single_instance_socketio, files)) == ["warning"] * expected
