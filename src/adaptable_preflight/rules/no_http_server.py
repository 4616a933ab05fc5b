"""`no-http-server`: the web process runs a program that serves no HTTP."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "no-http-server"
CLAUSE = "listen"
SEVERITY = Severity.WARNING
SUMMARY = "The web process runs a bot, a worker or a script that ends, and nothing that serves HTTP."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process that ends up without a server."""
    for process in deployment.web_processes:
        failure = process.failure
        if failure is None or failure.kind != "ends" or process.servers or process.origin.kind == "found-app":
            continue
        yield Finding(
            ID,
            SEVERITY,
            failure.span,
            f"Nothing listens for HTTP: {failure.message}. {deployment.platform.title} waits for a port to open and "
            "gives the deploy up.",
            "Start a web server here; a program that is no web app, such as a bot, runs as a worker or elsewhere.",
            "medium",
            process=process,
        )
