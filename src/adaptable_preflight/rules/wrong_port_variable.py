"""`wrong-port-variable`: the port comes from a variable that the platform does not set."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.listening import Socket, port_names, sockets, span_of
from adaptable_preflight.model import Deployment
from adaptable_preflight.value import FromEnv, show

ID = "wrong-port-variable"
CLAUSE = "listen"
SEVERITY = Severity.ERROR
SUMMARY = "The port comes from another environment variable than the one that the platform sets."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process whose port comes from variables that nobody sets."""
    platform, settings = deployment.platform, deployment.settings
    told = {*platform.variables, platform.listen.port_variable, *(name for name, _ in settings.environment)}
    if not platform.listen.port_variable:
        return
    for process in deployment.web_processes:
        found = [(socket, port_names(socket.bind.port)) for socket in sockets(process, deployment)]
        if any(not names or told & set(names) for _, names in found):
            continue
        for socket, names in found:
            yield _finding(socket, names[0], deployment)


def _finding(socket: Socket, name: str, deployment: Deployment) -> Finding:
    platform, port = deployment.platform, socket.bind.port
    variable = platform.listen.port_variable
    instead = (
        f"and listens on {show(port.default)}" if isinstance(port, FromEnv) and port.default else "and has no port"
    )
    return Finding(
        ID,
        socket.severity(SEVERITY),
        span_of(port) or socket.bind.span,
        f"The port comes from «{name}», which {platform.title} does not set: {socket.server.name} finds nothing there "
        f"{instead}.",
        f"Read «{variable}» instead of «{name}», or list «{name}» under `environment` in the settings if you set it.",
        process=socket.process,
    )
