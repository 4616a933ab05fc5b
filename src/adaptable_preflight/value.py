"""Values that may be unknown: hosts, ports, paths, URLs and the pieces that they are made of.

Readers evaluate to these, rules compare them, and nobody guesses.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from adaptable_preflight.source import Span

CHECKOUT = "/checkout"
"""Stands for the folder of the repository in the container, in the paths that its code computes."""


class Known(NamedTuple):
    """A value that the repository fixes: text, a number, `True`, `False`, `None` or bytes."""

    value: object
    span: Span | None = None


class FromEnv(NamedTuple):
    """The value of an environment variable; `default` is what stands in when it is not set (None: nothing does)."""

    name: str
    default: "Value | None" = None
    span: Span | None = None
    number: bool = False
    """Whether the text was converted to an integer."""
    plain: bool = False
    """Whether it is the variable's own text, as `os.environ` gives it; else something may have been made of it."""


class Concat(NamedTuple):
    """Text put together from pieces of which at least one is not known yet."""

    parts: "tuple[Value, ...]"
    span: Span | None = None


class Unknown(NamedTuple):
    """A value that cannot be told; `why` completes the sentence «this is unknown because …»."""

    why: str
    span: Span | None = None


class Items(NamedTuple):
    """A list, tuple or set. Not `complete`: there may be more."""

    items: "tuple[Value, ...]"
    kind: str = "list"
    span: Span | None = None
    complete: bool = True
    assumed: bool = False
    """Whether what it holds was decided by what holds when nobody sets a variable."""


class Table(NamedTuple):
    """A dictionary. Not `complete`: there may be more."""

    entries: "tuple[tuple[Value, Value], ...]"
    span: Span | None = None
    complete: bool = True

    def get(self, key: str) -> "Value | None":
        """Return the value of a known key."""
        return next((value for name, value in self.entries if text_of(name) == key), None)


class Thing(NamedTuple):
    """An object of Python code that is none of the above: an instance, a function, a class, a module."""

    name: str
    """The dotted name of what it was made by (`flask.Flask`) or of what it is (`app.views.index`)."""
    kind: str = "instance"
    """`instance`, `function`, `class` or `module`."""
    span: Span | None = None
    """Where it was made or defined."""
    arguments: "tuple[Argument, ...]" = ()
    """What an instance was made with."""
    of: "Value | None" = None
    """The object whose method or attribute made it."""
    attributes: "tuple[tuple[str, Value], ...]" = ()
    """What was assigned to an instance's attributes since."""


class Either(NamedTuple):
    """One of several values: nothing tells which. The likeliest comes first."""

    options: "tuple[Value, ...]"
    span: Span | None = None


class Derived(NamedTuple):
    """What a call that is not followed computes from other values, such as `str.replace` of a variable's text."""

    name: str
    """The dotted name of the call."""
    of: "tuple[Value, ...]"
    """The receiver of a method, then the arguments."""
    span: Span | None = None


class Argument(NamedTuple):
    """One argument of a call; `span` covers a keyword's name too."""

    value: "Value"
    span: Span
    name: str = ""


Value = Known | FromEnv | Concat | Unknown | Items | Table | Thing | Either | Derived

MAX_PIECES = 2_000
"""Of how many others a value is made at most: what a loop computes from itself would double with each round."""
MAX_TEXT = 100_000
"""Characters of a text; no address, path or setting comes near it."""


def derive(name: str, of: "tuple[Value, ...]", span: Span | None) -> "Derived | Unknown":
    """Return what a call computes from values; Unknown where they are made of too many others."""
    return Derived(name, of, span) if all(map(is_bounded, of)) else Unknown("it is computed in very many steps", span)


def is_bounded(value: Value) -> bool:
    """Whether a value is made of no more than `MAX_PIECES` others, so that looking through it comes to an end soon."""
    return value.__class__ not in _PIECES or sum(1 for _ in within(value)) <= MAX_PIECES


def within(value: Value) -> Iterator[Value]:
    """Yield a value and all that it is made of, one more than `MAX_PIECES` of them at most."""
    pending = [value]
    for _ in range(MAX_PIECES + 1):
        if not pending:
            return
        one = pending.pop()
        yield one
        if one.__class__ in _PIECES:
            pending.extend(_PIECES[one.__class__](one))


def things(value: Value) -> Iterator[Thing]:
    """Yield the things that a value is, or is made of."""
    return (one for one in within(value) if isinstance(one, Thing))


def _of_thing(thing: Thing) -> Iterator[Value]:
    if thing.of is not None:
        yield thing.of
    yield from (one.value for one in thing.arguments)
    yield from (one for _, one in thing.attributes)


_PIECES: dict[type, Callable[[Any], Iterable[Value]]] = {
    Concat: lambda value: value.parts,
    Either: lambda value: value.options,
    Derived: lambda value: value.of,
    Items: lambda value: value.items,
    FromEnv: lambda value: () if value.default is None else (value.default,),
    Table: lambda value: (entry for _, entry in value.entries),
    Thing: _of_thing,
}
"""The values that one is made of, by its kind: looked up for every argument of every call."""


def text_of(value: Value | None) -> str | None:
    """Return the text of a known text or number, else None."""
    if isinstance(value, Known) and isinstance(value.value, str | int) and not isinstance(value.value, bool):
        return str(value.value)
    return None


def known_text(value: Value | None) -> str | None:
    """Return a known text, else None; None for a number too, of which `text_of` makes a text."""
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else None


def concat(parts: list[Value], span: Span | None = None) -> Value:
    """Join pieces of text: known neighbours melt into one, and an unknown piece makes the whole unknown."""
    joined: list[Value] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Concat) else (part,):
            last = joined[-1] if joined else None
            text, before = text_of(piece), text_of(last)
            if text is not None and last is not None and before is not None:
                joined[-1] = Known(before + text, _cover(last.span, piece.span))
            elif text is not None:
                if text:
                    joined.append(Known(text, piece.span))
            else:
                joined.append(piece)
    if len(joined) > MAX_PIECES or any(len(text_of(piece) or "") > MAX_TEXT for piece in joined):
        return Unknown("the text is very long", span)
    if not joined:
        return Known("", span)
    if len(joined) == 1:
        only = joined[0]
        return only if span is None or only.span is not None else only._replace(span=span)
    return Concat(tuple(joined), span)


def _cover(first: Span | None, second: Span | None) -> Span | None:
    """Return the span of two pieces that stand side by side (quotation marks may part them); None where they do not."""
    if first is None or second is None:
        return first or second
    gap = (
        second.column - first.end_column if second.line == first.end_line else 0 if second.line > first.end_line else -1
    )
    if first.path != second.path or not 0 <= gap <= 2:
        return None
    return first._replace(end_line=second.end_line, end_column=second.end_column)


def part_of(known: Known, start: int, end: int) -> Known:
    """Return a slice of known text with the span of just that text, where the text stands as it is in the file."""
    text = str(known.value)
    span = known.span
    if span is not None and span.line == span.end_line and span.end_column - span.column == len(text):
        span = span.narrowed(start, end)
    return Known(text[start:end], span)


def split_last(value: Value, separator: str) -> tuple[Value, Value] | None:
    """Split text at its last `separator` as `str.rsplit(separator, 1)` does; None where there is none in known text."""
    parts = list(value.parts) if isinstance(value, Concat) else [value]
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        text = text_of(part)
        if text is None or separator not in text:
            continue
        at = text.rindex(separator)
        known = Known(text, part.span)
        before = [*parts[:index], part_of(known, 0, at)]
        after = [part_of(known, at + len(separator), len(text)), *parts[index + 1 :]]
        return concat(before, value.span), concat(after, value.span)
    return None


def split_first(value: Value, separator: str) -> tuple[Value, Value] | None:
    """Split text at its first `separator` as `str.split(separator, 1)` does; None where there is none in known text."""
    parts = list(value.parts) if isinstance(value, Concat) else [value]
    for index, part in enumerate(parts):
        text = text_of(part)
        if text is None or separator not in text:
            continue
        at = text.index(separator)
        known = Known(text, part.span)
        before = [*parts[:index], part_of(known, 0, at)]
        after = [part_of(known, at + len(separator), len(text)), *parts[index + 1 :]]
        return concat(before, value.span), concat(after, value.span)
    return None


def leading(value: Value) -> str:
    """Return the known text at the beginning; empty where the first piece is not known."""
    first = value.parts[0] if isinstance(value, Concat) else value
    return text_of(first) or ""


def without_leading(value: Value, length: int) -> Value:
    """Return text without its first characters, which have to be known."""
    if length == 0:
        return value
    first, rest = (value.parts[0], value.parts[1:]) if isinstance(value, Concat) else (value, ())
    text = text_of(first) or ""
    return concat([part_of(Known(text, first.span), length, len(text)), *rest], value.span)


def on_text(value: Value, change: Callable[[str], str]) -> Value:
    """Return text with its known pieces changed, such as by `str.lower`."""
    if isinstance(value, Concat):
        return concat([on_text(part, change) for part in value.parts], value.span)
    text = text_of(value)
    return value if text is None else Known(change(text), value.span)


def stripped(value: Value) -> Value:
    """Return text without white space at its ends, as far as these are known."""
    if not isinstance(value, Concat):
        return on_text(value, str.strip)
    first, *inner, last = value.parts
    return concat([on_text(first, str.lstrip), *inner, on_text(last, str.rstrip)], value.span)


def is_known(value: Value | None) -> bool:
    """Whether nothing about the value is open."""
    return isinstance(value, Known)


def unknown_part(value: Value | None) -> Unknown | None:
    """Return the first piece that cannot be told."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Concat):
        return next((p for p in map(unknown_part, value.parts) if p is not None), None)
    if isinstance(value, Either):
        return Unknown("it depends on a condition that cannot be decided", value.span)
    if isinstance(value, Derived):
        return Unknown(f"it is computed by «{value.name}»", value.span)
    return None


def variables(value: Value | None) -> tuple[str, ...]:
    """Return the names of the environment variables that the value is made from, defaults included."""
    if isinstance(value, FromEnv):
        return (value.name, *variables(value.default))
    if isinstance(value, Concat):
        return tuple(name for part in value.parts for name in variables(part))
    if isinstance(value, Either):
        return tuple(name for option in value.options for name in variables(option))
    if isinstance(value, Derived):
        return tuple(name for part in value.of for name in variables(part))
    return ()


def show(value: Value | None) -> str:
    """Return the value as a shell would write it, for messages."""
    match value:
        case None | Known(value=None):
            return ""
        case Known(value=known):
            return str(known).replace(f"{CHECKOUT}/", "")
        case FromEnv(name=name, default=None | Known(value=None)):
            return f"${name}"
        case FromEnv(name=name, default=default):
            return f"${{{name}:-{show(default)}}}"
        case Concat(parts=parts):
            return "".join(show(part) for part in parts)
        case _:
            return "…"
