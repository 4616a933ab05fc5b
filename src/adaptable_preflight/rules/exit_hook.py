"""`exit-hook`: work that matters is left to the end of the process."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.exit_hooks import exit_hook, saving
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "exit-hook"
CLAUSE = "no-background"
SEVERITY = Severity.WARNING
SUMMARY = "Work that matters is left to a hook that runs when the process ends."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each hook that saves or sends something."""
    for call in deployment.code.calls:
        if call.phase not in ("import", "request") or not happens(deployment, call.guards):
            continue
        hook = exit_hook(call)
        if hook is not None and hook.span is not None and (work := saving(deployment.code, hook.span)) is not None:
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
