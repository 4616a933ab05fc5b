"""`missing-file`: importing the app reads a file that is not in the repository."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.opened_files import Needed, missing_files
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment

ID = "missing-file"
CLAUSE = "startup"
SEVERITY = Severity.ERROR
SUMMARY = "Importing the app opens a file of the repository that is not there."


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
