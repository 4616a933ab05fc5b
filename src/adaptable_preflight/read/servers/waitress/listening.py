"""The sockets that waitress opens.

Source: `waitress.adjustments.Adjustments` of waitress 3.0.2.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Bind, Failure, Tcp, Unix, UnknownBind, Word
from adaptable_preflight.read.servers.address import BOTH, BOTH_LOOPBACKS, by_variable, tcp
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Items, Known, Value, on_text, show, split_last, text_of, unknown_part

SERVICES = {"http": 80, "https": 443, "http-alt": 8080}
"""Names of ports, as /etc/services has them."""


def read_binds(options: Mapping[str, Word], place: Span) -> tuple[tuple[Bind, ...], Failure | None]:
    """Return the sockets that the adjustments ask for, or why there are none."""
    path, listen = options.get("unix_socket"), options.get("listen")
    if path is not None:
        return (Unix(path.value, path.span),), None
    if "sockets" in options:
        return (UnknownBind("the code makes the sockets itself", options["sockets"].span),), None
    allowed = _families(options)
    if listen is None:
        host, port = options.get("host"), options.get("port")
        decisive = host or port
        span = decisive.span if decisive is not None else place
        address = host.value if host is not None else Known("0.0.0.0")  # noqa: S104
        number = _port(port.value if port is not None else Known(8080))
        return _sockets(address, number, span, allowed, implied=host is None)
    found: tuple[Bind, ...] = ()
    problem: Failure | None = None
    for entry in _entries(listen):
        sockets, trouble = _entry(entry, listen.span, allowed)
        found, problem = found + sockets, problem or trouble
    if not found and problem is None:
        problem = Failure("bad-address", "waitress is told no address", listen.span)
    return tuple({_address(bind): bind for bind in reversed(found)}.values())[::-1], problem


def _entry(entry: Value, span: Span, allowed: tuple[bool, bool]) -> tuple[tuple[Bind, ...], Failure | None]:
    """Return the sockets of one entry of `listen`, or why there are none."""
    told = by_variable(Word(entry, span), lambda word: next(iter(_entry(word.value, word.span, allowed)[0]), None))
    if told is not None:
        return (told,), None
    address, port = _split(entry)
    return _sockets(address, _port(port), span, allowed, implied=False)


def _address(bind: Bind) -> tuple[Value, Value] | Bind:
    """Return what makes a socket the same as another."""
    return (bind.host._replace(span=None), bind.port._replace(span=None)) if isinstance(bind, Tcp) else bind


def _families(options: Mapping[str, Word]) -> tuple[bool, bool]:
    def on(name: str) -> bool:
        value = options[name].value if name in options else Known(True)
        return not isinstance(value, Known) or str(value.value).lower() in ("true", "1", "yes", "on", "t", "y")

    allowed = on("ipv4"), on("ipv6")
    return allowed if any(allowed) else (True, True)


def _entries(listen: Word) -> list[Value]:
    """Split `listen` at white space, as far as it is known; a list keeps its entries."""
    if isinstance(listen.value, Items):
        return [entry for each in listen.value.items for entry in _entries(Word(each, listen.span))]
    text = listen.text
    if text is not None:
        return [Known(part, listen.span) for part in text.split()]
    pieces: list[Value] = []
    rest = on_text(listen.value, lambda part: part.strip() if part.isspace() else part)
    while True:
        split = split_last(rest, " ")
        pieces.insert(0, split[1] if split else rest)
        if split is None:
            return [piece for piece in pieces if text_of(piece) != ""]
        rest = split[0]


def _split(entry: Value) -> tuple[Value, Value]:
    pieces = split_last(entry, ":")
    port = text_of(pieces[1]) if pieces is not None else None
    if pieces is None or (port is not None and "]" in port):
        return entry, Known(8080)
    return pieces


def _port(value: Value) -> Value:
    """Return a port as a number, modulo 65536 as `getaddrinfo` takes it; the value itself where it is none."""
    text = text_of(value)
    if text is None:
        return value._replace(number=True) if isinstance(value, FromEnv) else value
    if text == "":
        return Known(0, value.span)
    if text in SERVICES:
        return Known(SERVICES[text], value.span)
    return Known(int(text) % 65536, value.span) if text.strip().isdecimal() else value


def _sockets(
    host: Value, port: Value, span: Span, allowed: tuple[bool, bool], *, implied: bool
) -> tuple[tuple[Bind, ...], Failure | None]:
    unknown = unknown_part(host)
    if unknown is not None:
        return (UnknownBind(unknown.why, span),), None
    bare = on_text(host, lambda text: text.strip("[").rstrip("]") if "[" in text and "]" in text else text)
    if text_of(bare) == "":
        return (), Failure("bad-address", "waitress does not take an empty host", span)
    if isinstance(port, Known) and not isinstance(port.value, int):
        return (Tcp(bare, port, span, implied),), Failure("bad-address", f"«{port.value}» is not a port", span)
    everywhere = Known("") if text_of(bare) == "*" else bare
    found = tcp(everywhere, port, span, implied=implied, empty=BOTH, localhost=BOTH_LOOPBACKS)
    kept = tuple(bind for bind in found if allowed[":" in show(bind.host)])
    return kept, None if kept else Failure("bad-address", "the host belongs to a family that is switched off", span)
