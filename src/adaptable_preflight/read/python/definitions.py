"""Functions and classes, with their decorators."""

import ast
import sys

from adaptable_preflight.read.python import annotations, call, django_registry, library, uses, wrapping
from adaptable_preflight.read.python.assignments import bind_name
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import (
    Arguments,
    Class,
    External,
    Frame,
    Function,
    Object,
    Partial,
    options_of,
)
from adaptable_preflight.source import Span
from adaptable_preflight.value import Unknown


def _title(frame: Frame, name: str) -> str:
    return f"{frame.title}.{name}" if frame.title else name


def _closure(frame: Frame) -> Frame | None:
    """Return the frame in which a function defined here looks up names; a class's body is not one."""
    return frame if frame.function is not None else frame.outer


def define(machine: Machine, frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """`def f(…): …` with its decorators."""
    function = Function(node, _title(frame, node.name), frame.module, _closure(frame))
    call.note_defaults(machine, frame, function)
    annotations.of_function(machine, frame, node)
    made: Object = function
    for decorator in reversed(node.decorator_list):
        made = decorate(machine, machine.do.evaluate(machine, frame, decorator), made, frame.span(decorator))
    bind_name(machine, frame, node.name, made, frame.span(node))


def decorate(machine: Machine, decorator: Object, made: Object, span: Span) -> Object:
    """Apply a decorator; one of a library that is not known counts as returning what it is given."""
    if isinstance(decorator, External):
        result = library.call(machine, decorator, Arguments((made,), {}, (span,)), span)
        default = isinstance(result, External) and result.name == decorator.name and result.instance
        if isinstance(made, Function) and default and not wrapping.keeps_name(decorator):
            made.called = ""
        if isinstance(made, Function) and (default or result is made):
            made.wrapped = made.wrapped or decorator.name.partition(".")[0] not in sys.stdlib_module_names
        return made if default else result
    if isinstance(decorator, Partial) and _is_coroutine(decorator.function):
        return made
    result = call.call(machine, decorator, Arguments((made,), {}, (span,)), span)
    if isinstance(result, Unknown):
        wrapping.take_for_another(made)
        return made
    return result


def _is_coroutine(value: Object) -> bool:
    """Whether an object is an `async def`, of which a call decorates only as a context manager around the function.

    Source: https://docs.python.org/3/library/contextlib.html#contextlib.AsyncContextDecorator
    """
    return isinstance(value, Function) and isinstance(value.node, ast.AsyncFunctionDef)


def define_class(machine: Machine, frame: Frame, node: ast.ClassDef) -> None:
    """`class C(…): …`."""
    bases = [machine.do.evaluate(machine, frame, base) for base in node.bases]
    made = Class(node, _title(frame, node.name), frame.module, [b for base in bases for b in options_of(base)][:16])
    inner = Frame(frame.module, made.names, _closure(frame), _title(frame, node.name))
    inner.owner = made
    machine.frames.append(inner)
    try:
        machine.do.execute(machine, inner, node.body)
    finally:
        machine.frames.pop()
    django_registry.note_class(machine, made)
    for value in made.names.values():
        if isinstance(value, Function) and value.owner is None:
            value.owner = made
    uses.note_class(machine, inner, made)
    result: Object = made
    for decorator in reversed(node.decorator_list):
        result = decorate(machine, machine.do.evaluate(machine, frame, decorator), result, frame.span(decorator))
    bind_name(machine, frame, node.name, result, frame.span(node))
