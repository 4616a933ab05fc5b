"""aiohttp: `web.run_app(app)`, `web.TCPSite(…)` and `python -m aiohttp.web`.

Source: `aiohttp.web` and `aiohttp.web_runner` of aiohttp 3.14.5.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Failure, Launch, Package, Run, Server, Target, Unix, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.address import BOTH, BOTH_LOOPBACKS, refusal
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.grammar import table
from adaptable_preflight.read.servers.grammar.argparse import Grammar, parse
from adaptable_preflight.read.servers.in_code import MANY, made_with, served, server_of, spans
from adaptable_preflight.read.servers.listening import Rules, Sockets, listen_on
from adaptable_preflight.read.servers.outcome import Trouble, outcome
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.source import Span
from adaptable_preflight.value import Items, Known, Thing, Unknown, show

COMMANDS: frozenset[str] = frozenset()
MODULES = frozenset({"aiohttp.web"})
OPTIONS = table(
    """
help -h --help ends
hostname -H --hostname
port -P --port int
path -U --path
"""
)
GRAMMAR = Grammar("aiohttp.web", OPTIONS, ("1",), takes_unknown=True)
RULES = Rules("aiohttp", host="", port=8080, empty=BOTH, localhost=BOTH_LOOPBACKS, text_port=True, wraps=True)


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of `python -m aiohttp.web`."""
    place = launch.words[0].span
    parsed = parse(launch.words, GRAMMAR)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    host, path = parsed.value("hostname"), parsed.value("path")
    host = None if host is not None and host.text == "" else host
    sockets = Sockets(())
    if path is None or host is not None:
        chosen = host or Word(Known("localhost"), place)
        sockets = listen_on(chosen, parsed.value("port"), place, RULES, launch.env)
    binds = sockets.binds + ((Unix(path.value, path.span),) if path is not None else ())
    server = Server("aiohttp", "other", place, binds, parallel=MANY, packages=(Package("aiohttp", place),))
    word = parsed.positionals[0] if parsed.positionals else None
    if word is not None and word.text is not None:
        module, _, attribute = word.text.partition(":")
        folders = (launch.folder, *folders_of_path(launch.env, launch.folder))
        server = server._replace(target=Target(module, attribute, word.span, folders, True, 1))
        if not module or not attribute or module.startswith("."):
            troubles.append(Trouble(Failure("missing-app", "aiohttp wants «module:function»", word.span), 2))
    elif word is not None:
        troubles.append(Trouble(Unknown(f"the app «{show(word.value)}» is not known", word.span), None))
    problems = (sockets.problem, unusable_socket(binds, context.checkout, launch.folder), refusal(binds))
    return outcome(server, troubles + [Trouble(each) for each in problems if each is not None])


def _run_app(call: Call, env: Environment, context: Context) -> Run:
    """`web.run_app(app, host=…, port=…, path=…)`."""
    given = without_none(arguments(call, "app"))
    path, host, port = given.get("path"), given.get("host"), given.get("port")
    server = server_of("aiohttp", "aiohttp", call, given.get("app"))._replace(interface="other")
    if "sock" in given:
        return Run((server,), unknown=Unknown("the code makes the socket itself", given["sock"].span))
    sockets = Sockets(())
    if host is not None or path is None or port is not None:
        sockets = _hosts(host, port, call.span, env)
    if path is not None:
        sockets = sockets._replace(binds=(*sockets.binds, Unix(path.value, path.span)))
    return served(server._replace(tls=_tls(given)), sockets, call, context)


def _hosts(host: Word | None, port: Word | None, place: Span, env: Environment) -> Sockets:
    """Return the sockets of a host or of a list of them."""
    if host is None or not isinstance(host.value, Items):
        return listen_on(host, port, place, RULES, env)
    each = [listen_on(Word(one, host.span), port, place, RULES, env) for one in host.value.items]
    problem = next((sockets.problem for sockets in each if sockets.problem is not None), None)
    return Sockets(tuple(bind for sockets in each for bind in sockets.binds), problem)


def _tls(given: Mapping[str, Word]) -> tuple[Span, ...]:
    return spans(given.get("ssl_context"))


def _site(call: Call, env: Environment, context: Context) -> Run:
    """`web.TCPSite(runner, host, port).start()`: the loop that serves it is started by what follows."""
    given = without_none(made_with(call, "runner", "host", "port"))
    runner = given["runner"].value if "runner" in given else None
    app = next((a.value for a in runner.arguments), None) if isinstance(runner, Thing) else None
    server = server_of("aiohttp", "aiohttp", call, None)._replace(interface="other", app=app, tls=_tls(given))
    return served(server, _hosts(given.get("host"), given.get("port"), call.span, env), call, context)


CALLS: Mapping[str, FromCall] = {
    "aiohttp.web.run_app": _run_app,
    "aiohttp.web.TCPSite.start": _site,
    "aiohttp.web_runner.TCPSite.start": _site,
}
