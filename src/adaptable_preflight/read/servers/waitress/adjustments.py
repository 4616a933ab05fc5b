"""waitress's adjustments: its options and the arguments of `waitress.serve`.

Source: `waitress.adjustments.Adjustments` of waitress 3.0.2.
"""

from collections.abc import Mapping

from adaptable_preflight.model import Failure, Word
from adaptable_preflight.read.servers.grammar import Parsed, table
from adaptable_preflight.read.servers.grammar.getopt import Grammar
from adaptable_preflight.value import Known, Value, concat, text_of

VERSION = "3.0.2"
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


def read_options(parsed: Parsed) -> dict[str, Word]:
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


def rejection(options: Mapping[str, Word]) -> Failure | None:
    """Tell what waitress does not take."""
    for name, word in options.items():
        if name not in ADJUSTMENTS:
            return Failure("rejected-option", f"waitress has no adjustment «{name}»", word.span)
        text = text_of(word.value)
        if name in NUMBERS and text is not None and number_of(word.value) is None:
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


def number_of(value: Value) -> int | None:
    """Return the whole number that `int()` makes of a known value."""
    try:
        return int(value.value) if isinstance(value, Known) and isinstance(value.value, int | str) else None
    except ValueError:
        return None
