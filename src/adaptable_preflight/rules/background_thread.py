"""`background-thread`: work that goes on beside requests, where the processor is only there for requests."""

from collections.abc import Iterator

from adaptable_preflight.facts.background import LISTENER, Beside, serves, started
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "background-thread"
CLAUSE = "no-background"
SEVERITY = Severity.ERROR
SUMMARY = "A thread, task or process outlives the request, or runs beside all of them."

_FOR_WORK = (
    "Do the work before the response is sent, or let something outside call a URL of the app that does it (a cron "
    "service, a queue that delivers by HTTP)."
)
_FOR_LISTENERS = (
    "Let what it listens to call a URL of the app instead: a webhook, or a subscription that delivers by HTTP."
)


_WHEN = {True: "runs beside the requests", False: "goes on after the response"}


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each place that starts work and does not wait for it."""
    if deployment.platform.runtime.background_cpu:
        return
    seen = set()
    for beside in started(deployment.code):
        if beside.call.span in seen or serves(beside, deployment.processes):
            continue
        seen.add(beside.call.span)
        if happens(deployment, beside.call.guards):
            yield _finding(deployment, beside)


def _finding(deployment: Deployment, beside: Beside) -> Finding:
    call, title = beside.call, deployment.platform.title
    at_import = call.phase == "import"
    ends = at_import and beside.ends
    severity = SEVERITY if at_import else Severity.WARNING
    severity, confidence = weighed(severity, doubts(call.guards, call.phase) + ends + (ends and beside.kind == "task"))
    when = "may not end before the server listens" if ends else _WHEN[at_import]
    return Finding(
        ID,
        severity,
        call.span,
        f"This {beside.kind} {when}, but {title} gives the app no processor time outside of requests: it stands still "
        "and is lost when the instance stops.",
        _FOR_LISTENERS if beside.kind == LISTENER else _FOR_WORK,
        confidence,
    )
