"""The arithmetic of a shell: sums of integers, worked out and never executed."""

import ast
import re

_SUM = re.compile(r"[\d\s+*()/%-]*")


def calculate(text: str) -> int | None:
    """Return the result of a sum of integers; None where it is anything else."""
    if len(text) > 100 or not _SUM.fullmatch(text):
        return None
    try:
        return _worth(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ArithmeticError, TypeError, ValueError, MemoryError, RecursionError):
        return None


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
