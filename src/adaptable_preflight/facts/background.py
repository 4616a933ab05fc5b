"""Work that the served code starts beside itself: what starts it, when, and whether somebody waits for its end."""

from typing import NamedTuple

from adaptable_preflight.model import WORK_ENDS, WORK_STAYS, Call, Code, Process
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

LISTENER = "listener"
LISTENERS: dict[str, tuple[str, ...]] = {
    "start_polling": ("telegram.ext.Updater",),
    "start_webhook": ("telegram.ext.Updater",),
    "loop_start": ("paho.mqtt.client.Client",),
    "run_in_thread": ("redis.",),
    "subscribe": ("google.cloud.pubsub_v1.SubscriberClient", "google.cloud.pubsub.SubscriberClient"),
    "on_snapshot": ("google.cloud.firestore", "firebase_admin.firestore."),
    "listen": ("firebase_admin.db.reference",),
    "stream": ("pyrebase.initialize_app.database",),
    "connect": ("slack_bolt.adapter.socket_mode.SocketModeHandler", "slack_sdk.socket_mode.SocketModeClient"),
    "start": ("watchdog.observers.", "pynput.keyboard.Listener", "pynput.mouse.Listener"),
}
"""Methods that start a thread of their library which goes on for what comes from outside, and what has them: all that
begins so. Read in the sources of python-telegram-bot 13.15 (telegram/ext/updater.py; from version 20 on it is a task),
paho-mqtt 2.2, redis 8.1 (`PubSub`), google-cloud-pubsub 2.44, google-cloud-firestore 2.34, firebase-admin 7.7 (db.py),
pyrebase4 4.9, slack-bolt 1.30, slack-sdk 3.47, watchdog 7.1 and pynput 1.8."""

_ENDS = frozenset({"loop_stop", "disconnect", "unsubscribe", "stop", "close", "cancel"})
"""Methods of a listener, or of what its start returns, that end it."""

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
    ends: bool = False
    """Whether it was followed to its end: it neither loops for ever nor waits for something."""


def started(code: Code) -> tuple[Beside, ...]:
    """Return the work that the served code starts at import or in a request and that nobody waits for."""
    waited = _waited_for(code)
    ended = {call.span for call in code.calls if call.name == WORK_ENDS}
    ended -= {call.span for call in code.calls if call.name == WORK_STAYS}
    sockets = _websocket_handlers(code)
    found = []
    for call in code.calls:
        kind = KINDS.get(call.name) or _listener(call)
        if not kind or call.phase not in ("import", "request"):
            continue
        if call.handler in sockets:
            continue  # the connection is the request, and it is open for as long as it is used
        if not waited & _marks(call) and not (kind == LISTENER and _is_ended(code, call)):
            found.append(Beside(call, kind, _target(call), call.span in ended))
    return tuple(found)


_SOCKET_ROUTES = (
    "websocket()",
    "websocket_route()",
    "add_api_websocket_route",
    "add_websocket_route",
    "WebSocketRoute",
)
"""Last names of what registers a handler of WebSockets.

Sources: https://fastapi.tiangolo.com/advanced/websockets/, https://www.starlette.io/routing/,
https://quart.palletsprojects.com/en/latest/how_to_guides/websockets/"""


def _websocket_handlers(code: Code) -> frozenset[str]:
    """Return the names of the functions that handle a WebSocket."""
    routes = [call for call in code.calls if call.name.rpartition(".")[2] in _SOCKET_ROUTES]
    told = (a.value for call in routes for a in call.arguments)
    return frozenset(value.name for value in told if isinstance(value, Thing) and value.kind == "function")


def _listener(call: Call) -> str:
    owner, _, method = call.name.rpartition(".")
    return LISTENER if method in LISTENERS and owner.startswith(LISTENERS[method]) else ""


def _is_ended(code: Code, start: Call) -> bool:
    """Whether the function that starts a listener ends it as well, such as when a message has been published."""
    near = (c for c in code.calls if c.function == start.function and c.span.path == start.span.path)
    return any(c.name.rpartition(".")[2] in _ENDS and _spans(c.receiver) & _marks(start) for c in near)


def _marks(call: Call) -> set[Span]:
    """Return the places that tell a piece of work: where its object was made, its pool, or the call itself."""
    receiver = call.receiver.span if isinstance(call.receiver, Thing) else None
    if isinstance(call.receiver, Thing) and receiver is None and isinstance(call.receiver.of, Thing):
        receiver = call.receiver.of.span  # `super().submit(work)` of a pool's own class
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
    if beside.call.name.endswith(".start_webhook") and processes and not any(process.servers for process in processes):
        return True
    place = beside.target.span if beside.target is not None else None
    spans = [server.span for process in processes for server in process.servers if server.in_code]
    if place is None:
        return False
    return any(place.path == span.path and place.line <= span.line <= place.end_line for span in spans)
