"""What stands for the arguments of a function that a framework calls: of a known class where an annotation says so."""

import ast

from adaptable_preflight.read.python.machine import Ending, Machine
from adaptable_preflight.read.python.objects import Arguments, Class, External, Frame, Function, Instance, Object
from adaptable_preflight.source import Span
from adaptable_preflight.value import Argument, Thing

ARGUMENT = "argument"
"""The name of what a framework hands to a handler out of a request."""

_PLAIN = frozenset("str int float bool dict list tuple set bytes object type".split())
_AROUND = frozenset({"Optional", "Annotated", "List", "list", "Sequence", "Union", "Iterable"})
"""What an annotation is wrapped in without becoming another thing for those who use the argument."""


def stand_ins(machine: Machine, function: Function, span: Span) -> Arguments:
    """Return arguments for a function that nobody in the repository calls."""
    spec = function.node.args
    positional: list[Object] = []
    for parameter in (*spec.posonlyargs, *spec.args):
        if not positional and function.owner is not None and parameter.arg in ("self", "cls"):
            positional.append(function.owner if parameter.arg == "cls" else Instance(function.owner, span))
        else:
            positional.append(_stand_in(machine, function, parameter, span))
    named = {p.arg: _stand_in(machine, function, p, span) for p in spec.kwonlyargs}
    return Arguments(tuple(positional), named, (span,) * (len(positional) + len(named)))


def _stand_in(machine: Machine, function: Function, parameter: ast.arg, span: Span) -> Object:
    kind = _class_of(machine, function, parameter.annotation) if parameter.annotation is not None else None
    if isinstance(kind, External) and not kind.instance and kind.name not in _PLAIN:
        return External(kind.name, span, instance=True)
    if isinstance(kind, Class):
        return Instance(kind, span, (Argument(Thing(ARGUMENT, "instance"), span),))  # made from the request
    return External("request" if parameter.arg == "request" else ARGUMENT, span, instance=True)


def _class_of(machine: Machine, function: Function, node: ast.expr, depth: int = 0) -> Object | None:
    """Return the class that an annotation names, also in `Optional[…]`, `… | None`, `list[…]`, `Annotated[…, …]`."""
    if depth > 5:
        return None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError):
            return None
    if isinstance(node, ast.BinOp):
        return _class_of(machine, function, node.left, depth + 1)
    if isinstance(node, ast.Subscript):
        name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        if name in _AROUND:
            inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
            return _class_of(machine, function, inner, depth + 1)
        return None
    try:
        return machine.do.evaluate(machine, Frame(function.module, function.module.names), node)
    except Ending:
        return None
