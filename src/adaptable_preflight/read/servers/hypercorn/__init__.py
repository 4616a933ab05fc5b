"""Hypercorn: the command, its configuration files, and `hypercorn.asyncio.serve`.

Source: `hypercorn.__main__`, `hypercorn.config.Config` and `hypercorn.utils.load_application` of Hypercorn 0.18.0.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Launch, Run, Server, Target
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.grammar.argparse import parse
from adaptable_preflight.read.servers.hypercorn.serving import serve
from adaptable_preflight.read.servers.hypercorn.settings import GRAMMAR, Settings, read_file, read_options, take
from adaptable_preflight.read.servers.hypercorn.target import read_target
from adaptable_preflight.read.servers.outcome import Trouble, outcome
from adaptable_preflight.value import Table, Thing, Unknown, text_of

COMMANDS = frozenset({"hypercorn"})
MODULES = frozenset({"hypercorn", "hypercorn.__main__"})


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a hypercorn command line."""
    place = launch.words[0].span
    parsed = parse(launch.words, GRAMMAR)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    settings = Settings({})
    problem = read_file(parsed, launch, context, settings)
    troubles += [Trouble(problem)] if problem is not None else []
    read_options(parsed, settings)
    server, found = serve(settings, place, launch.folder, context)
    if parsed.positionals:
        target = read_target(parsed.positionals[0], launch)
        if isinstance(target, Target):
            server = server._replace(target=target)
        else:
            found.append(target)
    return outcome(server, troubles + found)


def _serve_call(call: Call, env: Environment, context: Context) -> Run:
    """`hypercorn.asyncio.serve(app, config)`: settings for processes are ignored."""
    del env
    config = call.argument(1, "config")
    app = call.argument(0, "app")
    settings = Settings({})
    if config is not None and isinstance(config.value, Thing):
        made = config.value
        if made.name.endswith(".from_mapping"):
            tables = [argument.value for argument in made.arguments if isinstance(argument.value, Table)]
            entries = {text_of(key) or "": value for table_ in tables for key, value in table_.entries}
            named = {argument.name: argument.value for argument in made.arguments if argument.name}
            take(settings, entries | named, config.span)
            made = made._replace(name="hypercorn.config.Config")
        take(settings, dict(made.attributes), config.span)
        if made.name.rpartition(".")[2] != "Config":
            server = Server("hypercorn", "asgi", call.span, in_code=True, either_interface=True)
            return Run((server,), unknown=Unknown("hypercorn's configuration is read by code", config.span))
    server, troubles = serve(settings, call.span, context.folder, context)
    return outcome(server._replace(workers=1, in_code=True, app=app.value if app is not None else None), troubles)


CALLS: Mapping[str, FromCall] = {"hypercorn.asyncio.serve": _serve_call, "hypercorn.trio.serve": _serve_call}
