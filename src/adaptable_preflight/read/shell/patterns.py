"""Patterns of the shell: for names of files, in `case`, and in `${X#…}`."""

import fnmatch
import posixpath

from adaptable_preflight.read.shell.state import State
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Known, Unknown, Value, concat, text_of


def matching_paths(state: State, pattern: str) -> list[str]:
    """Return the paths that a pattern stands for, sorted; none where the shell leaves the pattern as it is."""
    folder, slash, name = pattern.rpartition("/")
    place = state.place(folder or ("/" if slash else "."))
    if place is None or not name:
        return []
    names = [n for n in state.checkout.names(place) if fnmatch.fnmatchcase(n, _fnmatch(name))]
    return [folder + slash + n for n in names if not n.startswith(".") or name.startswith(".")]


def _fnmatch(pattern: str) -> str:
    return pattern.replace("[^", "[!")


def matches(text: str, pattern: str) -> bool:
    """Whether text fits a pattern as in `case`."""
    return fnmatch.fnmatchcase(text, _fnmatch(pattern))


def strip_pattern(value: Value, operator: str, pattern: Value, span: Span) -> Value:
    """Return what `#`, `##`, `%` or `%%` leaves of a value."""
    text, strip = text_of(value), text_of(pattern)
    if text is None and strip is not None and isinstance(value, Concat) and not set(strip) & set("*?["):
        return _strip_literal(value, operator, strip, span)
    if text is None or strip is None:
        return Unknown("a part of a value that is not known", span)
    lengths = range(len(text) + 1)
    for length in reversed(lengths) if len(operator) == 2 else lengths:
        if operator[0] == "#" and matches(text[:length], strip):
            return Known(text[length:], span)
        if operator[0] == "%" and matches(text[len(text) - length :], strip):
            return Known(text[: len(text) - length], span)
    return Known(text, span)


def _strip_literal(value: Concat, operator: str, strip: str, span: Span) -> Value:
    end = 0 if operator[0] == "#" else -1
    edge = text_of(value.parts[end])
    if edge is None or len(edge) < len(strip):
        return Unknown("a part of a value that is not known", span)
    parts = list(value.parts)
    left = edge.removeprefix(strip) if operator[0] == "#" else edge.removesuffix(strip)
    parts[end] = Known(left, span)
    return concat(parts, span)


def of_bash(value: Value, operator: str, span: Span) -> Value:
    """Return what an expansion makes of a value that bash alone knows: `:1:2`, `^^`, `,,`, `/a/b`."""
    text = text_of(value)
    if text is None or operator.startswith("["):
        return Unknown("a part of a value that is not known", span)
    if operator[0] == ":":
        start, _, length = operator[1:].partition(":")
        return Known(text[int(start) :][: int(length) if length else None], span)
    if operator[0] in "^,":
        change = str.upper if operator[0] == "^" else str.lower
        return Known(change(text) if len(operator) == 2 else change(text[:1]) + text[1:], span)
    old, _, new = operator.lstrip("/").partition("/")
    return Known(text.replace(old, new, -1 if operator.startswith("//") else 1), span)


def folder_of(path: str) -> str:
    """Return what `dirname` writes."""
    return posixpath.dirname(path.rstrip("/") or "/") or "."
