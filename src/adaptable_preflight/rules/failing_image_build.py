"""`failing-image-build`: a step of the Dockerfile ends the build of its image."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "failing-image-build"
CLAUSE = "build"
SEVERITY = Severity.ERROR
SUMMARY = "A step of the Dockerfile is refused or fails, so that there is no image."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each step of the Dockerfile at which the build of its image ends."""
    for failure in deployment.installed.build_failures:
        yield Finding(
            ID,
            SEVERITY,
            failure.span,
            f"The image cannot be built on {deployment.platform.title}: {failure.why}.",
            failure.advice,
        )
