"""Functions that run after the import: each is followed once, with arguments that nobody knows."""

from adaptable_preflight.model import Gap, Phase
from adaptable_preflight.read.python import call, mounting
from adaptable_preflight.read.python.machine import MAX_STEPS, Ending, Exhausted, Machine
from adaptable_preflight.read.python.objects import Function
from adaptable_preflight.read.python.stand_ins import stand_ins
from adaptable_preflight.read.python.state import close_empty, open_empty
from adaptable_preflight.source import Span

ORDER: tuple[Phase, ...] = ("import", "request", "background", "task", "cli", "main")
MAX_PER_FUNCTION = 20_000
"""Steps that one handler is followed for."""


def follow_handlers(machine: Machine) -> None:
    """Follow every function that waits, and those that these register."""
    done: set[tuple[int, Phase]] = set()
    opened = open_empty(machine)
    while machine.waiting:
        machine.waiting.sort(key=lambda one: ORDER.index(one[1]))
        function, phase = machine.waiting.pop(0)
        if (id(function), phase) in done:
            continue
        done.add((id(function), phase))
        if len(done) * 50 > MAX_STEPS:
            machine.gaps.append(Gap(_place(function), "there are more functions than are followed"))
            break
        if isinstance(follow(machine, function, phase), Exhausted):
            machine.gaps.append(Gap(_place(function), f"«{function.name}» does more than is followed"))
    close_empty(opened)


def _place(function: Function) -> Span:
    assert function.module.source is not None
    return function.module.source.node(function.node)


def follow(machine: Machine, function: Function, phase: Phase) -> Ending | None:
    """Follow one function and return how it ended; None where it came to its end."""
    span = _place(function)
    machine.phase = phase
    machine.by_request = phase == "request" or function in machine.asked
    machine.handler = f"{function.module.name}.{function.name}"
    machine.guards[:] = mounting.conditions(machine, function)
    machine.frames.clear()
    machine.catching.clear()
    machine.steps = MAX_STEPS - MAX_PER_FUNCTION
    machine.trials += 1
    try:
        call.run(machine, function, stand_ins(machine, function, span), span)
    except Ending as ending:
        return ending
    except RecursionError:
        return None
    finally:
        machine.trials -= 1
        machine.phase, machine.by_request = "import", False
    return None
