"""`logging.config.dictConfig(…)`, to which Django hands its LOGGING: each handler for a file opens it at once.

Sources: `DictConfigurator.configure` of https://github.com/python/cpython/blob/3.13/Lib/logging/config.py;
logging/handlers.py, whose classes put it off by `delay`.
"""

from adaptable_preflight.model import LOG_HANDLER
from adaptable_preflight.read.python import library
from adaptable_preflight.read.python.machine import Handler, Machine
from adaptable_preflight.read.python.objects import Arguments, External, Mapping, Object
from adaptable_preflight.read.python.public import public_arguments
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known


def configure(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`logging.config.dictConfig(config)`."""
    note_handlers(machine, arguments.get(0, "config"), span)
    return External(function.name, span, instance=True, arguments=public_arguments(arguments))


def note_handlers(machine: Machine, config: Object | None, span: Span) -> None:
    """Note the files that the handlers of a configuration open, whether a logger uses them or not."""
    handlers = config.entries.get("handlers") if isinstance(config, Mapping) else None
    for handler in handlers.entries.values() if isinstance(handlers, Mapping) else ():
        if isinstance(handler, Mapping) and _opens_file(handler):
            path = handler.entries["filename"]
            place = getattr(path, "span", None) or span
            library.note(machine, External(LOG_HANDLER, place), Arguments((path,), {}, (place,)), place)


def _opens_file(handler: Mapping) -> bool:
    """Whether a handler is one of the standard library for a file, and is not told to wait for the first record."""
    kind = handler.entries.get("class")
    name = kind.value if isinstance(kind, Known) else None
    own = isinstance(name, str) and name.startswith("logging.") and name.endswith("FileHandler")
    return own and "filename" in handler.entries and "delay" not in handler.entries


HANDLERS: dict[str, Handler] = {"logging.config.dictConfig": configure}
