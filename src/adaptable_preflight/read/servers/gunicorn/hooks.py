"""gunicorn's server hooks: functions of the configuration file that run before and while it serves.

Source: `gunicorn.arbiter` and `gunicorn.workers.base`; an exception in one of them ends gunicorn.
"""

from adaptable_preflight.model import Failure
from adaptable_preflight.source import Source
from adaptable_preflight.value import Unknown

HOOKS = ("on_starting", "when_ready", "nworkers_changed", "pre_fork", "post_fork", "post_worker_init")
"""Hooks that run on the way to the first request, in this order."""

_EXITS = frozenset({"exit", "quit", "_exit", "abort"})


def problem(source: Source) -> Failure | Unknown | None:
    """Tell whether one of a configuration file's hooks ends gunicorn: for certain, perhaps (unknown) or not."""
    import ast

    try:
        body = ast.parse(source.text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: Failure | Unknown | None = None
    for node in body:
        if not isinstance(node, ast.FunctionDef) or node.name not in HOOKS:
            continue
        if any(_ends(statement) for statement in node.body):
            message = f"the hook «{node.name}» ends gunicorn before it serves"
            return Failure("ends", message, source.node(node))
        if any(_ends(statement) for statement in ast.walk(node)):
            found = Unknown(f"the hook «{node.name}» may end gunicorn", source.node(node))
    return found


def _ends(node: object) -> bool:
    import ast

    if isinstance(node, ast.Raise):
        return True
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    function = node.value.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _EXITS
