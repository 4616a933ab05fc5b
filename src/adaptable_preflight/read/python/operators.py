"""Operators over values that may be unknown."""

import ast
import operator
from collections.abc import Callable
from typing import Any

from adaptable_preflight.model import Guard
from adaptable_preflight.read.python import assumptions, needed, open_text
from adaptable_preflight.read.python.machine import Machine, Raise
from adaptable_preflight.read.python.numbers import derived, is_number
from adaptable_preflight.read.python.objects import (
    Choice,
    Class,
    External,
    Frame,
    Mapping,
    Object,
    Sequence,
    choice,
    default_of,
    object_of,
    options_of,
)
from adaptable_preflight.read.python.posix_path import PurePosixPath
from adaptable_preflight.read.python.public import piece_of, public
from adaptable_preflight.read.python.truth import guard_of, truth
from adaptable_preflight.source import Span
from adaptable_preflight.value import (
    MAX_TEXT,
    Argument,
    Concat,
    Derived,
    FromEnv,
    Known,
    Unknown,
    Value,
    concat,
    derive,
    text_of,
)


def short(machine: Machine, frame: Frame, node: ast.BoolOp) -> Object:
    """`a and b`, `a or b`."""
    stop = isinstance(node.op, ast.Or)
    options: list[Object] = []
    for index, part in enumerate(node.values):
        value = machine.do.evaluate(machine, frame, part)
        last = index == len(node.values) - 1
        if isinstance(value, FromEnv) and stop and not last:
            rest = ast.BoolOp(node.op, node.values[index + 1 :]) if len(node.values) - index > 2 else node.values[-1]
            return _or_default(machine, frame, value, ast.copy_location(rest, node))
        certain = None if last else truth(machine, value)
        if certain is stop or last:
            options.append(value)
            break
        if certain is None:
            options.extend(one for one in options_of(value) if truth(machine, one) is not (not stop))
    return choice(*_answered(machine, options, stop))


ANSWERS = frozenset({"bool", "compare", "in", "is None", "not", "str.startswith", "str.endswith"})
"""How the answers to questions are called that the known pieces of a text do not decide."""


def _answered(machine: Machine, options: list[Object], stop: bool) -> list[Object]:
    """Return what `or` or `and` gives: an undecided answer is the result only where it is the one that stops.

    That decides where the last part would stop as well; else the answer tells what the condition asks for.
    """
    before = machine.assumed
    certain = truth(machine, options[-1])
    machine.assumed = before
    if certain is not stop:
        return options
    return [Known(stop, one.span) if isinstance(one, Derived) and one.name in ANSWERS else one for one in options]


def _or_default(machine: Machine, frame: Frame, value: FromEnv, rest: ast.expr) -> Object:
    """`getenv("A") or rest`: rest is what stands in when A is not set."""
    own = default_of(value)
    if own is not None and truth(machine, own):
        return value
    default = machine.do.evaluate(machine, frame, rest)
    if isinstance(default, Known | FromEnv | Concat | Unknown):
        return value._replace(default=default)
    return choice(value, default) if machine.is_set(value.name) else choice(default, value)


def unary(machine: Machine, frame: Frame, node: ast.UnaryOp) -> Object:
    """`not x`, `-x` and the like."""
    value = machine.do.evaluate(machine, frame, node.operand)
    span = frame.span(node)
    if isinstance(node.op, ast.Not):
        if isinstance(value, FromEnv) and not machine.is_set(value.name):
            certain = truth(machine, default_of(value) or Known(None))
            return FromEnv(value.name, Known(not certain), span) if certain is not None else Unknown("…", span)
        certain = truth(machine, value)
        return Known(not certain, span) if certain is not None else derive("not", _values(value), span)
    if isinstance(value, Known) and isinstance(value.value, int | float):
        operators: dict[type[ast.unaryop], Callable[[int | float], int | float]] = {
            ast.USub: operator.neg,
            ast.UAdd: operator.pos,
        }
        if type(node.op) in operators:
            return Known(operators[type(node.op)](value.value), span)
    return derived(type(node.op).__name__, (value,), span)


def _values(*objects: Object) -> tuple[Value, ...]:
    return tuple(o if isinstance(o, Known | FromEnv | Concat | Derived) else Unknown("not followed") for o in objects)


_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}


def binary(machine: Machine, frame: Frame, node: ast.BinOp) -> Object:
    """`a + b` and the like."""
    left, right = machine.do.evaluate(machine, frame, node.left), machine.do.evaluate(machine, frame, node.right)
    needed.refuse_in_operation(machine, left, right, type(node.op), frame.span(node))
    return operate(left, right, type(node.op), frame.span(node))


def operate(left: Object, right: Object, kind: type[ast.operator], span: Span) -> Object:
    """Return the result of a binary operator."""
    if isinstance(left, Known) and isinstance(right, Known):
        return _computed(left, right, kind, span)
    if isinstance(left, FromEnv) and isinstance(left.default, Known) and isinstance(right, Known) and left.number:
        default = operate(left.default, right, kind, span)
        return left._replace(default=default if isinstance(default, Known) else None, span=span)
    text = Known | FromEnv | Concat | Derived
    if kind is ast.Add and any(is_number(one) for one in (left, right)):
        return derived(kind.__name__, (left, right), span)
    if kind is ast.Add and isinstance(left, text) and isinstance(right, text):
        return object_of(concat([left, right], span))
    if kind is ast.Add and any(_is_text(one) for one in (left, right)):
        return object_of(concat([piece_of(left, span), piece_of(right, span)], span))
    if kind is ast.Mod and isinstance(left, Known) and isinstance(left.value, str):
        return percent(left.value, right, span)
    if kind is ast.Div and isinstance(left, External):
        return External(left.name, span, instance=True, arguments=left.arguments, receiver=left)
    if kind is ast.Div and isinstance(left, Known) and isinstance(left.value, PurePosixPath):
        pieces = (Argument(public(left), span), Argument(public(right), span))
        return External("pathlib.Path", span, instance=True, arguments=pieces)
    if isinstance(left, Sequence) and isinstance(right, Sequence) and kind is ast.Add:
        made = Sequence([*left.items], left.kind, span)
        made.extend(right.items)
        made.complete = made.complete and left.complete and right.complete
        made.assumed = left.assumed or right.assumed
        return made
    if isinstance(left, Mapping) and isinstance(right, Mapping) and kind is ast.BitOr:
        merged = Mapping({**left.entries, **right.entries}, span)
        merged.complete = left.complete and right.complete
        return merged
    return derived(kind.__name__, (left, right), span)


_TEXT_METHODS = frozenset("strip lstrip rstrip removeprefix removesuffix lower upper".split())


def _is_text(value: Object) -> bool:
    """Whether a value is text for certain; what is added to it then is text too."""
    if isinstance(value, External):
        return value.name.rpartition(".")[2] in _TEXT_METHODS
    return isinstance(value, Concat) or (isinstance(value, Known) and isinstance(value.value, str))


def _computed(left: Known, right: Known, kind: type[ast.operator], span: Span) -> Object:
    large = any(isinstance(v.value, int) and abs(v.value) > 10**6 for v in (left, right))
    if kind not in _BINARY or (large and kind in (ast.Pow, ast.Mult)):
        return Unknown("the operation is not followed", span)
    if kind is ast.Mod and isinstance(left.value, str | bytes) and open_text.is_wide(left.value):
        return Unknown("the text is very long", span)
    try:
        result = _BINARY[kind](left.value, right.value)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise Raise(type(error).__name__, str(error), span) from None
    if isinstance(result, str | bytes) and len(result) > MAX_TEXT:
        return Unknown("the text is very long", span)
    return Known(result, span)


def percent(template: str, right: Object, span: Span) -> Object:
    """`"…%s…" % values` where the values may not be known."""
    values = right.items if isinstance(right, Sequence) else [right]
    pieces = template.split("%s")
    if len(pieces) - 1 != len(values) or "%" in "".join(pieces).replace("%d", "%"):
        return Unknown("the text is put together from values that are not known", span)
    parts: list[Value] = [Known(pieces[0])]
    for value, piece in zip(values, pieces[1:], strict=True):
        parts.append(value if isinstance(value, Known) else piece_of(value, span))
        parts.append(Known(piece))
    return object_of(concat(parts, span))


_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: lambda a, b: a is b or (a == b and type(a) is type(b)),
    ast.IsNot: lambda a, b: not (a is b or (a == b and type(a) is type(b))),
}


def compare(machine: Machine, frame: Frame, node: ast.Compare) -> Object:
    """`a == b`, `x in y`, `a < b < c`."""
    left = machine.do.evaluate(machine, frame, node.left)
    result: Object = Known(True)
    for kind, right_node in zip(node.ops, node.comparators, strict=True):
        right = machine.do.evaluate(machine, frame, right_node)
        result = _compared(machine, left, right, type(kind), frame.span(node))
        if not (isinstance(result, Known) and result.value is True):
            return result
        left = right
    return result


def _compared(machine: Machine, left: Object, right: Object, kind: type[ast.cmpop], span: Span) -> Object:
    for value, other, swapped in ((left, right, False), (right, left, True)):
        if isinstance(value, FromEnv) and not machine.is_set(value.name) and not isinstance(other, FromEnv):
            default = default_of(value) or Known(None)
            first, second = (other, default) if swapped else (default, other)
            result = _compared(machine, first, second, kind, span)
            known = result if isinstance(result, Known) else Unknown("the comparison cannot be decided", span)
            return FromEnv(value.name, known, span)
    if kind in (ast.In, ast.NotIn) and isinstance(right, External) and right.name == "os.environ":
        return _is_set(machine, left, kind is ast.In, span)
    if kind in (ast.In, ast.NotIn):
        return _contained(left, right, kind is ast.In, span)
    if kind in (ast.Eq, ast.NotEq) and isinstance(left, Concat) and isinstance(right, Known):
        differs = open_text.starts_with(left, [str(right.value)]) is False
        return Known(kind is ast.NotEq, span) if differs else derive("compare", (left,), span)
    if isinstance(left, Known) and isinstance(right, Known):
        try:
            return Known(bool(_COMPARE[kind](left.value, right.value)), span)
        except TypeError as error:
            raise Raise("TypeError", str(error), span) from None
    if kind in (ast.Is, ast.IsNot) and isinstance(right, Known) and right.value is None:
        return _is_none(machine, left, kind is ast.Is, span)
    found = tuple(v for v in (left, right) if isinstance(v, FromEnv | Concat | Derived))
    return derive("compare", found, span) if found else Unknown("the comparison cannot be decided", span)


def _is_set(machine: Machine, name: Object, wanted: bool, span: Span) -> Object:
    """`name in os.environ`: of a variable that may be set elsewhere the answer stays open to it."""
    if not isinstance(name, Known) or not isinstance(name.value, str):
        return Unknown("the name of an environment variable is not known", span)
    held = machine.env.get(name.value) is not None
    if held or machine.env.closed:
        return Known(held is wanted, span)
    return FromEnv(name.value, Known(not wanted), span)


def _is_none(machine: Machine, left: Object, wanted: bool, span: Span) -> Object:
    del machine
    if isinstance(left, Unknown | Choice | Derived):
        return derive("is None", variables_of(left), span)
    if isinstance(left, External) and left.instance and not left.name.rpartition(".")[2][:1].isupper():
        return Unknown("whether a library returned something cannot be told", span)
    return Known(not wanted, span)


def variables_of(value: Object) -> tuple[Value, ...]:
    """Return the values among an object's options that come from the environment."""
    return tuple(o for o in options_of(value) if isinstance(o, FromEnv | Concat | Derived))


def _contained(left: Object, right: Object, wanted: bool, span: Span) -> Object:
    if isinstance(left, Known):
        if isinstance(right, Known) and isinstance(right.value, str) and isinstance(left.value, str):
            return Known((left.value in right.value) is wanted, span)
        if isinstance(right, Concat) and (holds := open_text.holds(right, str(left.value))) is not None:
            return Known(holds is wanted, span)
        if isinstance(right, Mapping):
            if left.value in right.entries:
                return Known(wanted, span)
            if right.complete:
                return Known(not wanted, span)
        if isinstance(right, Sequence):
            answers = [_equals(item, left.value) for item in right.items]
            if None not in answers and (True in answers or right.complete):
                return Known((True in answers) is wanted, span)
    return derive("in", variables_of(left) + variables_of(right), span)


def _equals(item: Object, value: object) -> bool | None:
    """Whether an item is a value; None where that cannot be told."""
    if isinstance(item, Known):
        return bool(item.value == value)
    if isinstance(item, Concat) and isinstance(value, str):
        end = text_of(item.parts[-1])
        apart = open_text.starts_with(item, [value]) is False or (end is not None and not value.endswith(end))
        return False if apart else None
    return None


def conditional(machine: Machine, frame: Frame, node: ast.IfExp) -> Object:
    """`a if test else b`."""
    before, machine.assumed = machine.assumed, False
    test = machine.do.evaluate(machine, frame, node.test)
    certain = truth(machine, test)
    assumed, machine.assumed = machine.assumed, machine.assumed or before
    if certain is not None:
        chosen = machine.do.evaluate(machine, frame, node.body if certain else node.orelse)
        if isinstance(chosen, Class):
            _note_choice(
                machine, frame, chosen, node.orelse if certain else node.body, guard_of(frame, node.test, test)
            )
        if assumed and isinstance(chosen, Known) and chosen.span is not None:
            machine.presumed[chosen.span] = guard_of(frame, node.test, test)._replace(assumed=True)
        if assumed and isinstance(chosen, External):
            other = node.orelse if certain else node.body
            return assumptions.beside(frame, chosen, other, guard_of(frame, node.test, test).variables)
        return chosen.if_unset() if assumed and isinstance(chosen, Sequence) else chosen
    results: list[Object] = []

    def one(branch: ast.expr) -> Callable[[], None]:
        return lambda: results.append(machine.do.evaluate(machine, frame, branch))

    machine.either(frame, guard_of(frame, node.test, test), [one(node.body), one(node.orelse)])
    return choice(*results)


def _note_choice(machine: Machine, frame: Frame, chosen: Object, other: ast.expr, guard: Guard) -> None:
    """Note that a class, such as a configuration, counts because nobody sets a variable."""
    if any(not machine.is_set(name) for name in guard.variables):
        others = [(other.id, machine.do.evaluate(machine, frame, other))] if isinstance(other, ast.Name) else []
        machine.select(chosen, others, guard._replace(assumed=True))
