"""What the served code connects to on its own machine: queues, caches and other HTTP servers."""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from adaptable_preflight.facts.caches import uses_default
from adaptable_preflight.facts.databases import DJANGO, SERVED
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.listening import sockets
from adaptable_preflight.model import Call, Code, Deployment, Guard, Phase, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import Argument, Items, Known, Table, Value, known_text, leading, text_of

_HOST: Final = r"(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])"
_WEB: Final = late_pattern(rf"(https?)://({_HOST})(?::(\d+))?(?=/|\?|$)")
_SERVER: Final = late_pattern(rf"(?:([a-z+]+)://(?:[^/@\s]*@)?)?({_HOST})(?::(\d+))?(?=/|\?|$)")


class Service(NamedTuple):
    """A kind of server beside the app."""

    title: str
    variable: str
    """The name of the variable in which its address usually stands."""
    port: int
    """Where it listens if nobody says otherwise."""


_REDIS: Final = Service("Redis", "REDIS_URL", 6379)
_RABBITMQ: Final = Service("RabbitMQ", "CLOUDAMQP_URL", 5672)
_MEMCACHED: Final = Service("memcached", "MEMCACHED_URL", 11211)
_SCHEMES: Final = {
    "redis": _REDIS,
    "amqp": _RABBITMQ,
    "pyamqp": _RABBITMQ,
    "memcached": _MEMCACHED,
    "mqtt": Service("MQTT broker", "MQTT_URL", 1883),
}
API: Final = Service("", "", 80)
"""Another HTTP server."""

_VERBS: Final = ("get", "post", "put", "patch", "delete", "head")
_HTTP: Final = frozenset(
    f"{client}.{verb}"
    for client in ("requests", "httpx", "requests.Session", "requests.session", "httpx.Client", "httpx.AsyncClient",
                   "aiohttp.ClientSession")
    for verb in _VERBS
) | {"urllib.request.urlopen"}  # fmt: skip
_BASES: Final = frozenset({"base_url", "api_base", "openai_api_base"})
"""Keywords by which clients of an API are told where it is."""

_BY_PARTS: Final = (
    (late_pattern(r"(?:redis(?:\.asyncio|\.client|\.asyncio\.client)?|aioredis)\.(?:Strict)?Redis"), _REDIS),
    (late_pattern(r"pika\.(?:connection\.)?ConnectionParameters"), _RABBITMQ),
)
"""Clients that are told host and port, and take the own machine where they are not. Sources:
https://redis.readthedocs.io/en/stable/connections.html#redis.Redis,
https://pika.readthedocs.io/en/stable/modules/parameters.html"""
_ELSEWHERE: Final = frozenset({"connection_pool", "unix_socket_path"})
_BY_URL: Final = late_pattern(
    r"(?:redis(?:\.asyncio|\.client)?|aioredis)\.(?:(?:Strict)?Redis\.)?from_url|redis(?:\.asyncio)?\.ConnectionPool\.from_url"
    r"|celery\.(?:app\.base\.)?Celery|pika\.URLParameters|kombu\.Connection|flask_socketio\.SocketIO|flask_limiter\.Limiter"
    r"|slowapi\.(?:extension\.)?Limiter"
)
_SEARCH: Final = Service("Elasticsearch", "ELASTICSEARCH_URL", 9200)
_STARTS: Final = late_pattern(
    r"(?:subprocess|multiprocessing|os\.(?:system|popen|spawn|exec|fork))\b.*|.*\.(?:serve|serve_forever|run_simple|run_app)"
    r"|uvicorn\.(?:Server\.)?run|(?:\w+\.)*(?:Flask|Quart|SocketIO|Dash)\.run"
)
"""Calls that may start the server which the code then connects to."""
_BACKGROUND: Final = late_pattern(r"(?<![&>])&(?![&>\d])")
_BESIDE: Final = frozenset({"background-command", "front-server", "worker-program"})


class Client(NamedTuple):
    """A place where the code is told to connect to its own machine."""

    service: Service
    host: str
    port: int
    span: Span
    guards: tuple[Guard, ...] = ()
    phase: Phase = "import"


def loopback_clients(deployment: Deployment) -> Iterator[Client]:
    """Yield each such place, where all that the container starts is known and none of it listens on that port."""
    web = deployment.web
    if web is None or web.server is None or _BACKGROUND.search(web.command):
        return
    if any(remark.kind in _BESIDE for remark in web.remarks):
        return
    if any(_STARTS.fullmatch(call.name) and call.phase in SERVED for call in deployment.code.calls):
        return
    listen = deployment.platform.listen
    own = {text_of(one.bind.port) for one in sockets(web, deployment)}
    own |= {str(listen.port)} if listen.fixed_port_setting else set()
    yield from (client for client in _clients(deployment.code) if str(client.port) not in own)


def _clients(code: Code) -> Iterator[Client]:
    for call in code.calls:
        if call.phase in SERVED and call.complete:
            yield from (one._replace(guards=call.guards, phase=call.phase) for one in _of_call(call))
    for setting in code.settings:
        yield from (one._replace(guards=setting.guards) for one in _of_setting(setting, code))


# --- from calls ----------------------------------------------------------------------------------------------------


def _of_call(call: Call) -> Iterator[Client]:
    service = next((service for name, service in _BY_PARTS if name.fullmatch(call.name)), None)
    if service is not None and not any(argument.name in _ELSEWHERE for argument in call.arguments):
        yield from _of_parts(call, service)
    elif call.name in _HTTP:
        yield from _of_argument(call.argument(0, "url"), _WEB, API)
    elif call.name == "elasticsearch.Elasticsearch":
        yield from _of_argument(call.argument(0, "hosts"), _SERVER, _SEARCH)
    elif _BY_URL.fullmatch(call.name):
        for argument in call.arguments:
            yield from _of_argument(argument, _SERVER)
    for argument in call.arguments:
        if argument.name in _BASES:
            yield from _of_argument(argument, _WEB, API)


def _of_parts(call: Call, service: Service) -> Iterator[Client]:
    """Read `redis.Redis(host, port)`."""
    host, port = call.argument(0, "host"), call.argument(1, "port")
    number = text_of(port.value) if port is not None else str(service.port)
    place = Argument(Known("localhost"), call.span) if host is None else host
    if number is not None and number.isdigit():
        yield from (one._replace(port=int(number)) for one in _of_argument(place, _SERVER, service))


def _of_argument(argument: Argument | None, urls: re.Pattern[str], service: Service | None = None) -> Iterator[Client]:
    if argument is not None:
        yield from _of_address(_only(argument.value), argument.span, urls, service)


def _of_address(value: Value, span: Span, urls: re.Pattern[str], service: Service | None) -> Iterator[Client]:
    """Read a URL or a host; `service`: what answers there, where no scheme tells."""
    text = leading(value)
    match = urls.match(text)
    if match is None or (match.end() == len(text) and text_of(value) is None):
        return
    known = service or _SCHEMES.get(match[1] or "")
    if known is not None:
        yield Client(known, match[2], int(match[3] or known.port), span)


def _only(value: Value) -> Value:
    """Return the only item of a list; what is no such list is returned itself."""
    return value.items[0] if isinstance(value, Items) and len(value.items) == 1 and value.complete else value


# --- from settings -------------------------------------------------------------------------------------------------

_URLS_OF_FLASK: Final = frozenset(
    "CELERY_BROKER_URL BROKER_URL CACHE_REDIS_URL RATELIMIT_STORAGE_URI RATELIMIT_STORAGE_URL REDIS_URL".split()
)
"""Settings that Celery, Flask-Caching, Flask-Limiter and Flask-Redis read."""


def _of_setting(setting: Setting, code: Code) -> Iterator[Client]:
    told: tuple[Value, Service | None] | None = None
    if setting.owner == DJANGO and setting.name in _READERS:
        told = _READERS[setting.name](setting.value, code)
    elif setting.owner != DJANGO and setting.name in _URLS_OF_FLASK:
        told = setting.value, None
    if told is not None:
        span = getattr(told[0], "span", None) or setting.span
        yield from _of_address(told[0], span, _SERVER, told[1])


def _broker(value: Value, code: Code) -> tuple[Value, None] | None:
    """Celery reads it where `config_from_object` says so."""
    return (value, None) if any(c.name == "celery.Celery.config_from_object" for c in code.calls) else None


def _cache(value: Value, code: Code) -> tuple[Value, Service] | None:
    """Source: https://docs.djangoproject.com/en/stable/topics/cache/."""
    default = value.get("default") if isinstance(value, Table) else None
    backend = known_text(default.get("BACKEND")) if isinstance(default, Table) else None
    place = default.get("LOCATION") if isinstance(default, Table) else None
    service = next((one for part, one in _BACKENDS.items() if part in (backend or "")), None)
    return (_only(place), service) if service is not None and place is not None and uses_default(code) else None


def _layer(value: Value, code: Code) -> tuple[Value, Service] | None:
    """Read URLs, or pairs of host and port. Source: https://github.com/django/channels_redis#hosts."""
    default = value.get("default") if isinstance(value, Table) else None
    options = default.get("CONFIG") if isinstance(default, Table) else None
    hosts = options.get("hosts") if isinstance(options, Table) else None
    if hosts is None or not any(name.module.split(".")[0] == "channels" for name in code.imports):
        return None
    first = _only(hosts)
    return first.items[0] if isinstance(first, Items) and first.items else first, _REDIS


_BACKENDS: Final = {".redis.": _REDIS, "django_redis.": _REDIS, "redis_cache.": _REDIS, ".memcached.": _MEMCACHED}
_READERS: Final[dict[str, Callable[[Value, Code], tuple[Value, Service | None] | None]]] = {
    "CELERY_BROKER_URL": _broker,
    "BROKER_URL": _broker,
    "CACHES": _cache,
    "CHANNEL_LAYERS": _layer,
}
