"""Calls of libraries: each is noted as a fact, and those that decide what the code does are computed."""

import ast
import sys

from adaptable_preflight.knowledge.bots import polls, waits, waits_when_awaited
from adaptable_preflight.knowledge.tables import removed, standard_names
from adaptable_preflight.knowledge.versions import python_is_in
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import STREAMLIT_READ, Call, Environment, Gap, Guard, Import, Server
from adaptable_preflight.read.python import bots, contexts, frameworks, needed, strangers
from adaptable_preflight.read.python.machine import Machine, Raise, Stay
from adaptable_preflight.read.python.naming import below_main, naming
from adaptable_preflight.read.python.objects import (
    Arguments,
    Bound,
    Choice,
    Class,
    External,
    Function,
    Mapping,
    Object,
    Partial,
    Sequence,
)
from adaptable_preflight.read.python.public import public, public_arguments
from adaptable_preflight.read.python.state import CHANGES, ENTRY, LEARNS, READ_DATA, note_change, note_entry
from adaptable_preflight.source import Span
from adaptable_preflight.value import Argument, Known, Unknown

AWAITED = ("create_task", "ensure_future", "run_in_executor", "to_thread", "create_subprocess_exec", "wrap_future")

QUIET = (
    "str.",
    "int.",
    "float.",
    "bytes.",
    "list.",
    "dict.",
    "tuple.",
    "set.",
    "deque.",
    "object.",
    "function.",
    "argument",
    ENTRY,
)
"""Methods of built-in types: they are no facts about a deployment."""

QUIET_BUILTINS = frozenset(
    "abs all any ascii bin bool bytearray bytes callable chr classmethod dict dir divmod enumerate filter float format "
    "frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max min next object oct ord pow "
    "print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip "
    "globals locals".split()
)

READS = frozenset(
    f"{request}.{name}"
    for request in ("flask.request", "quart.request", "request", "fastapi.Request", "starlette.requests.Request")
    for name in ("remote_addr", "access_route", "is_secure", "scheme", "url_root", "host_url", "base_url", "client")
)
"""Attributes of a request that depend on the proxies in front; that they are read is a fact."""

HEADERS = late_pattern(r"(?:^|\.)[rR]equest\.(?:META|headers|environ|access_route)\b")
"""What of a request holds the headers of proxies; items of it, and of what is made of it, are facts too."""


def note_read(machine: Machine, name: str, key: Object | None, receiver: Object, span: Span) -> None:
    """Note that a request's attribute is read, or an item of its headers."""
    if machine.phase == "request" and (name in READS or (key is not None and HEADERS.search(name))):
        given = Arguments((key,), {}, (span,)) if key is not None else Arguments()
        note(machine, External(name, receiver=receiver), given, span)


def note_secret(machine: Machine, holder: External, key: Object, span: Span) -> None:
    """Note that one of Streamlit's secrets is read, which asks for their file."""
    if holder.name == "streamlit.secrets" and not holder.instance:
        note(machine, External(STREAMLIT_READ), Arguments((key,), {}, (span,)), span)


def note_removed(machine: Machine, holder: External, name: str, span: Span) -> None:
    """Note that a name is read which some versions of a library lack, as if it were imported: `Image.ANTIALIAS`.

    Not where the code asks which version there is: by a condition, by `hasattr`, or by catching what is raised; nor
    where it puts the name there itself, as `np.int = int` does for old libraries.
    """
    full = f"{holder.name}.{name}"
    if holder.instance or holder.receiver is not None or full not in removed():
        return
    if any(call.name == f"{full}=" for call in machine.calls):
        return
    asks = machine.catches("AttributeError") or any(word in machine.source.text for word in _ASKING)
    guarded = asks or (machine.phase == "import" and bool(machine.guards))
    machine.imports.append(Import(holder.name, span, guarded, (name,), machine.phase))


def refuse_unknown_name(machine: Machine, holder: External, name: str, span: Span) -> None:
    """`os.envron`: a name that a module of Python itself has in no version; one that it had once is noted elsewhere."""
    if holder.instance or holder.receiver is not None or holder.name not in standard_names() or name.startswith("_"):
        return
    full = f"{holder.name}.{name}"
    if name in standard_names()[holder.name] or full in removed() or machine.astray or not machine.certain:
        return
    if python_is_in(machine.installed, "<3.14") and not any(call.name == f"{full}=" for call in machine.calls):
        raise Raise("AttributeError", f"module '{holder.name}' has no attribute '{name}'", span)


_ASKING = ("hasattr(", "__version__", "version_info", "PY2", "PY3")


def constant(machine: Machine, name: str, span: Span) -> Object | None:
    """Return a library's name that has a value here, such as `sys.argv`."""
    known = machine.constants.get(name)
    return known(machine, span) if known is not None else None


def argument(value: Object, span: Span) -> Argument:
    """Return one argument as a value of the model."""
    return Argument(public(value), span)


def call(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """Call a library's function, class or method, or an object that it made."""
    name = f"{function.name}()" if function.instance else function.name
    handler = machine.handlers.get(name)
    if name.startswith(ENTRY):
        _change_entry(machine, function, arguments, span)
    _change_data(machine, function, arguments, span)
    needed.refuse_in_call(machine, name, arguments, span)
    contexts.note(machine, name.rpartition(".")[2])
    noted = note(machine, function, arguments, span)
    if noted is not None and name in machine.starts and machine.phase in ("import", "background"):
        return start(machine, noted)
    if name in machine.checks and machine.phase == "import":
        machine.checks[name](machine, function, arguments, span)
    registered = frameworks.register(machine, function, arguments)
    if registered is not None:
        return registered
    if handler is not None:
        return handler(machine, function, arguments, span)
    if waits(name, bool(arguments.positional or arguments.named)):
        bots.stay(machine, span)
    if function.instance and _decorates(arguments):
        return arguments.positional[0]
    told = public_arguments(arguments)
    for given in arguments.positional:
        if isinstance(given, Mapping):  # the library may fill it
            strangers.open_up(machine, given)
    strangers.note(machine, name, arguments)
    _note_server(machine, function, span)
    made = External(function.name, span, instance=True, arguments=told, receiver=function.receiver)
    made.given = tuple(one for one in (*arguments.positional, *arguments.named.values()) if _is_callable(one))
    return made


def _is_callable(value: Object) -> bool:
    """Whether a wrapper that was given an object may be one to call it; of what is not known it may be."""
    if isinstance(value, External):
        return bool(value.given)
    return isinstance(value, Function | Bound | Partial | Class | Choice | Unknown)


def _change_entry(machine: Machine, method: External, arguments: Arguments, span: Span) -> None:
    """`users[name].append(x)` for a dictionary that a module holds."""
    if isinstance(method.receiver, External) and method.name.removeprefix(f"{ENTRY}.") in CHANGES:
        note_entry(machine, method.receiver, arguments.positional[-1] if arguments.positional else None, span)


def _change_data(machine: Machine, method: External, arguments: Arguments, span: Span) -> None:
    """`users.append(x)` for a list that a module has read from a file, `model.fit(x)` for a model that it has made."""
    owner, _, verb = method.name.rpartition(".")
    changes = verb in LEARNS or (owner in READ_DATA and verb in CHANGES)
    if changes and isinstance(method.receiver, External) and method.receiver.instance:
        given = arguments.positional[0] if arguments.positional else None
        removes, learns = verb in ("pop", "remove", "clear"), verb in LEARNS
        note_change(machine, method.receiver, "", given, span, removes=removes, learns=learns)


SERVING = frozenset(
    "run serve serve_forever start start_server launch listen main execute run_forever run_app run_server loop "
    "block run_until_disconnected infinity_polling polling start_polling run_polling run_webhook start_webhook "
    "__call__ wait wait_closed".split()
)
"""The last names of calls of libraries that may never return."""


def _note_server(machine: Machine, function: External, span: Span) -> None:
    """Note a call that may keep the process there, so that nobody takes the program's end for certain."""
    top, _, rest = function.name.partition(".")
    if machine.phase != "import" or top in sys.stdlib_module_names or function.instance:
        return
    if rest.rpartition(".")[2] in SERVING and not polls(function.name):
        machine.may_serve.append(Unknown(f"what «{function.name}» does is not known", span))


def note_unknown(machine: Machine, function: ast.expr, span: Span) -> None:
    """Note the same of a call of which nothing but the name is known: `server.run()`."""
    name = function.attr if isinstance(function, ast.Attribute) else ""
    contexts.note(machine, name)
    if machine.phase == "import" and name in SERVING:
        machine.may_serve.append(Unknown(f"what «{name}» does is not known", span))


def _decorates(arguments: Arguments) -> bool:
    """Whether a call looks like a decorator at work: `decorator(options)(function)`."""
    return len(arguments.positional) == 1 and not arguments.named and isinstance(arguments.positional[0], Function)


WAITING = frozenset(
    "sleep wait listen accept recv receive idle consume start_consuming get_message subscribe run_pending serve "
    "spawn_later call_later call_at "
    "serve_forever run_forever run_polling start_polling polling infinity_polling run_until_disconnected".split()
)
"""The last names of calls that wait, for a time or for what comes from outside, or let something begin later."""


def note(machine: Machine, function: External, arguments: Arguments, span: Span) -> Call | None:
    """Note a call as a fact; None for calls that are none."""
    name = f"{function.name}()" if function.instance else function.name
    if name in QUIET_BUILTINS or name.startswith(QUIET):
        return None
    machine.waits += name.rpartition(".")[2] in WAITING or name.endswith(("Queue.get", "Timer.start"))
    receiver = function if function.instance else function.receiver
    made = Call(
        name,
        span,
        public_arguments(arguments),
        machine.phase,
        machine.title,
        tuple(machine.guards),
        public(receiver) if receiver is not None else None,
        machine.catches("RuntimeError" if name.endswith(".StaticFiles") else "FileNotFoundError"),
        machine.by_request,
        machine.caught,
        machine.handler if machine.phase != "import" else "",
        arguments.complete,
    )
    seen = (name, span, machine.phase, _work(function))
    if seen not in machine.seen:
        machine.seen.add(seen)
        machine.calls.append(made)
    return made


def note_visit(machine: Machine, holder: Object, span: Span) -> None:
    """Note that the items of a query are gone through: Django asks the database no sooner.

    Source: https://docs.djangoproject.com/en/stable/ref/models/querysets/#when-querysets-are-evaluated
    """
    if isinstance(holder, External) and holder.instance and ".objects." in holder.name:
        note(machine, External(f"{holder.name}.__iter__", receiver=holder), Arguments(), span)


_ENDING = ("wait", "communicate", "join", "result")


def _work(function: External) -> Span | None:
    """Return where the work was started that a call waits for: several branches may have started it, each its own."""
    receiver = function.receiver if function.name.rpartition(".")[2] in _ENDING else None
    return receiver.span if isinstance(receiver, External) and receiver.instance else None


def note_assignment(machine: Machine, name: str, value: Object, span: Span) -> None:
    """Note the assignment of a configuration value as a fact."""
    guards: tuple[Guard, ...] = tuple(machine.guards)
    machine.calls.append(Call(name, span, (argument(value, span),), machine.phase, machine.title, guards))


def start(machine: Machine, noted: Call) -> Object:
    """Start a server: the process stays there, unless the server cannot start or returns."""
    environment = Environment(machine.env.variables, machine.env.closed, machine.env.files, machine.env.made)
    run = machine.starts[noted.name](noted, environment)
    machine.servers.extend(_located(machine, server) for server in run.servers)
    if run.failure is not None:
        machine.failed = run
        raise Raise("SystemExit", run.failure.message, run.failure.span)
    if run.unknown is not None:
        machine.doubts.append(run.unknown)
        raise Stay
    if run.servers:
        raise Stay
    if run.status:
        raise Raise("SystemExit", f"the call ends the program with status {run.status}", noted.span, exits=run.status)
    return Known(None, noted.span)


def _located(machine: Machine, server: Server) -> Server:
    """Let a server that code starts find its target where the code itself finds modules."""
    if server.target is None:
        named = naming(machine, server.app)
        guarded = below_main(machine, server.span)
        return server._replace(importable=named.target, buried=named.buried, guarded=guarded)
    return server._replace(target=server.target._replace(folders=tuple(machine.search)))


def awaited(machine: Machine, coroutine: External, span: Span) -> Object:
    """Run what a library was given to run: `asyncio.gather(work())`, `asyncio.wait_for(work(), 3)`.

    That a task or a job of a pool is awaited is noted as the call `await` with it as the receiver.
    """
    if waits_when_awaited(coroutine.name):
        bots.stay(machine, span)
    if coroutine.name.endswith(AWAITED):
        note(machine, External("await", receiver=coroutine), Arguments(), span)

    if coroutine.name == "asyncio.gather" and isinstance(coroutine.attributes.get("coroutines"), Sequence):
        inner = coroutine.attributes["coroutines"]
        assert isinstance(inner, Sequence)
        for one in inner.items:
            if isinstance(one, Partial):
                machine.do.awaited(machine, one, span)
    return coroutine


def gap(machine: Machine, why: str, span: Span) -> None:
    """Note that imports could not be followed at a place."""
    machine.gaps.append(Gap(span, why))
