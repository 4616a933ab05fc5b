"""`in-memory-state`: one request keeps in a module's variable what another one needs."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, weighed
from adaptable_preflight.facts.shared_state import SharedState, shared_state
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment

ID = "in-memory-state"
CLAUSE = "stateless"
SEVERITY = Severity.WARNING
SUMMARY = "A handler changes a module's variable that other requests read."


_FOR_DATA = "Keep it in the database; what belongs to one visitor goes into the session."
_FOR_SHARED = "Keep it in the database or in Redis; what belongs to one request goes into a local variable."
_FOR_LIVE = (
    "What is open in one process can be kept nowhere else: open it anew in the request that needs it, or tell the "
    "process that holds it through Redis."
)
"""For a camera, a connection or a program, which no database can hold."""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each function that is the first to change variables which requests share."""
    found: dict[tuple[str, str, bool], list[SharedState]] = {}
    for state in shared_state(deployment.code):
        first = state.changes[0]
        found.setdefault((first.span.path, first.function, state.sent and not state.live), []).append(state)
    for states in found.values():
        yield _finding(deployment.platform.title, states)


def _finding(title: str, states: list[SharedState]) -> Finding:
    names = " and ".join(dict.fromkeys(f"«{state.variable}»" for state in states[:3]))
    if states[0].live:
        message = (
            f"Requests share {names}, open in one process only: on {title} no other worker or instance has it, and it "
            "is gone after the next restart."
        )
        advice = _FOR_LIVE
    elif states[0].sent:
        message = (
            f"What a user sends is kept in {names}, in the memory of one process: on {title} it is gone after the next "
            "deploy or restart, and no other worker or instance ever sees it."
        )
        advice = _FOR_DATA
    elif states[0].gathered:
        message = (
            f"What runs in the background gathers {names} in the memory of one process: on {title} it is gone after "
            "the next deploy or restart, and each worker and instance gathers its own."
        )
        advice = "Keep it in the database or in Redis."
    else:
        message = (
            f"Requests share {names} in the memory of one process: on {title} each worker and instance has its own, "
            "and it starts anew with every restart."
        )
        advice = _FOR_SHARED
    first = states[0].changes[0]
    worst = Severity.ERROR if states[0].sent and not states[0].live else SEVERITY
    severity, confidence = weighed(worst, doubts(first.guards, "request"))
    return Finding(ID, severity, first.span, message, advice, confidence, tuple(_places(states)))


def _places(states: list[SharedState]) -> Iterator[Related]:
    for state in states[:3]:
        yield from (Related(load.span, f"«{state.variable}» is read here") for load in state.reads[:3])
        yield from (Related(change.span, f"«{state.variable}» is changed here too") for change in state.changes[1:3])
        home = state.changes[0].home
        if home is not None:
            yield Related(home, "all requests of one process share it")
