"""CherryPy: `cherrypy.quickstart(root, script_name, config)` and `cherrypy.engine.start()`.

Source: `cherrypy.quickstart` and `cherrypy._cpserver.Server` of CherryPy 18.10.0; cheroot serves.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Run, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.call_arguments import arguments
from adaptable_preflight.read.servers.in_code import no_command, served, server_of
from adaptable_preflight.read.servers.listening import Rules, listen_on
from adaptable_preflight.value import Known, Table, Unknown, Value, text_of

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("CherryPy", port=8080, localhost=("127.0.0.1",))
KEYS = ("server.socket_host", "server.socket_port", "server.ssl_certificate")
THREADS = 10
read = no_command


def _start(call: Call, env: Environment, context: Context) -> Run:
    given = arguments(call, "root", "script_name", "config")
    server = server_of("cherrypy", "CherryPy", call, given.get("root"))._replace(threads=THREADS, parallel=THREADS)
    settings, known = _updates(call, context)
    config = given.get("config")
    if config is not None and isinstance(config.value, Table):
        settings |= _section(config.value)
    elif config is not None and not isinstance(config.value, Known):
        known = False
    if not known:
        why = Unknown("CherryPy's configuration is made by code that is not followed", call.span)
        return Run((server._replace(in_code=True),), unknown=why)
    host, port = (_word(settings.get(key), call) for key in KEYS[:2])
    tls = settings.get("server.ssl_certificate")
    server = server._replace(tls=(tls.span or call.span,) if tls is not None else ())
    return served(server, listen_on(host, port, call.span, RULES, env), call, context)


def _word(value: Value | None, call: Call) -> Word | None:
    return Word(value, value.span or call.span) if value is not None else None


def _section(table: Table) -> dict[str, Value]:
    """Return the settings of the whole site: those of «global», or the dictionary itself."""
    found = {text_of(key) or "": value for key, value in table.entries}
    inner = found.get("global")
    return _section(inner) if isinstance(inner, Table) else {key: found[key] for key in KEYS if key in found}


def _updates(call: Call, context: Context) -> tuple[dict[str, Value], bool]:
    """Return what `cherrypy.config.update({…})` set in the same file, as far as it is written there in plain values."""
    source = context.checkout.text(call.span.path)
    if source is None or not any(word in source.text for word in ("socket_host", "socket_port", "config.update")):
        return {}, True
    import ast

    found: dict[str, Value] = {}
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError):
        return {}, False
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                name = key.value if isinstance(key, ast.Constant) else None
                if name not in KEYS:
                    continue
                if not isinstance(value, ast.Constant):
                    return {}, False
                found[str(name)] = Known(value.value, source.node(value))
        elif isinstance(node, ast.Attribute) and node.attr in ("socket_host", "socket_port", "bind_addr"):
            return {}, False
    return found, True


CALLS: Mapping[str, FromCall] = {
    "cherrypy.quickstart": _start,
    "cherrypy.engine.start": _start,
}
