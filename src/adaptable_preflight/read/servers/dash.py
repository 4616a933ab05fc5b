"""Dash: `app.run()`, which takes HOST and PORT from the environment.

Source: `dash.dash.Dash.run` of Dash 4.4.1; Flask's development server serves.
"""

from collections.abc import Mapping

from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import Call, Environment, Failure, Package, Run, Server, Tcp, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.in_code import is_set, no_command, whole
from adaptable_preflight.read.servers.listening import Rules
from adaptable_preflight.read.servers.werkzeug import OPTIONS, serve, sockets
from adaptable_preflight.value import Known, Thing

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("Dash", port=8050, text_port=True)
read = no_command


def _run(call: Call, env: Environment, context: Context) -> Run:
    given = without_none(arguments(call, "host", "port", "proxy", "debug"))
    host, port = given.get("host"), given.get("port")
    if host is None or not is_set(host):
        host = _variable("HOST", call, env)
    if port is None or not is_set(port):
        port = _variable("PORT", call, env)
    binds, problem = sockets(host, port, call.span, RULES, env)
    numbers = [whole(bind.port) for bind in binds if isinstance(bind, Tcp)]
    outside = any(number is not None and not 0 < number < 65536 for number in numbers)
    if problem is None and port is not None and outside:
        problem = Failure("bad-address", "Dash wants a port from 1 to 65535", port.span)
    options = {name: word for name, word in given.items() if name in OPTIONS}
    options["threaded"] = options.get("threaded") or Word(Known(True), call.span)
    debug = given.get("debug")
    place = debug.span if debug is not None and is_set(debug) else None
    made = call.receiver
    app = Thing("dash.Dash", span=made.span if isinstance(made, Thing) else None)
    server = Server("dash", "dev", call.span, binds, in_code=True, app=made or app, debug=place)
    return serve(server._replace(packages=(Package("dash", call.span),)), options, problem, context.folder, context)


def _obsolete(call: Call, env: Environment, context: Context) -> Run:
    """`app.run_server()`: Dash 3 has it no more."""
    run = _run(call, env, context)
    if held_below(context.installed, "dash", "3"):
        return run
    message = "Dash has no run_server any more since version 3: its name is run"
    return run._replace(failure=Failure("app-error", message, call.span), status=1)


def _variable(name: str, call: Call, env: Environment) -> Word | None:
    value = env.get(name)
    return Word(value, call.span) if value is not None else None


CALLS: Mapping[str, FromCall] = {
    "dash.Dash.run": _run,
    "dash.Dash.run_server": _obsolete,
    "dash.dash.Dash.run": _run,
}
