"""The server that Hypercorn's settings make: its sockets, its processes, and what keeps it from listening."""

from adaptable_preflight.model import Bind, Descriptor, Failure, Package, Server, Tcp, Unix, UnknownBind, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers.address import by_variable, collision, kernel_host, port_of, refusal
from adaptable_preflight.read.servers.counts import asked_in
from adaptable_preflight.read.servers.hypercorn.settings import Settings, integer_of, number_of
from adaptable_preflight.read.servers.outcome import Problem, Trouble
from adaptable_preflight.read.servers.places import can_hold, file_exists
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.read.servers.tls import unusable
from adaptable_preflight.source import Span
from adaptable_preflight.value import (
    Known,
    Unknown,
    leading,
    on_text,
    show,
    split_last,
    text_of,
    unknown_part,
    without_leading,
)

MANY = 1000
"""Requests that an event loop takes at one time; Hypercorn itself sets no limit."""
LEVELS = frozenset({"CRITICAL", "FATAL", "ERROR", "WARN", "WARNING", "INFO", "DEBUG", "NOTSET"})
WORKER_CLASSES = {"asyncio": (), "uvloop": ("uvloop",), "trio": ("trio",)}
"""The worker classes, and the distributions that they need besides."""


def serve(settings: Settings, place: Span, folder: str, context: Context) -> tuple[Server, list[Trouble]]:
    """Return the server for a configuration."""
    secure = settings.last("certfile") is not None and settings.last("keyfile") is not None
    names = ("bind", "insecure_bind") if secure else ("bind",)
    words = [word for name in names for word in settings.words.get(name, ())]
    implied = "bind" not in settings.words
    words += [Word(Known("127.0.0.1:8000"), place)] if implied else []
    binds = tuple(read_bind(word, implied=implied and word.span == place) for word in words)
    asked = settings.last("workers")
    workers = 1 if asked is None else number_of(asked.value)
    if asked is not None and asked.text is not None and workers is None:
        wrong = Failure("rejected-option", f"hypercorn wants a number of workers, not «{asked.text}»", asked.span)
    else:
        wrong = None
    problems = (
        wrong,
        _worker_problem(settings, asked, workers),
        unusable_socket(binds, context.checkout, folder),
        refusal(binds),
        None if workers is None or workers > 1 else collision(binds),
        unusable(context.checkout, folder, settings.last("certfile"), settings.last("keyfile")) if secure else None,
        _folder_problem(settings, folder, context),
    )
    chosen = settings.last("worker_class")
    packages = WORKER_CLASSES.get(settings.text("worker_class") or "", ())
    reload = settings.last("use_reloader")
    server = Server(
        "hypercorn",
        "asgi",
        place,
        binds,
        workers=None if workers is None else max(workers, 1),
        threads=1,
        worker_class=settings.text("worker_class") or "asyncio",
        worker_span=chosen.span if chosen is not None else None,
        parallel=MANY,
        tls=tuple(w.span for w in (settings.last("certfile"), settings.last("keyfile")) if w is not None and secure),
        packages=(Package("hypercorn", place), *(Package(p, chosen.span if chosen else place) for p in packages)),
        reload=reload.span if reload is not None and isinstance(reload.value, Known) and reload.value.value else None,
        asked_workers=asked_in(asked, workers),
        either_interface=True,
    )
    return server, [Trouble(problem) for problem in problems if problem is not None]


def _worker_problem(settings: Settings, asked: Word | None, workers: int | None) -> Failure | None:
    chosen = settings.last("worker_class")
    if chosen is not None and chosen.text is not None and chosen.text not in WORKER_CLASSES:
        return Failure("rejected-option", f"hypercorn has no worker class «{chosen.text}»", chosen.span)
    reload = settings.last("use_reloader")
    if asked is not None and workers == 0 and reload is not None:
        return Failure("rejected-option", "hypercorn cannot reload without worker processes", reload.span)
    level = settings.text("loglevel")
    place = settings.last("loglevel")
    if place is not None and level is not None and level.upper() not in LEVELS:
        return Failure("rejected-option", f"hypercorn knows no log level «{level}»", place.span)
    if asked is not None and workers is not None and workers < 0:
        return Failure("rejected-option", f"with {workers} workers hypercorn never listens", asked.span)
    return None


def read_bind(word: Word, *, implied: bool = False) -> Bind:
    """Return the socket of a bind: `unix:PATH`, `fd://N`, or HOST:PORT split at the last colon."""
    value, start = word.value, leading(word.value)
    told = by_variable(word, read_bind)
    if told is not None:
        return told
    if start.startswith("unix:"):
        return Unix(without_leading(value, len("unix:")), word.span)
    if start.startswith("fd://"):
        number = integer_of((word.text or "")[len("fd://") :])
        return (
            UnknownBind("the descriptor is not known", word.span) if number is None else Descriptor(number, word.span)
        )
    value = on_text(value, lambda text: text.replace("[", "").replace("]", ""))
    pieces = split_last(value, ":")
    port = port_of(pieces[1]) if pieces is not None else None
    if pieces is not None and port is not None:
        return Tcp(kernel_host(pieces[0]), port, word.span, implied)
    if text_of(value) is None:
        why = unknown_part(value) or Unknown(f"the value of «{show(value)}» is not known")
        return UnknownBind(why.why, word.span)
    return Tcp(kernel_host(value), Known(8000), word.span, implied)


def _folder_problem(settings: Settings, folder: str, context: Context) -> Problem | None:
    log = settings.last("logconfig")
    path = (log.text or "").partition(":")[2] or log.text if log is not None else None
    if log is not None and path is not None and file_exists(context.checkout, folder, path) is False:
        return Failure("missing-file", f"there is no file «{path}»", log.span)
    for name in ("pid_path", "accesslog", "errorlog"):
        word = settings.last(name)
        if (
            word is not None
            and word.text not in (None, "-")
            and can_hold(context.checkout, folder, word.value) is False
        ):
            return Failure("missing-file", f"the folder of «{show(word.value)}» does not exist", word.span)
    return None
