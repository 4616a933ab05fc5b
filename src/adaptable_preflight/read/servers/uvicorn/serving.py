"""The server that uvicorn's options ask for, on a command line or in a call.

Source: `uvicorn.config.Config` and `uvicorn.server.Server` of uvicorn 0.54.0.
"""

from collections.abc import Mapping
from typing import NamedTuple

from adaptable_preflight.checkout import join
from adaptable_preflight.model import (
    Bind,
    Descriptor,
    Environment,
    Failure,
    Package,
    Server,
    Unix,
    UnknownBind,
    Word,
)
from adaptable_preflight.read import dotenv
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers.address import BOTH, BOTH_LOOPBACKS, port_of, refusal, tcp
from adaptable_preflight.read.servers.counts import asked_in, usual
from adaptable_preflight.read.servers.grammar import is_integer
from adaptable_preflight.read.servers.outcome import Problem, Trouble
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.read.servers.tls import given, unusable
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Known, Unknown, show, text_of

MANY = 1000
"""Requests that an event loop takes at one time; uvicorn itself sets no limit."""


class Place(NamedTuple):
    """Where a server is started."""

    span: Span
    """The word or the call that starts it."""
    env: Environment
    folder: str
    context: Context


def serve(options: Mapping[str, Word], place: Place) -> tuple[Server, list[Trouble]]:
    """Return the server for options that are given by name, on a command line or in a call."""
    troubles: list[Trouble] = []
    env = _with_env_file(options, place)
    workers, asked = _workers(options, env, place.span, troubles)
    reload = options["reload"].span if is_on(options.get("reload")) else None
    apart = reload is not None or (workers or 1) > 1
    binds = _binds(options, place.span, apart, troubles)
    problems = (
        refusal(binds),
        unusable_socket(binds, place.context.checkout, place.folder),
        _tls_problem(options, place),
        _implementation_problem(options),
    )
    troubles += [Trouble(problem) for problem in problems if problem is not None]
    interface = text_of(options["interface"].value) if "interface" in options else None
    trusted = options.get("forwarded_allow_ips")
    variable = env.get("FORWARDED_ALLOW_IPS")
    server = Server(
        "uvicorn",
        "wsgi" if interface == "wsgi" else "asgi",
        place.span,
        binds,
        workers=1 if reload is not None else workers,
        threads=1,
        parallel=MANY,
        tls=tuple(options[name].span for name in ("ssl_certfile", "ssl_keyfile") if given(options.get(name))),
        packages=(Package("uvicorn", place.span), *_packages(options)),
        reload=reload,
        asked_workers=asked,
        trusted_proxies=trusted.value if trusted is not None else variable,
        variables=tuple((k, v) for k, v in env.variables.items() if k not in place.env.variables),
    )
    return server, troubles


def _with_env_file(options: Mapping[str, Word], place: Place) -> Environment:
    word = options.get("env_file")
    path = join(place.folder, word.text) if word is not None and word.text else None
    source = place.context.checkout.text(path) if path else None
    return dotenv.loaded(source, place.env, override=False) if source is not None else place.env


def _workers(
    options: Mapping[str, Word], env: Environment, span: Span, troubles: list[Trouble]
) -> tuple[int | None, Span | None]:
    word = options.get("workers")
    variable = env.get("WEB_CONCURRENCY")
    value = word.value if word is not None else variable
    if value is None:
        return 1, None
    text = text_of(usual(value, env))
    if text is None:
        return None, asked_in(word, None)
    if not is_integer(text) and isinstance(value, FromEnv):
        return None, None
    if not is_integer(text):
        message = f"uvicorn cannot make a number of workers of «{text}»"
        troubles.append(Trouble(Failure("rejected-option", message, word.span if word is not None else span)))
        return None, None
    return max(int(text), 1), word.span if word is not None else None


def _binds(options: Mapping[str, Word], span: Span, apart: bool, troubles: list[Trouble]) -> tuple[Bind, ...]:
    """Return the sockets; `apart`: the main process opens them for worker processes."""
    path, number = options.get("uds"), options.get("fd")
    if path is not None:
        return (Unix(path.value, path.span),)
    if number is not None:
        text = number.text or ""
        return (
            (Descriptor(int(text), number.span),)
            if is_integer(text)
            else (UnknownBind("the descriptor is not known", number.span),)
        )
    host, port = options.get("host"), options.get("port")
    port_value = port_of(port.value) if port is not None else Known(8000)
    if port_value is None and port is not None:
        troubles.append(Trouble(Failure("bad-address", f"«{show(port.value)}» is not a port", port.span)))
        port_value = port.value
    if isinstance(port_value, Known) and isinstance(port_value.value, int) and not apart and port_value.value > 65535:
        port_value = Known(port_value.value % 65536, port_value.span)
    decisive = host or port
    return tcp(
        host.value if host is not None else Known("127.0.0.1"),
        port_value or Known(8000),
        decisive.span if decisive is not None else span,
        implied=host is None,
        empty=("0.0.0.0",) if apart else BOTH,  # noqa: S104
        localhost=("127.0.0.1",) if apart else BOTH_LOOPBACKS,
    )


IMPLEMENTATIONS = {
    "loop": ("auto", "none", "asyncio", "uvloop"),
    "http": ("auto", "h11", "httptools", "zttp"),
    "ws": ("auto", "none", "websockets", "websockets-sansio", "wsproto"),
}
"""What uvicorn has of its own; anything else is imported as `module:attribute`."""


def _implementation_problem(options: Mapping[str, Word]) -> Problem | None:
    for name, known in IMPLEMENTATIONS.items():
        word = options.get(name)
        if word is None or word.text is None or word.text in known:
            continue
        module, _, attribute = word.text.partition(":")
        if not module or not attribute:
            return Failure("rejected-option", f"uvicorn has no {name} «{word.text}»", word.span)
        return Unknown(f"what «{word.text}» does is not known", word.span)
    http, http2 = options.get("http"), options.get("http2")
    if is_on(http2) and http2 is not None and (http is None or http.text != "zttp"):
        return Failure("rejected-option", "uvicorn speaks HTTP/2 with the implementation «zttp» alone", http2.span)
    header = options.get("headers")
    if header is not None and header.text is not None and ":" not in header.text:
        return Failure("rejected-option", f"«{header.text}» is no header of the form «name:value»", header.span)
    return None


def _tls_problem(options: Mapping[str, Word], place: Place) -> Problem | None:
    certificate, key = options.get("ssl_certfile"), options.get("ssl_keyfile")
    if key is not None and given(key) and not given(certificate):
        return Failure("rejected-option", "uvicorn needs a certificate beside the key", key.span)
    return unusable(place.context.checkout, place.folder, certificate, key)


def _packages(options: Mapping[str, Word]) -> tuple[Package, ...]:
    wanted = {"httptools": "httptools", "uvloop": "uvloop", "websockets": "websockets", "wsproto": "wsproto"}
    words = [options[name] for name in ("http", "loop", "ws") if name in options]
    return tuple(Package(wanted[word.text], word.span) for word in words if word.text in wanted)


def is_on(word: Word | None) -> bool:
    """Whether a flag is set."""
    return word is not None and isinstance(word.value, Known) and bool(word.value.value)
