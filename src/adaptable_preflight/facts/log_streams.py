"""Which log files get only what the platform shows anyway, because it goes to the standard output too."""

from adaptable_preflight.facts.databases import SERVED
from adaptable_preflight.model import Call, Code
from adaptable_preflight.source import Span
from adaptable_preflight.value import Items, Known, Thing, Value, text_of

STREAMS = ("StreamHandler", "RichHandler")
"""Last names of the handlers that write to the standard output or error."""


def beside_streams(code: Code) -> frozenset[Span]:
    """Return where handlers are made whose loggers have one for the standard output as well."""
    calls = [call for call in code.calls if call.phase in SERVED]
    configured = [call for call in calls if call.name == "logging.basicConfig"]
    added: dict[object, list[Value]] = {}
    for call in calls:
        if call.name.endswith(".addHandler") and call.arguments:
            added.setdefault(_logger(call), []).append(call.arguments[0].value)
    groups = [*added.values(), *(_handlers(call) for call in configured)]
    root = any(map(_streams, configured))
    flask = {key for key in added if isinstance(key, str)}
    shown = [group for key, group in added.items() if root or key in flask]
    shown += [group for group in groups if any(map(_is_stream, group))]
    return frozenset(one.span for group in shown for one in group if isinstance(one, Thing) and one.span is not None)


def _logger(call: Call) -> object:
    """Return what tells a logger from others: its name.

    Flask gives its own logger a handler for the standard error when it is first asked for:
    https://flask.palletsprojects.com/en/stable/logging/#default-configuration
    """
    logger = call.receiver
    if not isinstance(logger, Thing):
        return call.span
    if logger.name == "flask.Flask.logger":
        return logger.name
    return logger.name, tuple(text_of(argument.value) for argument in logger.arguments)


def _handlers(call: Call) -> list[Value]:
    argument = call.argument(-1, "handlers")
    return list(argument.value.items) if argument is not None and isinstance(argument.value, Items) else []


def _streams(call: Call) -> bool:
    """Whether `logging.basicConfig` gives the root logger a handler for the standard error, as it does by itself.

    Source: https://docs.python.org/3/library/logging.html#logging.basicConfig
    """
    if call.argument(-1, "handlers") is not None:
        return any(map(_is_stream, _handlers(call)))
    file = call.argument(-1, "filename")
    return file is None or (isinstance(file.value, Known) and file.value.value is None)


def _is_stream(handler: Value) -> bool:
    return isinstance(handler, Thing) and handler.name.endswith(STREAMS)
