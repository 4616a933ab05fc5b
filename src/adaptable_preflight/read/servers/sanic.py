"""Sanic: `app.run(host, port)`.

Source: `sanic.mixins.startup.StartupMixin.run` of Sanic 25.12.1, https://github.com/sanic-org/sanic.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Failure, Run, Unix
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.guards import runs_on_import
from adaptable_preflight.read.servers.in_code import is_set, no_command, served, server_of, spans, whole
from adaptable_preflight.read.servers.listening import Rules, Sockets, listen_on

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("Sanic", port=8000, empty=("127.0.0.1",))
read = no_command


def _run(call: Call, env: Environment, context: Context) -> Run:
    given = without_none(arguments(call, "host", "port"))
    server = server_of("sanic", "sanic", call, None)
    workers, debug = given.get("workers"), given.get("debug")
    reload = given.get("auto_reload")
    server = server._replace(
        interface="asgi",
        app=call.receiver,
        workers=(None if is_set(given.get("fast")) else 1) if workers is None else whole(workers.value),
        asked_workers=workers.span if workers is not None else None,
        tls=spans(given.get("ssl")),
        debug=debug.span if debug is not None and is_set(debug) else None,
        reload=reload.span if reload is not None and is_set(reload) else None,
    )
    path = given.get("unix")
    sockets = (
        Sockets((Unix(path.value, path.span),))
        if path is not None
        else listen_on(given.get("host"), given.get("port"), call.span, RULES, env)
    )
    problem = None
    if workers is not None and whole(workers.value) == 0:
        problem = Failure("rejected-option", "Sanic cannot serve with no workers", workers.span)
    if runs_on_import(call, context) and not is_set(given.get("single_process")):
        message = "Sanic's worker processes import this module and start Sanic once more: there is no __main__ guard"
        problem = Failure("app-error", message, call.span)
    return served(server, sockets, call, context, (problem,))


CALLS: Mapping[str, FromCall] = {"sanic.Sanic.run": _run, "sanic.app.Sanic.run": _run}
