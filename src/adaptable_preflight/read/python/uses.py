"""Names of libraries that a library reads in the repository's code without a call: annotations, defaults, bases."""

import ast
import sys
from collections.abc import Iterator
from typing import Literal

from adaptable_preflight.model import Use
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import Class, External, Frame, Function, Module, Object
from adaptable_preflight.source import Span

_SIGNATURES = frozenset({"fastapi"})
"""Libraries that read the annotations and defaults of the functions that they are given.

Source: https://fastapi.tiangolo.com/reference/parameters/
"""


def note_class(machine: Machine, frame: Frame, made: Class) -> None:
    """Note a new class's bases in libraries, and what its fields are annotated with where a library reads that.

    Source: https://docs.pydantic.dev/latest/concepts/models/ (the annotations are read when the class is made)
    """
    for base, node in zip(made.bases, made.node.bases, strict=False):
        if isinstance(base, External) and _is_foreign(base.name):
            note(machine, "base", base.name, frame.span(node))
    found = made.library_base()
    for statement in made.node.body if found is not None and _is_foreign(found.name) else ():
        if isinstance(statement, ast.AnnAssign):
            _note_names(machine, "field", frame, statement.annotation)


def note_registered(machine: Machine, library: External, function: Function) -> None:
    """Note what a library sees of a function that it is told to call later."""
    if isinstance(function.node, ast.AsyncFunctionDef) and not function.wrapped:
        assert function.module.source is not None
        whole = function.module.source.node(function.node)
        words = whole._replace(end_line=whole.line, end_column=whole.column + len("async def"))
        note(machine, "async", library.name, words)
    if library.name.partition(".")[0] not in _SIGNATURES:
        return
    frame = function.frame or Frame(function.module, function.module.names)
    told = function.node.args
    for argument in (*told.posonlyargs, *told.args, *told.kwonlyargs):
        _note_names(machine, "parameter", frame, argument.annotation)
    for default in (*told.defaults, *told.kw_defaults):
        _note_names(machine, "parameter", frame, default)


def note(machine: Machine, way: Literal["base", "field", "parameter", "async"], name: str, span: Span) -> None:
    """Note one use as a fact."""
    machine.uses.append(Use(way, name, span, machine.phase, tuple(machine.guards), machine.caught))


def _note_names(
    machine: Machine, way: Literal["field", "parameter"], frame: Frame, expression: ast.expr | None
) -> None:
    for node, name in _names(frame, expression):
        note(machine, way, name, frame.span(node))


def _names(frame: Frame, expression: ast.expr | None) -> Iterator[tuple[ast.expr, str]]:
    """Yield the names of libraries in an expression that Python itself has not; nothing is evaluated."""
    pending: list[ast.AST] = [expression] if expression is not None else []
    while pending:
        node = pending.pop()
        if not isinstance(node, ast.Name | ast.Attribute):
            pending.extend(ast.iter_child_nodes(node))
            continue
        root, attributes = _chain(node)
        found = _look_up(frame, root.id, attributes) if isinstance(root, ast.Name) else None
        if isinstance(found, External) and _is_foreign(found.name):
            yield node, found.name
        elif not isinstance(root, ast.Name):
            pending.append(root)


def _chain(node: ast.expr) -> tuple[ast.expr, list[str]]:
    """Take `a.b.c` apart: `a`, and the attributes behind it."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    return node, attributes[::-1]


def _look_up(frame: Frame, name: str, attributes: list[str]) -> Object | None:
    scope: Frame | None = frame
    while scope is not None and name not in scope.names:
        scope = scope.outer
    found: Object | None = (scope.names if scope is not None else frame.module.names).get(name)
    for index, attribute in enumerate(attributes):
        if isinstance(found, Module):
            found = found.names.get(attribute)
        elif isinstance(found, External) and not found.instance:
            return External(".".join((found.name, *attributes[index:])))
        else:
            return None
    return found


def _is_foreign(name: str) -> bool:
    """Whether a dotted name is one in a library, and neither the library's own nor one of Python."""
    top, dot, _ = name.partition(".")
    return bool(dot) and top not in sys.stdlib_module_names and top != "typing_extensions"
