"""Sockets held against what a platform demands: which host, which port, and what to write instead."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from adaptable_preflight.facts.given import gives
from adaptable_preflight.finding import Severity
from adaptable_preflight.model import Bind, Deployment, Process, Server, Tcp, UnknownBind
from adaptable_preflight.source import Span
from adaptable_preflight.value import Either, FromEnv, Value, text_of, variables

_LOOPBACK = ("127.", "::1", "localhost")
_EVERY = frozenset({"0.0.0.0", "::", "*", ""})  # noqa: S104

Reach = Literal["loopback", "every", "named", "open"]


class Socket(NamedTuple):
    """A TCP socket of a web process."""

    process: Process
    server: Server
    bind: Tcp
    host: Value
    """The host as it is where nobody sets a variable that neither the platform nor the settings are known to set."""
    unless: str = ""
    """The variable that would give it another address as a whole, if somebody set it."""

    @property
    def reach(self) -> Reach:
        """Who can connect: only the container itself, everyone, who resolves a name, or nobody knows."""
        return reach(self.host)

    @property
    def hangs_on(self) -> tuple[str, ...]:
        """The variables that would change who can connect if somebody set them."""
        by_host = isinstance(self.bind.host, FromEnv) and self.host is not self.bind.host
        return tuple(dict.fromkeys((*filter(None, [self.unless]), *(_names(self.bind.host) if by_host else ()))))

    def severity(self, usual: Severity) -> Severity:
        """Return how much a finding about its address matters: less where a variable may replace that."""
        return usual.lowered() if self.unless else usual


def reach(host: Value) -> Reach:
    """Return who can connect to a socket on a host."""
    text = text_of(host)
    if text is None:
        return "open"
    return "loopback" if text.startswith(_LOOPBACK) else "every" if text in _EVERY else "named"


def _default(host: Value, deployment: Deployment) -> Value:
    """Return the host as it is where nobody sets a variable that neither the platform nor the settings are known to."""
    if isinstance(host, FromEnv) and host.default is not None and not gives(deployment, host.name):
        return _default(host.default, deployment)
    return host


def _names(host: Value) -> tuple[str, ...]:
    return (host.name, *_names(host.default)) if isinstance(host, FromEnv) and host.default is not None else ()


def opened(bind: Bind, deployment: Deployment) -> Bind:
    """Return what is opened where nobody sets a variable that would hold the whole address."""
    if isinstance(bind, UnknownBind) and bind.otherwise is not None and not gives(deployment, bind.variable):
        return opened(bind.otherwise, deployment)
    return bind


def sockets(process: Process, deployment: Deployment) -> Iterator[Socket]:
    """Yield the TCP sockets of a process as the platform gets to see them: none behind another server of its own."""
    if any(remark.kind == "front-server" for remark in process.remarks):
        return
    for server in process.servers:
        for bind in server.binds:
            found = opened(bind, deployment)
            if isinstance(found, Tcp):
                unless = bind.variable if isinstance(bind, UnknownBind) else ""
                yield Socket(process, server, found, _default(found.host, deployment), unless)


def is_reached(process: Process, deployment: Deployment) -> bool:
    """Whether something of the process may be reached from outside of the container."""
    return any(socket.reach != "loopback" for socket in sockets(process, deployment))


def port_names(port: Value) -> tuple[str, ...]:
    """Return the environment variables that a port may come from."""
    if isinstance(port, Either):
        return tuple(name for option in port.options for name in port_names(option))
    return variables(port)


def fits(port: Value, deployment: Deployment) -> bool | None:
    """Whether a port is the one that the platform connects to; None where that cannot be told."""
    listen, text = deployment.platform.listen, text_of(port)
    if isinstance(port, FromEnv) or (text is None and port_names(port)):
        return listen.port_variable in port_names(port) if listen.port_variable else None
    if text is None:
        return None
    if not listen.port_variable:
        return text == str(deployment.settings.port or listen.port)
    told = dict(deployment.settings.environment).get(listen.port_variable)
    return text in (str(deployment.settings.port), told)


def span_of(value: Value) -> Span | None:
    """Return where a value stands; None where it is a default that nobody wrote."""
    return value.span


def remedy(server: Server, deployment: Deployment) -> str:
    """Return what to write so that a server listens where the platform connects; empty where that is not known."""
    listen = deployment.platform.listen
    port = f"${listen.port_variable}" if listen.port_variable else str(deployment.settings.port or listen.port)
    variable = listen.port_variable or "PORT"
    return server.address_form.format(host=listen.host, port=port, variable=variable)
