"""Splitting one text into words by the rules of `shlex.split`."""

from adaptable_preflight.model import Word
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Known, Unknown, Value, concat, text_of

_MARKS = 0xF0000
"""Private characters stand for the pieces that are not known: no shell rule knows them."""


def shell_split(value: Value, span: Span) -> tuple[Word, ...] | Unknown:
    """Return the words of a text; each has the span of the whole."""
    pieces = value.parts if isinstance(value, Concat) else (value,)
    text = ""
    hidden: list[Value] = []
    for piece in pieces:
        known = text_of(piece)
        if known is None:
            text += chr(_MARKS + len(hidden))
            hidden.append(piece)
        else:
            text += known
    if len(hidden) == len(pieces):
        return Unknown("the words that a variable holds are not known", span)
    from shlex import split

    try:
        words = split(text)
    except ValueError:
        return Unknown("its quotation marks do not match", span)
    return tuple(Word(_revealed(word, hidden), span) for word in words)


def _revealed(text: str, hidden: list[Value]) -> Value:
    parts: list[Value] = []
    for character in text:
        index = ord(character) - _MARKS
        parts.append(hidden[index] if 0 <= index < len(hidden) else Known(character))
    return concat(parts)
