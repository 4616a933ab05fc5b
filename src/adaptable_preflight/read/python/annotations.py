"""Annotations that an older Python cannot evaluate, so that importing the module fails.

Source: https://peps.python.org/pep-0604/ (`X | Y` since 3.10), https://peps.python.org/pep-0585/ (`list[X]` since 3.9).
"""

import ast
import re
from collections.abc import Iterator

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.read.python.machine import Machine, Raise
from adaptable_preflight.read.python.objects import Frame
from adaptable_preflight.read.python.parse import newest_version

_UNIONS, _GENERICS = (3, 10), (3, 9)
"""Since when each is evaluated."""
_BUILTIN = frozenset({"int", "str", "float", "bool", "bytes", "complex", "object", "list", "dict", "set", "tuple"})
_CONTAINERS = frozenset({"list", "dict", "set", "frozenset", "tuple", "type"})
_DEFERRED = late_pattern(
    r"^from[ \t]+__future__[ \t]+import[ \t]*(?:\([^)]{0,500}|[^\n]{0,500})\bannotations\b", re.MULTILINE
)


def of_function(machine: Machine, frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Raise what defining a function raises on every Python that may run."""
    if _matter(machine, frame):
        told = node.args
        each = (*told.posonlyargs, *told.args, *told.kwonlyargs, told.vararg, told.kwarg)
        for one in (*(argument.annotation for argument in each if argument is not None), node.returns):
            _evaluate(machine, frame, one)


def of_name(machine: Machine, frame: Frame, node: ast.AnnAssign) -> None:
    """The same of `name: type`, which nothing evaluates in a function."""
    if frame.function is None and _matter(machine, frame):
        _evaluate(machine, frame, node.annotation)


def _matter(machine: Machine, frame: Frame) -> bool:
    version = newest_version(machine.installed.python)
    if version is None or version >= _UNIONS or version < (3, 7):
        return False
    source = frame.module.source
    return source is not None and _DEFERRED.search(source.text) is None


def _evaluate(machine: Machine, frame: Frame, annotation: ast.expr | None) -> None:
    version = newest_version(machine.installed.python) or _UNIONS
    for node in _evaluated(annotation):
        message = ""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and _is_refused(frame, node):
            message = "unsupported operand type(s) for |: types are joined since 3.10"
        elif isinstance(node, ast.Subscript) and version < _GENERICS and _built_in(frame, node.value) in _CONTAINERS:
            message = f"'{_built_in(frame, node.value)}' is not subscriptable: it is since 3.9"
        if message and isinstance(node, ast.expr):
            raise Raise("TypeError", message, frame.span(node))


def _evaluated(annotation: ast.expr | None) -> Iterator[ast.AST]:
    """Yield the nodes of an expression, innermost operands first as Python meets them."""
    yield from reversed(list(ast.walk(annotation))) if annotation is not None else ()


def _is_refused(frame: Frame, node: ast.BinOp) -> bool:
    """Whether no class can have taken part that joins types by itself."""
    return any(_is_plain(frame, side) for side in (node.left, node.right))


def _is_plain(frame: Frame, side: ast.expr) -> bool:
    if isinstance(side, ast.Subscript):
        return _built_in(frame, side.value) in _CONTAINERS
    return (isinstance(side, ast.Constant) and side.value is None) or _built_in(frame, side) in _BUILTIN


def _built_in(frame: Frame, node: ast.expr) -> str:
    """Return the name for which an expression asks Python itself: nothing here gives it another meaning."""
    name, scope = node.id if isinstance(node, ast.Name) else "", frame
    while name not in scope.names and scope.outer is not None:
        scope = scope.outer
    return "" if name in scope.names or name in frame.module.names else name
