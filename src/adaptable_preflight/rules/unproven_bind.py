"""`unproven-bind`: where the web process listens could not be worked out."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.listening import fits, sockets
from adaptable_preflight.model import Deployment, Process, UnknownBind
from adaptable_preflight.source import Span
from adaptable_preflight.value import Unknown, unknown_part

ID = "unproven-bind"
CLAUSE = "listen"
SEVERITY = Severity.NOTICE
SUMMARY = "Where the web process listens could not be worked out."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a notice for each web process of which no socket is certain."""
    for process in deployment.web_processes:
        if process.origin.kind == "found-app" or _is_certain(process, deployment):
            continue
        missing = _missing(process)
        if missing is None:
            continue
        why, span = missing
        yield Finding(
            ID,
            SEVERITY,
            span,
            f"Where the app will listen could not be worked out: {why}.",
            "Write the address into the start command, or tell this check the command that is really run "
            "(`start-command`).",
            "low",
            process=process,
        )


def _is_certain(process: Process, deployment: Deployment) -> bool:
    """Whether a socket is known: another rule says what is wrong with it, if anything is."""
    if _is_about_the_command(process):
        return False
    found = list(sockets(process))
    known = [s for s in found if s.reach != "open" and fits(s.bind.port, deployment) is not None]
    return bool(known) and len(known) == len(found) and not any(isinstance(bind, UnknownBind) for bind in process.binds)


def _is_about_the_command(process: Process) -> bool:
    """Whether a part of the command is not known that may change where the server listens."""
    unknown, server = process.unknown, process.server
    if unknown is None or unknown.span is None or unknown.span.path != process.origin.span.path:
        return False
    return server is None or server.target is None or server.target.span != unknown.span


def _missing(process: Process) -> tuple[str, Span] | None:
    """Return what is not known and where it stands."""
    for bind in process.binds:
        if isinstance(bind, UnknownBind):
            return bind.why, bind.span
    for socket in sockets(process):
        part = unknown_part(socket.bind.host) or unknown_part(socket.bind.port)
        if part is not None:
            return part.why, part.span or socket.bind.span
    unknown: Unknown | None = process.unknown
    return (unknown.why, unknown.span or process.origin.span) if unknown is not None else None
