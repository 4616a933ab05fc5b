"""`loopback-client`: the app connects to an HTTP API on its own machine, where none runs."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.loopback_clients import loopback_clients
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.source import Span

ID = "loopback-client"
CLAUSE = "database"
SEVERITY = Severity.WARNING
SUMMARY = "The app sends requests to another server on its own machine, where none runs."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each place that names such a server, each port once in a file."""
    seen = set[tuple[str, int]]()
    for client in loopback_clients(deployment):
        key = client.span.path, client.port
        if client.service.title or key in seen or not happens(deployment, client.guards):
            continue
        seen.add(key)
        severity, confidence = weighed(SEVERITY, doubts(client.guards, client.phase))
        yield _finding(deployment, client.host, client.port, client.span)._replace(
            severity=severity, confidence=confidence
        )


def _finding(deployment: Deployment, host: str, port: int, span: Span) -> Finding:
    return Finding(
        ID,
        SEVERITY,
        span,
        f"On {deployment.platform.title} nothing answers at «{host}:{port}», which is the app's own container: the "
        "connection is refused.",
        "Run that server as a service of its own, and take its address from a variable that is set on the platform. "
        "What the app itself can do, call as a function.",
    )
