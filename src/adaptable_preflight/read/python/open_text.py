"""Text of which only pieces are known, such as a URL whose scheme is: what its methods return all the same."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.source import Span
from adaptable_preflight.value import (
    Concat,
    Derived,
    Items,
    Known,
    Value,
    concat,
    derive,
    leading,
    on_text,
    part_of,
    split_first,
    text_of,
    without_leading,
)

Result = Value | None
"""A value (`Items` for the parts that splitting gives), or None where the known pieces do not decide it."""


def method(name: str, text: Concat, given: Sequence[object], span: Span) -> Result:
    """Return what `text.name(*given)` returns; None where the known pieces do not decide it."""
    found = _METHODS.get(name)
    return found(text, given, span) if found is not None else None


def _starts(text: Concat, given: Sequence[object], span: Span) -> Result:
    prefixes = given[0] if given and isinstance(given[0], tuple) else given[:1]
    answer = starts_with(text, [p for p in prefixes if isinstance(p, str)]) if prefixes else None
    return None if answer is None else Known(answer, span)


def starts_with(text: Concat, prefixes: Sequence[str]) -> bool | None:
    """Whether the text begins with one of several; None where that lies behind the known beginning."""
    known = leading(text)
    if any(known.startswith(prefix) for prefix in prefixes):
        return True
    return None if any(prefix.startswith(known) for prefix in prefixes) else False


DATABASES = frozenset("sqlite mysql mariadb mssql oracle mongodb".split())
"""Words that code looks for in a URL to tell the database by its scheme; «postgresql» often names its host too."""


def holds(text: Concat, piece: str) -> bool | None:
    """Whether a piece stands in the text; None where it may stand in what is not known."""
    if any(piece in (text_of(part) or "") for part in text.parts):
        return True
    scheme, separator, _ = leading(text).partition("://")
    asks = "://" in piece or piece in DATABASES - {scheme}
    return False if separator and asks else None  # a URL has one scheme


def _replace(text: Concat, given: Sequence[object], span: Span) -> Result:
    match given:
        case [str() as old, str() as new, *_] if old:
            found = replaced(text, old, new, span, once=len(given) > 2 and given[2] == 1)
            return text if found is None and "://" in old else found  # a URL has one scheme, and its place is known
        case _:
            return None


def replaced(text: Concat, old: str, new: str, span: Span, once: bool = False) -> Value | None:
    """Return the text with a piece replaced; None where no known piece holds it."""
    parts, done = list[Value](), False
    for part in text.parts:
        known = text_of(part)
        if known is not None and old in known and not (once and done):
            part, done = Known(known.replace(old, new, 1 if once else -1), part.span), True
        parts.append(part)
    return concat(parts)._replace(span=span) if done else None


def _without_prefix(text: Concat, given: Sequence[object], span: Span) -> Result:
    if not given or not isinstance(given[0], str):
        return None
    starts = starts_with(text, [given[0]])
    if starts is None:
        return None
    return without_leading(text, len(given[0]))._replace(span=span) if starts else text


def _split(text: Concat, given: Sequence[object], span: Span) -> Result:
    if not given or not isinstance(given[0], str) or not given[0]:
        return None
    halves = split_first(text, given[0]) if len(given) > 1 and given[1] == 1 else None
    return None if halves is None else Items(halves, "list", span)


_WIDE = late_pattern(r"\d{5}")


def is_wide(form: str | bytes) -> bool:
    """Whether a format such as `%99999d` asks for a text that is out of all proportion."""
    return _WIDE.search(form if isinstance(form, str) else form.decode("latin-1")) is not None


def first_piece(pieces: Derived) -> Value | None:
    """Return the first of the pieces that `text.split(separator)` gives; None where it is not known where it ends."""
    match pieces:
        case Derived(name="str.split", of=(text, Known(value=str() as separator))) if separator:
            known = leading(text)
            return Known(known.partition(separator)[0], pieces.span) if separator in known else None
    return None


def _partition(text: Concat, given: Sequence[object], span: Span) -> Result:
    if not given or not isinstance(given[0], str) or not given[0]:
        return None
    halves = split_first(text, given[0])
    return None if halves is None else Items((halves[0], Known(given[0], span), halves[1]), "tuple", span)


def _changed(change: Callable[[str], str]) -> Callable[[Concat, Sequence[object], Span], Result]:
    def apply(text: Concat, given: Sequence[object], span: Span) -> Result:
        del given
        parts = [on_text(part, change) if text_of(part) is not None else _open(part, span) for part in text.parts]
        return concat(parts, span)

    def _open(part: Value, span: Span) -> Value:
        return derive(f"str.{change.__name__}", (part,), span)

    return apply


def _stripped(text: Concat, given: Sequence[object], span: Span) -> Result:
    return None if given else text._replace(span=span)


_METHODS: Final[dict[str, Callable[[Concat, Sequence[object], Span], Result]]] = {
    "startswith": _starts,
    "replace": _replace,
    "removeprefix": _without_prefix,
    "split": _split,
    "partition": _partition,
    "lower": _changed(str.lower),
    "upper": _changed(str.upper),
    "strip": _stripped,
    "rstrip": _stripped,
    "lstrip": _stripped,
    "encode": _stripped,
}


def sliced(text: Concat, start: int | None, stop: int | None, span: Span) -> Value | None:
    """Return `text[start:stop]`; None where the known beginning does not reach that far."""
    known, begin = leading(text), start or 0
    if begin < 0 or begin > len(known):
        return None
    if stop is None:
        return without_leading(text, begin)._replace(span=span)
    return part_of(Known(known, span), begin, stop)._replace(span=span) if 0 <= stop <= len(known) else None


_LITERAL: Final = late_pattern(r"\^?(?:[\w:/+ @-]|\\[:/+.-])+")


def substituted(pattern: str, new: str, text: Concat, span: Span) -> Value | None:
    """Return `re.sub(pattern, new, text)` for a pattern that is plain text; None where it is not, or nothing is known.

    Other patterns are never run: they come from strangers.
    """
    if not _LITERAL.fullmatch(pattern) or "\\" in new:
        return None
    plain = re.sub(r"\\(.)", r"\1", pattern.removeprefix("^"))
    if not pattern.startswith("^"):
        return replaced(text, plain, new, span)
    if not starts_with(text, [plain]):
        return None
    return concat([Known(new, span), without_leading(text, len(plain))])._replace(span=span)
