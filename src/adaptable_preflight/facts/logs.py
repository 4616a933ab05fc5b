"""Which files the served code logs to."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.databases import SERVED
from adaptable_preflight.facts.files import is_device
from adaptable_preflight.facts.log_streams import STREAMS, beside_streams
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
    shown_too: bool = False
    """Whether all that goes to it goes to the standard output as well."""


def log_files(code: Code) -> tuple[LogFile, ...]:
    """Return each place where the served code sets up a log file."""
    found = [log for call in code.calls if call.phase in SERVED for log in _of_call(call)]
    for setting in code.settings:
        if setting.owner == "django.settings" and setting.name == "LOGGING":
            found.extend(log._replace(guards=setting.guards) for log in _of_table(setting.value, setting.span))
    streamed = beside_streams(code)
    return tuple(log._replace(shown_too=True) if log.span in streamed else log for log in found)


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
        for log in _of_table(table, call.span) if table is not None else ():
            yield log._replace(phase=call.phase, guards=call.guards)
        return
    if value is None or (isinstance(value, Known) and value.value is None) or is_device(value):
        return
    yield LogFile(text_of(value) or "", call.span, call.phase, call.guards)


def _argument(call: Call, position: int, name: str) -> Value | None:
    argument = call.argument(position, name)
    return argument.value if argument is not None else None


def _of_table(config: Value, otherwise: Span) -> Iterator[LogFile]:
    """Yield the files of the handlers in a dictionary for `logging.config` that some logger uses."""
    handlers = config.get("handlers") if isinstance(config, Table) else None
    if not isinstance(handlers, Table) or not isinstance(config, Table):
        return
    streams = {text_of(name) for name, handler in handlers.entries if _is_stream_of_table(handler)}
    for name, handler in handlers.entries:
        path = handler.get("filename") if isinstance(handler, Table) else None
        users = [used for used in _lists(config) if text_of(name) in used or None in used]
        if path is not None and not is_device(path) and users:
            span = getattr(path, "span", None) or otherwise
            yield LogFile(leading(path), span, shown_too=all(used & streams for used in users))


def _is_stream_of_table(handler: Value) -> bool:
    kind = text_of(handler.get("class")) if isinstance(handler, Table) else None
    return kind is not None and kind.endswith(STREAMS)


def _lists(config: Table) -> Iterator[set[str | None]]:
    """Yield the handlers that each logger lists by name; None among them: nobody knows which."""
    loggers = config.get("loggers")
    users = (
        [config.get("root"), *(v for _, v in loggers.entries)] if isinstance(loggers, Table) else [config.get("root")]
    )
    for user in users:
        listed = user.get("handlers") if isinstance(user, Table) else None
        yield {None} if isinstance(listed, Thing) else {text_of(item) for item in getattr(listed, "items", ())}
