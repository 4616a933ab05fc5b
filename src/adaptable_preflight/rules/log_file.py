"""`log-file`: logs go where nobody will ever read them."""

from collections.abc import Iterator

from adaptable_preflight.facts.disk import shown
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.logs import log_files
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.source import Span

ID = "log-file"
CLAUSE = "stateless"
SEVERITY = Severity.WARNING
SUMMARY = "Logs go to a file on the instance's disk."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each log file of the code and of the server."""
    if deployment.platform.runtime.persistent_disk:
        return
    seen: set[Span] = set()
    for log in log_files(deployment.code):
        if log.span not in seen and happens(deployment, log.guards):
            seen.add(log.span)
            severity, confidence = weighed(
                Severity.NOTICE if log.shown_too else SEVERITY, doubts(log.guards, log.phase)
            )
            message = _message(deployment, log.path, log.shown_too)
            yield Finding(ID, severity, log.span, message, ADVICE, confidence)
    for process in deployment.web_processes:
        for server in process.servers:
            for word in server.log_files:
                yield Finding(ID, SEVERITY, word.span, _message(deployment, word.text or ""), ADVICE, process=process)


ADVICE = "Log to standard output (logging.StreamHandler, or «-» as the server's log file): the platform collects that."


def _message(deployment: Deployment, path: str, shown_too: bool = False) -> str:
    name = f"«{shown(path)}»" if path else "a file"
    title = deployment.platform.title
    if shown_too:
        return (
            f"The logs go to {name} on the instance's disk as well, which is gone after the next deploy or restart: "
            f"{title} shows only what goes to the standard output."
        )
    return (
        f"The logs go to {name} on the instance's disk: {title} does not show them, and they are "
        "gone after the next deploy or restart."
    )
