"""Bottle: `bottle.run(app, server=…, host=…, port=…)` and `Bottle().run(…)`.

Source: `bottle.run` and the server adapters of Bottle 0.13.4.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Failure, Package, Run, Server, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.address import BOTH, BOTH_LOOPBACKS
from adaptable_preflight.read.servers.call_arguments import arguments
from adaptable_preflight.read.servers.in_code import MANY, is_set, no_command, served, whole
from adaptable_preflight.read.servers.listening import Rules, listen_on
from adaptable_preflight.value import Known, Thing, Unknown, text_of

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("Bottle", port=8080, text_port=True)
ADAPTERS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "wsgiref": ("", ("0.0.0.0",), ("127.0.0.1",)),  # noqa: S104
    "waitress": ("waitress", (), BOTH_LOOPBACKS),
    "cheroot": ("cheroot", (), ("::1",)),
    "cherrypy": ("cheroot", (), ("::1",)),
    "paste": ("paste", ("0.0.0.0",), ("127.0.0.1",)),  # noqa: S104
    "tornado": ("tornado", BOTH, BOTH_LOOPBACKS),
    "gunicorn": ("gunicorn", ("0.0.0.0",), ("127.0.0.1",)),  # noqa: S104
    "eventlet": ("eventlet", ("0.0.0.0",), ("127.0.0.1",)),  # noqa: S104
    "gevent": ("gevent", ("::",), ("127.0.0.1",)),
    "bjoern": ("bjoern", ("0.0.0.0",), ("127.0.0.1",)),  # noqa: S104
    "meinheld": ("meinheld", ("0.0.0.0",), ("127.0.0.1",)),  # noqa: S104
    "aiohttp": ("aiohttp", BOTH, BOTH_LOOPBACKS),
}
"""What an adapter needs installed, and what it makes of an empty host and of `localhost`."""
read = no_command


def _run(call: Call, env: Environment, context: Context) -> Run:
    return _start(arguments(call, "app", "server", "host", "port"), call, env, context)


def _method(call: Call, env: Environment, context: Context) -> Run:
    given = arguments(call)
    given["app"] = Word(call.receiver or Known(None), call.span)
    return _start(given, call, env, context)


def _start(given: dict[str, Word], call: Call, env: Environment, context: Context) -> Run:
    chosen = given.get("server")
    name = "wsgiref" if chosen is None else text_of(chosen.value)
    app = given.get("app")
    server = Server(name or "bottle", "wsgi", call.span, app=app.value if app is not None else None)
    if name not in ADAPTERS or (chosen is not None and isinstance(chosen.value, Thing)):
        why = Unknown("the server adapter of Bottle is not known", chosen.span if chosen is not None else call.span)
        return Run((server._replace(in_code=True),), unknown=why)
    source = context.checkout.text(call.span.path)
    problem = None
    if name == "gevent" and source is not None and "patch_all" not in source.text:
        message = "Bottle wants gevent's monkey.patch_all() before it serves with gevent"
        problem = Failure("app-error", message, chosen.span if chosen is not None else call.span)
    package, empty, localhost = ADAPTERS[name]
    rules = RULES._replace(empty=empty or RULES.empty, localhost=localhost)
    sockets = listen_on(given.get("host"), given.get("port"), call.span, rules, env)
    workers = given.get("workers")
    reload, debug = given.get("reloader"), given.get("debug")
    server = server._replace(
        interface="dev" if name == "wsgiref" else "wsgi",
        workers=1 if workers is None or name != "gunicorn" else whole(workers.value),
        parallel=1 if name == "wsgiref" else MANY,
        packages=(Package(package, chosen.span),) if package and chosen is not None else (),
        reload=reload.span if reload is not None and is_set(reload) else None,
        debug=debug.span if debug is not None and is_set(debug) else None,
    )
    return served(server, sockets, call, context, (problem,))


CALLS: Mapping[str, FromCall] = {"bottle.run": _run, "bottle.Bottle.run": _method, "bottle.app.run": _method}
