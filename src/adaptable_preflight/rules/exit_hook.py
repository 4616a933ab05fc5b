"""`exit-hook`: work that matters is left to the end of the process."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.writes import writes
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Call, Deployment
from adaptable_preflight.source import Span
from adaptable_preflight.value import Thing

ID = "exit-hook"
CLAUSE = "no-background"
SEVERITY = Severity.WARNING
SUMMARY = "Work that matters is left to a hook that runs when the process ends."

HOOKS = frozenset({"atexit.register", "atexit.register()", "signal.signal"})
EVENTS = ("on_event", "add_event_handler", "after_serving")
SAVES = frozenset(
    "commit add insert insert_one insert_many update_one save dump put post patch publish send sendall sendmail "
    "upload_file put_object set hset lpush rpush bulk_create executemany send_message write".split()
)
"""Last names of calls that store something or send it to somebody."""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each hook that saves or sends something."""
    for call in deployment.code.calls:
        if call.phase not in ("import", "request") or not happens(deployment, call.guards):
            continue
        hook = _hook(call)
        if hook is not None and hook.span is not None and (work := _saving(deployment, hook.span)) is not None:
            severity, confidence = weighed(SEVERITY, doubts(call.guards))
            yield Finding(
                ID,
                severity,
                call.span,
                f"What this does at the end of the process (line {work.line}) may never happen: "
                f"{deployment.platform.title} freezes or kills an instance without waiting for it.",
                "Save when there is something to save: in the request, before the response.",
                confidence,
            )


def _hook(call: Call) -> Thing | None:
    """Return the function that runs at the end of the process."""
    owner, _, method = call.name.removesuffix("()").rpartition(".")
    at_end = (
        call.name in HOOKS or (method in EVENTS and _at_shutdown(call)) or f"{owner}.{method}".endswith("after_serving")
    )
    functions = [a.value for a in call.arguments if isinstance(a.value, Thing) and a.value.kind == "function"]
    return functions[0] if at_end and functions else None


def _at_shutdown(call: Call) -> bool:
    told = [*call.arguments, *(call.receiver.arguments if isinstance(call.receiver, Thing) else ())]
    return any(getattr(argument.value, "value", "") == "shutdown" for argument in told)


def _saving(deployment: Deployment, place: Span) -> Span | None:
    """Return the first call in a function that saves or sends something."""
    stored = {write.call.span for write in writes(deployment.code)}
    for call in deployment.code.calls:
        inside = call.span.path == place.path and place.line <= call.span.line <= place.end_line
        if inside and (call.span in stored or call.name.rpartition(".")[2] in SAVES):
            return call.span
    return None
