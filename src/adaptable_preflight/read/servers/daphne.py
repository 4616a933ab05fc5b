"""daphne: the command, and Twisted's endpoint descriptions that `-e` takes.

Source: `daphne.cli`, `daphne.endpoints` of daphne 4.2.3 and `twisted.internet.endpoints`.
"""

import re
from collections.abc import Mapping

from adaptable_preflight.model import (
    Bind,
    Descriptor,
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
from adaptable_preflight.read.servers.address import collision, kernel_host, port_of, refusal
from adaptable_preflight.read.servers.grammar import Parsed, table
from adaptable_preflight.read.servers.grammar.argparse import Grammar, parse
from adaptable_preflight.read.servers.outcome import Trouble, outcome
from adaptable_preflight.read.servers.places import can_hold
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.read.servers.tls import missing
from adaptable_preflight.value import Known, Unknown, Value, on_text, show, split_first, text_of

COMMANDS = frozenset({"daphne"})
MODULES = frozenset({"daphne", "daphne.__main__"})
CALLS: Mapping[str, FromCall] = {}
VERSION = "4.2.3"
MANY = 1000
"""Requests that the event loop takes at one time; daphne sets no limit."""

OPTIONS = table(
    """
help -h --help ends
port -p --port int
host -b --bind
websocket_timeout --websocket_timeout int
websocket_connect_timeout --websocket_connect_timeout int
unix_socket -u --unix-socket
file_descriptor --fd int
socket_strings -e --endpoint
verbosity -v --verbosity int
http_timeout -t --http-timeout int
access_log --access-log
log_fmt --log-fmt
ping_interval --ping-interval int
ping_timeout --ping-timeout int
websocket_max_message_size --websocket-max-message-size int
websocket_max_frame_size --websocket-max-frame-size int
application_close_timeout --application-close-timeout int
root_path --root-path
proxy_headers --proxy-headers flag
proxy_headers_host --proxy-headers-host
proxy_headers_port --proxy-headers-port
server_name -s --server-name
no_server_name --no-server-name flag
"""
)
GRAMMAR = Grammar("daphne", OPTIONS, ("1",))


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a daphne command line."""
    parsed = parse(launch.words, GRAMMAR)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    word = launch.words[0]
    endpoints = [_endpoint(one) for one in parsed.words("socket_strings")]
    binds = (*_options_binds(parsed, word), *(bind for bind, _ in endpoints))
    certificates = [file for _, files in endpoints for file in files]
    for problem in (
        _option_problem(parsed, launch, context),
        *(_description_problem(one) for one in parsed.words("socket_strings")),
        *(_endpoint_problem(bind) for bind, _ in endpoints),
        unusable_socket(binds, context.checkout, launch.folder),
        refusal(binds),
        collision(binds),
        missing(context.checkout, launch.folder, *certificates),
    ):
        troubles += [Trouble(problem)] if problem is not None else []
    server = Server(
        "daphne",
        "asgi",
        word.span,
        binds,
        parallel=MANY,
        tls=tuple(file.span for file in certificates),
        packages=(Package("daphne", word.span),),
    )
    if parsed.positionals:
        target = _target(parsed.positionals[0], launch)
        if isinstance(target, Target):
            server = server._replace(target=target)
        else:
            troubles.append(target)
    return outcome(server, troubles)


def _options_binds(parsed: Parsed, word: Word) -> tuple[Bind, ...]:
    """Return the sockets of `-b`, `-p`, `-u` and `--fd`; daphne's own default where nothing is given."""
    host, port, path, number = (parsed.value(name) for name in ("host", "port", "unix_socket", "file_descriptor"))
    host = None if host is not None and host.text == "" else host
    binds: list[Bind] = []
    alone = not (path or number or parsed.has("socket_strings"))
    if host is not None or port is not None or alone:
        address = kernel_host(on_text(host.value, _bare)) if host is not None else Known("127.0.0.1")
        place = host or port or word
        number_of_port = (port_of(port.value) or port.value) if port is not None else Known(8000)
        binds.append(Tcp(address, number_of_port, place.span, implied=host is None))
    if path is not None and path.text != "":
        binds.append(Unix(path.value, path.span))
    if number is not None:
        descriptor = port_of(number.value)
        known = isinstance(descriptor, Known) and isinstance(descriptor.value, int)
        binds.append(
            Descriptor(int(number.text or "0"), number.span)
            if known
            else UnknownBind("the descriptor is not known", number.span)
        )
    return tuple(binds)


def _bare(host: str) -> str:
    return host.strip("[]")


def _endpoint(word: Word) -> tuple[Bind, tuple[Word, ...]]:
    """Return the socket of an endpoint description, and the files that it names."""
    kind, positional, named = _description(word.value)
    if kind in ("tcp", "tcp6", "ssl"):
        port = named.get("port") or (positional[0] if positional else Known(""))
        host = named.get("interface") or Known("::" if kind == "tcp6" else "")
        number = port_of(port)
        bind = Tcp(kernel_host(host), number if number is not None else port, word.span)
        if kind != "ssl":
            return bind, ()
        key = named.get("privateKey", Known("server.pem"))
        return bind, (Word(named.get("certKey", key), word.span), Word(key, word.span))
    if kind == "unix":
        return Unix(named.get("address") or (positional[0] if positional else Known("")), word.span), ()
    return UnknownBind(f"«{show(word.value)}» is an endpoint of another kind", word.span), ()


def _description(value: Value) -> tuple[str, list[Value], dict[str, Value]]:
    """Take `KIND:VALUE:name=value` apart; a backslash takes its meaning from a colon."""
    positional: list[Value] = []
    named: dict[str, Value] = {}
    rest = on_text(value, lambda text: text.replace("\\:", "\0"))
    while True:
        pieces = split_first(rest, ":")
        part = on_text(pieces[0] if pieces else rest, lambda text: text.replace("\0", ":"))
        pair = split_first(part, "=")
        name = text_of(pair[0]) if pair else None
        if pair is not None and name is not None and re.fullmatch(r"\w+", name):
            named[name] = pair[1]
        else:
            positional.append(part)
        if pieces is None:
            return text_of(positional[0]) or "" if positional else "", positional[1:], named
        rest = pieces[1]


def _description_problem(word: Word) -> Failure | None:
    """Tell why Twisted does not understand an endpoint description."""
    kind, positional, named = _description(word.value)
    if kind.isdigit():
        return Failure("bad-address", f"«{kind}» is no kind of endpoint: «tcp:{kind}» is", word.span)
    if kind in ("tcp", "tcp6") and len(positional) + ("port" in named) > 1 and "interface" in named:
        return Failure("bad-address", "a colon in an address needs a backslash before it", word.span)
    return None


def _endpoint_problem(bind: Bind) -> Failure | Unknown | None:
    if isinstance(bind, UnknownBind):
        return Unknown(bind.why, bind.span)
    if isinstance(bind, Tcp) and isinstance(bind.port, Known) and not isinstance(bind.port.value, int):
        return Failure("bad-address", f"«{show(bind.port)}» is not a port", bind.span)
    return None


def _option_problem(parsed: Parsed, launch: Launch, context: Context) -> Failure | None:
    verbosity, log = parsed.value("verbosity"), parsed.value("access_log")
    if verbosity is not None and verbosity.text is not None and verbosity.text not in ("0", "1", "2", "3"):
        return Failure("rejected-option", f"daphne knows no verbosity «{verbosity.text}»", verbosity.span)
    if log is not None and log.text not in ("", "-") and can_hold(context.checkout, launch.folder, log.value) is False:
        return Failure("missing-file", f"the folder of «{show(log.value)}» does not exist", log.span)
    needs = parsed.last("proxy_headers_host") or parsed.last("proxy_headers_port")
    if needs is not None and not parsed.has("proxy_headers"):
        return Failure("rejected-option", f"{needs.flag} needs --proxy-headers beside it", needs.span)
    return None


def _target(word: Word, launch: Launch) -> Target | Trouble:
    text = word.text
    if text is None:
        return Trouble(Unknown(f"the app «{show(word.value)}» is not known", word.span), None)
    module, colon, attribute = text.partition(":")
    if not colon:
        return Trouble(Failure("missing-app", f"daphne wants «module:attribute», not «{text}»", word.span))
    folders = tuple(dict.fromkeys((launch.folder, *folders_of_path(launch.env, launch.folder))))
    return Target(module, attribute, word.span, folders)
