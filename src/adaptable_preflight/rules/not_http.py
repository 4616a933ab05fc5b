"""`not-http`: what listens speaks another protocol than HTTP."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.listening import sockets
from adaptable_preflight.model import Deployment

ID = "not-http"
CLAUSE = "listen"
SEVERITY = Severity.ERROR
SUMMARY = "The server speaks a protocol that is meant for a web server in front of it, and not HTTP."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process of which no socket speaks HTTP."""
    for process in deployment.web_processes:
        found = list(sockets(process, deployment))
        if not found or any(socket.server.protocol == "http" for socket in found):
            continue
        server, bind = found[0].server, found[0].bind
        yield Finding(
            ID,
            SEVERITY,
            bind.span,
            f"{server.name} speaks {server.protocol} here: {deployment.platform.title} sends HTTP and gets no answer.",
            f"Use the option that speaks HTTP, such as «{server.address_form.split(' ')[0]}».",
            process=process,
        )
