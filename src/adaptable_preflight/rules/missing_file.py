"""`missing-file`: importing the app reads a file that is not in the repository."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.opened_files import Needed, missing_files, no_pickles
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.source import Span

ID = "missing-file"
CLAUSE = "startup"
SEVERITY = Severity.ERROR
SUMMARY = "Importing the app opens a file of the repository that is not there, or unpickles one that is no pickle."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each function (or module) that reads such files, at the first one."""
    found: dict[tuple[str, str], list[Needed]] = {}
    for needed in missing_files(deployment):
        if happens(deployment, needed.call.guards):
            found.setdefault((needed.call.span.path, needed.call.function), []).append(needed)
    for (path, call), *others in found.values():
        built = deployment.installed.image is not None
        severity, confidence = weighed(SEVERITY, doubts(call.guards) + built)
        yield Finding(
            ID,
            severity,
            call.span,
            f"Importing the app fails on {deployment.platform.title}: «{path}» is not in the repository.",
            "Commit the file, or make it while the image is built; a secret belongs into a variable that is set on the "
            "platform.",
            confidence,
            tuple(Related(other.call.span, f"neither is «{other.path}»") for other in others[:5]),
        )
    yield from _unpickled(deployment)


def _unpickled(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each file that is unpickled and cannot be."""
    for path, call in no_pickles(deployment):
        if happens(deployment, call.guards):
            severity, confidence = weighed(SEVERITY, doubts(call.guards))
            yield Finding(
                ID,
                severity,
                call.span,
                f"Importing the app fails on {deployment.platform.title}: «{path}» is no pickle.",
                "Commit the real file, or fetch it while the image is built.",
                confidence,
                (Related(Span(path, 1, 1, 1, 1), "the file"),),
            )
