"""What the served code connects to on its own machine: queues, caches and other HTTP servers."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.listening import sockets
from adaptable_preflight.model import Call, Deployment, Guard, Phase, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import Argument, Items, Known, Table, Value, leading, text_of

_HOST: Final = r"(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])"
_WEB: Final = late_pattern(rf"https?://({_HOST})(?::(\d+))?(?=/|\?|$)")
_QUEUE: Final = late_pattern(rf"(?:redis|pyamqp|amqp|memcached|mqtt)://(?:[^/@\s]*@)?({_HOST})(?::(\d+))?(?=/|\?|$)")
_NAMES: Final = late_pattern(_HOST)

_SERVERS: Final = late_pattern(rf"({_HOST}):(\d+)$")
_DEEP: Final = 6
"""How deep the dictionaries of such a setting are looked through."""
_TABLES: Final = frozenset({"CACHES", "CHANNEL_LAYERS"})
"""Settings of Django that name servers within: https://docs.djangoproject.com/en/stable/ref/settings/#location,
https://github.com/django/channels_redis#hosts"""

_VERBS: Final = ("get", "post", "put", "patch", "delete", "head")
_HTTP: Final = frozenset(
    f"{client}.{verb}"
    for client in ("requests", "httpx", "requests.Session", "requests.session", "httpx.Client", "httpx.AsyncClient",
                   "aiohttp.ClientSession")
    for verb in _VERBS
) | {"urllib.request.urlopen"}  # fmt: skip
_BASES: Final = frozenset({"base_url", "api_base", "openai_api_base"})
"""Keywords by which clients of an API are told where it is."""

_REDIS: Final = late_pattern(r"(?:redis(?:\.asyncio|\.client|\.asyncio\.client)?|aioredis)\.(?:Strict)?Redis")
"""Source of the default host and port: https://redis.readthedocs.io/en/stable/connections.html#redis.Redis"""
_URLS: Final = late_pattern(
    r"(?:redis(?:\.asyncio|\.client)?|aioredis)\.(?:(?:Strict)?Redis\.)?from_url|redis(?:\.asyncio)?\.ConnectionPool\.from_url"
    r"|celery\.(?:app\.base\.)?Celery|pika\.URLParameters|kombu\.Connection|flask_socketio\.SocketIO|flask_limiter\.Limiter"
    r"|slowapi\.(?:extension\.)?Limiter"
)
_MONGO: Final = late_pattern(
    r"pymongo\.(?:mongo_client\.)?(?:Async)?MongoClient|motor\.motor_asyncio\.AsyncIOMotorClient"
)
_STARTS: Final = late_pattern(
    r"(?:subprocess|multiprocessing|os\.(?:system|popen|spawn|exec|fork))\b.*|.*\.(?:serve|serve_forever|run_simple|run_app)"
    r"|uvicorn\.(?:Server\.)?run|(?:\w+\.)*(?:Flask|Quart|SocketIO|Dash)\.run"
)
"""Calls that may start the server which the code then connects to."""


class Client(NamedTuple):
    """A place where the code is told to connect to its own machine."""

    host: str
    port: int
    span: Span
    guards: tuple[Guard, ...]
    phase: Phase = "import"


def loopback_clients(deployment: Deployment) -> Iterator[Client]:
    """Yield each such place, where all that the container starts is known and none of it listens on that port."""
    web = deployment.web
    if web is None or web.outcome != "listens" or any(r.kind in _BESIDE for r in web.remarks):
        return
    if any(_STARTS.fullmatch(call.name) for call in deployment.code.calls):
        return
    listen = deployment.platform.listen
    own = {text_of(one.bind.port) for one in sockets(web, deployment)}
    own |= {str(listen.port)} if listen.fixed_port_setting else set()
    yield from (client for client in _clients(deployment) if str(client.port) not in own)


_BESIDE: Final = frozenset({"background-command", "front-server", "worker-program"})


def _clients(deployment: Deployment) -> Iterator[Client]:
    for call in deployment.code.calls:
        if call.phase in ("import", "request", "background"):
            yield from _of_call(call)
    for setting in deployment.code.settings:
        yield from _of_setting(setting)


def _of_call(call: Call) -> Iterator[Client]:
    if call.name in _HTTP:
        yield from _of_text(call.argument(0, "url"), call, _WEB, 80)
    elif _REDIS.fullmatch(call.name):
        yield from _of_parts(call, 6379)
    elif _MONGO.fullmatch(call.name) and not call.arguments:
        yield Client("localhost", 27017, call.span, call.guards, call.phase)
    elif _URLS.fullmatch(call.name):
        for argument in call.arguments:
            yield from _of_text(argument, call, _QUEUE, 6379)
    for argument in call.arguments:
        if argument.name in _BASES:
            yield from _of_text(argument, call, _WEB, 80)


def _of_parts(call: Call, usual: int) -> Iterator[Client]:
    """Read `redis.Redis(host, port)`, which takes the own machine where nobody names a host."""
    if any(argument.name in ("connection_pool", "unix_socket_path", "**", "*") for argument in call.arguments):
        return
    host, port = call.argument(0, "host"), call.argument(1, "port")
    name = text_of(host.value) if host is not None else "localhost"
    number = text_of(port.value) if port is not None else str(usual)
    if name is not None and _NAMES.fullmatch(name) and number is not None and number.isdigit():
        yield Client(name, int(number), host.span if host is not None else call.span, call.guards, call.phase)


def _of_text(argument: Argument | None, call: Call, urls: re.Pattern[str], usual: int) -> Iterator[Client]:
    if argument is not None:
        found = _matched(argument.value, argument.span, call.guards, urls, usual)
        yield from (client._replace(phase=call.phase) for client in found)


def _of_setting(setting: Setting) -> Iterator[Client]:
    yield from _matched(setting.value, setting.span, setting.guards, _QUEUE, 6379)
    if setting.owner == "django.settings" and setting.name in _TABLES:
        for value in _held(setting.value):
            span = getattr(value, "span", None) or setting.span
            if isinstance(value, Known):
                yield from _matched(value, span, setting.guards, _QUEUE, 6379)
                yield from _matched(value, span, setting.guards, _SERVERS, 11211)
            elif isinstance(value, Items) and len(value.items) == 2:
                yield from _of_pair(value, span, setting)


def _held(value: Value, depth: int = 0) -> Iterator[Value]:
    """Yield a value and what it holds as a dictionary or list; not what stands in for a variable."""
    yield value
    held = [inner for _, inner in value.entries] if isinstance(value, Table) else getattr(value, "items", ())
    for inner in held if isinstance(value, Table | Items) and depth < _DEEP else ():
        yield from _held(inner, depth + 1)


def _of_pair(pair: Items, span: Span, setting: Setting) -> Iterator[Client]:
    """Read a host and a port, as channels_redis takes them: `("127.0.0.1", 6379)`."""
    host, port = text_of(pair.items[0]), pair.items[1]
    if host is not None and _NAMES.fullmatch(host) and isinstance(port, Known) and str(port.value).isdigit():
        yield Client(host, int(str(port.value)), span, setting.guards)


def _matched(
    value: Value, span: Span, guards: tuple[Guard, ...], urls: re.Pattern[str], usual: int
) -> Iterator[Client]:
    text = leading(value)
    match = urls.match(text)
    if match is not None and (match.end() < len(text) or text_of(value) is not None):
        yield Client(match[1], int(match[2] or (5672 if "amqp" in text[:7] else usual)), span, guards)
