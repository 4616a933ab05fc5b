"""Expressions: from a syntax node to an object, without doing what the code would do."""

import ast
from collections.abc import Callable

from adaptable_preflight.model import UNBOUND_NAME
from adaptable_preflight.read.python import (
    access,
    call,
    library,
    literals,
    needed,
    open_text,
    operators,
)
from adaptable_preflight.read.python.given_names import excused
from adaptable_preflight.read.python.interfaces import FRAMEWORKS
from adaptable_preflight.read.python.machine import Machine, Raise
from adaptable_preflight.read.python.main_names import names_below_main
from adaptable_preflight.read.python.objects import (
    Arguments,
    External,
    Frame,
    Function,
    Module,
    Object,
    Sequence,
    object_of,
)
from adaptable_preflight.read.python.parse import bound_names
from adaptable_preflight.read.python.public import public
from adaptable_preflight.read.python.state import entry_in, note_load
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Derived, FromEnv, Known, Unknown, derive


def evaluate(machine: Machine, frame: Frame, node: ast.expr) -> Object:
    """Return what an expression evaluates to; raises an Ending where it does not come to that."""
    machine.step()
    handler = _HANDLERS.get(type(node))
    if handler is None:
        return Unknown("the expression is not followed", frame.span(node))
    return handler(machine, frame, node)


def name(machine: Machine, frame: Frame, node: ast.Name) -> Object:
    """Look a name up: the function, the functions around it, the module, the built-ins."""
    wanted = node.id
    scope: Frame | None = frame
    while scope is not None:
        if wanted in scope.names and scope.names is not frame.module.names:
            return scope.names[wanted]
        scope = scope.outer
    found = frame.module.names.get(wanted)
    if found is not None:
        note_load(machine, frame.module, wanted, found, frame.span(node))
        return found
    found = call.builtin(wanted) or _of_library(machine, frame.module, wanted, frame.span(node))
    if found is not None:
        return found
    _note_below_main(machine, frame, node)
    if machine.undecided or machine.assumed or wanted.startswith("_") or _may_be_bound(machine, frame, node):
        return Unknown(f"«{wanted}» is defined where it cannot be followed", frame.span(node))
    raise Raise("NameError", f"name '{wanted}' is not defined", frame.span(node))


def _note_below_main(machine: Machine, frame: Frame, node: ast.Name) -> None:
    """Note that a request reads a name which only the main program binds, and this is an imported module."""
    source = frame.module.source
    if machine.phase != "request" or machine.visited is not None or source is None or frame.module.open:
        return
    if machine.catches("NameError") or excused(source, node.lineno) or node.id not in names_below_main(source):
        return
    span = frame.span(node)
    library.note(machine, External(UNBOUND_NAME), Arguments((Known(node.id, span),), {}, (span,)), span)


def _of_library(machine: Machine, module: Module, wanted: str, span: Span) -> Object | None:
    """Return a name that `from library import *` brings: the only one's, or the one's that is known to have it."""
    whole = [f"{star}.{wanted}" for star in module.stars]
    known = [one for one in whole if one in machine.handlers or one in machine.starts or one in FRAMEWORKS]
    name = known[-1] if known else whole[0] if len(set(whole)) == 1 else ""
    return (library.constant(machine, name, span) or External(name, span)) if name else None


def _may_be_bound(machine: Machine, frame: Frame, node: ast.Name) -> bool:
    """Whether a name that was not found may be there all the same: in a function, if its module binds it anywhere."""
    wanted = node.id
    module = frame.module
    if module.open or excused(module.source, node.lineno):
        return True
    if not frame.title:
        return False
    given = any(noted.name == f"builtins.{wanted}=" for noted in machine.calls)
    return machine.phase != "import" or given or module.source is None or wanted in bound_names(module.source)


def attribute(machine: Machine, frame: Frame, node: ast.Attribute) -> Object:
    """Read an attribute."""
    return access.attribute(machine, evaluate(machine, frame, node.value), node.attr, frame.span(node))


def subscript(machine: Machine, frame: Frame, node: ast.Subscript) -> Object:
    """Read an item or a slice."""
    holder = evaluate(machine, frame, node.value)
    if isinstance(node.slice, ast.Slice):
        for part in (node.slice.lower, node.slice.upper, node.slice.step):
            if part is not None and not isinstance(part, ast.Constant | ast.UnaryOp):
                evaluate(machine, frame, part)
        needed.refuse_none(machine, holder, "TypeError", frame.span(node))
        return _slice(holder, node.slice, frame.span(node))
    return access.item(machine, holder, evaluate(machine, frame, node.slice), frame.span(node))


def _slice(holder: Object, node: ast.Slice, span: Span) -> Object:
    if entry_in(holder) is not None:
        return derive("slice", (public(holder),), span)
    parts: list[int | None] = []
    for part in (node.lower, node.upper, node.step):
        try:
            parts.append(None if part is None else ast.literal_eval(part))
        except (ValueError, TypeError, SyntaxError):
            return derive("slice", (holder,), span) if isinstance(holder, Derived) else Unknown("a slice", span)
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
        return derive("slice", (holder,), span)
    return Unknown("a slice of something that is not known", span)


def called(machine: Machine, frame: Frame, node: ast.Call) -> Object:
    """Call something."""
    function = evaluate(machine, frame, node.func)
    if isinstance(function, External) and function.name == "super" and not node.args:
        return access.parent_of(frame)
    if isinstance(function, Unknown):
        library.note_unknown(machine, node.func, frame.span(node))
    return call.call(machine, function, call.arguments_of(machine, frame, node), frame.span(node))


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
    return call.awaited(machine, evaluate(machine, frame, node.value), frame.span(node))


def yielded(machine: Machine, frame: Frame, node: ast.Yield | ast.YieldFrom) -> Object:
    """`yield x`: noted for whoever goes through the generator."""
    machine.started = machine.started or machine.frames[:1] == [frame]
    if node.value is not None:
        frame.yields.append(evaluate(machine, frame, node.value))
    return Unknown("what a generator is sent", frame.span(node))


_HANDLERS: dict[type[ast.expr], Callable[..., Object]] = {
    ast.Constant: literals.constant,
    ast.Name: name,
    ast.Attribute: attribute,
    ast.Subscript: subscript,
    ast.JoinedStr: literals.joined,
    ast.List: literals.sequence,
    ast.Tuple: literals.sequence,
    ast.Set: literals.sequence,
    ast.Dict: literals.dictionary,
    ast.Call: called,
    ast.BoolOp: operators.short,
    ast.UnaryOp: operators.unary,
    ast.BinOp: operators.binary,
    ast.Compare: operators.compare,
    ast.IfExp: operators.conditional,
    ast.ListComp: literals.comprehension,
    ast.SetComp: literals.comprehension,
    ast.GeneratorExp: literals.comprehension,
    ast.DictComp: literals.dict_comprehension,
    ast.Lambda: lambda_,
    ast.NamedExpr: walrus,
    ast.Await: awaited,
    ast.Yield: yielded,
    ast.YieldFrom: yielded,
}
