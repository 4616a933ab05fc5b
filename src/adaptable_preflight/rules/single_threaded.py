"""`single-threaded`: the server handles one request at a time."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "single-threaded"
CLAUSE = "concurrency"
SEVERITY = Severity.WARNING
SUMMARY = "One worker without threads handles one request at a time; all others wait."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process whose server handles one request at a time."""
    for process in deployment.web_processes:
        server = process.server
        if server is None or server.parallel is None or server.parallel > 1 or server.workers == 0:
            continue
        yield Finding(
            ID,
            SEVERITY,
            server.asked_workers or server.span,
            f"{server.name} handles one request at a time here: a slow one holds up all others, the platform's health "
            "checks among them.",
            f"Add «{server.parallel_form}»."
            if server.parallel_form
            else "Use a server with threads or with an event loop.",
            process=process,
        )
