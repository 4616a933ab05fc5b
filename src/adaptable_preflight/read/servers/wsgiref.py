"""The standard library's WSGI server: `make_server(…).serve_forever()`.

Source: `wsgiref.simple_server` and `socketserver.TCPServer` of Python 3.11.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Failure, Launch, Run, Server
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.address import refusal
from adaptable_preflight.read.servers.call_arguments import arguments, is_none
from adaptable_preflight.read.servers.listening import Rules, listen_on
from adaptable_preflight.read.servers.outcome import Trouble, outcome
from adaptable_preflight.value import Thing

COMMANDS: frozenset[str] = frozenset()
MODULES: frozenset[str] = frozenset()
RULES = Rules("wsgiref", port=None, ipv6=False)


def read(launch: Launch, context: Context) -> Run:
    """The server has no command; `python -m wsgiref.simple_server` answers one request and ends."""
    del launch, context
    return Run()


def _made(call: Call, env: Environment, context: Context) -> Run:
    del context
    made = call.receiver
    given = arguments(
        call._replace(arguments=made.arguments) if isinstance(made, Thing) else call, "host", "port", "app"
    )
    host, app = given.get("host"), given.get("app")
    sockets = listen_on(host, given.get("port"), call.span, RULES, env)
    problem = sockets.problem
    if host is not None and is_none(host):
        problem = Failure("bad-address", "wsgiref wants text for the host, not None", host.span)
    server = Server("wsgiref", "dev", call.span, sockets.binds, in_code=True, parallel=1)
    server = server._replace(app=app.value if app is not None else None)
    problems = (problem, refusal(sockets.binds))
    return outcome(server, [Trouble(each) for each in problems if each is not None])


CALLS: Mapping[str, FromCall] = {
    "wsgiref.simple_server.make_server.serve_forever": _made,
    "wsgiref.simple_server.make_server.handle_request": _made,
}
