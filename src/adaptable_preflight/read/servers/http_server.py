"""The standard library's file server: `python -m http.server`, and its classes in code.

Source: `http.server` and `socketserver` of Python 3.11.
"""

from collections.abc import Mapping

from adaptable_preflight.knowledge.versions import python_is_in
from adaptable_preflight.model import Call, Environment, Failure, Launch, Run, Server
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.address import refusal
from adaptable_preflight.read.servers.call_arguments import arguments
from adaptable_preflight.read.servers.grammar import Given, is_integer, table
from adaptable_preflight.read.servers.grammar.argparse import Grammar, parse
from adaptable_preflight.read.servers.listening import Rules, listen_on, pair, path_or_pair
from adaptable_preflight.read.servers.outcome import Trouble, outcome
from adaptable_preflight.value import Known, Thing, Unknown, show

COMMANDS: frozenset[str] = frozenset()
MODULES = frozenset({"http.server", "SimpleHTTPServer"})
OPTIONS = table(
    """
help -h --help ends
cgi --cgi flag
bind -b --bind
directory -d --directory
protocol -p --protocol
tls_cert --tls-cert since=3.14
tls_key --tls-key since=3.14
tls_password_file --tls-password-file since=3.14
"""
)
GRAMMAR = Grammar("http.server", OPTIONS, ("?",))
RULES = Rules("http.server", host="0.0.0.0", port=8000, localhost=("::1",), text_port=True, wraps=True)  # noqa: S104
CODE_RULES = Rules("socketserver", port=None, ipv6=False)
MANY = 1000
"""Requests that threads take at one time: one thread for each request, without a limit."""


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of `python -m http.server`."""
    place = launch.words[0].span
    parsed = parse(launch.words, GRAMMAR)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    port = parsed.positionals[0] if parsed.positionals else None
    if port is not None and port.text is not None and not is_integer(port.text):
        message = f"http.server rejects its options: «{show(port.value)}» is not a port"
        troubles.append(Trouble(Failure("rejected-option", message, port.span), 2))
    young = next((given for given in parsed.given if given.option.since), None)
    if young is not None:
        troubles += _by_python(young, context)
    host = parsed.value("bind")
    sockets = listen_on(host, port, place, RULES, launch.env)
    server = Server("http.server", "dev", place, sockets.binds, parallel=MANY)
    problems = (sockets.problem, refusal(sockets.binds))
    return outcome(server, troubles + [Trouble(each) for each in problems if each is not None])


def _by_python(given: Given, context: Context) -> list[Trouble]:
    """Tell whether the Python that runs has an option that younger versions brought."""
    since = given.option.since
    has = python_is_in(context.installed, f">={since}")
    if has is None:
        return [Trouble(Unknown(f"http.server has {given.flag} since Python {since} only", given.span), None)]
    message = f"http.server has {given.flag} since Python {since}, and an older one runs"
    return [] if has else [Trouble(Failure("rejected-option", message, given.span), 2)]


def _made(call: Call, env: Environment, context: Context) -> Run:
    """`HTTPServer((host, port), Handler).serve_forever()`."""
    del context
    made = call.receiver
    inner = call._replace(arguments=made.arguments) if isinstance(made, Thing) else call
    word = arguments(inner, "server_address", "RequestHandlerClass").get("server_address")
    sockets = path_or_pair(word, call.span, CODE_RULES, env)
    both = pair(word)
    problem = sockets.problem
    if both is not None and isinstance(both[0].value, Known) and both[0].value.value is None:
        problem = Failure("bad-address", "the host is None, and has to be text", both[0].span)
    threaded = isinstance(made, Thing) and "Threading" in made.name
    server = Server("http.server", "dev", call.span, sockets.binds, in_code=True, parallel=MANY if threaded else 1)
    problems = (problem, refusal(sockets.binds))
    return outcome(server, [Trouble(each) for each in problems if each is not None])


CLASSES = (
    "http.server.HTTPServer",
    "http.server.ThreadingHTTPServer",
    "socketserver.TCPServer",
    "socketserver.ThreadingTCPServer",
    "wsgiref.simple_server.WSGIServer",
    "BaseHTTPServer.HTTPServer",
)
CALLS: Mapping[str, FromCall] = {f"{name}.serve_forever": _made for name in CLASSES}
