"""What becomes of a process whose Python code was executed on paper."""

from collections.abc import Callable

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Failure, FailureKind, Run
from adaptable_preflight.read.python.cures import cure
from adaptable_preflight.read.python.machine import Ending, Exhausted, Machine, Raise, Stay
from adaptable_preflight.source import Span

_VARIABLE = late_pattern(r"\$(?:\w|\{\w+[^}]*\})")


def ending_of(machine: Machine, work: Callable[[], object]) -> Ending | None:
    """Do some work and return how it ended; None where it came to its end."""
    ending = _tried(machine, work)
    if machine.fatal is None:
        return ending
    del machine.doubts[machine.settled :]
    machine.failed = None
    return machine.fatal


def _tried(machine: Machine, work: Callable[[], object]) -> Ending | None:
    try:
        work()
    except Exhausted as ending:
        machine.doubt("there is more code than is followed")
        return ending
    except Ending as ending:
        return ending
    except RecursionError:
        machine.doubt("the code is nested too deeply to be followed")
    return None


def run_of(machine: Machine, ending: Ending | None, span: Span) -> Run:
    """Return what becomes of a main program that ended like this."""
    servers = tuple(dict.fromkeys(machine.servers))
    unknown = machine.doubts[0] if machine.doubts else None
    ends = ending is None or (isinstance(ending, Raise) and ending.exits is not None)
    if unknown is None and machine.may_serve and ends and not machine.kept:
        unknown = machine.may_serve[-1]  # which never comes back if it does
    if isinstance(ending, Raise):
        return _raised(machine, ending, Run(servers, unknown=unknown))
    if isinstance(ending, Stay) or machine.kept:
        if not servers and unknown is None:
            return Run(failure=Failure("ends", "it keeps running without listening", span))
        return Run(servers, unknown=unknown)
    return Run(servers if unknown is not None else (), unknown=unknown)


def _raised(machine: Machine, ending: Raise, left: Run) -> Run:
    """Return what an exception leaves of what was `left` before."""
    if machine.failed is not None and machine.failed.failure is not None:
        return left._replace(failure=machine.failed.failure)
    if ending.exits is not None:
        return left._replace(servers=(), status=ending.exits)
    message = f"it raises {ending.kind}: {ending.message}"
    kind: FailureKind = "bad-syntax" if ending.kind == "SyntaxError" else "app-error"
    failure = Failure(kind, message, ending.span, cure(ending), ending.unless)
    return left._replace(servers=(), failure=_of_argument(ending, message) or failure, status=1)


def _of_argument(ending: Raise, message: str) -> Failure | None:
    """Return the failure where a variable's name was handed over from another file, as nothing expanded it there."""
    value = ending.about
    if value is None or value.span is None or value.span.path == ending.span.path:
        return None
    if not _VARIABLE.search(str(value.value)):
        return None
    return Failure("bad-address", message, value.span)
