"""Gradio: `demo.launch(server_name, server_port)`.

Source: `gradio.blocks.Blocks.launch` and `gradio.networking` of Gradio 6.31.0, https://github.com/gradio-app/gradio.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Failure, Run, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.address import port_of
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.in_code import is_set, no_command, served, server_of, spans
from adaptable_preflight.read.servers.listening import Rules, listen_on
from adaptable_preflight.value import Unknown, text_of

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("Gradio", port=7860)
CLASSES = ("gradio.Blocks", "gradio.Interface", "gradio.ChatInterface", "gradio.TabbedInterface", "gradio.Series")
read = no_command


def _launch(call: Call, env: Environment, context: Context) -> Run:
    given = without_none(arguments(call, "inline", "inbrowser", "share", "debug"))
    host = given.get("server_name") or _variable("GRADIO_SERVER_NAME", call, env)
    port = given.get("server_port") or _number(_variable("GRADIO_SERVER_PORT", call, env))
    server = server_of("gradio", "gradio", call, None)._replace(interface="other", app=call.receiver)
    server = server._replace(tls=spans(given.get("ssl_certfile"), given.get("ssl_keyfile")))
    problem = None
    if host is not None and ":" in (text_of(host.value) or ""):
        problem = Failure("bad-address", "Gradio makes no URL of an address of IPv6", host.span)
    run = served(server, listen_on(host, port, call.span, RULES, env), call, context, (problem,))
    if run.failure is None and is_set(given.get("prevent_thread_lock")):
        return run._replace(unknown=Unknown("Gradio serves in a thread, as long as the program goes on", call.span))
    return run


def _number(port: Word | None) -> Word | None:
    """Return a port as `int()` makes it; text that is no number stays as it is."""
    value = port_of(port.value) if port is not None else None
    return port._replace(value=value) if port is not None and value is not None else port


def _variable(name: str, call: Call, env: Environment) -> Word | None:
    value = env.get(name)
    return Word(value, call.span) if value is not None else None


CALLS: Mapping[str, FromCall] = {f"{name}{queue}.launch": _launch for name in CLASSES for queue in ("", ".queue")}
