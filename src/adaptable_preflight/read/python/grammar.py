"""Which Python a module's grammar asks for, where it uses what the oldest that runs this tool does not read."""

import re

Version = tuple[int, int]

NEWEST: Version = (3, 14)
"""The newest Python whose grammar is known here."""
NESTED_STRINGS: Version = (3, 12)
"""Since when an f-string's expressions may hold its own quotation marks and backslashes (PEP 701)."""

_PIECE = re.compile(r"#[^\n]*|(?P<prefix>\b[A-Za-z]{1,2})?(?P<quote>\"\"\"|'''|\"|')")
_ENDS = {
    quote: re.compile(rf"(?:\\.|[^\\{'' if len(quote) == 3 else chr(10)}])*?{quote}", re.DOTALL)
    for quote in ('"""', "'''", '"', "'")
}
_PARAMETERS = r"(?m)^\s*(?:(?:async\s+)?def|class|type)\s+\w+\s*\["
_SINCE: tuple[tuple[re.Pattern[str], Version], ...] = (
    (re.compile(r"\bexcept\*?\s+[\w.]+\s*,"), (3, 14)),  # PEP 758
    (re.compile(_PARAMETERS + r"[^\]\n]*[^\]\n=!<>]=[^=]"), (3, 13)),  # PEP 696
    (re.compile(_PARAMETERS), (3, 12)),  # PEP 695
    (re.compile(r"(?m)^\s*type\s+\w+\s*="), (3, 12)),
)
"""What a statement looks like that a Python since a version reads.

Source: https://docs.python.org/3/whatsnew/ of each version ("New Features", "Other Language Changes")
"""


def asked_for(text: str) -> Version | None:
    """Return the Python since which all of a module's grammar is read; None where 3.11 knows it all.

    A text that is no Python at all may look like a newer one: the answer then errs on that side.
    """
    code, strings = _without_strings(text)
    found = [since for pattern, since in _SINCE if pattern.search(code)]
    return max((*found, *strings), default=None)


_MAY_NEST = tuple(re.compile(rf"f{q}[^{q}\n{{]*(?:\{{[^{q}\n}}]*\}}[^{q}\n{{]*)*\{{[^{q}\n}}]*[{q}\\]") for q in "\"'")
"""An f-string of one line in whose expression a quotation mark or a backslash comes first: a quick look."""


def nested_string(text: str) -> int | None:
    """Return the line of the first f-string of a valid module that no Python before PEP 701 reads; None for none."""
    if not any(pattern.search(text) for pattern in _MAY_NEST):
        return None
    at = 0
    while (piece := _PIECE.search(text, at)) is not None:
        at = piece.end()
        end = _ENDS[piece["quote"]].match(text, at) if piece["quote"] is not None else None
        if end is None:
            continue
        if "f" in (piece["prefix"] or "").lower() and _is_nested(text[at : end.end() - len(piece["quote"])]):
            return text.count("\n", 0, at) + 1
        at = end.end()
    return None


def _without_strings(text: str) -> tuple[str, list[Version]]:
    """Return a module's text without strings and comments, and the versions that its strings ask for."""
    kept: list[str] = []
    asked: list[Version] = []
    at = 0
    while (piece := _PIECE.search(text, at)) is not None:
        kept.append(text[at : piece.start()])
        at = piece.end()
        if piece["quote"] is None:
            continue
        prefix = (piece["prefix"] or "").lower()
        end = _ENDS[piece["quote"]].match(text, at)
        stop = end.end() if end is not None else _line_end(text, at)
        if "t" in prefix:
            asked.append((3, 14))  # PEP 750
        if "f" in prefix and _is_nested(text[at : stop - len(piece["quote"]) if end else stop]):
            asked.append(NESTED_STRINGS)
        kept.append(" '' ")
        at = stop
    kept.append(text[at:])
    return "".join(kept), asked


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return found if found >= 0 else len(text)


_UNREAD = re.compile(r"\\|#[^}\n]*\n")
"""What no expression of an f-string held before: a backslash, a comment."""


def _is_nested(content: str) -> bool:
    """Whether an f-string's expressions hold what ended it, or was refused, before PEP 701.

    Its content is read as up to Python 3.11: an expression with the same quotation marks or a line's end in it is then
    cut off behind its opening brace.
    """
    depth, at, specifies = 0, 0, False
    while at < len(content):
        letter = content[at]
        if not depth and content[at : at + 2] in ("{{", "}}"):
            at += 1
        elif letter in "{}":
            depth, specifies = max(depth + (1 if letter == "{" else -1), 0), False
        elif letter == ":":
            specifies = True  # how to format the value, or a slice: in the former a backslash was read
        elif depth and not specifies and _UNREAD.match(content, at):
            return True
        at += 1
    return depth > 0
