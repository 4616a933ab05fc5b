"""`failing-collectstatic`: what collects Django's static files fails with the app's settings."""

from collections.abc import Iterator

from adaptable_preflight.facts.collection_faults import fault, runners
from adaptable_preflight.facts.doubt import doubts, unless, weighed
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment

ID = "failing-collectstatic"
CLAUSE = "build"
SEVERITY = Severity.ERROR
SUMMARY = "`collectstatic`, which the build or the start command runs, fails with the app's settings."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for the settings that do not go with the command, where something runs it."""
    found = fault(deployment)
    running = next(runners(deployment), None) if found is not None else None
    if found is None or running is None:
        return
    severity, confidence = weighed(SEVERITY if running.stops else SEVERITY.lowered(), doubts(found.guards))
    harm = "and nothing is started" if running.process is not None else "and with it the build"
    harm = harm if running.stops or running.process is None else "and the pages come without style sheets and scripts"
    yield Finding(
        ID,
        severity,
        found.span,
        f"On {deployment.platform.title} «collectstatic» fails{unless(found.guards)}, {harm}: {found.why}.",
        found.advice,
        confidence,
        (Related(running.span, "it is run here"),) if running.span is not None else (),
        process=running.process,
        from_absence=True,
    )
