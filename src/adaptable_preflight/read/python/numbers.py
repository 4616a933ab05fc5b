"""Numbers: conversions and arithmetic; of a value that is not known it is kept what it was computed from."""

import builtins
from collections.abc import Callable

from adaptable_preflight.read.python.machine import Handler, Machine, Raise, of_each
from adaptable_preflight.read.python.objects import (
    Arguments,
    Choice,
    External,
    Object,
)
from adaptable_preflight.read.python.public import public
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Derived, FromEnv, Known, Unknown, derive

CONVERSIONS = ("int", "float", "round", "abs", "min", "max")
"""The built-in functions whose result tells of their arguments; a length tells nothing of what was counted."""


def is_number(value: Object) -> bool:
    """Whether a value is a number for certain."""
    match value:
        case Known(value=bool()):
            return False
        case Known(value=int() | float()) | FromEnv(number=True):
            return True
        case Derived(name=name):
            return name in CONVERSIONS
    return False


def derived(name: str, values: tuple[Object, ...], span: Span) -> Object:
    """Return what is computed from values of which one is not known; Unknown where nothing is known of any."""
    usable = Known | FromEnv | Concat | Derived | External | Choice
    found = tuple(public(value) for value in values if isinstance(value, usable))
    if all(isinstance(value, Known) for value in found):
        return Unknown("a number is not known", span)
    return derive(name, found, span)


def integer(value: Object, span: Span) -> Object:
    """`int(value)`."""
    match value:
        case Known(value=bool() | int() | float() | str() as known):
            try:
                return Known(int(known), value.span or span)
            except (ValueError, OverflowError):
                raise Raise("ValueError", f"invalid literal for int(): {known!r}", span, about=value) from None
        case Known(value=None):
            raise Raise("TypeError", "int() argument must be a string or a number, not 'NoneType'", span)
        case FromEnv(default=default):
            inner: Known | FromEnv | Unknown | None = None
            if isinstance(default, Known) and default.value is None:
                inner = default
            elif default is not None:
                converted = integer(default, span) if isinstance(default, Known | FromEnv) else None
                unknown = Unknown("its default is not known", default.span)
                inner = converted if isinstance(converted, Known | FromEnv) else unknown
            return value._replace(number=True, default=inner)
        case Choice(options=options):
            return of_each(options, lambda option: integer(option, span))
        case _:
            return derived("int", (value,), span)


def _int(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine, function
    value = arguments.get(0)
    if value is None:
        return Known(0, span)
    return integer(value, span) if len(arguments.positional) == 1 else Unknown("a number is not known", span)


def _computed(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`float(x)`, `round(x, 2)`, `max(a, b)`: computed of plain numbers."""
    del machine
    given = arguments.positional
    numbers = [value.value for value in given if isinstance(value, Known) and is_number(value)]
    if not given or len(numbers) != len(given) or arguments.named:
        return derived(function.name, given, span)
    compute: Callable[..., object] = getattr(builtins, function.name)
    try:
        return Known(compute(*numbers), span)
    except (TypeError, ValueError, OverflowError):
        return Unknown("a number is not known", span)


HANDLERS: dict[str, Handler] = {**dict.fromkeys(CONVERSIONS, _computed), "int": _int}
