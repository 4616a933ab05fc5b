"""What a connection says of TLS to the database."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.facts.connections import Connection
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Call, Code
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Known, Table, Thing, Value, text_of

_MODE: Final = late_pattern(r"(?:^|[?&\s])(?:sslmode|ssl)=([\w-]+)")
_NAMES: Final = ("sslmode", "ssl")
_WITHOUT: Final = ("pg8000",)
"""Drivers that speak plain text unless they are given an SSL context.
https://github.com/tlocke/pg8000#pg8000dbapiconnectuser-hostlocalhost-databasenone-port5432-passwordnone"""


class Mode(NamedTuple):
    """A mode of libpq (https://www.postgresql.org/docs/current/libpq-ssl.html), and where it is chosen."""

    name: str
    span: Span


def modes(use: Connection) -> Iterator[Mode]:
    """Yield the modes that a connection chooses: in its URL, by an argument, or in its options."""
    for piece in use.url.parts if isinstance(use.url, Concat) else (use.url,):
        for match in _MODE.finditer(text_of(piece) or ""):
            yield Mode(match[1], use.span)
    for part in use.parts:
        if part.name == "tls":
            yield from _of_value(part.value, part.span)
        elif part.name == "options" and isinstance(part.value, Table):
            for key, value in part.value.entries:
                if text_of(key) in _NAMES:
                    yield from _of_value(value, getattr(value, "span", None) or part.span)
    if _speaks_plain(use):
        yield Mode("disable", use.span)


def overwritten(code: Code) -> Iterator[Call]:
    """Yield the assignments that replace the platform's mode for every connection of libpq."""
    for call in code.calls:
        if call.name == "os.environ[PGSSLMODE]=" and call.phase in ("import", "request"):
            yield call


def _of_value(value: Value, span: Span) -> Iterator[Mode]:
    mode = text_of(value)
    if mode is not None:
        yield Mode(mode, span)
    elif isinstance(value, Known) and value.value is False:
        yield Mode("disable", span)
    elif isinstance(value, Thing) and any(_gives_up(*attribute) for attribute in value.attributes):
        yield Mode("require", span)


def _gives_up(name: str, value: Value) -> bool:
    return name == "verify_mode" and isinstance(value, Thing) and value.name == "ssl.CERT_NONE"


def _speaks_plain(use: Connection) -> bool:
    """Whether the driver speaks no TLS of its own accord and is given nothing for it."""
    plain = use.library in _WITHOUT or use.driver in _WITHOUT
    return plain and use.part("tls") is None and use.part("options") is None
