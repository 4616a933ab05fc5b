"""`missing-script`: the start command needs a file of the repository that is not there."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "missing-script"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The start command runs or reads a file that the repository does not have."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process that ends because a file is missing."""
    for process in deployment.web_processes:
        failure = process.failure
        if failure is None or failure.kind not in ("missing-script", "missing-file"):
            continue
        yield Finding(
            ID,
            SEVERITY,
            failure.span,
            f"The start command ends at once on {deployment.platform.title}: {failure.message}.",
            failure.advice
            or "Commit the file, or write the path as it is seen from the folder where the command runs.",
            process=process,
        )
