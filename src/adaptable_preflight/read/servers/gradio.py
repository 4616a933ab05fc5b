"""Gradio: `demo.launch(server_name, server_port)`.

Source: `gradio.blocks.Blocks.launch` and `gradio.networking` of Gradio 4, https://github.com/gradio-app/gradio.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Run, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.in_code import no_command, served, server_of, spans
from adaptable_preflight.read.servers.listening import Rules, listen_on

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("Gradio", port=7860, text_port=True)
CLASSES = ("gradio.Blocks", "gradio.Interface", "gradio.ChatInterface", "gradio.TabbedInterface", "gradio.Series")
read = no_command


def _launch(call: Call, env: Environment, context: Context) -> Run:
    given = without_none(arguments(call, "inline", "inbrowser", "share", "debug"))
    host = given.get("server_name") or _variable("GRADIO_SERVER_NAME", call, env)
    port = given.get("server_port") or _variable("GRADIO_SERVER_PORT", call, env)
    server = server_of("gradio", "gradio", call, None)._replace(interface="other", app=call.receiver)
    server = server._replace(tls=spans(given.get("ssl_certfile"), given.get("ssl_keyfile")))
    return served(server, listen_on(host, port, call.span, RULES, env), call, context)


def _variable(name: str, call: Call, env: Environment) -> Word | None:
    value = env.get(name)
    return Word(value, call.span) if value is not None else None


CALLS: Mapping[str, FromCall] = {f"{name}.launch": _launch for name in CLASSES}
