"""Whether a call runs when its module is imported once more, as worker processes import the main program."""

import ast

from adaptable_preflight.model import Call
from adaptable_preflight.read.context import Context


def runs_on_import(call: Call, context: Context) -> bool:
    """Whether a call of a module's body stands outside every `if __name__ == "__main__"`."""
    around = _around(call, context)
    return around is not None and not (isinstance(around, ast.If) and "__name__" in ast.unparse(around.test))


def guard(call: Call, context: Context) -> str:
    """Return the condition on `__name__` around a call of a module's body; empty where there is none."""
    around = _around(call, context)
    test = ast.unparse(around.test) if isinstance(around, ast.If) else ""
    return test if "__name__" in test else ""


def _around(call: Call, context: Context) -> ast.stmt | None:
    """Return the statement of a module's body that holds a call."""
    source = context.checkout.text(call.span.path)
    if call.function or source is None:
        return None
    try:
        body = ast.parse(source.text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    line = call.span.line
    return next((node for node in body if node.lineno <= line <= (node.end_lineno or node.lineno)), None)
