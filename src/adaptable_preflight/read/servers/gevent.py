"""gevent's WSGI server: `gevent.pywsgi.WSGIServer(address, app).serve_forever()` and `python -m gevent.pywsgi`.

Source: `gevent.baseserver.parse_address` and `gevent.pywsgi` of gevent 26.9.0.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Failure, Launch, Package, Run, Server, Target, Tcp, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.address import kernel_host, port_of, refusal
from adaptable_preflight.read.servers.grammar import table
from adaptable_preflight.read.servers.grammar.argparse import Grammar, parse
from adaptable_preflight.read.servers.in_code import MANY, made_with, served, server_of, spans
from adaptable_preflight.read.servers.listening import Rules, Sockets, listen_on, pair
from adaptable_preflight.read.servers.outcome import Trouble, outcome
from adaptable_preflight.read.servers.tls import missing
from adaptable_preflight.value import Known, Thing, Unknown, show, split_last, text_of

COMMANDS: frozenset[str] = frozenset()
MODULES = frozenset({"gevent.pywsgi"})
OPTIONS = table(
    """
help -h --help ends
bind -b --bind
"""
)
GRAMMAR = Grammar("gevent.pywsgi", OPTIONS, ("1",))
RULES = Rules("gevent", port=None, empty=("::",))


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of `python -m gevent.pywsgi`."""
    del context
    place = launch.words[0].span
    parsed = parse(launch.words, GRAMMAR)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    sockets = _address(parsed.value("bind") or Word(Known(":8080"), place), launch.env)
    server = Server("gevent", "wsgi", place, sockets.binds, parallel=MANY, packages=(Package("gevent", place),))
    word = parsed.positionals[0] if parsed.positionals else None
    if word is not None and word.text is not None:
        module, colon, attribute = word.text.partition(":")
        folders = (launch.folder, *folders_of_path(launch.env, launch.folder))
        server = server._replace(target=Target(module, attribute, word.span, folders))
        if not colon or ":" in attribute:
            troubles.append(Trouble(Failure("missing-app", "gevent wants «module:callable»", word.span)))
    elif word is not None:
        troubles.append(Trouble(Unknown(f"the app «{show(word.value)}» is not known", word.span), None))
    problems = (sockets.problem, refusal(sockets.binds))
    return outcome(server, troubles + [Trouble(each) for each in problems if each is not None])


def _address(word: Word, env: Environment) -> Sockets:
    """Return the socket of an address: a pair, a number, or text."""
    both = pair(word)
    if both is not None:
        return listen_on(*both, word.span, RULES, env)
    if isinstance(word.value, Known) and isinstance(word.value.value, int):
        return Sockets((Tcp(Known("::"), word.value, word.span),))
    pieces = split_last(word.value, ":")
    host, port = pieces if pieces is not None else (Known("::"), word.value)
    text = text_of(host)
    if text is not None:
        bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
        host = kernel_host(Known("" if bare == "*" else bare, host.span))
    number = port_of(port)
    if number is None:
        message = f"gevent cannot read «{show(word.value)}» as an address"
        return Sockets((Tcp(host, port, word.span),), Failure("bad-address", message, word.span))
    return Sockets((Tcp(host, number, word.span),))


def _serve(call: Call, env: Environment, context: Context) -> Run:
    given = made_with(call, "listener", "application")
    listener = given.get("listener")
    server = server_of("gevent", "gevent", call, given.get("application"))
    if listener is None:
        return Run((server,), unknown=Unknown("the address is not known", call.span))
    if isinstance(listener.value, Thing):
        return _from_socket(listener, server, call, env, context)
    files = given.get("keyfile"), given.get("certfile")
    server = server._replace(tls=spans(*files, given.get("ssl_context")))
    return served(server, _address(listener, env), call, context, (missing(context.checkout, context.folder, *files),))


def _from_socket(listener: Word, server: Server, call: Call, env: Environment, context: Context) -> Run:
    """A socket that the code has made: what it was bound to is seen where it was made with an address."""
    made = listener.value
    assert isinstance(made, Thing)
    first = next((argument for argument in made.arguments), None)
    if first is None or "listen" not in made.name:
        return Run((server,), unknown=Unknown("the code makes the socket itself", listener.span))
    return served(server, _address(Word(first.value, first.span), env), call, context)


CLASSES = ("gevent.pywsgi.WSGIServer", "gevent.wsgi.WSGIServer")
CALLS: Mapping[str, FromCall] = {
    **{f"{name}.{method}": _serve for name in CLASSES for method in ("serve_forever", "start")},
}
