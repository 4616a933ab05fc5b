"""`fixed-port`: the web process listens on a port of its own choice."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.listening import Socket, fits, remedy, sockets, span_of
from adaptable_preflight.model import Deployment
from adaptable_preflight.notation import added, from_variable, instead_of_value
from adaptable_preflight.source import Span
from adaptable_preflight.value import text_of

ID = "fixed-port"
CLAUSE = "listen"
SEVERITY = Severity.ERROR
SUMMARY = "The web process listens on a literal port instead of the one that the platform tells."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each process of which no socket fits and one has a literal port."""
    for process in deployment.web_processes:
        found = list(sockets(process, deployment))
        if any(socket.reach != "loopback" and fits(socket.bind.port, deployment) is not False for socket in found):
            continue
        for socket in found:
            if _is_fixed(socket, deployment):
                yield _finding(socket, deployment)


def _is_fixed(socket: Socket, deployment: Deployment) -> bool:
    text = text_of(socket.bind.port)
    if text is None or not text.isdigit() or fits(socket.bind.port, deployment):
        return False
    return socket.reach != "loopback" or not (socket.bind.implied or span_of(socket.bind.port) is None)


def _finding(socket: Socket, deployment: Deployment) -> Finding:
    platform, bind = deployment.platform, socket.bind
    listen, port = platform.listen, text_of(socket.bind.port)
    by_default = bind.implied or span_of(bind.port) is None
    unfinished = not bind.implied and "{host}:{port}" in socket.server.address_form
    span = span_of(bind.port) or (bind.span if unfinished else socket.server.span)
    wanted = f"${listen.port_variable}" if listen.port_variable else str(listen.port)
    by = "by default " if by_default else ""
    form = remedy(socket.server, deployment)
    advice = f"Listen on {_written(socket, span, deployment)} instead of {port}."
    if by_default and form:
        write = instead_of_value if unfinished else added
        advice = write(socket.process, socket.server, span, form)
    if listen.fixed_port_setting and socket.reach == "every" and listen.port_variable:
        advice += (
            f" Or set {listen.port_variable} to {port} on {platform.title}, and `port: {port}` in the settings here."
        )
    usual = port == str(listen.port) and bool(listen.port_variable) and deployment.settings.port is None
    where = f"but {platform.title} connects to {wanted}"
    if usual:
        where = f"where {platform.title} connects only as long as nobody sets another"
    unless = f" unless {socket.unless} is set there" if socket.unless else ""
    return Finding(
        ID,
        Severity.WARNING if usual else socket.severity(SEVERITY),
        span,
        f"{socket.server.name} listens {by}on port {port}{unless}, {where}.",
        advice,
        process=socket.process,
    )


def _written(socket: Socket, span: Span, deployment: Deployment) -> str:
    """Return how the port that the platform tells is written where another one stands."""
    listen = deployment.platform.listen
    if not listen.port_variable:
        return str(listen.port)
    return from_variable(socket.process, socket.server, span, listen.port_variable)
