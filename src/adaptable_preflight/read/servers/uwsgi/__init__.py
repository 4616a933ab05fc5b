"""uWSGI: options, variables and configuration files; its sockets, routers, processes and app.

Source: uWSGI 2.0.31, https://github.com/unbit/uwsgi.
"""

import re
from collections.abc import Mapping

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Bind, Failure, Launch, Package, Run, Server, Tcp, Unix, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall
from adaptable_preflight.read.servers.address import BROADCAST, collision, ipv4, kernel_host, refusal
from adaptable_preflight.read.servers.outcome import Problem, Trouble, outcome
from adaptable_preflight.read.servers.places import file_exists
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.read.servers.tls import missing
from adaptable_preflight.read.servers.uwsgi.problems import (
    LOGS,
    SOCKETS,
    app_problem,
    ending,
    file_problem,
    no_socket,
    number_problem,
    opaque,
    strict_problem,
)
from adaptable_preflight.read.servers.uwsgi.remarks import remarks
from adaptable_preflight.read.servers.uwsgi.settings import Settings, gather
from adaptable_preflight.read.servers.uwsgi.target import read_target
from adaptable_preflight.source import Span
from adaptable_preflight.value import (
    FromEnv,
    Known,
    Unknown,
    Value,
    leading,
    on_text,
    show,
    split_first,
    split_last,
    text_of,
)

COMMANDS = frozenset({"uwsgi"})
MODULES: frozenset[str] = frozenset()
CALLS: Mapping[str, FromCall] = {}

ROUTERS = ("http", "httprouter", "http-to-https", "fastrouter", "rawrouter")
STATISTICS = ("stats", "stats-server", "stats-serv")
"""Options for a socket that tells numbers as JSON to whoever connects, and serves nothing.

Source: https://uwsgi-docs.readthedocs.io/en/latest/StatsServer.html
"""
SHARED = ("shared-socket", "undeferred-shared-socket")
SECURE = ("https", "https-socket", "ssl-socket", "suwsgi-socket", "sslrouter")
"""Options whose argument is an address, a certificate and a key, with commas between them."""
HTTP = frozenset({"http", "httprouter", "http-socket", "http11-socket", "https", "https-socket"})


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a uwsgi command line."""
    settings = gather(launch, context)
    place = launch.words[0].span
    folder, chdir_problem = _folder(settings, launch, context)
    binds, files = _binds(settings)
    workers, threads = _count(settings, "processes", "workers"), _count(settings, "threads")
    cheaper = _count(settings, "cheaper-initial", "cheaper") if settings.last("cheaper") else None
    server = Server(
        "uwsgi",
        "wsgi",
        place,
        binds,
        aside=tuple(_bind(word) for word in settings.words(*STATISTICS)),
        workers=cheaper or workers,
        threads=threads,
        parallel=None if settings.unread else _parallel(settings, workers, threads),
        tls=tuple(dict.fromkeys(file.span for file in files)),
        target=read_target(settings, launch, folder),
        serves_without_app=settings.is_on("need-app") is None,
        binds_first=True,
        hides_arguments=True,  # https://uwsgi-docs.readthedocs.io/en/latest/Options.html#pyargv
        packages=_packages(settings, place),
        asked_workers=_span(settings.last("processes", "workers")),
        configured_in=next((g.word.span for g in settings.given if g.word.span.path.endswith(".ini")), None),
        log_files=tuple(word for word in settings.words(*LOGS) if word.text),
        trusted_proxies=Known(
            "*", place
        ),  # for the scheme alone: `http_parse` and `uwsgi_parse_vars` in core/protocol.c
        takes_address=False,
        protocol="http" if any(settings.words(name) for name in HTTP) else "uwsgi",
    )
    problems: tuple[Problem | None, ...] = (
        ending(settings),
        chdir_problem,
        opaque(settings),
        no_socket(binds, settings, place),
        file_problem(settings, folder, context),
        unusable_socket(binds, context.checkout, folder),
        refusal(binds),
        None if settings.is_on("reuse-port") else collision(_plain(settings)),
        number_problem(settings),
        strict_problem(settings),
        app_problem(settings, server, place),
        missing(context.checkout, folder, *files),
    )
    troubles = [*settings.troubles, *(Trouble(each) for each in problems if each is not None)]
    return outcome(server, troubles, remarks(settings))


def _binds(settings: Settings) -> tuple[tuple[Bind, ...], list[Word]]:
    """Return every socket, and the certificates and keys that secure ones name."""
    binds: list[Bind] = []
    files: list[Word] = []
    for given in settings.given:
        if leading(given.word.value).startswith("="):
            continue  # a reference to a shared socket
        if given.name in (*SOCKETS, *ROUTERS, *SHARED):
            binds.append(_bind(given.word))
        elif given.name in SECURE:
            address, *rest = _pieces(given.word)
            binds.append(_bind(address))
            files += rest[:2]
    return tuple(dict.fromkeys(binds)), files


def _plain(settings: Settings) -> tuple[Bind, ...]:
    """Return the sockets that the workers share: those of one name are opened once, those of routers elsewhere."""
    words = {show(word.value): word for word in settings.words(*SOCKETS)}
    return tuple(_bind(word) for name, word in words.items() if not name.startswith("="))


def _pieces(word: Word) -> list[Word]:
    pieces: list[Word] = []
    rest = word.value
    while True:
        split = split_first(rest, ",")
        pieces.append(Word(split[0] if split else rest, word.span))
        if split is None:
            return pieces
        rest = split[1]


def _bind(word: Word) -> Bind:
    """Return a socket: HOST:PORT, else the path of a unix socket; the port is what C's `atoi` makes of it."""
    value = on_text(word.value, str.lstrip) if leading(word.value)[:1].isspace() else word.value
    pieces = split_last(value, ":")
    if pieces is None:
        return Unix(value, word.span)
    host, port = pieces
    text = text_of(port)
    bare = text_of(host)
    if bare is not None:
        host = _host(bare)
    if text is None:
        return Tcp(host, port._replace(number=True) if isinstance(port, FromEnv) else port, word.span)
    match = re.match(r"\s*(\d+)", text)
    span = port.span or word.span
    number = Known(int(match[1]) % 65536 if match else text if "$" in text else 0, span)
    return Tcp(host, number, word.span)


def _host(text: str) -> Value:
    """Return a host as C's `inet_addr` reads it: a name that nothing resolves becomes 255.255.255.255."""
    if text.startswith("[") and text.endswith("]"):
        return kernel_host(Known(text[1:-1]))
    host = kernel_host(Known(text))
    known = text_of(host) or ""
    return host if ipv4(known) or "*" in known else Known(BROADCAST)


def _count(settings: Settings, *names: str) -> int | None:
    word = settings.last(*names)
    if word is None:
        return 1
    text = word.text
    match = re.match(r"\s*(\d+)", text or "")
    return int(match[1]) if match else 1 if text == "" else None


def _parallel(settings: Settings, workers: int | None, threads: int | None) -> int | None:
    each = _count(settings, "gevent", "async", "ugreen") if settings.last("gevent", "async") else threads
    return None if workers is None or each is None else max(workers, 1) * max(each, 1)


def _packages(settings: Settings, place: Span) -> tuple[Package, ...]:
    gevent = settings.last("gevent")
    extra = (Package("gevent", gevent.span),) if gevent is not None else ()
    return (Package("uWSGI", place), *extra)


def _span(word: Word | None) -> Span | None:
    return word.span if word is not None else None


def _folder(settings: Settings, launch: Launch, context: Context) -> tuple[str, Problem | None]:
    word = settings.last("chdir")
    if word is None:
        return launch.folder, None
    there = file_exists(context.checkout, launch.folder, word.value)
    inside = join(launch.folder, word.text or "")
    if there is False:
        return launch.folder, Failure("missing-file", f"there is no folder «{show(word.value)}»", word.span)
    if there is None or inside is None:
        return launch.folder, Unknown(f"it cannot be told whether «{show(word.value)}» exists", word.span)
    return inside, None
