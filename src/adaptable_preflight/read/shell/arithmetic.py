"""The arithmetic of a shell: sums of integers and comparisons, worked out and never executed."""

import ast
import re
from collections.abc import Callable

from adaptable_preflight.late_pattern import late_pattern

_SUM = late_pattern(r"[\d\s+*()/%-]*")


def calculate(text: str) -> int | None:
    """Return the result of a sum of integers; None where it is anything else."""
    if len(text) > 100 or not _SUM.fullmatch(text):
        return None
    try:
        return _worth(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ArithmeticError, TypeError, ValueError, MemoryError, RecursionError):
        return None


_CONDITION = late_pattern(r"[\d\s+*()/%<>=!&|-]*")


def holds(text: str) -> bool | None:
    """Return whether bash's `((text))` is true; None where the text does more than compare sums of integers."""
    if len(text) > 100 or not _CONDITION.fullmatch(text):
        return None
    python = re.sub(r"!(?!=)", " not ", text.replace("&&", " and ").replace("||", " or "))
    try:
        return _truth(ast.parse(python.strip(), mode="eval").body)
    except (SyntaxError, ArithmeticError, TypeError, ValueError, MemoryError, RecursionError):
        return None


def _truth(node: ast.expr) -> bool:
    match node:
        case ast.BoolOp(op=operator, values=values):
            return (all if isinstance(operator, ast.And) else any)(_truth(value) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _truth(operand)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            compare = _COMPARISONS[type(operator)]
            return compare(_worth(left), _worth(right))
    return _worth(node) != 0


_COMPARISONS: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Lt: int.__lt__,
    ast.LtE: int.__le__,
    ast.Gt: int.__gt__,
    ast.GtE: int.__ge__,
    ast.Eq: int.__eq__,
    ast.NotEq: int.__ne__,
}


def _worth(node: ast.expr) -> int:
    """Return the value of an expression of integers; division cuts towards zero, as in C."""
    match node:
        case ast.Constant(value=int() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_worth(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _worth(operand)
        case ast.BinOp(left=left, op=operator, right=right):
            one, other = _worth(left), _worth(right)
    whole = abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1) if other else 0
    match operator:
        case ast.Add():
            return one + other
        case ast.Sub():
            return one - other
        case ast.Mult():
            return one * other
        case ast.Div() if other:
            return whole
        case ast.Mod() if other:
            return one - other * whole
    raise ValueError(ast.dump(node))
