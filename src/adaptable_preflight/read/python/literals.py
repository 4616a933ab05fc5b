"""Literals, and what is put together item by item."""

import ast
from collections.abc import Callable

from adaptable_preflight.read.python import library, open_text
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import (
    External,
    Frame,
    Mapping,
    Object,
    Sequence,
    choice,
    object_of,
)
from adaptable_preflight.read.python.public import piece_of
from adaptable_preflight.read.python.truth import truth
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Unknown, Value, concat

MAX_ITEMS = 256
"""Items of a comprehension or a loop that are followed one by one."""


def _text_span(frame: Frame, node: ast.expr, text: str) -> Span:
    """Return the span of a literal's text without its quotes, where it stands there as it is."""
    span = frame.span(node)
    assert frame.module.source is not None
    quotes = span.end_column - span.column - len(text)
    if span.line == span.end_line and quotes == 2:
        return span.narrowed(1, 1 + len(text))
    return span


def constant(machine: Machine, frame: Frame, node: ast.Constant) -> Object:
    """Return a literal."""
    del machine
    if isinstance(node.value, str):
        return Known(node.value, _text_span(frame, node, node.value))
    return Known(node.value, frame.span(node))


def joined(machine: Machine, frame: Frame, node: ast.JoinedStr) -> Object:
    """Put an f-string together."""
    parts: list[Value] = []
    for piece in node.values:
        if isinstance(piece, ast.FormattedValue):
            value = machine.do.evaluate(machine, frame, piece.value)
            parts.append(_formatted(value, piece, frame.span(node)))
        elif isinstance(piece, ast.Constant):
            parts.append(Known(str(piece.value)))
    whole = concat(parts, frame.span(node))
    return whole._replace(span=frame.span(node)) if isinstance(whole, Known) else object_of(whole)


def _formatted(value: Object, piece: ast.FormattedValue, span: Span) -> Value:
    if isinstance(value, Known) and piece.conversion in (-1, 115):
        spec = piece.format_spec
        fixed = isinstance(spec, ast.JoinedStr) and all(isinstance(v, ast.Constant) for v in spec.values)
        try:
            if spec is None:
                return Known(f"{value.value}")
            if fixed and isinstance(spec, ast.JoinedStr):
                form = "".join(str(v.value) for v in spec.values)  # type: ignore[attr-defined]
                wide = open_text.is_wide(form)
                return Unknown("the text is very long", span) if wide else Known(format(value.value, form))
        except (ValueError, TypeError):
            pass
    return piece_of(value, span)


def sequence(machine: Machine, frame: Frame, node: ast.List | ast.Tuple | ast.Set) -> Object:
    """Make a list, tuple or set."""
    made = Sequence([], type(node).__name__.lower(), frame.span(node))
    for element in node.elts:
        if isinstance(element, ast.Starred):
            inner = machine.do.evaluate(machine, frame, element.value)
            if isinstance(inner, Sequence):
                made.extend(inner.items)
                made.complete = made.complete and inner.complete
            else:
                made.complete = False
        else:
            made.items.append(machine.do.evaluate(machine, frame, element))
    return made


def dictionary(machine: Machine, frame: Frame, node: ast.Dict) -> Object:
    """Make a dictionary."""
    made = Mapping({}, frame.span(node))
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = machine.do.evaluate(machine, frame, value_node)
        key = machine.do.evaluate(machine, frame, key_node) if key_node is not None else None
        if isinstance(key, Known) and isinstance(key.value, str | int | bytes | float | None):
            made.entries[key.value] = value
            made.spans[key.value] = frame.span(value_node)
        elif key is None and isinstance(value, Mapping):
            made.entries.update(value.entries)
            made.spans.update(value.spans)
            made.complete = made.complete and value.complete
        else:
            made.complete = False
    return made


def comprehension(machine: Machine, frame: Frame, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Object:
    """`[f(x) for x in items if test]`."""
    made = Sequence([], "list", frame.span(node))
    inner = Frame(frame.module, {}, frame, frame.title)
    inner.function = frame.function
    before, machine.assumed = machine.assumed, False
    made.complete = _each(
        machine, inner, node.generators, lambda: made.items.append(machine.do.evaluate(machine, inner, node.elt))
    )
    made.assumed, machine.assumed = machine.assumed, machine.assumed or before
    return made


def dict_comprehension(machine: Machine, frame: Frame, node: ast.DictComp) -> Object:
    """`{k: v for … in …}`."""
    made = Mapping({}, frame.span(node))
    inner = Frame(frame.module, {}, frame, frame.title)

    def add() -> None:
        key, value = machine.do.evaluate(machine, inner, node.key), machine.do.evaluate(machine, inner, node.value)
        if isinstance(key, Known) and isinstance(key.value, str | int):
            made.entries[key.value] = value
        else:
            made.complete = False

    made.complete = _each(machine, inner, node.generators, add) and made.complete
    return made


def _each(machine: Machine, frame: Frame, generators: list[ast.comprehension], body: Callable[[], None]) -> bool:
    """Run `body` for each item; return whether all of them were known."""
    if not generators:
        body()
        return True
    first, *rest = generators
    holder = machine.do.evaluate(machine, frame, first.iter)
    library.note_visit(machine, holder, frame.span(first.iter))
    items, complete = iterated(holder)
    if not complete and not items:
        items = [one_of(holder, frame.span(first.iter))]
    for item in items[:MAX_ITEMS]:
        machine.do.assign(machine, frame, first.target, item)
        tests = [truth(machine, machine.do.evaluate(machine, frame, test)) for test in first.ifs]
        if all(t is not False for t in tests):
            complete = _each(machine, frame, rest, body) and complete and None not in tests
    return complete and len(items) <= MAX_ITEMS


def iterated(holder: Object) -> tuple[list[Object], bool]:
    """Return the items that a loop over an object visits, and whether these are all."""
    if isinstance(holder, Sequence):
        return list(holder.items), holder.complete
    if isinstance(holder, Mapping):
        return [Known(key) for key in holder.entries], holder.complete
    if isinstance(holder, Known) and isinstance(holder.value, str):
        return [Known(character) for character in holder.value], True
    return [], False


def one_of(holder: Object, span: Span) -> Object:
    """Return what stands for any item of an object; an item of a library's object stays one of that library."""
    if isinstance(holder, External):
        return External(f"{holder.name}[]", span, instance=True, receiver=holder)
    possible = holder.possible if isinstance(holder, Sequence) else []
    return choice(*possible, Unknown("an item of something that is not known", span))
