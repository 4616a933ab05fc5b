"""How the code asks for a variable at a place, as an expression that can be written there and that gives a text."""

from typing import Final

from adaptable_preflight.model import SET_VARIABLE, Call, Code
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Value, known_text, text_of

_GETTERS: Final = frozenset({"os.getenv", "os.environ.get"})
_WAYS: Final = {"item": 'os.environ["{}"]', "config": 'config("{}")', "env": 'env("{}")'}


def look_up(code: Code, span: Span) -> str:
    """Return the expression for the variable that is asked for at a place; empty where nobody can tell one.

    `os.getenv("X")` is given an empty text as its default, so that a method can follow.
    """
    found = (call for call in code.calls if call.span == span and (call.name in _GETTERS or call.name == SET_VARIABLE))
    return next((text for call in found if (text := _written(call))), "")


def _written(call: Call) -> str:
    name = known_text(call.arguments[0].value) if call.arguments else None
    if name is None:
        return ""
    if call.name == SET_VARIABLE:
        return _WAYS.get(text_of(call.arguments[1].value) or "", "").format(name)
    default = call.argument(1, "default")
    return f'{call.name}("{name}", {_default(default.value if default is not None else None)})'


def _default(value: Value | None) -> str:
    """Return a default as the code may write it: a known text, and dots for what is more, or holds a password."""
    if value is None or (isinstance(value, Known) and value.value is None):
        return '""'
    text = known_text(value)
    return "…" if text is None or "@" in text else f'"{text}"'
