"""The text of a script, wherever it stands: in a file, in a part of a line, or in a value that another shell made."""

from collections.abc import Callable, Mapping

from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Concat, Value, text_of

_OPEN = 0xF0000
"""Where the characters start that stand for values which are not known: a plane for private use."""


class Excerpt:
    """Text to be read as a script, and where each of its characters stands.

    `values`: characters of the text that stand for values that are not known yet.
    """

    __slots__ = ("locate", "text", "values")

    def __init__(self, text: str, locate: Callable[[int, int], Span], values: Mapping[str, Value]) -> None:
        self.text = text
        self.locate = locate
        self.values = values

    def part(self, start: int, end: int) -> "Excerpt":
        """Return the text between two offsets."""
        locate = self.locate
        return Excerpt(self.text[start:end], lambda a, b: locate(start + a, start + b), self.values)


def of_source(source: Source, start: int = 0, end: int | None = None) -> Excerpt:
    """Return a part of a file (or of a setting)."""
    return Excerpt(source.text[start:end], lambda a, b: source.span(start + a, start + b), {})


def of_value(value: Value, span: Span) -> Excerpt:
    """Return the text that a value has become, such as the argument of `sh -c`; `span` is where it stands."""
    parts = value.parts if isinstance(value, Concat) else (value,)
    taken = {c for part in parts for c in text_of(part) or ""}
    marks = (chr(code) for code in range(_OPEN, _OPEN + 0xFFFF) if chr(code) not in taken)
    text, values, spans = "", {}, list[tuple[int, Span]]()
    for part in parts:
        known = text_of(part)
        if known is None:
            known = next(marks)
            values[known] = part
        spans.append((len(text), part.span or span))
        text += known
    ends = [*(start for start, _ in spans[1:]), len(text)]
    pieces = tuple((start, end, where) for (start, where), end in zip(spans, ends, strict=True))
    return Excerpt(text, _locator(pieces, span), values)


def _locator(pieces: tuple[tuple[int, int, Span], ...], whole: Span) -> Callable[[int, int], Span]:
    """Return a function from offsets to spans for text that was put together from pieces that stand in a file."""

    def locate(start: int, end: int) -> Span:
        first = next((p for p in pieces if p[0] <= start < p[1]), None)
        last = next((p for p in pieces if p[0] < end <= p[1]), None)
        if first is None or last is None:
            return whole
        if first is last:
            return _narrowed(first, start, end)
        head, tail = _narrowed(first, start, first[1]), _narrowed(last, last[0], end)
        if head.path != tail.path or head[1:3] > tail[3:5]:
            return whole
        return head._replace(end_line=tail.end_line, end_column=tail.end_column)

    return locate


def _narrowed(piece: tuple[int, int, Span], start: int, end: int) -> Span:
    at, stop, span = piece
    if span.line != span.end_line or span.end_column - span.column != stop - at:
        return span
    return span.narrowed(start - at, end - at)
