"""`text-port`: a call that needs a number gets the text of the port's variable."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "text-port"
CLAUSE = "listen"
SEVERITY = Severity.ERROR
SUMMARY = "The port is handed to the server as text where it needs a number."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process that ends because its port is a text."""
    for process in deployment.web_processes:
        failure = process.failure
        if failure is None or failure.kind != "text-port":
            continue
        yield Finding(
            ID,
            SEVERITY,
            failure.span,
            f"The app ends at once on {deployment.platform.title}: {failure.message}.",
            "Put `int(…)` around the value.",
            process=process,
        )
