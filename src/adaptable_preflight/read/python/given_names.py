"""Names that a module has, or may have, though nothing that was executed in it binds them."""

import ast
import sys

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.read.python.machine import Ending, Machine
from adaptable_preflight.read.python.objects import External, Frame, Object
from adaptable_preflight.read.python.recovery import bound
from adaptable_preflight.source import Source
from adaptable_preflight.value import Unknown, text_of

_DOTTED = late_pattern(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_EXCUSED = late_pattern(r"#.*\b(?:F821|undefined-variable|name-defined)\b")
"""A remark for flake8, pylint or mypy: its owner knows that the name comes from elsewhere."""


def may_fill(machine: Machine, made: Object) -> bool:
    """Whether what a statement called, for what it does, may put names into those of the module that called it.

    A library's function that is told another module's name may do so by `inspect.currentframe().f_back.f_globals`.
    """
    if not isinstance(made, External) or made.receiver is not None or "." not in made.name:
        return False
    top = made.name.partition(".")[0]
    texts = [text_of(one.value) or "" for one in made.arguments if not one.name]
    named = {text.partition(".")[0] for text in texts if _DOTTED.fullmatch(text)}  # or a file, such as `logo.png`
    known = top in named or any(machine.find(one) is not None for one in named)
    return known and top not in sys.stdlib_module_names


def excused(source: Source | None, line: int) -> bool:
    """Whether a line says that a name in it comes from elsewhere."""
    return source is not None and _EXCUSED.search(source.line(line)) is not None


def bind_others(machine: Machine, frame: Frame, taken: list[ast.stmt], others: list[ast.stmt]) -> None:
    """Bind what the ways that were not taken bind, where the one that was ends in a call that may never return."""
    last = taken[-1] if taken else None
    if others and isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and _is_foreign(machine, frame, last):
        for name in (name for statement in others for name in bound(statement)):
            frame.names.setdefault(name, Unknown(f"«{name}» is bound on another way only", frame.span(last)))


def _is_foreign(machine: Machine, frame: Frame, statement: ast.Expr) -> bool:
    """Whether a statement calls a function of a library by its name: `fatal_error(…)` may end the program."""
    assert isinstance(statement.value, ast.Call)
    if not isinstance(statement.value.func, ast.Name | ast.Attribute):
        return False
    try:
        function = machine.do.evaluate(machine, frame, statement.value.func)
    except Ending:
        return False
    if not isinstance(function, External) or function.receiver is not None or "." not in function.name:
        return False
    return function.name.partition(".")[0] not in sys.stdlib_module_names
