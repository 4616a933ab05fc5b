"""`invalid-start-command`: the shell or the server refuses the start command."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, Failure, Process

ID = "invalid-start-command"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The shell or the server refuses the start command: a syntax error, an option or a value."

_KINDS = {
    "shell-syntax": "Mend the command; «sh -n» tells whether a shell can read it.",
    "rejected-option": "Write an option or a value that it knows.",
    "bad-address": "Write the address as HOST:PORT.",
    "missing-program": "Name a program that is installed, without quotation marks around the whole command.",
    "bad-script": "Make the script executable (`git update-index --chmod=+x FILE`), or start it with `sh FILE`.",
}


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process that is refused."""
    for process in deployment.web_processes:
        failure = process.failure
        if failure is None or not _is_meant(failure, process):
            continue
        yield Finding(
            ID,
            SEVERITY,
            failure.span,
            f"The start command fails on {deployment.platform.title}: {failure.message}.",
            failure.advice or _KINDS[failure.kind],
            process=process,
        )


def _is_meant(failure: Failure, process: Process) -> bool:
    """Whether the failure is no other rule's."""
    if failure.kind not in _KINDS:
        return False
    if failure.kind in ("rejected-option", "bad-address"):
        return "$" not in failure.message
    return failure.kind != "bad-script" or failure.span.path == process.origin.span.path
