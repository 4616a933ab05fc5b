"""Expressions: from a syntax node to an object, without doing what the code would do."""

import ast
import operator
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from adaptable_preflight.model import Guard
from adaptable_preflight.read.python import access, call, open_text
from adaptable_preflight.read.python.machine import Machine, Raise
from adaptable_preflight.read.python.objects import (
    Choice,
    Class,
    External,
    Frame,
    Function,
    Mapping,
    Module,
    Object,
    Sequence,
    choice,
    default_of,
    object_of,
    options_of,
)
from adaptable_preflight.read.python.public import piece_of, public
from adaptable_preflight.read.python.state import note_load
from adaptable_preflight.read.python.truth import truth
from adaptable_preflight.source import Span
from adaptable_preflight.value import Argument, Concat, Derived, FromEnv, Known, Unknown, Value, concat, variables

MAX_ITEMS = 256
"""Items of a comprehension or a loop that are followed one by one."""


def evaluate(machine: Machine, frame: Frame, node: ast.expr) -> Object:
    """Return what an expression evaluates to; raises an Ending where it does not come to that."""
    machine.step()
    handler = _HANDLERS.get(type(node))
    if handler is None:
        return Unknown("the expression is not followed", span_of(frame, node))
    return handler(machine, frame, node)


def span_of(frame: Frame, node: ast.expr | ast.stmt | ast.keyword | ast.arg | ast.ExceptHandler) -> Span:
    """Return where a node stands."""
    assert frame.module.source is not None
    return frame.module.source.node(node)


def _text_span(frame: Frame, node: ast.expr, text: str) -> Span:
    """Return the span of a literal's text without its quotes, where it stands there as it is."""
    span = span_of(frame, node)
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
    return Known(node.value, span_of(frame, node))


def name(machine: Machine, frame: Frame, node: ast.Name) -> Object:
    """Look a name up: the function, the functions around it, the module, the built-ins."""
    wanted = node.id
    scope: Frame | None = frame
    while scope is not None:
        if wanted in scope.names:
            return scope.names[wanted]
        scope = scope.outer
    found = frame.module.names.get(wanted)
    if found is not None:
        if machine.phase == "request" and not isinstance(found, External | Function | Module | Class):
            note_load(machine, frame.module, wanted, span_of(frame, node))
        return found
    builtin = call.builtin(wanted)
    if builtin is not None:
        return builtin
    if frame.module.open or machine.undecided or machine.assumed or frame.title or wanted.startswith("__"):
        return Unknown(f"«{wanted}» is defined where it cannot be followed", span_of(frame, node))
    raise Raise("NameError", f"name '{wanted}' is not defined", span_of(frame, node))


def attribute(machine: Machine, frame: Frame, node: ast.Attribute) -> Object:
    """Read an attribute."""
    return access.attribute(machine, evaluate(machine, frame, node.value), node.attr, span_of(frame, node))


def subscript(machine: Machine, frame: Frame, node: ast.Subscript) -> Object:
    """Read an item or a slice."""
    holder = evaluate(machine, frame, node.value)
    if isinstance(node.slice, ast.Slice):
        for part in (node.slice.lower, node.slice.upper, node.slice.step):
            if part is not None and not isinstance(part, ast.Constant | ast.UnaryOp):
                evaluate(machine, frame, part)
        return _slice(holder, node.slice, span_of(frame, node))
    return access.item(machine, holder, evaluate(machine, frame, node.slice), span_of(frame, node))


def _slice(holder: Object, node: ast.Slice, span: Span) -> Object:
    parts: list[int | None] = []
    for part in (node.lower, node.upper, node.step):
        try:
            parts.append(None if part is None else ast.literal_eval(part))
        except (ValueError, TypeError, SyntaxError):
            return Unknown("a slice is not fixed", span)
    try:
        if isinstance(holder, Known) and isinstance(holder.value, str | bytes):
            return Known(holder.value[slice(*parts)], span)
        if isinstance(holder, Sequence) and holder.complete:
            return Sequence(holder.items[slice(*parts)], holder.kind, span)
    except (ValueError, TypeError):
        return Unknown("a slice is not valid", span)
    if isinstance(holder, Concat) and parts[2] is None:
        found = open_text.sliced(holder, parts[0], parts[1], span)
        if found is not None:
            return object_of(found)
    if isinstance(holder, FromEnv | Concat | Derived):
        return Derived("slice", (holder,), span)
    return Unknown("a slice of something that is not known", span)


def joined(machine: Machine, frame: Frame, node: ast.JoinedStr) -> Object:
    """Put an f-string together."""
    parts: list[Value] = []
    for piece in node.values:
        if isinstance(piece, ast.FormattedValue):
            value = evaluate(machine, frame, piece.value)
            parts.append(_formatted(value, piece, span_of(frame, node)))
        elif isinstance(piece, ast.Constant):
            parts.append(Known(str(piece.value)))
    whole = concat(parts, span_of(frame, node))
    return whole._replace(span=span_of(frame, node)) if isinstance(whole, Known) else object_of(whole)


def _formatted(value: Object, piece: ast.FormattedValue, span: Span) -> Value:
    if isinstance(value, Known) and piece.conversion in (-1, 115):
        spec = piece.format_spec
        fixed = isinstance(spec, ast.JoinedStr) and all(isinstance(v, ast.Constant) for v in spec.values)
        try:
            if spec is None:
                return Known(f"{value.value}")
            if fixed and isinstance(spec, ast.JoinedStr):
                return Known(format(value.value, "".join(str(v.value) for v in spec.values)))  # type: ignore[attr-defined]
        except (ValueError, TypeError):
            pass
    return piece_of(value, span)


def sequence(machine: Machine, frame: Frame, node: ast.List | ast.Tuple | ast.Set) -> Object:
    """Make a list, tuple or set."""
    made = Sequence([], type(node).__name__.lower(), span_of(frame, node))
    for element in node.elts:
        if isinstance(element, ast.Starred):
            inner = evaluate(machine, frame, element.value)
            if isinstance(inner, Sequence):
                made.items.extend(inner.items)
                made.complete = made.complete and inner.complete
            else:
                made.complete = False
        else:
            made.items.append(evaluate(machine, frame, element))
    return made


def dictionary(machine: Machine, frame: Frame, node: ast.Dict) -> Object:
    """Make a dictionary."""
    made = Mapping({}, span_of(frame, node))
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = evaluate(machine, frame, value_node)
        key = evaluate(machine, frame, key_node) if key_node is not None else None
        if isinstance(key, Known) and isinstance(key.value, str | int | bytes | float | None):
            made.entries[key.value] = value
            made.spans[key.value] = span_of(frame, value_node)
        elif key is None and isinstance(value, Mapping):
            made.entries.update(value.entries)
            made.spans.update(value.spans)
            made.complete = made.complete and value.complete
        else:
            made.complete = False
    return made


def called(machine: Machine, frame: Frame, node: ast.Call) -> Object:
    """Call something."""
    function = evaluate(machine, frame, node.func)
    if isinstance(function, External) and function.name == "super" and not node.args:
        return access.parent_of(frame)
    return call.call(machine, function, call.arguments_of(machine, frame, node), span_of(frame, node))


def _short(machine: Machine, frame: Frame, node: ast.BoolOp) -> Object:
    stop = isinstance(node.op, ast.Or)
    options: list[Object] = []
    for index, part in enumerate(node.values):
        value = evaluate(machine, frame, part)
        last = index == len(node.values) - 1
        if isinstance(value, FromEnv) and stop and not last:
            rest = ast.BoolOp(node.op, node.values[index + 1 :]) if len(node.values) - index > 2 else node.values[-1]
            return _or_default(machine, frame, value, ast.copy_location(rest, node))
        certain = None if last else truth(machine, value)
        if certain is stop or last:
            options.append(value)
            break
        if certain is None:
            options.append(value)
    return choice(*options)


def _or_default(machine: Machine, frame: Frame, value: FromEnv, rest: ast.expr) -> Object:
    """`getenv("A") or rest`: rest is what stands in when A is not set."""
    own = default_of(value)
    if own is not None and truth(machine, own):
        return value
    default = evaluate(machine, frame, rest)
    if isinstance(default, Known | FromEnv | Concat | Unknown):
        return value._replace(default=default)
    return choice(value, default) if machine.is_set(value.name) else choice(default, value)


def unary(machine: Machine, frame: Frame, node: ast.UnaryOp) -> Object:
    """`not x`, `-x` and the like."""
    value = evaluate(machine, frame, node.operand)
    span = span_of(frame, node)
    if isinstance(node.op, ast.Not):
        if isinstance(value, FromEnv) and not machine.is_set(value.name):
            certain = truth(machine, default_of(value) or Known(None))
            return FromEnv(value.name, Known(not certain), span) if certain is not None else Unknown("…", span)
        certain = truth(machine, value)
        return Known(not certain, span) if certain is not None else Derived("not", _values(value), span)
    if isinstance(value, Known) and isinstance(value.value, int | float):
        operators: dict[type[ast.unaryop], Callable[[int | float], int | float]] = {
            ast.USub: operator.neg,
            ast.UAdd: operator.pos,
        }
        if type(node.op) in operators:
            return Known(operators[type(node.op)](value.value), span)
    return Unknown("an operation on something that is not known", span)


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
    left, right = evaluate(machine, frame, node.left), evaluate(machine, frame, node.right)
    return operate(left, right, type(node.op), span_of(frame, node))


def operate(left: Object, right: Object, kind: type[ast.operator], span: Span) -> Object:
    """Return the result of a binary operator."""
    if isinstance(left, Known) and isinstance(right, Known):
        return _computed(left, right, kind, span)
    if isinstance(left, FromEnv) and isinstance(left.default, Known) and isinstance(right, Known) and left.number:
        default = operate(left.default, right, kind, span)
        return left._replace(default=default if isinstance(default, Known) else None, span=span)
    text = Known | FromEnv | Concat | Derived
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
        made = Sequence([*left.items, *right.items], left.kind, span)
        made.complete = left.complete and right.complete
        return made
    if isinstance(left, Mapping) and isinstance(right, Mapping) and kind is ast.BitOr:
        merged = Mapping({**left.entries, **right.entries}, span)
        merged.complete = left.complete and right.complete
        return merged
    found = tuple(v for v in (left, right) if isinstance(v, FromEnv | Concat | Derived))
    return Derived(kind.__name__, found, span) if found else Unknown("an operation on unknown values", span)


def _is_text(value: Object) -> bool:
    return isinstance(value, Concat) or (isinstance(value, Known) and isinstance(value.value, str))


def _computed(left: Known, right: Known, kind: type[ast.operator], span: Span) -> Object:
    large = any(isinstance(v.value, int) and abs(v.value) > 10**6 for v in (left, right))
    if kind not in _BINARY or (large and kind in (ast.Pow, ast.Mult)):
        return Unknown("the operation is not followed", span)
    try:
        result = _BINARY[kind](left.value, right.value)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise Raise(type(error).__name__, str(error), span) from None
    if isinstance(result, str | bytes) and len(result) > 100_000:
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
    left = evaluate(machine, frame, node.left)
    result: Object = Known(True)
    for kind, right_node in zip(node.ops, node.comparators, strict=True):
        right = evaluate(machine, frame, right_node)
        result = _compared(machine, left, right, type(kind), span_of(frame, node))
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
        return Known(kind is ast.NotEq, span) if differs else Derived("compare", (left,), span)
    if isinstance(left, Known) and isinstance(right, Known):
        try:
            return Known(bool(_COMPARE[kind](left.value, right.value)), span)
        except TypeError as error:
            raise Raise("TypeError", str(error), span) from None
    if kind in (ast.Is, ast.IsNot) and isinstance(right, Known) and right.value is None:
        return _is_none(machine, left, kind is ast.Is, span)
    found = tuple(v for v in (left, right) if isinstance(v, FromEnv | Concat | Derived))
    return Derived("compare", found, span) if found else Unknown("the comparison cannot be decided", span)


def _is_set(machine: Machine, name: Object, wanted: bool, span: Span) -> Object:
    """`name in os.environ`: of a variable that may be set elsewhere the answer stays open to it."""
    if not isinstance(name, Known) or not isinstance(name.value, str):
        return Unknown("the name of an environment variable is not known", span)
    if machine.is_set(name.value) or machine.env.closed:
        return Known(machine.is_set(name.value) is wanted, span)
    return FromEnv(name.value, Known(not wanted), span)


def _is_none(machine: Machine, left: Object, wanted: bool, span: Span) -> Object:
    del machine
    if isinstance(left, Unknown | Choice | Derived):
        return Derived("is None", variables_of(left), span)
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
        if isinstance(right, Sequence) and all(isinstance(i, Known) for i in right.items):
            if any(isinstance(i, Known) and i.value == left.value for i in right.items):
                return Known(wanted, span)
            if right.complete:
                return Known(not wanted, span)
    return Derived("in", variables_of(left) + variables_of(right), span)


def conditional(machine: Machine, frame: Frame, node: ast.IfExp) -> Object:
    """`a if test else b`."""
    test = evaluate(machine, frame, node.test)
    certain = truth(machine, test)
    if certain is not None:
        return evaluate(machine, frame, node.body if certain else node.orelse)
    results: list[Object] = []

    def one(branch: ast.expr) -> Callable[[], None]:
        return lambda: results.append(evaluate(machine, frame, branch))

    machine.either(frame, guard_of(frame, node.test, test), [one(node.body), one(node.orelse)])
    return choice(*results)


def guard_of(frame: Frame, node: ast.expr, test: Object) -> Guard:
    """Return a condition with the variables that it asks for."""
    names = tuple(dict.fromkeys(n for option in options_of(test) for n in variables(_plain(option))))
    return Guard(span_of(frame, node), names)


def _plain(value: Object) -> Value | None:
    return value if isinstance(value, Known | FromEnv | Concat | Unknown | Derived) else None


def comprehension(machine: Machine, frame: Frame, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Object:
    """`[f(x) for x in items if test]`."""
    made = Sequence([], "list", span_of(frame, node))
    inner = Frame(frame.module, {}, frame, frame.title)
    inner.function = frame.function
    made.complete = _each(
        machine, inner, node.generators, lambda: made.items.append(evaluate(machine, inner, node.elt))
    )
    return made


def dict_comprehension(machine: Machine, frame: Frame, node: ast.DictComp) -> Object:
    """`{k: v for … in …}`."""
    made = Mapping({}, span_of(frame, node))
    inner = Frame(frame.module, {}, frame, frame.title)

    def add() -> None:
        key, value = evaluate(machine, inner, node.key), evaluate(machine, inner, node.value)
        if isinstance(key, Known) and isinstance(key.value, str | int):
            made.entries[key.value] = value
        else:
            made.complete = False

    made.complete = _each(machine, inner, node.generators, add) and made.complete
    return made


def _each(machine: Machine, frame: Frame, generators: list[ast.comprehension], body: Callable[[], None]) -> bool:
    """Run `body` for each item; return whether all of them were known."""
    from adaptable_preflight.read.python.execute import assign

    if not generators:
        body()
        return True
    first, *rest = generators
    holder = evaluate(machine, frame, first.iter)
    items, complete = iterated(holder)
    if not complete and not items:
        items = [one_of(holder, span_of(frame, first.iter))]
    for item in items[:MAX_ITEMS]:
        assign(machine, frame, first.target, item)
        tests = [truth(machine, evaluate(machine, frame, test)) for test in first.ifs]
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
    return Unknown("an item of something that is not known", span)


def lambda_(machine: Machine, frame: Frame, node: ast.Lambda) -> Object:
    """Make a nameless function."""
    made = Function(node, f"{frame.title}.<lambda>".lstrip("."), frame.module, frame if frame.title else None)
    call.note_defaults(machine, frame, made)
    return made


def walrus(machine: Machine, frame: Frame, node: ast.NamedExpr) -> Object:
    """`(name := value)`."""
    value = evaluate(machine, frame, node.value)
    frame.names[node.target.id] = value
    return value


def awaited(machine: Machine, frame: Frame, node: ast.Await) -> Object:
    """`await x`: coroutines of the repository have run when they were called."""
    return call.awaited(machine, evaluate(machine, frame, node.value), span_of(frame, node))


def yielded(machine: Machine, frame: Frame, node: ast.Yield | ast.YieldFrom) -> Object:
    """`yield x`: noted for whoever goes through the generator."""
    if node.value is not None:
        frame.yields.append(evaluate(machine, frame, node.value))
    return Unknown("what a generator is sent", span_of(frame, node))


_HANDLERS: dict[type[ast.expr], Callable[..., Object]] = {
    ast.Constant: constant,
    ast.Name: name,
    ast.Attribute: attribute,
    ast.Subscript: subscript,
    ast.JoinedStr: joined,
    ast.List: sequence,
    ast.Tuple: sequence,
    ast.Set: sequence,
    ast.Dict: dictionary,
    ast.Call: called,
    ast.BoolOp: _short,
    ast.UnaryOp: unary,
    ast.BinOp: binary,
    ast.Compare: compare,
    ast.IfExp: conditional,
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.DictComp: dict_comprehension,
    ast.Lambda: lambda_,
    ast.NamedExpr: walrus,
    ast.Await: awaited,
    ast.Yield: yielded,
    ast.YieldFrom: yielded,
}
