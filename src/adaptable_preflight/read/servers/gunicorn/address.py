"""gunicorn's binds: `HOST[:PORT]`, `unix:PATH`, `fd://N`.

Source: `gunicorn.util.parse_address` and `gunicorn.sock.create_sockets`.
"""

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Bind, Descriptor, Failure, Tcp, Unix, UnknownBind, Word
from adaptable_preflight.read.servers.address import by_variable, collision, kernel_host, port_of, refusal
from adaptable_preflight.read.servers.outcome import Problem
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.value import (
    FromEnv,
    Known,
    Unknown,
    Value,
    leading,
    on_text,
    show,
    split_first,
    text_of,
    unknown_part,
    without_leading,
)

DEFAULT_PORT = "8000"


def read_bind(word: Word, *, implied: bool) -> tuple[Bind | None, Failure | None]:
    """Return the socket that a bind stands for, as far as it can be read, and why gunicorn cannot read it."""
    value, start = word.value, leading(word.value)
    told = by_variable(word, lambda default: read_bind(default, implied=implied)[0])
    if told is not None and told.variable != "PORT":
        return told, None
    if start.startswith("unix:"):
        length = len("unix://") if start.startswith("unix://") else len("unix:")
        return Unix(without_leading(value, length), word.span), None
    if start.startswith("fd://"):
        number = (word.text or "")[len("fd://") :]
        if number.isdigit():
            return Descriptor(int(number), word.span), None
        return None, _bad(f"«{show(value)}» names no file descriptor", word)
    if start.startswith("tcp://"):
        value = without_leading(value, len("tcp://"))
    return _tcp(value, word, implied=implied)


def _tcp(value: Value, word: Word, *, implied: bool) -> tuple[Bind, Failure | None]:
    host, port = _host_and_port(value)
    if isinstance(host, Unknown):
        return UnknownBind(host.why, word.span), None
    number = port_of(port)
    problem = None if number is not None else _bad(f"«{show(port)}» is not a valid port number", word)
    return Tcp(kernel_host(on_text(host, str.lower)), number or port, word.span, implied), problem


def _host_and_port(value: Value) -> tuple[Value, Value]:
    text = text_of(value)
    if text == "":
        return Known("0.0.0.0"), Known(DEFAULT_PORT)  # noqa: S104
    if leading(value).startswith("[") and split_first(value, "]") is not None:
        host, rest = split_first(without_leading(value, 1), "]") or (value, Known(""))
        return host, without_leading(rest, 1) if leading(rest).startswith(":") else Known(DEFAULT_PORT)
    pieces = split_first(value, ":")
    if pieces is not None:
        host, rest = pieces
        further = split_first(rest, ":")
        return host, further[0] if further else rest
    if text is None and not (isinstance(value, FromEnv) and value.name == "PORT"):
        why = unknown_part(value) or Unknown(f"the value of «{show(value)}» is not known")
        return why, Known(DEFAULT_PORT)
    return value, Known(DEFAULT_PORT)


def _bad(message: str, word: Word) -> Failure:
    return Failure("bad-address", f"gunicorn cannot bind: {message}", word.span)


def unusable(binds: tuple[Bind, ...], checkout: Checkout, folder: str, *, shared: bool) -> Problem | None:
    """Tell why one of the sockets cannot be opened. `shared`: several may have one port."""
    for bind in binds:
        if isinstance(bind, Tcp) and isinstance(bind.host, FromEnv) and bind.host.name == "PORT":
            message = f"«{show(bind.host)}» stands where the host belongs: no machine has that address"
            return Failure("bad-address", message, bind.span)
    return unusable_socket(binds, checkout, folder) or refusal(binds) or (None if shared else collision(binds))
