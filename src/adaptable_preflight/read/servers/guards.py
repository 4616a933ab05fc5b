"""Whether a call runs when its module is imported once more, as worker processes import the main program."""

from adaptable_preflight.model import Call
from adaptable_preflight.read.context import Context


def runs_on_import(call: Call, context: Context) -> bool:
    """Whether a call of a module's body stands outside every `if __name__ == "__main__"`."""
    source = context.checkout.text(call.span.path)
    if call.function or source is None:
        return False
    import ast

    try:
        body = ast.parse(source.text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    line = call.span.line
    around = next((node for node in body if node.lineno <= line <= (node.end_lineno or node.lineno)), None)
    return around is not None and not (isinstance(around, ast.If) and "__name__" in ast.unparse(around.test))
