"""`unreadable-file`: a file that decides something about the deploy cannot be read."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "unreadable-file"
CLAUSE = "startup"
SEVERITY = Severity.NOTICE
SUMMARY = "A file that decides what runs cannot be read, so nothing can be told of it"


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each file that was needed; one that the platform starts from weighs more."""
    sources = deployment.platform.start.sources
    for fact in deployment.unreadable:
        starts = fact.path in sources
        what = "what it would start" if starts else "what it does on the platform"
        yield Finding(
            ID,
            Severity.WARNING if starts else SEVERITY,
            fact.span,
            f"«{fact.path}» cannot be read, so {what} is not known: {fact.why}.",
            "Mend the place." if "no valid" in fact.why else "Keep it as UTF-8 text in the repository itself.",
        )
