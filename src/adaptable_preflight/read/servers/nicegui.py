"""NiceGUI: `ui.run(host=…, port=…)`.

Source: `nicegui.ui_run.run` of NiceGUI 2, https://github.com/zauberzeug/nicegui.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Run
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
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
        tls=spans(given.get("ssl_certfile"), given.get("ssl_keyfile")),
        reload=call.span if reload is None or is_set(reload) else None,
    )
    return served(server, listen_on(given.get("host"), given.get("port"), call.span, rules, env), call, context)


CALLS: Mapping[str, FromCall] = {"nicegui.ui.run": _run, "nicegui.ui_run.run": _run}
