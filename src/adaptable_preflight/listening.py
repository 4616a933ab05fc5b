"""Sockets held against what a platform demands: which host, which port, and what to write instead."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from adaptable_preflight.facts.given import gives
from adaptable_preflight.model import Deployment, Process, Server, Tcp
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

    @property
    def reach(self) -> Reach:
        """Who can connect: only the container itself, everyone, who resolves a name, or nobody knows."""
        return reach(self.bind.host)


def reach(host: Value) -> Reach:
    """Return who can connect to a socket on a host."""
    text = text_of(host)
    if text is None:
        return "open"
    return "loopback" if text.startswith(_LOOPBACK) else "every" if text in _EVERY else "named"


def default_host(host: Value, deployment: Deployment) -> Value:
    """Return the host as it is where nobody sets a variable that neither the platform nor the settings are known to."""
    if isinstance(host, FromEnv) and host.default is not None and not gives(deployment, host.name):
        return default_host(host.default, deployment)
    return host


def sockets(process: Process) -> Iterator[Socket]:
    """Yield the TCP sockets of a process."""
    for server in process.servers:
        for bind in server.binds:
            if isinstance(bind, Tcp):
                yield Socket(process, server, bind)


def is_reached(process: Process, deployment: Deployment) -> bool:
    """Whether something of the process may be reached from outside of the container."""
    hosts = (default_host(socket.bind.host, deployment) for socket in sockets(process))
    return any(reach(host) != "loopback" for host in hosts)


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
