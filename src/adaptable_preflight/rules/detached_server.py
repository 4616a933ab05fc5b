"""`detached-server`: the server goes to the background and the container's main process ends."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "detached-server"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The server is sent to the background, so the start command ends and the container stops."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process that ends while its server runs on."""
    for process in deployment.web_processes:
        span = next((remark.span for remark in process.remarks if remark.kind == "detached"), None)
        in_front = any(remark.kind == "front-server" for remark in process.remarks)  # and keeps the container running
        if span is None or not process.servers or in_front:
            continue
        name = process.servers[0].name
        yield Finding(
            ID,
            SEVERITY,
            span,
            f"{name} runs in the background while the start command ends: {deployment.platform.title} takes the app "
            "for stopped and ends the container.",
            "Run the server in the foreground: drop the «&» or the option that detaches it, or end with `wait`.",
            process=process,
        )
