"""`too-many-workers`: more worker processes than the instance's memory can hold."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "too-many-workers"
CLAUSE = "concurrency"
SEVERITY = Severity.WARNING
SUMMARY = "A number of workers that cannot fit the memory of the smallest instance."

SMALLEST_WORKER_MB = 32
"""What a Python process with a small web app takes at least, over what it shares with its siblings."""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process with too many workers, or with as many as the machine has processors."""
    memory, title = deployment.platform.runtime.memory_mb, deployment.platform.title
    if not memory:
        return
    for process in deployment.web_processes:
        server = process.server
        if server is None or server.asked_workers is None:
            continue
        if server.workers is None:
            message = (
                f"The number of workers depends on the machine: the smallest instance of {title} has {memory} MB for "
                "all of them, and may show the processors of the whole host."
            )
            yield Finding(
                ID,
                Severity.NOTICE,
                server.asked_workers,
                message,
                "Write a small number, and use threads.",
                process=process,
            )
        elif server.workers * SMALLEST_WORKER_MB > memory:
            message = (
                f"{server.workers} workers need at least {server.workers * SMALLEST_WORKER_MB} MB of memory; the "
                f"smallest instance of {title} has {memory} MB."
            )
            advice = f"Use at most {max(memory // (2 * SMALLEST_WORKER_MB), 1)} workers, and threads in each."
            yield Finding(ID, SEVERITY, server.asked_workers, message, advice, "medium", process=process)
