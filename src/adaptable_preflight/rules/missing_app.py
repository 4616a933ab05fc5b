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
        why, span, advice = found
        name = process.server.name if process.server else "the server"
        yield Finding(
            ID,
            SEVERITY,
            span,
            f"{name} cannot load the app: {why}.",
            advice,
            process=process,
        )
    offered = deployment.offered
    if offered is not None and offered.failure is not None and offered.failure.kind == "app-error":
        failure = offered.failure
        message = f"No server can load the app: {failure.message}."
        yield Finding(ID, SEVERITY, failure.span, message, "Import it once by hand to see the whole error.")


_NAME_IT = "Write the module and the object as MODULE:OBJECT, seen from the folder where the command runs."


def _missing(process: Process) -> tuple[str, Span, str] | None:
    """Return why the app cannot be loaded, what names it or breaks it, and what to do."""
    failure, server = process.failure, process.server
    if failure is not None and failure.kind in ("missing-app", "app-error"):
        return failure.message, failure.span, _NAME_IT
    if failure is not None and failure.kind == "bad-syntax":
        advice = f"Mend the line; «python -m py_compile {failure.span.path}» tells whether Python reads the file."
        return failure.message, failure.span, advice
    if failure is None and process.app is not None and process.app.found is False and server and server.target:
        return process.app.why or "it is not there", server.target.span, _NAME_IT
    return None
