"""Switches that libraries read from text: `strtobool` of distutils, and what an INI file may turn on."""

from adaptable_preflight.read.python.machine import Handler, Machine, Raise, of_each
from adaptable_preflight.read.python.objects import Arguments, Choice, External, Object, Sequence, default_of
from adaptable_preflight.read.python.paths import folder_of
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Derived, FromEnv, Known, Unknown, derive

_ON = frozenset({"y", "yes", "t", "true", "on", "1"})
_OFF = frozenset({"n", "no", "f", "false", "off", "0"})
"""Source: distutils/util.py of Python 3.11."""


def _strtobool(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`strtobool(text)`: 1 or 0; any other text is refused."""
    del function
    return _switch(machine, arguments.get(0, "val") or Unknown("a text is not known", span), span)


def _switch(machine: Machine, value: Object, span: Span) -> Object:
    match value:
        case Known(value=str() as text):
            if text.lower() not in _ON | _OFF:
                raise Raise("ValueError", f"invalid truth value {text.lower()!r}", span)
            return Known(int(text.lower() in _ON), span)
        case FromEnv(name=name) if not machine.is_set(name):
            default = default_of(value)
            text = str(default.value).lower() if isinstance(default, Known) else ""
            unknown = Unknown("its default is not known", span)
            return FromEnv(name, Known(int(text in _ON), span) if text in _ON | _OFF else unknown, span)
        case FromEnv() | Concat() | Derived():
            return derive("bool", (value,), span)
        case Choice(options=options):
            return of_each(options, lambda option: _switch(machine, option, span))
    return Unknown("a condition is not known", span)


_FILLED = "__filled__"
"""The attribute of a parser into which something was read; what is assigned to its sections are others."""


def _read(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`parser.read(files)`: files that are not there are passed over, and the repository shows which are."""
    given = arguments.get(0, "filenames")
    named = given.items if isinstance(given, Sequence) and given.complete else [given]
    places = [folder_of(machine, one) for one in named]
    if any(place is None or machine.checkout.is_file(place) for place in places):
        return _filled(machine, function, arguments, span)
    return External(function.name, span, instance=True, receiver=function.receiver)


def _filled(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine, arguments
    if isinstance(function.receiver, External):
        function.receiver.attributes[_FILLED] = Known(True)
    return External(function.name, span, instance=True, receiver=function.receiver)


def _flag(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`parser.getboolean(section, option, fallback=False)`: off where the parser has read nothing.

    Source: https://docs.python.org/3/library/configparser.html#fallback-values
    """
    del machine
    fallback, parser = arguments.named.get("fallback"), function.receiver
    off = isinstance(fallback, Known) and fallback.value is False
    if off and isinstance(parser, External) and not parser.attributes:
        return Known(False, span)
    return External(function.name, span, instance=True, receiver=parser)


_PARSERS = ("configparser.ConfigParser", "configparser.RawConfigParser", "configparser.SafeConfigParser")

HANDLERS: dict[str, Handler] = {
    "distutils.util.strtobool": _strtobool,
    "setuptools._distutils.util.strtobool": _strtobool,
    **{f"{parser}.getboolean": _flag for parser in _PARSERS},
    **{f"{parser}.read": _read for parser in _PARSERS},
    **{f"{p}.{name}": _filled for p in _PARSERS for name in ("read_file", "read_string", "read_dict", "readfp", "set")},
}
