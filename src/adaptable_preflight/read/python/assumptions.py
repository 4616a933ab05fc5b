"""What rests on the assumption that a variable which nobody is known to set is not set."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from adaptable_preflight.model import Guard
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import Frame, Mapping, Object, choice
from adaptable_preflight.value import Concat, Derived, FromEnv, Known, Unknown, text_of, variables


@contextmanager
def assuming(machine: Machine, guard: Guard, assumed: bool) -> Iterator[None]:
    """Note for what is executed inside that a condition was decided by what holds when nobody sets a variable."""
    if assumed:
        machine.guards.append(guard._replace(assumed=True))
    try:
        yield
    finally:
        if assumed:
            machine.guards.pop()


def asked(frame: Frame, test: ast.expr) -> dict[str, FromEnv]:
    """Return the variables of the environment that a condition asks for by the names of the code."""
    names = (node.id for node in ast.walk(test) if isinstance(node, ast.Name))
    held = ((name, frame.names.get(name)) for name in names)
    return {name: value for name, value in held if isinstance(value, FromEnv) and not text_of(value.default)}


def stand_in(frame: Frame, before: dict[str, FromEnv]) -> None:
    """Take `if not key: key = made()` for `key = key or made()`: what is made stands in for the variable."""
    for name, variable in before.items():
        value = frame.names.get(name)
        if value is variable or value is None:
            continue
        if isinstance(value, Known | FromEnv | Concat | Unknown):
            frame.names[name] = variable._replace(default=value)
        else:
            frame.names[name] = choice(value, variable)


def is_given(frame: Frame, node: ast.AST, variable: str) -> bool:
    """Whether an expression gives what a variable holds, by the variable's name or by a name that holds it."""
    named = (n.value for n in ast.walk(node) if isinstance(n, ast.Constant))
    held = (frame.names.get(n.id) for n in ast.walk(node) if isinstance(n, ast.Name))
    return variable in named or any(
        variable in variables(value) for value in held if isinstance(value, FromEnv | Concat | Derived)
    )


def beside(frame: Frame, value: Object, otherwise: ast.expr, asked: Iterable[str]) -> Object:
    """Return what counts while nobody sets a variable together with the variable that would count else."""
    name = next((name for name in asked if is_given(frame, otherwise, name)), "")
    return choice(value, FromEnv(name)) if name else value


def unless_filled(holder: Mapping, key: str, default: Object) -> Object:
    """Return the default of an entry that a variable may have filled in before, by its name."""
    if not holder.prefix or not isinstance(default, Known | FromEnv | Concat | Unknown):
        return default
    return FromEnv(f"{holder.prefix}{key}", default, default.span)


def returned_beside(frame: Frame, value: Object, function: ast.AST, asked: Sequence[str]) -> Object:
    """Return what a function returns while nobody sets a variable that another of its branches returns."""
    if not asked:
        return value
    ways = (node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None)
    both = (beside(frame, value, way, asked) for way in ways)
    return next((one for one in both if one is not value), value)


_SERVES = frozenset({"run", "serve", "serve_forever", "run_forever", "run_app", "run_simple", "start"})
"""Last names of the calls by which programs begin to serve."""


def note_server(machine: Machine, body: list[ast.stmt], guard: Guard) -> None:
    """Note that a program may serve after all, if a variable is set that nobody is known to set."""
    calls = (node.func for statement in body for node in ast.walk(statement) if isinstance(node, ast.Call))
    names = (f.attr if isinstance(f, ast.Attribute) else f.id if isinstance(f, ast.Name) else "" for f in calls)
    if any(name in _SERVES for name in names):
        variables = " and ".join(guard.variables) or "variables that nobody is known to set"
        machine.may_serve.append(Unknown(f"whether it serves depends on {variables}", guard.span))


_ADDS = frozenset("append extend insert add update".split())


def _changed(statement: ast.stmt) -> list[ast.expr]:
    """Return what a statement binds, or adds something to."""
    match statement:
        case ast.Assign(targets=targets):
            return targets
        case ast.AugAssign(target=target):
            return [target]
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name() as holder, attr=method))) if method in _ADDS:
            return [holder]
    return []


def note_skipped(frame: Frame, body: list[ast.stmt], guard: Guard) -> None:
    """Note for the names that a skipped branch would bind or change that their values rest on the condition."""
    for statement in body:
        for target in _changed(statement):
            holder = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(holder, ast.Name):
                guards = frame.module.guards
                guards[holder.id] = (*guards.get(holder.id, ()), guard)
                frame.module.spans.setdefault(holder.id, frame.span(holder))
