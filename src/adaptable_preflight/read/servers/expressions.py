"""Names and calls that servers take as the name of an app."""

from typing import NamedTuple


class Expression(NamedTuple):
    """A name, or a call of one with plain values."""

    name: str
    """The name, with dots where attributes follow."""
    call: bool = False
    arguments: int = 0


def read_expression(text: str) -> Expression | None:
    """Return what a text says as a Python expression; None where it is neither a name nor a call with plain values."""
    if text.isidentifier():
        return Expression(text)
    import ast

    try:
        parsed = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(parsed, ast.Call):
        name = _dotted(parsed)
        return Expression(name) if name else None
    name = _dotted(parsed.func)
    values = [*parsed.args, *(keyword.value for keyword in parsed.keywords)]
    try:
        for value in values:
            ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    return Expression(name, True, len(values)) if name else None


def _dotted(node: object) -> str | None:
    import ast

    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return f"{inner}.{node.attr}" if inner else None
    return None
