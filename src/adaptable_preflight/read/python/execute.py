"""Statements, one after the other."""

import ast
from collections.abc import Callable

from adaptable_preflight.read.python import (
    assignments,
    control,
    definitions,
    imports,
    recovery,
)
from adaptable_preflight.read.python.machine import Break, Continue, Machine, Raise
from adaptable_preflight.read.python.objects import (
    Frame,
)


def execute(machine: Machine, frame: Frame, body: list[ast.stmt]) -> None:
    """Execute statements; raises an Ending where the block does not come to its end."""
    for statement in body:
        machine.step()
        frame.at = statement
        handler = _HANDLERS.get(type(statement))
        if handler is None:
            continue
        try:
            handler(machine, frame, statement)
        except Raise as error:
            if not recovery.is_fatal(machine, error):
                raise
            recovery.go_on(machine, frame, statement, error)


def _global(machine: Machine, frame: Frame, node: ast.Global) -> None:
    del machine
    frame.globals.update(node.names)


def _nonlocal(machine: Machine, frame: Frame, node: ast.Nonlocal) -> None:
    del machine
    frame.nonlocals.update(node.names)


def _break(machine: Machine, frame: Frame, node: ast.Break) -> None:
    del machine, frame, node
    raise Break


def _continue(machine: Machine, frame: Frame, node: ast.Continue) -> None:
    del machine, frame, node
    raise Continue


_HANDLERS: dict[type[ast.stmt], Callable[..., None]] = {
    ast.Import: imports.import_,
    ast.ImportFrom: imports.import_from,
    ast.FunctionDef: definitions.define,
    ast.AsyncFunctionDef: definitions.define,
    ast.ClassDef: definitions.define_class,
    ast.Assign: assignments.assignment,
    ast.AnnAssign: assignments.annotated,
    ast.AugAssign: assignments.augmented,
    ast.Delete: assignments.delete,
    ast.If: control.if_,
    ast.For: control.for_,
    ast.AsyncFor: control.for_,
    ast.While: control.while_,
    ast.Try: control.try_,
    ast.TryStar: control.try_,
    ast.With: control.with_,
    ast.AsyncWith: control.with_,
    ast.Match: control.match_,
    ast.Return: control.return_,
    ast.Raise: control.raise_,
    ast.Expr: control.expression,
    ast.Assert: control.assert_,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Break: _break,
    ast.Continue: _continue,
}
