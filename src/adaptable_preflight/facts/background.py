"""Work that the served code starts beside itself: what starts it, when, and whether somebody waits for its end."""

from typing import NamedTuple

from adaptable_preflight.model import Call, Code, Process
from adaptable_preflight.source import Span
from adaptable_preflight.value import Items, Thing, Value

KINDS: dict[str, str] = {
    **dict.fromkeys(
        (
            "threading.Thread.start",
            "_thread.start_new_thread",
            "gevent.threadpool.ThreadPool.spawn",
            "flask_socketio.SocketIO.start_background_task",
            "socketio.Server.start_background_task",
            "eventlet.greenthread.spawn",
            "PyQt5.QtCore.QThread.start",
        ),
        "thread",
    ),
    **dict.fromkeys(("threading.Timer.start", "asyncio.get_event_loop.call_later"), "timer"),
    **dict.fromkeys(("multiprocessing.Process.start", "multiprocessing.context.Process.start"), "process"),
    **dict.fromkeys(("subprocess.Popen", "asyncio.create_subprocess_exec"), "program"),
    **dict.fromkeys(
        (
            "concurrent.futures.ThreadPoolExecutor.submit",
            "concurrent.futures.ProcessPoolExecutor.submit",
            "concurrent.futures.thread.ThreadPoolExecutor.submit",
            "multiprocessing.Pool.apply_async",
            "multiprocessing.pool.ThreadPool.apply_async",
            "flask_executor.Executor.submit",
            "flask_executor.Executor.submit_stored",
        ),
        "job of a pool",
    ),
    **dict.fromkeys(
        (
            "asyncio.create_task",
            "asyncio.ensure_future",
            "asyncio.get_event_loop.create_task",
            "asyncio.get_running_loop.create_task",
            "asyncio.new_event_loop.create_task",
            "asyncio.get_event_loop.run_in_executor",
            "asyncio.get_running_loop.run_in_executor",
            "asyncio.run_coroutine_threadsafe",
        ),
        "task",
    ),
    **dict.fromkeys(("gevent.spawn", "gevent.spawn_later", "eventlet.spawn", "eventlet.spawn_n"), "greenlet"),
    **dict.fromkeys(
        (
            "fastapi.BackgroundTasks.add_task",
            "starlette.background.BackgroundTasks.add_task",
            "fastapi.background.BackgroundTasks.add_task",
            "starlette.background.BackgroundTask",
            "sanic.Sanic.add_task",
            "quart.Quart.add_background_task",
        ),
        "background task",
    ),
}
"""Calls that start work beside the caller, and its name. Sources: the reference documentation of each library."""

_WAITS = ("join", "result", "wait", "communicate", "get", "exception", "__exit__", "joinall", "gather", "as_completed")
_WAIT_FUNCTIONS = frozenset(
    "asyncio.gather asyncio.wait asyncio.wait_for asyncio.as_completed asyncio.shield concurrent.futures.wait await "
    "concurrent.futures.as_completed gevent.joinall gevent.wait asyncio.run_until_complete".split()
)


class Beside(NamedTuple):
    """Work that is started beside the code that starts it."""

    call: Call
    kind: str
    target: Thing | None = None
    """The function that does the work, where it is of the repository."""


def started(code: Code) -> tuple[Beside, ...]:
    """Return the work that the served code starts at import or in a request and that nobody waits for."""
    waited = _waited_for(code)
    found = []
    for call in code.calls:
        kind = KINDS.get(call.name)
        if kind is None or call.phase not in ("import", "request"):
            continue
        if not waited & _marks(call):
            found.append(Beside(call, kind, _target(call)))
    return tuple(found)


def _marks(call: Call) -> set[Span]:
    """Return the places that tell a piece of work: where its object was made, its pool, or the call itself."""
    receiver = call.receiver.span if isinstance(call.receiver, Thing) else None
    return {span for span in (receiver, call.span) if span is not None}


def _waited_for(code: Code) -> frozenset[Span]:
    """Return where things were made that somebody waits for."""
    found: set[Span] = set()
    for call in code.calls:
        waits = call.name.rpartition(".")[2] in _WAITS and isinstance(call.receiver, Thing)
        if call.name in _WAIT_FUNCTIONS or waits:
            found.update(_spans(call.receiver))
            for argument in call.arguments:
                found.update(_spans(argument.value))
        elif call.name.startswith("subprocess.Popen.std") and isinstance(call.receiver, Thing):
            found.update(_spans(call.receiver.of))
    return frozenset(found)


def _spans(value: Value | None, depth: int = 0) -> set[Span]:
    if isinstance(value, Thing):
        return {value.span} if value.span is not None else set()
    if isinstance(value, Items) and depth < 4:
        return {span for item in value.items for span in _spans(item, depth + 1)}
    return set()


def _target(call: Call) -> Thing | None:
    """Return the function that is started."""
    made = call.receiver.arguments if isinstance(call.receiver, Thing) and call.name.endswith(".start") else ()
    for argument in (*made, *call.arguments):
        value = argument.value
        if isinstance(value, Thing) and value.kind == "function":
            return value
    return None


def serves(beside: Beside, processes: tuple[Process, ...]) -> bool:
    """Whether the work is the web server itself: a bot's main program often starts it in a thread."""
    place = beside.target.span if beside.target is not None else None
    spans = [server.span for process in processes for server in process.servers if server.in_code]
    if place is None:
        return False
    return any(place.path == span.path and place.line <= span.line <= place.end_line for span in spans)
