"""`single-threaded`: the server handles one request at a time."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, Process, Server
from adaptable_preflight.notation import added
from adaptable_preflight.source import Span

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
        span = server.asked_workers or server.span
        yield Finding(
            ID,
            SEVERITY,
            span,
            f"{server.name} handles one request at a time here: a slow one holds up all others, the platform's health "
            "checks among them.",
            _advice(process, server, server.asked_workers or server.configured_in or server.span),
            process=process,
        )


def _advice(process: Process, server: Server, span: Span) -> str:
    form = server.parallel_form
    if not form:
        return "Use a server with threads or with an event loop."
    return f"Use «{form}»." if server.in_code else added(process, server, span, form)
