"""Flask-SocketIO: `socketio.run(app, host, port)`.

Source: `flask_socketio.SocketIO.run` of Flask-SocketIO 5, https://github.com/miguelgrinberg/Flask-SocketIO.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Failure, Package, Run, Server, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.in_code import MANY, is_set, made_with, no_command, served, spans
from adaptable_preflight.read.servers.listening import Rules, listen_on
from adaptable_preflight.read.servers.tls import missing
from adaptable_preflight.value import Known, Table, Thing, text_of

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("Flask-SocketIO", port=5000, text_port=True)
read = no_command


def _run(call: Call, env: Environment, context: Context) -> Run:
    given = without_none(arguments(call, "app", "host", "port"))
    made = made_with(call, "app")
    app = given.get("app") or made.get("app")
    mode = text_of(made["async_mode"].value) if "async_mode" in made else None
    port = given.get("port") or _configured(app, call)
    files = given.get("certfile"), given.get("keyfile")
    debug, reload = given.get("debug"), given.get("use_reloader")
    server = Server(
        "socketio",
        "dev" if mode == "threading" else "wsgi",
        call.span,
        parallel=MANY,
        app=app.value if app is not None else None,
        packages=(Package("Flask-SocketIO", call.span),),
        tls=spans(*files, given.get("ssl_context")),
        debug=debug.span if debug is not None and is_set(debug) else None,
        reload=reload.span if reload is not None and is_set(reload) else None,
    )
    problems = (_unsafe(mode, given, call), missing(context.checkout, context.folder, *files))
    return served(server, listen_on(given.get("host"), port, call.span, RULES, env), call, context, problems)


def _configured(app: Word | None, call: Call) -> Word | None:
    """Return the port of the app's `SERVER_NAME`."""
    attributes = dict(app.value.attributes) if app is not None and isinstance(app.value, Thing) else {}
    config = attributes.get("config")
    name = text_of(config.get("SERVER_NAME")) if isinstance(config, Table) else None
    port = (name or "").partition(":")[2]
    return Word(Known(port), call.span) if port else None


def _unsafe(mode: str | None, given: Mapping[str, Word], call: Call) -> Failure | None:
    """Without a terminal Werkzeug is refused, unless `allow_unsafe_werkzeug` says otherwise."""
    if mode != "threading" or is_set(given.get("allow_unsafe_werkzeug")):
        return None
    message = "Flask-SocketIO refuses to serve with Werkzeug where there is no terminal"
    return Failure("app-error", message, call.span)


CALLS: Mapping[str, FromCall] = {"flask_socketio.SocketIO.run": _run}
