"""Flask: `app.run()`. The command `flask run` is read in `flask_command`.

Source: `flask.app.Flask.run` of Flask 3.1.3.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Launch, Package, Run, Server, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, flask_command
from adaptable_preflight.read.servers.call_arguments import arguments, is_empty, is_none
from adaptable_preflight.read.servers.listening import Rules
from adaptable_preflight.read.servers.werkzeug import serve, sockets
from adaptable_preflight.value import FromEnv, Known, Table, Thing, Value, text_of, variables

COMMANDS = frozenset({"flask"})
MODULES = frozenset({"flask", "flask.__main__", "flask.cli"})
LOOPBACK = "127.0.0.1"
"""Where `app.run()` listens when it is given no host, or an empty one."""
RULES = Rules("Flask", port=5000, text_port=True, wraps=True)


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a flask command line."""
    return flask_command.read(launch, context)


def _run(call: Call, env: Environment, context: Context) -> Run:
    """`app.run(host, port, debug, load_dotenv, **options)`."""
    if text_of(env.get("FLASK_RUN_FROM_CLI")) == "true":
        return Run()
    given = arguments(call, "host", "port", "debug", "load_dotenv")
    given.pop("load_dotenv", None)
    debug = given.pop("debug", None)
    host, port = _address(given.pop("host", None), given.pop("port", None), call.receiver)
    binds, problem = sockets(host, port, call.span, RULES, env)
    place = _debug(debug, call)
    given.setdefault("threaded", Word(Known(True), call.span))
    if place is not None:
        for name in ("use_reloader", "use_debugger"):
            given.setdefault(name, place)
    server = Server("flask", "dev", call.span, binds, in_code=True, app=call.receiver)
    packages = (Package("Flask", call.span),)
    if place is not None:
        server = server._replace(debug=place.span, debug_unless=next(iter(variables(place.value)), ""))
    server = server._replace(packages=packages)
    return serve(server, given, problem, context.folder, context)


def _debug(debug: Word | None, call: Call) -> Word | None:
    """Return what turns the debug mode on: the argument, or `app.debug = True` before."""
    if debug is not None and not is_none(debug):
        return debug if _is_on(debug.value) else None
    attributes = dict(call.receiver.attributes) if isinstance(call.receiver, Thing) else {}
    value = attributes.get("debug")
    if isinstance(value, Known) and value.value:
        return Word(Known(True), value.span or call.span)
    return None


def _is_on(value: Value) -> bool:
    """Whether a switch is on as long as nobody sets a variable."""
    chosen = value.default if isinstance(value, FromEnv) else value
    return isinstance(chosen, Known) and (chosen.value is True if isinstance(value, FromEnv) else bool(chosen.value))


def _address(host: Word | None, port: Word | None, app: Value | None) -> tuple[Word | None, Word | None]:
    """Return host and port; those of `SERVER_NAME` stand in where they are empty."""
    attributes = dict(app.attributes) if isinstance(app, Thing) else {}
    config = attributes.get("config")
    name = config.get("SERVER_NAME") if isinstance(config, Table) else None
    text = text_of(name) or ""
    server_host, _, server_port = text.partition(":")
    if host is not None and is_empty(host.value):
        host = None
    if port is not None and isinstance(port.value, Known):
        port = _whole(port)
    span = name.span if name is not None else None
    if host is None and server_host and span is not None:
        host = Word(Known(server_host, span), span)
    if host is not None and isinstance(host.value, FromEnv) and is_empty(host.value.default):
        standing = Known(server_host or LOOPBACK, host.value.span)
        host = host._replace(value=host.value._replace(default=standing))
    if port is None and server_port and span is not None:
        port = Word(Known(server_port, span), span)
    return host, port


def _whole(port: Word) -> Word | None:
    """Return the port as `int(port)` makes it; None where the default counts."""
    value = port.value.value if isinstance(port.value, Known) else None
    if not value and not (value == 0 and value is not False and not isinstance(value, str)):
        return None
    return Word(Known(int(value), port.value.span), port.span) if isinstance(value, float) else port


CLASSES = (
    "flask.Flask",
    "flask.app.Flask",
    "apiflask.APIFlask",
    "flask_openapi3.OpenAPI",
    "flask_api.FlaskAPI",
)
CALLS: Mapping[str, FromCall] = {f"{name}.run": _run for name in CLASSES}
