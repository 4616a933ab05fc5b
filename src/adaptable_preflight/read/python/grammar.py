"""Which Python a module's grammar asks for, where it uses what the oldest that runs this tool does not read."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern

Version = tuple[int, int]

NEWEST: Version = (3, 14)
"""The newest Python whose grammar is known here."""
NESTED_STRINGS: Version = (3, 12)
"""Since when an f-string's expressions may hold its own quotation marks and backslashes (PEP 701)."""

_PIECE = late_pattern(r"#[^\n]*|(?P<prefix>\b[A-Za-z]{1,2})?(?P<quote>\"\"\"|'''|\"|')")
_ENDS = {
    **{quote: late_pattern(rf"(?:\\.|[^\\])*?(?P<end>{quote})", re.DOTALL) for quote in ('"""', "'''")},
    **{quote: late_pattern(rf"(?:\\.|[^\\\n{quote}])*(?P<end>{quote})?", re.DOTALL) for quote in "\"'"},
}
"""What follows the opening quotation marks of a string, with those that end it; a line's end does so for some."""
_PARAMETERS = r"(?m)^[ \t\f]*(?:(?:async\s+)?def|class|type)\s+\w+\s*\["
_SINCE: tuple[tuple[re.Pattern[str], Version], ...] = (
    (late_pattern(r"\bexcept\*?\s+[\w.]+\s*,"), (3, 14)),  # PEP 758
    (late_pattern(_PARAMETERS + r"[^\]\n]*[^\]\n=!<>]=[^=]"), (3, 13)),  # PEP 696
    (late_pattern(_PARAMETERS), (3, 12)),  # PEP 695
    (late_pattern(r"(?m)^[ \t\f]*type\s+\w+\s*="), (3, 12)),
)
"""What a statement looks like that a Python since a version reads.

Source: https://docs.python.org/3/whatsnew/ of each version ("New Features", "Other Language Changes")
"""


_OF_PYTHON_2 = late_pattern(
    r"(?m)^(?:[^\n:;]*[:;])?[ \t\f]*"
    r"(?:(?:print|exec)[ \t]+(?!(?:if|in|is|or|and|not|else|for)\b)[\w']|raise[ \t]+[\w.]+[ \t]*,)"
)
"""A statement that no Python 3 reads, whatever else of the text a newer one does: `except A, e:` is read since 3.14."""


def asked_for(text: str) -> Version | None:
    """Return the Python since which all of a module's grammar is read; None where 3.11 knows it all, or none does.

    A text that is no Python at all may look like a newer one: the answer then errs on that side.
    """
    code, strings = _without_strings(text)
    if _OF_PYTHON_2.search(code):
        return None
    found = [since for pattern, since in _SINCE if pattern.search(code)]
    return max((*found, *strings), default=None)


_MAY_NEST = tuple(
    late_pattern(rf"f{q}[^{q}\n{{]*(?:\{{[^{q}\n}}]*\}}[^{q}\n{{]*)*\{{[^{q}\n}}]*[{q}\\]") for q in "\"'"
)
"""An f-string of one line in whose expression a quotation mark or a backslash comes first: a quick look."""


def nested_string(text: str) -> int | None:
    """Return the line of the first f-string of a valid module that no Python before PEP 701 reads; None for none."""
    if not any(pattern.search(text) for pattern in _MAY_NEST):
        return None
    nested = (piece for piece in _pieces(text) if "f" in piece.prefix and _is_nested(piece.content or ""))
    first = next(nested, None)
    return text.count("\n", 0, first.start) + 1 if first is not None else None


class _Piece(NamedTuple):
    """A comment or a string of a module."""

    start: int
    end: int
    prefix: str = ""
    """The letters in front of a string, in lower case."""
    content: str | None = None
    """What stands between the quotation marks; None for a comment."""


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield the strings and comments; a string that nothing ends is taken to end with its line."""
    at, unended = 0, set[str]()
    while (piece := _PIECE.search(text, at)) is not None:
        quote, begin = piece["quote"], piece.end()
        if quote is None:
            at = begin
            yield _Piece(piece.start(), at)
            continue
        rest = _ENDS[quote].match(text, begin) if quote not in unended else None
        if rest is None:
            unended.add(quote)  # nor will a later one end, and each look goes through the whole text
        at = rest.end() if rest is not None else _line_end(text, begin)
        content = text[begin : rest.start("end") if rest is not None and rest["end"] else at]
        yield _Piece(piece.start(), at, (piece["prefix"] or "").lower(), content)


def _without_strings(text: str) -> tuple[str, list[Version]]:
    """Return a module's text without strings and comments, and the versions that its strings ask for."""
    kept: list[str] = []
    asked: list[Version] = []
    at = 0
    for piece in _pieces(text):
        kept.append(text[at : piece.start])
        at = piece.end
        if piece.content is None:
            continue
        if "t" in piece.prefix:
            asked.append((3, 14))  # PEP 750
        if "f" in piece.prefix and _is_nested(piece.content):
            asked.append(NESTED_STRINGS)
        kept.append(" '' ")
    kept.append(text[at:])
    return "".join(kept), asked


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return found if found >= 0 else len(text)


_SIGN = late_pattern(r"\{\{|\}\}|[{}:\\]|#[^{}:\\\n]*\n?")
"""What matters in an f-string: braces, the colon before a format, and what no expression of it held before PEP 701, a
backslash or a comment."""


def _is_nested(content: str) -> bool:
    """Whether an f-string's expressions hold what ended it, or was refused, before PEP 701.

    Its content is read as up to Python 3.11: an expression with the same quotation marks or a line's end in it is then
    cut off behind its opening brace.
    """
    depth, at, specifies = 0, 0, False
    while (sign := _SIGN.search(content, at)) is not None:
        at = sign.end()
        if sign[0] in ("{{", "}}") and not depth:
            continue
        if sign[0][0] in "{}":
            at = sign.start() + 1
            depth, specifies = max(depth + (1 if sign[0][0] == "{" else -1), 0), False
        elif sign[0] == ":":
            specifies = True  # how to format the value, or a slice: in the former a backslash was read
        elif depth and not specifies and sign[0].endswith(("\\", "\n")):
            return True
    return depth > 0
