"""`loopback-bind`: the web process listens where only its own container can connect."""

from collections.abc import Iterator

from adaptable_preflight.finding import Edit, Finding, Fix, Severity
from adaptable_preflight.listening import Socket, is_reached, remedy, sockets, span_of
from adaptable_preflight.model import Deployment
from adaptable_preflight.notation import added
from adaptable_preflight.value import show

ID = "loopback-bind"
CLAUSE = "listen"
SEVERITY = Severity.ERROR
SUMMARY = "The web process listens on the loopback address, where the platform cannot connect."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each loopback socket of a process that has no other."""
    for process in deployment.web_processes:
        if is_reached(process, deployment):
            continue
        for socket in sockets(process, deployment):
            yield _finding(socket, deployment)


def _finding(socket: Socket, deployment: Deployment) -> Finding:
    bind, platform = socket.bind, deployment.platform
    counts = socket.host
    host, wanted = show(counts), platform.listen.host
    by_default = bind.implied or span_of(bind.host) is None
    span = span_of(counts) or span_of(bind.host) or socket.server.span
    unless = f" unless {' or '.join(socket.hangs_on)} is set there" if socket.hangs_on else ""
    by = "by default " if by_default else ""
    form = remedy(socket.server, deployment)
    advice = f"Write «{wanted}» instead of «{host}»."
    if by_default:
        advice = added(socket.process, socket.server, span, form) if form else f"Tell it to listen on {wanted}."
    exact = not by_default and span.line == span.end_line and span.end_column - span.column in (len(host), 9)
    return Finding(
        ID,
        Severity.WARNING if unless else SEVERITY,
        span,
        f"{socket.server.name} listens {by}on {host}{unless}, which only its own container can reach: "
        f"{platform.title} connects from outside and finds nothing.",
        advice,
        fix=Fix((Edit(span, wanted),)) if exact and host in ("127.0.0.1", "localhost") else None,
        process=socket.process,
    )
