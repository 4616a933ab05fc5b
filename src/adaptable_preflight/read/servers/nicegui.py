"""NiceGUI: `ui.run(host=…, port=…)`.

Source: `nicegui.ui_run.run` of NiceGUI 3.18.0, https://github.com/zauberzeug/nicegui.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Failure, Run
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.guards import guard
from adaptable_preflight.read.servers.in_code import is_set, no_command, served, server_of, spans
from adaptable_preflight.read.servers.listening import Rules, listen_on

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("NiceGUI", host="0.0.0.0", port=8080, text_port=True)  # noqa: S104
read = no_command


def _run(call: Call, env: Environment, context: Context) -> Run:
    given = without_none(arguments(call))
    native = is_set(given.get("native"))
    rules = RULES._replace(host="127.0.0.1") if native else RULES
    reload = given.get("reload")
    server = server_of("nicegui", "nicegui", call, None)._replace(
        interface="other",
        script=call.span.path,
        tls=spans(given.get("ssl_certfile"), given.get("ssl_keyfile")),
        reload=call.span if reload is None or is_set(reload) else None,
    )
    sockets = listen_on(given.get("host"), given.get("port"), call.span, rules, env)
    test = guard(call, context)
    problem = None
    if server.reload is not None and "'__main__'" in test and "__mp_main__" not in test:
        message = "NiceGUI's reloader imports this module as «__mp_main__», where ui.run is not reached"
        problem = Failure("app-error", message, call.span)
    return served(server, sockets, call, context, (problem,))


CALLS: Mapping[str, FromCall] = {"nicegui.ui.run": _run, "nicegui.ui_run.run": _run}
