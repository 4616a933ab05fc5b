"""Where a database lies, as far as URLs, connection strings and parts say so in known text."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from adaptable_preflight.facts.connections import Connection, options_of
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.value import (
    Concat,
    Derived,
    FromEnv,
    Known,
    Value,
    leading,
    split_last,
    text_of,
    without_leading,
)

HERE = frozenset({"localhost", "127.0.0.1", "::1", "[::1]", "0.0.0.0", "host.docker.internal"})  # noqa: S104
"""Names by which a program reaches the machine that it runs on."""


class Address(NamedTuple):
    """What known text tells of a database's place; empty where it does not."""

    host: str = ""
    password: str = ""
    name: str = ""
    """The database's name, where the address tells it and no host."""

    @property
    def here(self) -> bool:
        """Whether the host is the app's own container, or a name that only means something on one machine."""
        return self.host in HERE or (self.host != "" and "." not in self.host and ":" not in self.host)


def address_of(use: Connection) -> Address:
    """Return the place that a connection's URL, connection string and parts name."""
    address = _of_text(use.url, use.dialect) if use.url is not None else Address()
    host, password = use.part("host"), use.part("password")
    return address._replace(
        host=(_host(host.value) if host is not None else "") or address.host,
        password=(text_of(password.value) or "" if password is not None else "") or address.password,
    )


_HOSTLESS = late_pattern(r"(?:postgres|postgresql|mysql|mariadb)(?:\+\w+)?:///([\w.-]+)")


def _host(value: Value) -> str:
    """Return a known host; one that is itself a URL, such as mongoengine's, or the path of a socket is none."""
    text = (text_of(value) or "").lower()
    return "" if "/" in text else text


def _of_text(value: Value, dialect: str) -> Address:
    if dialect == "sqlite":
        return Address()
    hostless = _HOSTLESS.fullmatch(text_of(value) or "")
    if hostless is not None:
        return Address(name=hostless[1])
    if "://" in leading(value):
        return _of_url(value)
    if dialect == "mongodb":  # pymongo takes a bare host too
        return Address((text_of(value) or "").partition(":")[0].lower())
    return _of_fields(text_of(value) or "") if isinstance(value, Known) else Address()


def _of_url(value: Value) -> Address:
    halves = split_last(value, "@")
    after = halves[1] if halves is not None else _after_scheme(value)
    text = leading(after)
    host = f"{text.partition(']')[0]}]" if text.startswith("[") else re.split(r"[:/?,]", text)[0]
    before = text_of(halves[0]) if halves is not None else None
    password = before.partition("://")[2].partition(":")[2] if before is not None else ""
    whole = host != text or not isinstance(after, Concat)  # else the name goes on in what is not known
    return Address(host.lower() if whole else "", password)


def _after_scheme(value: Value) -> Value:
    return without_leading(value, leading(value).index("://") + 3)


_FIELD = late_pattern(r"(?:^|[\s;])\s*(host|server|password|pwd)\s*=\s*('[^']*'|\{[^}]*\}|[^\s;]+)", re.IGNORECASE)


def _of_fields(text: str) -> Address:
    """Read `host=… password=…` (libpq) and `Server=…;PWD=…` (ODBC)."""
    fields = {name.lower(): value.strip("'{}") for name, value in _FIELD.findall(text)}
    host = fields.get("host") or fields.get("server", "").removeprefix("tcp:").partition(",")[0]
    return Address(host.lower(), fields.get("password") or fields.get("pwd", ""))


_HOST_OF_URL = "urllib.parse.urlparse.hostname"


class Told(NamedTuple):
    """The variables that tell a database's host or URL, and the host that stands in where nobody sets them."""

    by: tuple[str, ...]
    default: str | None
    """None: nothing stands in; empty: something that names no host."""


def told(use: Connection) -> Iterator[Told]:
    """Yield what the environment tells of a connection's place."""
    if isinstance(use.url, FromEnv):
        yield _told((use.url, *use.others), lambda value: _of_text(value, use.dialect).host)
    host = use.part("host")
    pieces = [host.value] if host is not None else []
    halves = split_last(use.url, "@") if use.url is not None else None
    if halves is not None:
        pieces.append(halves[1].parts[0] if isinstance(halves[1], Concat) else halves[1])
    for piece in pieces:
        if isinstance(piece, FromEnv):
            yield _told(options_of(piece), _host)
        elif isinstance(piece, Derived) and piece.name == _HOST_OF_URL and isinstance(piece.of[0], FromEnv):
            yield _told(options_of(piece.of[0]), lambda value: _of_url(value).host if "://" in leading(value) else "")


def _told(options: tuple[Value, ...], host_of: Callable[[Value], str]) -> Told:
    rest = [o for o in options if not isinstance(o, FromEnv) and not (isinstance(o, Known) and o.value is None)]
    default = next((host for option in rest if (host := host_of(option))), "") if rest else None
    return Told(tuple(option.name for option in options if isinstance(option, FromEnv)), default)
