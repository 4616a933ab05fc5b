"""Werkzeug's development server: `run_simple`, and what `Flask.run` and `flask run` hand to it.

Source: `werkzeug.serving` of Werkzeug 3.1.9.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Bind, Call, Environment, Failure, Launch, Package, Run, Server, Unix, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.address import refusal
from adaptable_preflight.read.servers.call_arguments import arguments, is_none
from adaptable_preflight.read.servers.listening import Rules, listen_on
from adaptable_preflight.read.servers.outcome import Problem, Trouble, outcome
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.read.servers.tls import unusable
from adaptable_preflight.source import Span
from adaptable_preflight.value import Items, Known, Thing, Value, leading, without_leading

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()

OPTIONS = frozenset(
    {
        "use_reloader", "use_debugger", "use_evalex", "extra_files", "exclude_patterns", "reloader_interval",
        "reloader_type", "threaded", "processes", "request_handler", "static_files", "passthrough_errors",
        "ssl_context",
    }
)  # fmt: skip
"""The keyword arguments of `run_simple` beside host, port and app."""
RULES = Rules("werkzeug", port=None, wraps=True)
MANY = 1000
"""Requests that threads take at one time: one thread for each request, without a limit."""


def read(launch: Launch, context: Context) -> Run:
    """Werkzeug has no command."""
    del launch, context
    return Run()


def sockets(
    host: Word | None, port: Word | None, place: Span, rules: Rules, env: Environment
) -> tuple[tuple[Bind, ...], Failure | None]:
    """Return the sockets of a host, which may be `unix://PATH`, and a port."""
    if host is not None and leading(host.value).startswith("unix://"):
        return (Unix(without_leading(host.value, len("unix://")), host.span),), None
    return listen_on(host, port, place, rules, env)


def serve(server: Server, options: Mapping[str, Word], problem: Failure | None, folder: str, context: Context) -> Run:
    """Return the run of a development server with `run_simple`'s own options."""
    threaded, processes = is_true(options.get("threaded")), _count(options.get("processes"))
    certificate = options.get("ssl_context")
    secure = certificate is not None and not is_none(certificate)
    problems: tuple[Problem | None, ...] = (
        problem,
        _unknown_option(options, server.name),
        _clash(options, threaded=threaded, processes=processes),
        unusable_socket(server.binds, context.checkout, folder),
        refusal(server.binds),
        _certificate_problem(certificate, folder, context),
    )
    reload, debug = options.get("use_reloader"), options.get("use_debugger")
    server = server._replace(
        interface="dev",
        workers=1,
        threads=None if threaded else 1,
        parallel=MANY if threaded else processes,
        tls=(certificate.span,) if certificate is not None and secure else (),
        reload=reload.span if reload is not None and is_true(reload) else None,
        debug=server.debug or (debug.span if debug is not None and is_true(debug) else None),
    )
    return outcome(server, [Trouble(each) for each in problems if each is not None])


def is_true(word: Word | None) -> bool:
    """Whether a value is true for certain."""
    return word is not None and isinstance(word.value, Known) and bool(word.value.value)


def _count(word: Word | None) -> int:
    value = word.value if word is not None else None
    return value.value if isinstance(value, Known) and isinstance(value.value, int) else 1


def _unknown_option(options: Mapping[str, Word], server: str) -> Failure | None:
    for name, word in options.items():
        if name not in OPTIONS:
            return Failure("rejected-option", f"{server} has no argument «{name}»", word.span)
    return None


def _clash(options: Mapping[str, Word], *, threaded: bool, processes: int) -> Failure | None:
    if threaded and processes > 1:
        message = "the development server cannot be threaded and have several processes"
        return Failure("rejected-option", message, options["processes"].span)
    return None


def _certificate_problem(word: Word | None, folder: str, context: Context) -> Problem | None:
    if word is None or not isinstance(word.value, Items):
        return None
    files = [Word(value, value.span or word.span) for value in word.value.items]
    return unusable(context.checkout, folder, files[0], files[1] if len(files) > 1 else None) if files else None


def _run_simple(call: Call, env: Environment, context: Context) -> Run:
    """`run_simple(host, port, app, …)`."""
    given = arguments(call, "hostname", "port", "application", "use_reloader", "use_debugger")
    host, port, app = given.pop("hostname", None), given.pop("port", None), given.pop("application", None)
    binds, problem = sockets(host, port, call.span, RULES, env)
    server = Server("werkzeug", "dev", call.span, binds, in_code=True, packages=(Package("Werkzeug", call.span),))
    return serve(server._replace(app=app.value if app is not None else None), given, problem, context.folder, context)


def _made(call: Call, env: Environment, context: Context) -> Run:
    """`make_server(host, port, app, …).serve_forever()`."""
    made: Value | None = call.receiver
    inner = call._replace(arguments=made.arguments) if isinstance(made, Thing) else call
    given = arguments(
        inner, "host", "port", "app", "threaded", "processes", "request_handler", "passthrough_errors", "ssl_context"
    )
    given.pop("fd", None)
    host, port, app = given.pop("host", None), given.pop("port", None), given.pop("app", None)
    binds, problem = sockets(host, port, call.span, RULES._replace(text_port=True), env)
    server = Server("werkzeug", "dev", call.span, binds, in_code=True, packages=(Package("Werkzeug", call.span),))
    return serve(server._replace(app=app.value if app is not None else None), given, problem, context.folder, context)


CALLS: Mapping[str, FromCall] = {
    "werkzeug.serving.run_simple": _run_simple,
    "werkzeug.run_simple": _run_simple,
    "werkzeug.serving.make_server.serve_forever": _made,
}
