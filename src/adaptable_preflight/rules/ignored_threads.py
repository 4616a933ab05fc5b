"""`ignored-threads`: threads are asked for, and the worker class ignores them."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment

ID = "ignored-threads"
CLAUSE = "concurrency"
SEVERITY = Severity.WARNING
SUMMARY = "A number of threads is given to a worker class that ignores it."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each server of a web process that ignores its threads."""
    for process in deployment.web_processes:
        for server in process.servers:
            if server.ignored_threads is None:
                continue
            chosen = (Related(server.worker_span, "the worker class is chosen here"),) if server.worker_span else ()
            yield Finding(
                ID,
                SEVERITY,
                server.ignored_threads,
                f"The worker class «{server.worker_class}» uses no threads: this number has no effect on "
                f"{deployment.platform.title}.",
                "Take the number out, or take the worker class out that ignores it.",
                related=chosen,
                process=process,
            )
