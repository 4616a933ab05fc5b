"""URLs taken apart by the standard library: each part keeps where it comes from."""

from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import Arguments, External, Object, object_of
from adaptable_preflight.source import Span
from adaptable_preflight.value import (
    Concat,
    Derived,
    FromEnv,
    Known,
    Unknown,
    Value,
    concat,
    derive,
    leading,
    split_first,
)

PARTS = ("scheme", "netloc", "path", "query", "fragment", "username", "password", "hostname", "port")
PARSED = "urllib.parse.urlparse"


def parsed(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`urlparse(url)`: its parts are not decoded.

    Source: https://docs.python.org/3/library/urllib.parse.html
    """
    del machine, function
    url = arguments.get(0, "url")
    made = External(PARSED, span, instance=True)
    if isinstance(url, FromEnv | Concat | Derived):
        made.attributes["\0url"] = url
        made.attributes.update({part: derive(f"{PARSED}.{part}", (url,), span) for part in PARTS})
        if "://" in leading(url):
            made.attributes["scheme"] = Known(leading(url).partition("://")[0].lower(), span)
    elif isinstance(url, Known) and isinstance(url.value, str):
        made.attributes["\0url"] = url
        made.attributes.update(_known_parts(url.value, span))
    return made


def _known_parts(url: str, span: Span) -> dict[str, Object]:
    from urllib.parse import urlparse

    try:
        whole = urlparse(url)
        return {part: Known(getattr(whole, part), span) for part in PARTS}
    except ValueError:
        return {}


def replaced(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`parts._replace(scheme="postgresql")`."""
    del machine
    made = External(PARSED, span, instance=True)
    if isinstance(function.receiver, External):
        made.attributes.update(function.receiver.attributes)
    made.attributes.update(arguments.named)
    url, scheme = made.attributes.get("\0url"), arguments.named.get("scheme")
    if isinstance(url, FromEnv | Concat | Derived) and isinstance(scheme, Known):
        halves = split_first(url, "://")
        rest: Value = halves[1] if halves is not None else url
        made.attributes["\0url"] = object_of(concat([scheme, Known("://"), rest], span))
    return made


def joined(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`parts.geturl()`, `urlunparse(parts)`."""
    del machine
    parts = function.receiver if function.name.endswith("geturl") else arguments.get(0)
    url = parts.attributes.get("\0url") if isinstance(parts, External) else None
    return url if url is not None else Unknown("a URL is put together from parts that are not known", span)


HANDLERS = {
    PARSED: parsed,
    "urllib.parse.urlsplit": parsed,
    f"{PARSED}._replace": replaced,
    f"{PARSED}.geturl": joined,
    "urllib.parse.urlunparse": joined,
    "urllib.parse.urlunsplit": joined,
}
