"""waitress: the command `waitress-serve` and `waitress.serve(app, …)`.

Source: `waitress.runner` and `waitress.adjustments.Adjustments` of waitress 3.0.2.
"""

import re
from collections.abc import Mapping

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import (
    Bind,
    Call,
    Environment,
    Failure,
    Launch,
    Package,
    Run,
    Server,
    Target,
    Tcp,
    Unix,
    UnknownBind,
    Word,
)
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.address import BOTH, BOTH_LOOPBACKS, collision, refusal, tcp
from adaptable_preflight.read.servers.call_arguments import arguments, is_none, without_none
from adaptable_preflight.read.servers.grammar import Parsed, table
from adaptable_preflight.read.servers.grammar.getopt import Grammar, parse
from adaptable_preflight.read.servers.modules import module_at
from adaptable_preflight.read.servers.outcome import Trouble, outcome
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.source import Span
from adaptable_preflight.value import (
    FromEnv,
    Items,
    Known,
    Unknown,
    Value,
    concat,
    on_text,
    show,
    split_last,
    text_of,
    unknown_part,
)

COMMANDS = frozenset({"waitress-serve"})
MODULES = frozenset({"waitress", "waitress.__main__", "waitress.runner"})
VERSION = "3.0.2"
THREADS = 4
"""waitress's own number of threads."""

OPTIONS = table(
    """
help --help ends
call --call flag
host --host
port --port int
ipv4 --ipv4 /--no-ipv4 flag
ipv6 --ipv6 /--no-ipv6 flag
listen --listen
threads --threads int
trusted_proxy --trusted-proxy
trusted_proxy_count --trusted-proxy-count int
trusted_proxy_headers --trusted-proxy-headers
log_untrusted_proxy_headers --log-untrusted-proxy-headers /--no-log-untrusted-proxy-headers flag
clear_untrusted_proxy_headers --clear-untrusted-proxy-headers /--no-clear-untrusted-proxy-headers flag
url_scheme --url-scheme
url_prefix --url-prefix
backlog --backlog int
recv_bytes --recv-bytes int
send_bytes --send-bytes int
outbuf_overflow --outbuf-overflow int
outbuf_high_watermark --outbuf-high-watermark int
inbuf_overflow --inbuf-overflow int
connection_limit --connection-limit int
cleanup_interval --cleanup-interval int
channel_timeout --channel-timeout int
log_socket_errors --log-socket-errors /--no-log-socket-errors flag
max_request_header_size --max-request-header-size int
max_request_body_size --max-request-body-size int
expose_tracebacks --expose-tracebacks /--no-expose-tracebacks flag
ident --ident
asyncore_loop_timeout --asyncore-loop-timeout int
asyncore_use_poll --asyncore-use-poll /--no-asyncore-use-poll flag
unix_socket --unix-socket
unix_socket_perms --unix-socket-perms
sockets --sockets
channel_request_lookahead --channel-request-lookahead int
server_name --server-name
"""
)
GRAMMAR = Grammar("waitress-serve", OPTIONS)
ADJUSTMENTS = frozenset(option.name for option in OPTIONS) - {"help", "call"}
NUMBERS = frozenset(option.name for option in OPTIONS if option.kind == "int")
_EXCLUSIVE = (
    ("listen", ("host", "port", "sockets", "unix_socket")),
    ("sockets", ("host", "port", "unix_socket")),
    ("unix_socket", ("host", "port")),
)
"""Adjustments that cannot be set beside others."""
_PROXY_HEADERS = frozenset(
    {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-forwarded-by", "forwarded"}
)
SERVICES = {"http": 80, "https": 443, "http-alt": 8080}
"""Names of ports, as /etc/services has them."""
_NAME = re.compile(r"(?!\d)\w+(?:\.(?!\d)\w+)*")
"""A dotted name as `pkgutil.resolve_name` takes it."""


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a waitress-serve command line."""
    place = launch.words[0].span
    parsed = parse(launch.words, GRAMMAR)
    troubles = [Trouble(parsed.failure)] if parsed.failure else []
    if parsed.has("help") and parsed.failure is None:
        troubles.append(Trouble(Failure("ends", "--help makes waitress-serve print a text and end", place), 0))
    server, found = serve(_options(parsed), place, launch.folder, context)
    if len(parsed.positionals) != 1:
        wrong = parsed.positionals[1].span if parsed.positionals else place
        message = "waitress-serve wants its options first and then exactly one app: «Specify one application only»"
        troubles.append(Trouble(Failure("missing-app", message, wrong)))
    else:
        target = _target(parsed.positionals[0], launch, context.checkout, call=parsed.has("call"))
        if isinstance(target, Target):
            server = server._replace(target=target)
        else:
            troubles.append(target)
    return outcome(server, troubles + found)


def _options(parsed: Parsed) -> dict[str, Word]:
    """Return the adjustments by name; `--listen` adds up, separated by spaces."""
    found: dict[str, Word] = {}
    for given in parsed.given:
        name = given.option.name
        if name not in ADJUSTMENTS:
            continue
        word = given.words[-1] if given.words else Word(Known(given.flag not in given.option.negative), given.span)
        if name == "listen" and name in found:
            word = Word(concat([found[name].value, Known(" "), word.value]), word.span)
        found[name] = word
    return found


def serve(options: Mapping[str, Word], place: Span, folder: str, context: Context) -> tuple[Server, list[Trouble]]:
    """Return the server for adjustments that are given by name."""
    binds, problem = _binds(options, place)
    threads = options.get("threads")
    count: int | None = THREADS if threads is None else _number(threads.value)
    problems = (
        _rejection(options),
        problem,
        unusable_socket(binds, context.checkout, folder),
        refusal(binds),
        collision(binds, separate=True),
    )
    server = Server(
        "waitress",
        "wsgi",
        place,
        binds,
        threads=count,
        parallel=count,
        packages=(Package("waitress", place),),
        trusted_proxies=options["trusted_proxy"].value if "trusted_proxy" in options else None,
    )
    return server, [Trouble(each) for each in problems if each is not None]


def _rejection(options: Mapping[str, Word]) -> Failure | None:
    for name, word in options.items():
        if name not in ADJUSTMENTS:
            return Failure("rejected-option", f"waitress has no adjustment «{name}»", word.span)
        text = text_of(word.value)
        if name in NUMBERS and text is not None and _number(word.value) is None:
            return Failure("rejected-option", f"waitress wants a number for «{name}», not «{text}»", word.span)
    for name, others in _EXCLUSIVE:
        other = next((each for each in others if each in options), None)
        if name in options and other is not None:
            message = f"waitress does not take «{other}» beside «{name}»"
            return Failure("rejected-option", message, options[other].span)
    return _proxy_problem(options)


def _proxy_problem(options: Mapping[str, Word]) -> Failure | None:
    headers = options.get("trusted_proxy_headers")
    for name in ("trusted_proxy_count", "trusted_proxy_headers"):
        if name in options and "trusted_proxy" not in options:
            return Failure("rejected-option", f"waitress wants «trusted_proxy» beside «{name}»", options[name].span)
    names = set((text_of(headers.value) or "").lower().replace(",", " ").split()) if headers is not None else set()
    if headers is not None and names - _PROXY_HEADERS:
        return Failure(
            "rejected-option", f"waitress knows no proxy header «{min(names - _PROXY_HEADERS)}»", headers.span
        )
    if headers is not None and "forwarded" in names and len(names) > 1:
        return Failure("rejected-option", "waitress cannot trust «forwarded» and «x-forwarded-…» both", headers.span)
    return None


def _number(value: Value) -> int | None:
    try:
        return int(value.value) if isinstance(value, Known) and isinstance(value.value, int | str) else None
    except ValueError:
        return None


def _binds(options: Mapping[str, Word], place: Span) -> tuple[tuple[Bind, ...], Failure | None]:
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
        address, port_value = _split(entry)
        sockets, trouble = _sockets(address, _port(port_value), listen.span, allowed, implied=False)
        found, problem = found + sockets, problem or trouble
    if not found and problem is None:
        problem = Failure("bad-address", "waitress is told no address", listen.span)
    return tuple({_address(bind): bind for bind in reversed(found)}.values())[::-1], problem


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


def _target(word: Word, launch: Launch, checkout: Checkout, *, call: bool) -> Target | Trouble:
    """Take a target apart as `pkgutil.resolve_name` does: without a colon the longest importable name is the module."""
    text = word.text
    if text is None:
        return Trouble(Unknown(f"the app «{show(word.value)}» is not known", word.span), None)
    module, colon, attribute = text.partition(":")
    if not _NAME.fullmatch(module) or (attribute and not _NAME.fullmatch(attribute)):
        return Trouble(
            Failure("missing-app", f"waitress does not understand «{text}» as the name of an app", word.span)
        )
    paths = folders_of_path(launch.env, launch.folder)
    folders = tuple(dict.fromkeys((launch.folder, *paths) if launch.by_module else (*paths, launch.folder)))
    if not colon:
        module, attribute = _longest(module, folders, checkout)
    return Target(module, attribute, word.span, folders, call)


def _longest(name: str, folders: tuple[str, ...], checkout: Checkout) -> tuple[str, str]:
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        path = "/".join(parts[:count])
        for folder in folders:
            found = module_at(checkout, folder, path)
            if found is not None and (found.path is not None or checkout.is_folder(f"{folder}/{path}".lstrip("/"))):
                return ".".join(parts[:count]), ".".join(parts[count:])
    return name, ""


def _serve_call(call: Call, env: Environment, context: Context) -> Run:
    """`waitress.serve(app, host=…, port=…)`."""
    del env
    given = {name: word for name, word in arguments(call, "app").items() if not name.startswith("_")}
    app = given.pop("app", None)
    options = {name: _as_text(word) if name in ("host", "port") else word for name, word in given.items()}
    server, troubles = serve(without_none(options), call.span, context.folder, context)
    return outcome(server._replace(in_code=True, app=app.value if app is not None else None), troubles)


def _as_text(word: Word) -> Word:
    """Return an adjustment as `str()` makes it: None is the text «None»."""
    return word._replace(value=Known("None", word.value.span)) if is_none(word) else word


CALLS: Mapping[str, FromCall] = {"waitress.serve": _serve_call, "waitress.server.serve": _serve_call}
