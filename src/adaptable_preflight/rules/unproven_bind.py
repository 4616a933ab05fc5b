"""`unproven-bind`: where the web process listens could not be worked out."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.listening import fits, opened, remedy, sockets
from adaptable_preflight.model import Deployment, Process, Tcp, UnknownBind
from adaptable_preflight.source import Span
from adaptable_preflight.value import Unknown, unknown_part, variables

ID = "unproven-bind"
CLAUSE = "listen"
SEVERITY = Severity.NOTICE
SUMMARY = "Where the web process listens could not be worked out."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a notice for each web process of which no socket is certain."""
    for process in deployment.web_processes:
        if process.origin.kind == "found-app" or _is_certain(process, deployment):
            continue
        missing = _missing(process, deployment)
        if missing is None:
            continue
        why, span, of_address = missing
        yield Finding(
            ID,
            SEVERITY,
            span,
            f"Where the app will listen could not be worked out: {why}.",
            _advice(process, deployment) if of_address else _unread(deployment),
            "low",
            process=process,
        )


def _is_certain(process: Process, deployment: Deployment) -> bool:
    """Whether a socket is known: another rule says what is wrong with it, if anything is."""
    if _is_about_the_command(process):
        return False
    found = list(sockets(process, deployment))
    known = [s for s in found if s.reach != "open" and fits(s.bind.port, deployment) is not None]
    return bool(known) and len(known) == len(found) and not any(_unseen(process, deployment))


def _unseen(process: Process, deployment: Deployment) -> Iterator[UnknownBind]:
    """Yield the sockets that are not told, and not by the default of a variable either."""
    for bind in process.binds:
        if isinstance(bind, UnknownBind) and not isinstance(opened(bind, deployment), Tcp):
            yield bind


def _is_about_the_command(process: Process) -> bool:
    """Whether a part of the command is not known that may change where the server listens."""
    unknown, server = process.unknown, process.server
    if unknown is None or unknown.span is None or unknown.span.path != process.origin.span.path:
        return False
    return server is None or server.target is None or server.target.span != unknown.span


def _advice(process: Process, deployment: Deployment) -> str:
    """Return what makes the address certain."""
    form = remedy(process.server, deployment) if process.server is not None else ""
    written = f"Write the address into the start command («{form}»)" if form else "Write the address where it is read"
    return f"{written}, or tell this check the command that is really run (`start-command`)."


def _unread(deployment: Deployment) -> str:
    """Return how to tell this check about a start that it cannot follow."""
    listen = deployment.platform.listen
    wanted = f"{listen.host} at ${listen.port_variable}" if listen.port_variable else f"port {listen.port}"
    return (
        f"This check cannot follow the start any further. If the app does listen on {wanted}, say so in an `allow` "
        "entry for this rule; if another command is run, name it in `start-command`."
    )


def _missing(process: Process, deployment: Deployment) -> tuple[str, Span, bool] | None:
    """Return what is not known, where it stands, and whether it is a part of an address."""
    for bind in _unseen(process, deployment):
        return bind.why, bind.span, True
    for socket in sockets(process, deployment):
        part = unknown_part(socket.host) or unknown_part(socket.bind.port)
        if part is not None:
            return part.why, part.span or socket.bind.span, True
        if socket.reach == "open":
            names = " and ".join(variables(socket.host))
            why = f"the host comes from {names}, and what that holds is not known" if names else "the host is computed"
            return why, socket.host.span or socket.bind.span, True
    unknown: Unknown | None = process.unknown
    return (unknown.why, unknown.span or process.origin.span, False) if unknown is not None else None
