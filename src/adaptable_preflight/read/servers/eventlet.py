"""eventlet's WSGI server: `eventlet.wsgi.server(eventlet.listen((host, port)), app)`.

Source: `eventlet.convenience.listen` and `eventlet.wsgi.server` of eventlet 0.41.3.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Run, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.call_arguments import arguments
from adaptable_preflight.read.servers.in_code import no_command, served, server_of, spans
from adaptable_preflight.read.servers.listening import Rules, path_or_pair
from adaptable_preflight.value import Argument, Thing, Unknown, Value

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("eventlet", port=None, ipv6=False)
read = no_command


def _server(call: Call, env: Environment, context: Context) -> Run:
    given = arguments(call, "sock", "site")
    server = server_of("eventlet", "eventlet", call, given.get("site"))
    sock = given.get("sock")
    made = sock.value if sock is not None else None
    tls: tuple[Word | None, ...] = ()
    if isinstance(made, Thing) and made.name.endswith("wrap_ssl"):
        tls = (sock,)
        made = _first(made)
    address = _argument(made) if isinstance(made, Thing) and made.name.endswith("listen") else None
    if address is None:
        return Run((server,), unknown=Unknown("the code makes the socket itself", call.span))
    sockets = path_or_pair(Word(address.value, address.span), call.span, RULES, env)
    return served(server._replace(tls=spans(*tls)), sockets, call, context)


def _argument(made: Thing) -> Argument | None:
    return next((argument for argument in made.arguments if argument.name in ("", "addr")), None)


def _first(made: Thing) -> Value | None:
    found = _argument(made)
    return found.value if found is not None else None


CALLS: Mapping[str, FromCall] = {"eventlet.wsgi.server": _server}
