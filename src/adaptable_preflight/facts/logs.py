"""Which files the served code logs to."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.databases import SERVED
from adaptable_preflight.facts.files import is_device
from adaptable_preflight.model import Call, Code, Guard, Phase
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Known, Table, Thing, Value, leading, text_of

HANDLERS = frozenset(
    "logging.FileHandler logging.handlers.FileHandler logging.handlers.RotatingFileHandler "
    "logging.handlers.TimedRotatingFileHandler logging.handlers.WatchedFileHandler "
    "concurrent_log_handler.ConcurrentRotatingFileHandler logging.handlers.ConcurrentRotatingFileHandler".split()
)
DICT_CONFIGS = frozenset({"logging.config.dictConfig"})


class LogFile(NamedTuple):
    """A place that sends logs to a file."""

    path: str
    """As far as it is known."""
    span: Span
    phase: Phase = "import"
    guards: tuple[Guard, ...] = ()


def log_files(code: Code) -> tuple[LogFile, ...]:
    """Return each place where the served code sets up a log file."""
    found = [log for call in code.calls if call.phase in SERVED for log in _of_call(call)]
    for setting in code.settings:
        if setting.owner == "django.settings" and setting.name == "LOGGING":
            found.extend(
                LogFile(path, span, guards=setting.guards) for path, span in _of_table(setting.value, setting.span)
            )
    return tuple(found)


def _of_call(call: Call) -> Iterator[LogFile]:
    value: Value | None = None
    if call.name in HANDLERS:
        value = _argument(call, 0, "filename")
    elif call.name == "logging.basicConfig":
        value = _argument(call, 99, "filename")
    elif call.name == "loguru.logger.add":
        value = _argument(call, 0, "sink")
        if not isinstance(value, Known | Concat):
            return
    elif call.name in DICT_CONFIGS:
        table = _argument(call, 0, "config")
        for path, span in _of_table(table, call.span) if table is not None else ():
            yield LogFile(path, span, call.phase, call.guards)
        return
    if value is None or (isinstance(value, Known) and value.value is None) or is_device(value):
        return
    yield LogFile(text_of(value) or "", call.span, call.phase, call.guards)


def _argument(call: Call, position: int, name: str) -> Value | None:
    argument = call.argument(position, name)
    return argument.value if argument is not None else None


def _of_table(config: Value, otherwise: Span) -> Iterator[tuple[str, Span]]:
    """Yield the files of the handlers in a dictionary for `logging.config` that some logger uses."""
    handlers = config.get("handlers") if isinstance(config, Table) else None
    for name, handler in handlers.entries if isinstance(handlers, Table) else ():
        path = handler.get("filename") if isinstance(handler, Table) else None
        if path is not None and not is_device(path) and isinstance(config, Table) and _is_used(config, text_of(name)):
            yield leading(path), getattr(path, "span", None) or otherwise


def _is_used(config: Table, handler: str | None) -> bool:
    loggers = config.get("loggers")
    users = (
        [config.get("root"), *(v for _, v in loggers.entries)] if isinstance(loggers, Table) else [config.get("root")]
    )
    for user in users:
        listed = user.get("handlers") if isinstance(user, Table) else None
        items = getattr(listed, "items", ())
        if any(text_of(item) == handler for item in items) or (listed is not None and isinstance(listed, Thing)):
            return True
    return False
