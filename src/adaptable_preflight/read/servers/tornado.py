"""tornado: `Application(…).listen(port)` and `HTTPServer(app).listen(port)` or `.bind(port)`.

Source: `tornado.netutil.bind_sockets`, `tornado.tcpserver.TCPServer` and `tornado.web.Application` of tornado 6.6.1.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Run, Server
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.address import BOTH, BOTH_LOOPBACKS
from adaptable_preflight.read.servers.call_arguments import arguments
from adaptable_preflight.read.servers.in_code import made_with, no_command, served, server_of, spans
from adaptable_preflight.read.servers.listening import Rules, listen_on

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("tornado", host="", port=None, empty=BOTH, localhost=BOTH_LOOPBACKS, text_port=True, wraps=True)
read = no_command


def _listen(call: Call, env: Environment, context: Context) -> Run:
    """`listen` opens the sockets at once; the loop that serves them is started by what follows."""
    given = arguments(call, "port", "address")
    made = made_with(call, "request_callback")
    server: Server = server_of("tornado", "tornado", call, made.get("request_callback"))
    server = server._replace(
        interface="other",
        app=server.app or call.receiver,
        tls=spans(given.get("ssl_options"), made.get("ssl_options")),
    )
    return served(server, listen_on(given.get("address"), given.get("port"), call.span, RULES, env), call, context)


CLASSES = ("tornado.web.Application", "tornado.httpserver.HTTPServer", "tornado.tcpserver.TCPServer")
CALLS: Mapping[str, FromCall] = {f"{name}.{method}": _listen for name in CLASSES for method in ("listen", "bind")}
