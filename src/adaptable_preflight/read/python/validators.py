"""Validators of pydantic models: what they make of a field's value.

Source: https://docs.pydantic.dev/latest/concepts/validators/
"""

import ast
from collections.abc import Iterator

from adaptable_preflight.read.python import call
from adaptable_preflight.read.python.machine import Ending, Machine
from adaptable_preflight.read.python.objects import Arguments, Class, Function, Instance, Object
from adaptable_preflight.source import Span
from adaptable_preflight.value import Unknown

_OF_A_FIELD = frozenset({"validator", "field_validator"})
_OF_A_MODEL = frozenset({"root_validator", "model_validator"})


def validated(machine: Machine, made: Instance, span: Span) -> None:
    """Replace the fields of a new object by what the validators of its class make of them."""
    for function, kind, names in _validators(made.cls):
        if kind in _OF_A_FIELD:
            for name in names & made.attributes.keys():
                made.attributes[name] = _passed(machine, made.cls, function, made.attributes[name], span)
        else:
            for name in _mentioned(function.node) & made.attributes.keys():
                made.attributes[name] = Unknown(f"«{function.name}» may change it", span)


def _validators(cls: Class) -> Iterator[tuple[Function, str, set[str]]]:
    """Yield the functions of a class and its bases that are validators, their kind, and the fields they are for."""
    for one in cls.lineage():
        for function in one.names.values() if isinstance(one, Class) else ():
            if not isinstance(function, Function) or isinstance(function.node, ast.Lambda):
                continue
            for decorator in function.node.decorator_list:
                target = decorator.func if isinstance(decorator, ast.Call) else decorator
                kind = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
                if kind in _OF_A_FIELD | _OF_A_MODEL:
                    given = decorator.args if isinstance(decorator, ast.Call) else []
                    yield function, kind, {str(a.value) for a in given if isinstance(a, ast.Constant)}


def _passed(machine: Machine, cls: Class, function: Function, value: Object, span: Span) -> Object:
    """Return what a field's validator makes of a value; its further arguments are not known."""
    spec = function.node.args
    others = tuple(Unknown("an argument of a validator", span) for _ in spec.args[2:])
    positional = (cls, value, *others)[: len(spec.args)]
    try:
        return call.invoke(machine, function, Arguments(positional, {}, (span,) * len(positional), False), span)
    except Ending:
        return Unknown(f"«{function.name}» does not come to an end", span)


def _mentioned(node: ast.AST) -> set[str]:
    """Return the names and texts that stand in a function."""
    attributes = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    return attributes | {str(one.value) for one in ast.walk(node) if isinstance(one, ast.Constant)}
