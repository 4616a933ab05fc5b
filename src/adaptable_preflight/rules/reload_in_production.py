"""`reload-in-production`: the server watches its files and starts anew when they change."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "reload-in-production"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "Auto-reload is on in the start command or in the server's configuration."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each server of a web process that reloads."""
    for process in deployment.web_processes:
        for server in process.servers:
            if server.reload is None:
                continue
            yield Finding(
                ID,
                SEVERITY,
                server.reload,
                f"{server.name} watches its files on {deployment.platform.title}, where they never change: it costs "
                "memory and processor time, and an error at the start is waited out instead of reported.",
                "Take the option out, or turn it on only on your own machine.",
                process=process,
            )
