"""`dev-server`: a development server is what serves the app."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, Process
from adaptable_preflight.offer import start_command

ID = "dev-server"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "The framework's own development server is what the platform starts."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each development server of a web process."""
    for process in deployment.web_processes:
        for server in process.servers[:1]:
            if server.interface != "dev":
                continue
            yield Finding(
                ID,
                SEVERITY,
                server.span,
                f"{deployment.platform.title} serves visitors with {server.name}'s development server: it is neither "
                "hardened nor made for load.",
                _advice(process, deployment),
                process=process,
            )


def _advice(process: Process, deployment: Deployment) -> str:
    """Return the command to write instead, as far as the app is known."""
    command = start_command(process.app, deployment.platform) if process.app is not None else ""
    return f"Write «{command}»." if command else "Start the app with a production WSGI or ASGI server."
