"""Quart: `app.run()` and the command `quart run`.

Source: `quart.app.Quart.run` and `quart.cli` of Quart 0.22.0; Hypercorn serves.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Launch, Package, Run, Server, Target, Word
from adaptable_preflight.read import dotenv
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.address import refusal
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.grammar import table
from adaptable_preflight.read.servers.grammar.click import Grammar, parse, words_by_name
from adaptable_preflight.read.servers.in_code import MANY, is_set, served, server_of, spans
from adaptable_preflight.read.servers.listening import Rules, listen_on
from adaptable_preflight.read.servers.modules import module_at
from adaptable_preflight.read.servers.outcome import Trouble, outcome
from adaptable_preflight.read.servers.places import file_exists
from adaptable_preflight.read.servers.tls import missing
from adaptable_preflight.value import Known, Table, Thing, Unknown, text_of

COMMANDS = frozenset({"quart"})
MODULES = frozenset({"quart", "quart.__main__"})
GROUP = table(
    """
app --app -A
debug --debug /--no-debug flag
version --version ends
help --help ends
"""
)
OPTIONS = table(
    """
debug --debug /--no-debug flag
host --host -h
port --port -p int
certfile --certfile --cert path
keyfile --keyfile --key path
reload --reload /--no-reload flag
help --help ends
"""
)
RULES = Rules("quart", port=5000, text_port=True)


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a quart command line."""
    place = launch.words[0]
    group = parse(launch.words, Grammar("quart", GROUP, None, interspersed=False), launch.env)
    server = Server("quart", "dev", place.span, parallel=MANY, packages=(Package("Quart", place.span),))
    if group.failure is not None:
        return outcome(server, [Trouble(group.failure, 0 if group.failure.kind == "ends" else 2)])
    command = group.positionals[0] if group.positionals else None
    if command is None or command.text != "run":
        return Run(status=None) if command is None or command.text is not None else Run((server,), unknown=_UNKNOWN)
    env = launch.env
    for name in (".env", ".flaskenv", ".quartenv"):
        source = context.checkout.text(f"{launch.folder}/{name}".lstrip("/"))
        env = dotenv.loaded(source, env, override=False) if source is not None else env
    grammar = Grammar("quart run", OPTIONS, 0, prefix="QUART_RUN")
    exists = lambda word: file_exists(context.checkout, launch.folder, word.value)  # noqa: E731
    parsed = parse((command, *group.positionals[1:]), grammar, env, exists)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    given = words_by_name(parsed)
    sockets = listen_on(given.get("host"), given.get("port"), place.span, RULES, env)
    problems = (sockets.problem, refusal(sockets.binds))
    troubles += [Trouble(each) for each in problems if each is not None]
    tls = spans(given.get("certfile"), given.get("keyfile"))
    server = server._replace(binds=sockets.binds, tls=tls if len(tls) > 1 else ())
    word = group.value("app")
    name = text_of(word.value if word is not None else env.get("QUART_APP")) or "app.py"
    span = word.span if word is not None else place.span
    path, _, attribute = name.partition(":")
    found = module_at(context.checkout, launch.folder, path)
    if found is None:
        return outcome(server, [*troubles, Trouble(Unknown(f"«{path}» lies outside the repository", span), None)])
    folders = (found.folder, launch.folder, *folders_of_path(env, launch.folder))
    target = Target(found.name, attribute.removesuffix("()") or "app", span, folders, attribute.endswith("()") or None)
    return outcome(server._replace(target=target), troubles)


_UNKNOWN = Unknown("the command of quart is not known")


def _run(call: Call, env: Environment, context: Context) -> Run:
    """`app.run(host, port, debug, use_reloader, loop, ca_certs, certfile, keyfile)`."""
    given = without_none(
        arguments(call, "host", "port", "debug", "use_reloader", "loop", "ca_certs", "certfile", "keyfile")
    )
    app = call.receiver
    attributes = dict(app.attributes) if isinstance(app, Thing) else {}
    config = attributes.get("config")
    name = text_of(config.get("SERVER_NAME")) if isinstance(config, Table) else None
    own_host, _, own_port = (name or "").partition(":")
    host = given.get("host") or (Word(Known(own_host), call.span) if own_host else None)
    port = given.get("port") or (Word(Known(own_port), call.span) if own_port else None)
    server = server_of("quart", "Quart", call, None)._replace(interface="dev", app=app)
    files = given.get("certfile"), given.get("keyfile")
    tls = spans(*files)
    reload, debug = given.get("use_reloader"), given.get("debug")
    server = server._replace(
        tls=tls if len(tls) > 1 else (),
        reload=call.span if reload is None or is_set(reload) else None,
        debug=debug.span if debug is not None and is_set(debug) else None,
    )
    problem = missing(context.checkout, context.folder, *files) if len(tls) > 1 else None
    return served(server, listen_on(host, port, call.span, RULES, env), call, context, (problem,))


CALLS: Mapping[str, FromCall] = {"quart.Quart.run": _run, "quart.app.Quart.run": _run}
