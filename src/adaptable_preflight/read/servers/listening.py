"""Sockets that Python code asks for by a host and a port, with the differences between servers as data."""

from typing import NamedTuple

from adaptable_preflight.model import Bind, Environment, Failure, Unix, UnknownBind, Word
from adaptable_preflight.read.servers.address import tcp
from adaptable_preflight.read.servers.call_arguments import is_none
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Items, Known, Value, show, text_of


class Rules(NamedTuple):
    """What a server makes of hosts and ports."""

    server: str
    host: str = "127.0.0.1"
    """The default host; the empty one where it listens on every interface."""
    port: int | None = 8000
    """The default port; None: it has to be given."""
    empty: tuple[str, ...] = ("0.0.0.0",)  # noqa: S104
    localhost: tuple[str, ...] = ("127.0.0.1",)
    text_port: bool = False
    """Whether a port may be text."""
    ipv6: bool = True
    """Whether it opens sockets of IPv6 at all."""
    wraps: bool = False
    """Whether a port above 65535 is taken modulo 65536, as `getaddrinfo` does it."""


class Sockets(NamedTuple):
    """The sockets of a server, and why it does not open them."""

    binds: tuple[Bind, ...]
    problem: Failure | None = None


def listen_on(host: Word | None, port: Word | None, place: Span, rules: Rules, env: Environment) -> Sockets:
    """Return the sockets for a host and a port that a call gives, or does not give."""
    number, problem = _port(port, place, rules, env)
    address = host.value if host is not None and not is_none(host) else Known(rules.host)
    if isinstance(address, Known) and not isinstance(address.value, str):
        span = host.span if host is not None else place
        problem = Failure("bad-address", f"{rules.server} wants text for the host, not {address.value!r}", span)
    if host is not None and not rules.ipv6 and ":" in (text_of(address) or ""):
        problem = Failure("bad-address", f"{rules.server} opens sockets of IPv4 alone", host.span)
    decisive = host or port
    binds = tcp(
        address,
        number,
        decisive.span if decisive is not None else place,
        implied=host is None,
        empty=rules.empty,
        localhost=rules.localhost,
    )
    return Sockets(binds, problem)


def _port(port: Word | None, place: Span, rules: Rules, env: Environment) -> tuple[Value, Failure | None]:
    if port is None or is_none(port):
        missing = Failure("bad-address", f"{rules.server} is told no port", place) if rules.port is None else None
        return Known(rules.port or 0), missing
    value = port.value
    text = text_of(value)
    if isinstance(value, Known) and isinstance(value.value, int):
        return Known(_wrapped(value.value, rules), value.span), None
    if is_text(value, env) and not rules.text_port:
        message = f"{rules.server} wants a number for the port, and «{show(value)}» is text: int(…) is missing"
        return value, Failure("text-port", message, port.span)
    if text is not None:
        try:
            return Known(_wrapped(int(text), rules), value.span), None
        except ValueError:
            return value, Failure("bad-address", f"the port «{text}» is not a number", port.span)
    if isinstance(value, Known):
        return value, Failure("bad-address", f"the port {value.value!r} is not a whole number", port.span)
    return value._replace(number=True) if isinstance(value, FromEnv) else value, None


def _wrapped(number: int, rules: Rules) -> int:
    number = int(number)  # True and False are numbers too
    return number % 65536 if rules.wraps and number > 65535 else number


def is_text(value: Value, env: Environment) -> bool:
    """Whether a value is text for certain: an environment variable is, where it is set."""
    if isinstance(value, FromEnv):
        spelled = isinstance(value.default, Known) and isinstance(value.default.value, str)
        return not value.number and (spelled or env.get(value.name) is not None)
    return isinstance(value, Known) and isinstance(value.value, str)


def pair(word: Word | None) -> tuple[Word, Word] | None:
    """Return the host and the port of a pair such as `("0.0.0.0", 80)`."""
    if word is None or not isinstance(word.value, Items) or len(word.value.items) != 2 or not word.value.complete:
        return None
    host, port = word.value.items
    return Word(host, host.span or word.span), Word(port, port.span or word.span)


def path_or_pair(word: Word | None, place: Span, rules: Rules, env: Environment) -> Sockets:
    """Return the sockets of an address: a pair, or text that is a unix socket's path."""
    both = pair(word)
    if both is not None:
        return listen_on(*both, place, rules, env)
    if word is not None and text_of(word.value) is not None and isinstance(word.value, Known):
        return Sockets((Unix(word.value, word.span),))
    return Sockets((UnknownBind("the address is not known", word.span if word is not None else place),))
