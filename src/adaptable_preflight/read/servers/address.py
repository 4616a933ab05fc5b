"""Socket addresses as the kernel takes them: what a host's text means, and which binds cannot work.

Sources: `inet_aton(3)`, `socket.bind` of Python, `/etc/hosts` as Debian and Docker write it.
"""

from collections.abc import Callable

from adaptable_preflight.model import Bind, Failure, Tcp, UnknownBind, Word
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Known, Value, concat, show, text_of

LOOPBACK_NAMES = {
    "localhost": ("127.0.0.1", "::1"),
    "ip6-localhost": ("127.0.0.1", "::1"),
    "ip6-loopback": ("127.0.0.1", "::1"),
    "localhost.localdomain": ("127.0.0.1",),
}
"""What the names of the loopback interface stand for: IPv4 first."""


def ipv4(text: str) -> str | None:
    """Return the dotted form of an IPv4 address in any spelling that `inet_aton` takes; None for anything else."""
    pieces = text.split(".")
    if len(pieces) > 4:
        return None
    numbers = [_number(piece) for piece in pieces]
    known = [number for number in numbers if number is not None]
    if len(known) != len(pieces) or any(number > 255 for number in known[:-1]):
        return None
    room = 4 - (len(known) - 1)
    if known[-1] >= 256**room:
        return None
    octets = bytes(known[:-1]) + known[-1].to_bytes(room, "big")
    return ".".join(map(str, octets))


def _number(text: str) -> int | None:
    """Return a number as C's `strtoul` with base 0 reads it."""
    if not text.isascii() or not text.isalnum():
        return None
    base = 16 if text[:2].lower() == "0x" else 8 if text[0] == "0" else 10
    try:
        return int(text, base)
    except ValueError:
        return None


def ipv6(text: str) -> str | None:
    """Return the short form of an IPv6 address; None for anything else."""
    if ":" not in text:
        return None
    from ipaddress import AddressValueError, IPv6Address

    try:
        return str(IPv6Address(text))
    except AddressValueError:
        return None


def kernel_host(value: Value, empty: str = "0.0.0.0", version: int = 4) -> Value:  # noqa: S104
    """Return a host as the kernel would show it.

    `empty` stands in for an empty host; `version` says which address of `localhost` counts.
    """
    text = text_of(value)
    if text is None:
        return value
    host = text.lower()
    names = LOOPBACK_NAMES.get(host, ())
    address = next((a for a in names if (":" in a) == (version == 6)), None)
    return Known(address or (empty if host == "" else ipv4(host) or ipv6(host) or host), value.span)


def tcp(
    host: Value,
    port: Value,
    span: Span,
    *,
    implied: bool = False,
    empty: tuple[str, ...] = ("0.0.0.0",),  # noqa: S104
    localhost: tuple[str, ...] = ("127.0.0.1",),
) -> tuple[Tcp, ...]:
    """Return the sockets that a server opens for one host.

    `empty` and `localhost`: what the server makes of an empty host and of the name of the loopback interface.
    """
    text = (text_of(host) or "").lower()
    if text in LOOPBACK_NAMES:
        hosts = localhost if len(LOOPBACK_NAMES[text]) > 1 else LOOPBACK_NAMES[text]
    elif isinstance(host, Known) and not host.value:
        hosts = empty
    else:
        return (Tcp(kernel_host(host), port, span, implied),)
    return tuple(Tcp(Known(address, host.span), port, span, implied) for address in hosts)


BOTH = ("0.0.0.0", "::")  # noqa: S104
"""Every interface, by two sockets, as `asyncio` and `tornado` open them for an empty host."""
BOTH_LOOPBACKS = ("127.0.0.1", "::1")


def is_any(host: str) -> bool:
    """Whether a host in the kernel's form stands for every interface."""
    return host in ("0.0.0.0", "::")  # noqa: S104


def by_variable(word: Word, read: Callable[[Word], Bind | None]) -> UnknownBind | None:
    """Return the socket of a variable that holds a whole address, with what its default stands for.

    `read`: what the server makes of one address. None where the word is no such variable.
    """
    value = word.value
    if not isinstance(value, FromEnv) or value.default is None:
        return None
    default = value.default if value.default.span is not None else value.default._replace(span=value.span)
    why = f"the value of «{show(value)}» is not known"
    return UnknownBind(why, word.span, value.name, read(Word(default, default.span or word.span)))


BROADCAST = "255.255.255.255"
"""What C's `inet_addr` makes of a name; Linux lets a socket be bound to it."""


def is_local(host: str) -> bool:
    """Whether a host in the kernel's form is one that every machine has."""
    return is_any(host) or host in ("::1", BROADCAST) or host.startswith("127.")


def port_of(value: Value) -> Value | None:
    """Return a port as a number by the rules of Python's `int()`; None where the text is none."""
    text = text_of(value)
    if text is None:
        return value._replace(number=True) if isinstance(value, FromEnv) else value
    try:
        return Known(int(text), value.span)
    except ValueError:
        return None


def refusal(binds: tuple[Bind, ...]) -> Failure | None:
    """Tell why the kernel refuses one of the addresses; None where it takes them or nobody can tell."""
    for bind in binds:
        if not isinstance(bind, Tcp):
            continue
        host, port = text_of(bind.host), text_of(bind.port)
        if isinstance(bind.port, Known) and isinstance(bind.port.value, int) and not 0 <= bind.port.value <= 65535:
            return Failure("bad-address", f"port {port} is not between 0 and 65535", bind.span)
        if host is not None and not is_local(host):
            message = f"«{host}» is not an address of the machine that the server runs on"
            return Failure("bad-address", message, bind.span)
    return None


def collision(binds: tuple[Bind, ...], *, separate: bool = False) -> Failure | None:
    """Tell which address is taken by an earlier one of the same server, all of them opened one after the other.

    `separate`: sockets for IPv6 take nothing but IPv6.
    """
    opened: list[Tcp] = []
    for bind in binds:
        if not isinstance(bind, Tcp):
            continue
        first = next((other for other in opened if _overlap(other, bind, separate)), None)
        if first is not None:
            shown = show(concat([bind.host, Known(":"), bind.port]))
            return Failure(
                "bad-address", f"«{shown}» is in use already: another bind of the same server has it", bind.span
            )
        opened.append(bind)
    return None


def _overlap(one: Tcp, other: Tcp, separate: bool) -> bool:
    if (one.port, 0) == (Known(0), 0) or _bare(one.port) != _bare(other.port):
        return False
    hosts = text_of(one.host), text_of(other.host)
    if None in hosts:
        return False
    if hosts[0] == hosts[1] or ("::" in hosts and not separate):
        return True
    same_family = (":" in str(hosts[0])) == (":" in str(hosts[1]))
    return same_family and ("0.0.0.0" in hosts or "::" in hosts)  # noqa: S104


def _bare(value: Value) -> object:
    return (value.name, value.default) if isinstance(value, FromEnv) else text_of(value) or id(value)
