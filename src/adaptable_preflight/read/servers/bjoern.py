"""bjoern: `bjoern.run(app, host, port)`.

Source: `bjoern.py` of bjoern 3.2.2.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Run, Unix
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.call_arguments import arguments
from adaptable_preflight.read.servers.in_code import no_command, served, server_of
from adaptable_preflight.read.servers.listening import Rules, Sockets, listen_on
from adaptable_preflight.value import leading, without_leading

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("bjoern", host="", port=None, ipv6=False)
read = no_command


def _run(call: Call, env: Environment, context: Context) -> Run:
    given = arguments(call, "wsgi_app", "host", "port")
    server = server_of("bjoern", "bjoern", call, given.get("wsgi_app"))._replace(parallel=1)
    host = given.get("host")
    if host is not None and leading(host.value).startswith("unix:"):
        sockets = Sockets((Unix(without_leading(host.value, len("unix:")), host.span),))
    else:
        sockets = listen_on(host, given.get("port"), call.span, RULES, env)
    return served(server, sockets, call, context)


CALLS: Mapping[str, FromCall] = {"bjoern.run": _run}
