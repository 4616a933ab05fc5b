"""An app object that code hands to a server: how another server could be told of it."""

import ast
from typing import NamedTuple

from adaptable_preflight.model import Target
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import Module
from adaptable_preflight.read.python.parse import parse
from adaptable_preflight.source import Span
from adaptable_preflight.value import Thing, Value

_WITH_ANOTHER_INSIDE = {"dash.Dash": "dash.Dash.server", "dash.dash.Dash": "dash.dash.Dash.server"}
"""What wraps the object that a server calls, and the name of that object."""


class Naming(NamedTuple):
    """How an object can be imported."""

    target: Target | None = None
    """The module and the name that hold it after an import."""
    buried: Span | None = None
    """Where it gets its name when that happens in a function or below `__main__` alone."""


def naming(machine: Machine, app: Value | None) -> Naming:
    """Return the module-level name of an app object, else where it has one that an import does not make."""
    if not isinstance(app, Thing) or app.span is None:
        return Naming()
    buried: Span | None = None
    for module in sorted(_with_source(machine), key=lambda module: module.path != app.span.path):  # type: ignore[union-attr]
        for name in _names(module, app):
            span = module.spans.get(name)
            if span is not None and _at_import(module, span):
                return Naming(_target(machine, module, name, span))
            buried = buried or span
        if module.path == app.span.path and not _at_import(module, app.span):
            buried = buried or app.span
    return Naming(buried=buried)


def below_main(machine: Machine, span: Span) -> bool:
    """Whether a place in the main program is passed over when its module is imported."""
    module = machine.modules.get("__main__")
    return module is None or module.path != span.path or not _at_import(module, span)


def _with_source(machine: Machine) -> list[Module]:
    return [module for module in dict.fromkeys(machine.modules.values()) if module.source is not None]


def _names(module: Module, app: Thing) -> list[str]:
    """Return the names of a module for the object, or for the one inside that a server calls."""
    inner = _WITH_ANOTHER_INSIDE.get(app.name)
    if inner is not None:
        return [name for name, value in module.names.items() if getattr(value, "name", "") == inner]
    return [name for name, value in module.names.items() if getattr(value, "span", None) == app.span]


def _at_import(module: Module, span: Span) -> bool:
    """Whether a place is reached when the module is imported: it stands in no function, and not below `__main__`."""
    assert module.source is not None
    tree = parse(module.source)
    for statement in tree.body if isinstance(tree, ast.Module) else ():
        if statement.lineno <= span.line <= (statement.end_lineno or statement.lineno):
            inside = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            return not inside and not (isinstance(statement, ast.If) and "__main__" in ast.dump(statement.test))
    return False


def _target(machine: Machine, module: Module, name: str, span: Span) -> Target:
    """Return the target as it is seen from the folder where the program finds its modules."""
    folder = machine.search[0] if machine.search else ""
    inside = module.path.removeprefix(f"{folder}/") if folder else module.path
    dotted = inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return Target(dotted, name, span, (folder,))
