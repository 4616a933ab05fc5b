"""Functions that run after the import: each is followed once, with arguments that nobody knows."""

import ast

from adaptable_preflight.model import Phase
from adaptable_preflight.read.python import call
from adaptable_preflight.read.python.evaluate import evaluate
from adaptable_preflight.read.python.machine import MAX_STEPS, Ending, Exhausted, Machine
from adaptable_preflight.read.python.objects import Arguments, Class, External, Function, Instance, Object
from adaptable_preflight.source import Span
from adaptable_preflight.value import Unknown

ORDER: tuple[Phase, ...] = ("import", "request", "background", "task", "cli")
MAX_PER_FUNCTION = 20_000
"""Steps that one handler is followed for."""


def follow_handlers(machine: Machine) -> None:
    """Follow every function that waits, and those that these register."""
    done: set[tuple[int, Phase]] = set()
    while machine.waiting:
        machine.waiting.sort(key=lambda one: ORDER.index(one[1]))
        function, phase = machine.waiting.pop(0)
        if (id(function), phase) in done:
            continue
        done.add((id(function), phase))
        if len(done) * 50 > MAX_STEPS:
            machine.doubt("there are more functions than are followed")
            return
        _follow(machine, function, phase)


def _follow(machine: Machine, function: Function, phase: Phase) -> None:
    assert function.module.source is not None
    span = function.module.source.node(function.node)
    machine.phase = phase
    machine.guards.clear()
    machine.frames.clear()
    machine.catching.clear()
    machine.steps = MAX_STEPS - MAX_PER_FUNCTION
    try:
        call.run(machine, function, stand_ins(machine, function, span), span)
    except Exhausted:
        machine.gaps.extend(())
    except (Ending, RecursionError):
        return
    finally:
        machine.phase = "import"


def stand_ins(machine: Machine, function: Function, span: Span) -> Arguments:
    """Return arguments for a function that a framework calls: of a known class where an annotation says so."""
    spec = function.node.args
    positional: list[Object] = []
    for parameter in (*spec.posonlyargs, *spec.args):
        if not positional and function.owner is not None and parameter.arg in ("self", "cls"):
            positional.append(_receiver(function.owner, parameter.arg, span))
        else:
            positional.append(_stand_in(machine, function, parameter, span))
    named = {p.arg: _stand_in(machine, function, p, span) for p in spec.kwonlyargs}
    return Arguments(tuple(positional), named, (span,) * (len(positional) + len(named)))


def _receiver(owner: Class, name: str, span: Span) -> Object:
    return owner if name == "cls" else Instance(owner, span)


def _stand_in(machine: Machine, function: Function, parameter: ast.arg, span: Span) -> Object:
    kind: Object = Unknown("an argument of a request", span)
    if parameter.annotation is not None and function.module.source is not None:
        from adaptable_preflight.read.python.objects import Frame

        try:
            kind = evaluate(machine, Frame(function.module, function.module.names), parameter.annotation)
        except Ending:
            kind = Unknown("an argument of a request", span)
    if isinstance(kind, External) and not kind.instance and kind.name not in ("str", "int", "float", "bool", "dict"):
        return External(kind.name, span, instance=True)
    if isinstance(kind, Class):
        return Instance(kind, span)
    if parameter.arg == "request":
        return External("request", span, instance=True)
    return Unknown("an argument of a request", span)
