"""What is read behind an exception that surely ends the import: the owner repairs it, and then the rest counts.

The first such exception decides what becomes of the process. What follows is followed as if the statement had been
repaired, so that one fault does not hide the others; what the statement would have bound is not known.
"""

import ast
from collections.abc import Iterator

from adaptable_preflight.read.python import library
from adaptable_preflight.read.python.machine import Machine, Raise
from adaptable_preflight.read.python.objects import Frame
from adaptable_preflight.value import Unknown

_DELIBERATE = frozenset({"SystemExit", "KeyboardInterrupt"})


def is_fatal(machine: Machine, error: Raise) -> bool:
    """Whether the exception ends the import for sure: nothing catches it and no condition is around it."""
    if error.exits is not None or error.kind in _DELIBERATE or machine.catches(error.kind):
        return False
    return machine.reached


def go_on(machine: Machine, frame: Frame, statement: ast.stmt, error: Raise) -> None:
    """Keep the exception as what becomes of the process, and go on behind the statement."""
    if machine.fatal is None:
        machine.fatal = error
        machine.settled = len(machine.doubts)
        library.gap(machine, f"the import ends here: {error.kind}: {error.message}", error.span)
    for name in bound(statement):
        if name == "*":
            frame.module.open = True
        else:
            frame.names.setdefault(name, Unknown("the statement that binds it fails", frame.span(statement)))


def bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement binds; `*` for those of a whole module."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.alias):
            yield node.asname or node.name.split(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
