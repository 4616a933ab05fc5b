"""Servers that only Python code starts: what their readers have in common."""

from collections.abc import Iterable

from adaptable_preflight.model import Call, Launch, Package, Run, Server, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers.address import refusal
from adaptable_preflight.read.servers.call_arguments import arguments
from adaptable_preflight.read.servers.listening import Sockets
from adaptable_preflight.read.servers.outcome import Problem, Trouble, outcome
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Thing, Value

MANY = 1000
"""Requests that an event loop takes at one time: none of these servers sets a limit."""


def no_command(launch: Launch, context: Context) -> Run:
    """Return what becomes of a command that there is not."""
    del launch, context
    return Run()


def made_with(call: Call, *parameters: str) -> dict[str, Word]:
    """Return the arguments with which the object was made whose method is called."""
    made = call.receiver
    return arguments(call._replace(arguments=made.arguments), *parameters) if isinstance(made, Thing) else {}


def served(server: Server, sockets: Sockets, call: Call, context: Context, extra: Iterable[Problem | None] = ()) -> Run:
    """Return the run of a server that a call starts on these sockets."""
    problems = (
        *extra,
        sockets.problem,
        unusable_socket(sockets.binds, context.checkout, context.folder),
        refusal(sockets.binds),
    )
    server = server._replace(binds=sockets.binds, span=call.span, in_code=True)
    return outcome(server, [Trouble(each) for each in problems if each is not None])


def server_of(name: str, package: str, call: Call, app: Word | None) -> Server:
    """Return a server with an event loop, which serves an object of the code."""
    server = Server(name, "wsgi", call.span, parallel=MANY, packages=(Package(package, call.span),))
    return server._replace(app=app.value if app is not None else None)


def is_set(word: Word | None) -> bool:
    """Whether an argument holds something for certain."""
    return word is not None and not (isinstance(word.value, Known) and not word.value.value)


def whole(value: Value) -> int | None:
    """Return a known whole number."""
    return value.value if isinstance(value, Known) and isinstance(value.value, int) else None


def spans(*words: Word | None) -> tuple[Span, ...]:
    """Return where the arguments stand that hold something."""
    return tuple(word.span for word in words if word is not None and is_set(word))
