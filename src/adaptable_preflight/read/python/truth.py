"""Whether an object counts as true, where that can be told."""

import ast

from adaptable_preflight.model import Guard
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import (
    Choice,
    External,
    Frame,
    Instance,
    Mapping,
    Object,
    Sequence,
    choice,
    default_of,
    options_of,
)
from adaptable_preflight.value import Concat, Derived, FromEnv, Known, Unknown, Value, variables

PROXIES = ("flask.request.", "flask.g.", "flask.session.", "quart.request.", "quart.g.", "quart.session.")
"""Names of modules that stand for an object of the request."""


def truth(machine: Machine, value: Object) -> bool | None:
    """Return whether the object is true; None where it cannot be told.

    A variable that nobody is known to set counts as not set, and the machine notes that this was assumed.
    """
    match value:
        case Known(value=known):
            return bool(known)
        case FromEnv(name=name):
            if machine.is_set(name):
                return True
            machine.assumed = True
            default = default_of(value)
            return truth(machine, default) if default is not None else False
        case Concat(parts=parts):
            return True if any(isinstance(p, Known) and p.value for p in parts) else None
        case Unknown() | Derived():
            return None
        case Choice(options=options):
            answers = {truth(machine, option) for option in options}
            return answers.pop() if len(answers) == 1 else None
        case Sequence(items=items, complete=complete):
            machine.assumed = machine.assumed or value.assumed
            return bool(items) if complete or items else None
        case Mapping(entries=items, complete=complete):
            return bool(items) if complete or items else None
        case Instance():
            return None if value.cls.find("__bool__") or value.cls.find("__len__") else True
        case External():
            last = value.name.rpartition(".")[2]
            if last[:1].isupper() and not last.isupper():
                return True
            return None if value.instance or value.within or last.isupper() else True
        case _:
            return True


def narrowed(frame: Frame, test: ast.expr, held: bool) -> dict[str, Object]:
    """Return what a name may still be where `if name` or `if name is not None` holds, or does not."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return narrowed(frame, operand, not held)
        case ast.Name(id=name):
            kept = [one for one in options_of(frame.names.get(name, _NOTHING)) if _fits(one, held)]
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot() as how], comparators=[ast.Constant(None)]):
            is_none = held == isinstance(how, ast.Is)
            kept = [one for one in options_of(frame.names.get(name, _NOTHING)) if _is_none(one) in (is_none, None)]
        case _:
            return {}
    return {name: choice(*kept)} if isinstance(frame.names.get(name), Choice) and kept else {}


_NOTHING = Known(None)


def _fits(value: Object, held: bool) -> bool:
    return not isinstance(value, Known) or bool(value.value) == held


def _is_none(value: Object) -> bool | None:
    return value.value is None if isinstance(value, Known) else None


def guard_of(frame: Frame, node: ast.expr, test: Object) -> Guard:
    """Return a condition with the variables that it asks for."""
    names = tuple(dict.fromkeys(n for option in options_of(test) for n in variables(_plain(option))))
    return Guard(frame.span(node), names)


def _plain(value: Object) -> Value | None:
    return value if isinstance(value, Known | FromEnv | Concat | Unknown | Derived) else None
