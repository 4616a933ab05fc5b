"""Flask-SocketIO: `socketio.run(app, host, port)`.

Source: `flask_socketio.SocketIO.run` of Flask-SocketIO 5.7.0, https://github.com/miguelgrinberg/Flask-SocketIO.
"""

from collections.abc import Mapping

from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import Call, Environment, Failure, Installed, Package, Run, Server, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.in_code import MANY, is_set, made_with, no_command, served, spans
from adaptable_preflight.read.servers.listening import Rules, listen_on
from adaptable_preflight.read.servers.outcome import Problem
from adaptable_preflight.read.servers.tls import missing
from adaptable_preflight.value import Known, Table, Thing, Unknown, text_of

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
LIBRARIES = ("eventlet", "gevent")
"""What serves instead of Werkzeug, in the order in which python-engineio looks for it."""
RULES = Rules("Flask-SocketIO", port=5000, text_port=True)
read = no_command


def _run(call: Call, env: Environment, context: Context) -> Run:
    given = without_none(arguments(call, "app", "host", "port"))
    made = made_with(call, "app")
    app = given.get("app") or made.get("app")
    chosen = made.get("async_mode")
    mode = _found_mode(context.installed) if chosen is None else text_of(chosen.value)
    packages = [Package("Flask-SocketIO", call.span)]
    packages += [Package(mode, chosen.span)] if chosen is not None and mode in LIBRARIES else []
    port = given.get("port") or _configured(app, call)
    files = given.get("certfile"), given.get("keyfile")
    debug, reload = given.get("debug"), given.get("use_reloader")
    server = Server(
        "socketio",
        "dev" if mode == "threading" else "wsgi",
        call.span,
        parallel=MANY,
        app=app.value if app is not None else None,
        packages=tuple(packages),
        tls=spans(*files, given.get("ssl_context")),
        debug=debug.span if debug is not None and is_set(debug) else None,
        reload=reload.span if reload is not None and is_set(reload) else None,
    )
    problems = (_unsafe(mode, given, call, context.installed), missing(context.checkout, context.folder, *files))
    return served(server, listen_on(given.get("host"), port, call.span, RULES, env), call, context, problems)


def _configured(app: Word | None, call: Call) -> Word | None:
    """Return the port of the app's `SERVER_NAME`."""
    attributes = dict(app.value.attributes) if app is not None and isinstance(app.value, Thing) else {}
    config = attributes.get("config")
    name = text_of(config.get("SERVER_NAME")) if isinstance(config, Table) else None
    port = (name or "").partition(":")[2]
    return Word(Known(port), call.span) if port else None


def _found_mode(installed: Installed) -> str | None:
    """Return the mode that Flask-SocketIO takes by itself: the first library that is installed, else threads."""
    for library in LIBRARIES:
        there = presence(installed, library).installed
        if there is not False:
            return library if there else None
    return "threading"


def _unsafe(mode: str | None, given: Mapping[str, Word], call: Call, installed: Installed) -> Problem | None:
    """Without a terminal Werkzeug is refused, unless `allow_unsafe_werkzeug` says otherwise."""
    if (
        mode in LIBRARIES
        or is_set(given.get("allow_unsafe_werkzeug"))
        or held_below(installed, "flask-socketio", "5.3")
    ):
        return None
    if mode is None:
        return Unknown("whether eventlet or gevent is installed decides whether Flask-SocketIO serves", call.span)
    message = "Flask-SocketIO refuses to serve with Werkzeug where there is no terminal"
    return Failure("app-error", message, call.span)


CALLS: Mapping[str, FromCall] = {"flask_socketio.SocketIO.run": _run}
