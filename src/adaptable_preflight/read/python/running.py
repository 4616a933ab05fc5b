"""What runs beside or after the main program: threads, processes, coroutines, other programs."""

from adaptable_preflight.model import WORK_ENDS, WORK_STAYS, Launch, Run, Word
from adaptable_preflight.read.python import call, library
from adaptable_preflight.read.python.machine import Handler, Machine, Raise, Return, Stay
from adaptable_preflight.read.python.objects import (
    Arguments,
    Bound,
    External,
    Function,
    Mapping,
    Object,
    Partial,
    Sequence,
)
from adaptable_preflight.read.python.public import public_arguments
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Derived, FromEnv, Known, Unknown, Value


def in_background(
    machine: Machine, function: Object, arguments: Arguments, span: Span, keeps: bool, apart: bool = False
) -> bool:
    """Follow what a thread, process or task does; return whether it goes on for ever.

    `keeps`: the program does not end while it runs, as with a thread that is no daemon. `apart`: it is a process.
    """
    phase, machine.phase = machine.phase, "background"
    within, machine.apart = machine.apart, machine.apart or apart
    changes = len(machine.changes)
    try:
        result = call.call(machine, function, arguments, span)
        call.awaited(machine, result, span)
    except Stay:
        machine.kept = machine.kept or (keeps and phase == "import")
        return True
    except (Raise, Return):
        _forget(machine, changes)
        return False
    finally:
        machine.phase, machine.apart = phase, within
    _forget(machine, changes)
    return False


def _forget(machine: Machine, changes: int) -> None:
    """Take what work changes that ends by itself, and that no request leads to, for a part of the start-up."""
    if not machine.by_request:
        del machine.changes[changes:]


def _note_end(machine: Machine, work: Object, started: External, span: Span, lasts: bool) -> None:
    """Note whether work of the repository, which did not come to wait for anything, ends by itself."""
    ends = not lasts and isinstance(work, Function | Bound | Partial)
    library.note(machine, External(WORK_ENDS if ends else WORK_STAYS, receiver=started), Arguments(), span)


def worker(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`threading.Thread(target=f, args=…)`, `threading.Timer(seconds, f)`, `multiprocessing.Process(target=f)`."""
    del machine
    timer = function.name.endswith("Timer")
    made = External(function.name, span, instance=True, arguments=public_arguments(arguments))
    target = arguments.get(1, "function" if timer else "target")
    given = arguments.get(2 if timer else 3, "args")
    named = arguments.get(4, "kwargs")
    positional = tuple(given.items) if isinstance(given, Sequence) else ()
    keywords = {str(k): v for k, v in named.entries.items()} if isinstance(named, Mapping) else {}
    daemon = arguments.named.get("daemon", Known(False))
    made.attributes.update({"target": target or Known(None), "daemon": daemon})
    made.attributes["given"] = Partial(target or Known(None), Arguments(positional, keywords, (span,) * 9))
    return made


def start(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`thread.start()`."""
    del arguments
    thread = function.receiver
    if not isinstance(thread, External):
        return Known(None, span)
    given, daemon = thread.attributes.get("given"), thread.attributes.get("daemon")
    is_daemon = isinstance(daemon, Known) and bool(daemon.value)
    if isinstance(given, Partial):
        apart = thread.name in _PROCESSES
        waits = machine.waits
        stays = in_background(machine, given.function, given.given, span, keeps=not is_daemon, apart=apart)
        thread.attributes["stays"] = Known(stays)
        lasts = stays or machine.waits != waits or thread.name.endswith("Timer")
        _note_end(machine, given.function, thread, span, lasts)
    return Known(None, span)


def join(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`thread.join()`."""
    thread = function.receiver
    stays = thread.attributes.get("stays") if isinstance(thread, External) else None
    if isinstance(stays, Known) and stays.value and not arguments.positional and not arguments.named:
        return forever(machine, function, arguments, span)
    return Known(None, span)


def forever(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """A call that never returns, such as `signal.pause()`."""
    del function, arguments
    if machine.phase in ("import", "background"):
        raise Stay
    return Known(None, span)


def wait(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`Event().wait()` without a timeout."""
    if arguments.positional or arguments.named:
        return Known(None, span)
    return forever(machine, function, arguments, span)


def coroutine(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`asyncio.run(main())`, `loop.run_until_complete(main())`, `anyio.run(main)`."""
    given = arguments.get(0)
    if isinstance(given, Function) and function.name.startswith(("anyio", "trio")):
        given = call.call(machine, given, Arguments(arguments.positional[1:], {}, arguments.spans), span)
    return call.awaited(machine, given, span) if given is not None else Known(None, span)


def task(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`asyncio.create_task(work())`."""
    made = External(function.name, span, instance=True, arguments=public_arguments(arguments))
    given = arguments.get(0)
    if isinstance(given, Partial):
        waits = machine.waits
        stays = in_background(machine, given.function, given.given, span, keeps=False)
        made.attributes["stays"] = Known(stays)
        _note_end(machine, given.function, made, span, stays or machine.waits != waits)
    return made


def gather(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`asyncio.gather(a(), b())`: all of them, at the same time."""
    stays = False
    for given in arguments.positional:
        if isinstance(given, Partial):
            stays = in_background(machine, given.function, given.given, span, keeps=False) or stays
    if stays:
        return forever(machine, function, arguments, span)
    return External(function.name, span, instance=True)


def submit(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`executor.submit(f, …)`, `loop.run_in_executor(None, f, …)`, `gevent.spawn(f, …)`."""
    offset = 1 if function.name.endswith("run_in_executor") else 0
    target = arguments.get(offset)
    made = External(function.name, span, instance=True, arguments=public_arguments(arguments))
    if target is not None:
        rest = Arguments(arguments.positional[offset + 1 :], arguments.named, (span,) * 16, arguments.complete)
        apart = function.name.startswith(_PROCESSES)
        waits = machine.waits
        stays = in_background(machine, target, rest, span, keeps=False, apart=apart)
        made.attributes["stays"] = Known(stays)
        _note_end(machine, target, made, span, stays or machine.waits != waits)
    return made


# --- other programs ------------------------------------------------------------------------------------------------


def _word(value: Object, span: Span) -> Word:
    usable = value if isinstance(value, Known | FromEnv | Concat | Derived) else Unknown("a word is computed", span)
    return Word(usable, getattr(usable, "span", None) or span)


def _launch(machine: Machine, arguments: Arguments, span: Span, shell: bool) -> Launch | None:
    given = arguments.get(0, "args")
    wants_shell = arguments.named.get("shell")
    shell = shell or (isinstance(wants_shell, Known) and wants_shell.value is True)
    if shell and isinstance(given, Known | FromEnv | Concat):
        text: Value = given
        words: tuple[Word, ...] = (Word(Known("sh"), span), Word(Known("-c"), span), Word(text, span))
    elif isinstance(given, Sequence) and given.complete:
        words = tuple(_word(item, span) for item in given.items)
    elif isinstance(given, Known) and isinstance(given.value, str):
        words = (Word(given, span),)
    else:
        return None
    return Launch(words, machine.env, machine.folder)


def program(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`subprocess.run([…])`, `os.system("…")`: another program, waited for."""
    launch = _launch(machine, arguments, span, function.name in ("os.system", "os.popen", "subprocess.getoutput"))
    if machine.phase == "import":
        _take(machine, machine.follow(launch) if launch else None, span, replaces=False)
    return External(function.name, span, instance=True, arguments=public_arguments(arguments))


def popen(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`subprocess.Popen([…])`: another program beside this one."""
    made = External(function.name, span, instance=True, arguments=public_arguments(arguments))
    launch = _launch(machine, arguments, span, shell=False)
    if machine.phase == "import" and launch is not None:
        run = machine.follow(launch)
        machine.servers.extend(run.servers)
        made.attributes["stays"] = Known(run.stays)
        machine.kept = machine.kept or run.stays
        if run.unknown is not None:
            machine.doubts.append(run.unknown)
    return made


def replaced(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`os.execvp(file, args)`, `os.execlp(file, arg0, …)`: this program becomes another one."""
    rest = arguments.positional[1:]
    words = list(rest[0].items) if rest and isinstance(rest[0], Sequence) else list(rest)
    words[:1] = arguments.positional[:1]
    launch = Launch(tuple(_word(item, span) for item in words), machine.env, machine.folder) if words else None
    del function
    _take(machine, machine.follow(launch) if launch else None, span, replaces=True)
    return Known(None, span)


def _take(machine: Machine, run: Run | None, span: Span, replaces: bool) -> None:
    if run is None or run.unknown is not None:
        machine.doubts.append(
            run.unknown if run and run.unknown else Unknown("a program is started whose name is computed")
        )
        if replaces:
            raise Stay
        return
    machine.servers.extend(run.servers)
    if run.failure is not None and replaces:
        machine.failed = run
        raise Raise("SystemExit", run.failure.message, run.failure.span)
    if run.stays:
        raise Stay
    if replaces:
        raise Raise("SystemExit", "the program ends", span, exits=run.status or 0)


def later(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`atexit.register(f)` and jobs of schedulers: followed after the import, in the background."""
    for given in (*arguments.positional, *arguments.named.values()):
        if isinstance(given, Function):
            machine.waiting.append((given, "background"))
    return External(
        function.name, span, instance=True, arguments=public_arguments(arguments), receiver=function.receiver
    )


def _itself(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`contextlib.asynccontextmanager(f)`: as far as anything is followed, the function itself."""
    del machine, function
    return arguments.get(0) or Unknown("a decorator over nothing", span)


def _nothing(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`input()` where nobody types."""
    del machine, function, arguments
    raise Raise("EOFError", "EOF when reading a line", span)


_LOOPS = ("asyncio.get_event_loop", "asyncio.new_event_loop", "asyncio.get_running_loop")
_POOLS = ("concurrent.futures.ThreadPoolExecutor", "concurrent.futures.ProcessPoolExecutor")
_PROCESSES = ("multiprocessing.Process", "concurrent.futures.ProcessPoolExecutor")
"""What runs its function in a process of its own."""
_WORKERS = ("threading.Thread", "threading.Timer", "multiprocessing.Process", "gevent.Greenlet")

HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(_WORKERS, worker),
    **{f"{name}.start": start for name in _WORKERS},
    **{f"{name}.join": join for name in _WORKERS},
    "signal.pause": forever,
    "threading.Event.wait": wait,
    **{f"{name}.run_forever": forever for name in _LOOPS},
    **{f"{name}.run_until_complete": coroutine for name in _LOOPS},
    **{f"{name}.create_task": task for name in _LOOPS},
    **{f"{name}.run_in_executor": submit for name in _LOOPS},
    "asyncio.run": coroutine,
    "uvloop.run": coroutine,
    "anyio.run": coroutine,
    "trio.run": coroutine,
    "asyncio.wait_for": coroutine,
    "asyncio.create_task": task,
    "asyncio.ensure_future": task,
    "asyncio.gather": gather,
    **{f"{name}.submit": submit for name in _POOLS},
    "gevent.spawn": submit,
    "eventlet.spawn": submit,
    "eventlet.spawn_n": submit,
    "asyncio.to_thread": submit,
    "subprocess.run": program,
    "subprocess.call": program,
    "subprocess.check_call": program,
    "subprocess.check_output": program,
    "os.system": program,
    "os.popen": program,
    "subprocess.Popen": popen,
    "subprocess.Popen.wait": join,
    "subprocess.Popen.communicate": join,
    **{f"os.exec{tail}": replaced for tail in ("v", "vp", "l", "lp", "ve", "vpe", "le", "lpe")},
    "atexit.register": later,
    "signal.signal": later,
    "input": _nothing,
    "contextlib.asynccontextmanager": _itself,
    "contextlib.contextmanager": _itself,
}
