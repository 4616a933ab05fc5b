"""`extra-process`: the Procfile lists processes that the platform does not run."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, Process

ID = "extra-process"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "The Procfile lists processes beside the web process that the platform will not run."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each process of the Procfile that nobody starts."""
    start = deployment.platform.start
    for process in deployment.processes:
        if process.origin.kind != "procfile" or process.name in start.web_processes or process.name == "web":
            continue
        if process.name == "release":
            if not start.release:
                yield _release(process, deployment)
            continue
        yield Finding(
            ID,
            SEVERITY,
            process.origin.span,
            f"{deployment.platform.title} runs the web process alone: «{process.name}» never starts.",
            "Run it as a service of its own, or have its work called by a request, such as one of an external cron.",
            process=process,
        )


def _release(process: Process, deployment: Deployment) -> Finding:
    return Finding(
        ID,
        Severity.NOTICE,
        process.origin.span,
        f"{deployment.platform.title} runs no «release» process: this command never runs.",
        f"Run it in front of the server in the start command: {process.command} && …",
        process=process,
    )
