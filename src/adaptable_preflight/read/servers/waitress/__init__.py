"""waitress: the command `waitress-serve` and `waitress.serve(app, …)`.

Source: `waitress.runner` and `waitress.adjustments.Adjustments` of waitress 3.0.2.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Call, Environment, Failure, Launch, Package, Run, Server, Target, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.address import collision, refusal
from adaptable_preflight.read.servers.call_arguments import arguments, is_none, without_none
from adaptable_preflight.read.servers.grammar.getopt import parse
from adaptable_preflight.read.servers.outcome import Trouble, outcome
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.read.servers.waitress.adjustments import GRAMMAR, number_of, read_options, rejection
from adaptable_preflight.read.servers.waitress.listening import read_binds
from adaptable_preflight.read.servers.waitress.target import read_target
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known

COMMANDS = frozenset({"waitress-serve"})
MODULES = frozenset({"waitress", "waitress.__main__", "waitress.runner"})
THREADS = 4
"""waitress's own number of threads."""


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a waitress-serve command line."""
    place = launch.words[0].span
    parsed = parse(launch.words, GRAMMAR)
    troubles = [Trouble(parsed.failure)] if parsed.failure else []
    if parsed.has("help") and parsed.failure is None:
        troubles.append(Trouble(Failure("ends", "--help makes waitress-serve print a text and end", place), 0))
    server, found = serve(read_options(parsed), place, launch.folder, context)
    if len(parsed.positionals) != 1:
        wrong = parsed.positionals[1].span if parsed.positionals else place
        message = "waitress-serve wants its options first and then exactly one app: «Specify one application only»"
        troubles.append(Trouble(Failure("missing-app", message, wrong)))
    else:
        target = read_target(parsed.positionals[0], launch, context.checkout, call=parsed.has("call"))
        if isinstance(target, Target):
            server = server._replace(target=target)
        else:
            troubles.append(target)
    return outcome(server, troubles + found)


def serve(options: Mapping[str, Word], place: Span, folder: str, context: Context) -> tuple[Server, list[Trouble]]:
    """Return the server for adjustments that are given by name."""
    binds, problem = read_binds(options, place)
    threads = options.get("threads")
    count: int | None = THREADS if threads is None else number_of(threads.value)
    problems = (
        rejection(options),
        problem,
        unusable_socket(binds, context.checkout, folder),
        refusal(binds),
        collision(binds, separate=True),
    )
    server = Server(
        "waitress",
        "wsgi",
        place,
        binds,
        threads=count,
        parallel=count,
        packages=(Package("waitress", place),),
        trusted_proxies=options["trusted_proxy"].value if "trusted_proxy" in options else None,
    )
    return server, [Trouble(each) for each in problems if each is not None]


def _serve_call(call: Call, env: Environment, context: Context) -> Run:
    """`waitress.serve(app, host=…, port=…)`."""
    del env
    given = {name: word for name, word in arguments(call, "app").items() if not name.startswith("_")}
    app = given.pop("app", None)
    options = {name: _as_text(word) if name in ("host", "port") else word for name, word in given.items()}
    server, troubles = serve(without_none(options), call.span, context.folder, context)
    return outcome(server._replace(in_code=True, app=app.value if app is not None else None), troubles)


def _as_text(word: Word) -> Word:
    """Return an adjustment as `str()` makes it: None is the text «None»."""
    return word._replace(value=Known("None", word.value.span)) if is_none(word) else word


CALLS: Mapping[str, FromCall] = {"waitress.serve": _serve_call, "waitress.server.serve": _serve_call}
