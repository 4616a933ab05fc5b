"""`missing-app`: the server is pointed at a module or an object that cannot be loaded."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, Process
from adaptable_preflight.source import Span

ID = "missing-app"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The module or the app object that the server should serve is not there or cannot be loaded."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process whose app cannot be loaded."""
    for process in deployment.web_processes:
        found = _missing(process)
        if found is None:
            continue
        why, span = found
        name = process.server.name if process.server else "the server"
        yield Finding(
            ID,
            SEVERITY,
            span,
            f"{name} cannot load the app: {why}.",
            "Write the module and the object as MODULE:OBJECT, seen from the folder where the command runs.",
            process=process,
        )


def _missing(process: Process) -> tuple[str, Span] | None:
    """Return why the app cannot be loaded, and what names it or breaks it."""
    failure, server = process.failure, process.server
    if failure is not None and failure.kind in ("missing-app", "app-error"):
        return failure.message, failure.span
    if failure is None and process.app is not None and process.app.found is False and server and server.target:
        return process.app.why or "it is not there", server.target.span
    return None
