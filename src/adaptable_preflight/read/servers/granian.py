"""Granian: the command with its variables.

Source: `granian.cli`, `granian.server.common` and `granian._internal` of Granian 2.8.7.
"""

import re
from collections.abc import Mapping

from adaptable_preflight.checkout import join
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import (
    Bind,
    Call,
    Environment,
    Failure,
    Interface,
    Launch,
    Package,
    Run,
    Server,
    Target,
    Tcp,
    Unix,
    Word,
)
from adaptable_preflight.read import dotenv
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.address import ipv6, port_of, refusal
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.counts import asked_in
from adaptable_preflight.read.servers.grammar import table
from adaptable_preflight.read.servers.grammar.click import Grammar, parse, words_by_name
from adaptable_preflight.read.servers.modules import module_at
from adaptable_preflight.read.servers.outcome import Problem, Trouble, outcome
from adaptable_preflight.read.servers.places import can_hold, file_exists
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.read.servers.tls import given, missing
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Thing, Unknown, Value, show, text_of

COMMANDS = frozenset({"granian"})
MODULES = frozenset({"granian", "granian.__main__"})
VERSION = "2.8.7"
MANY = 1000
"""Requests that an event loop takes at one time; granian's own limit is its backlog."""

OPTIONS = table(
    """
host --host
port --port int
uds --uds
uds_permissions --uds-permissions
interface --interface choices=asgi|asginl|rsgi|wsgi
http --http choices=auto|1|2
websockets --ws /--no-ws flag
workers --workers int range=1:
blocking_threads --blocking-threads int range=1:
blocking_threads_idle_timeout --blocking-threads-idle-timeout duration range=5:600
runtime_threads --runtime-threads int range=1:
runtime_blocking_threads --runtime-blocking-threads int range=1:
runtime_mode --runtime-mode choices=auto|mt|st
loop --loop choices=auto|asyncio|rloop|uvloop|winloop
task_impl --task-impl choices=asyncio|rust
backlog --backlog int range=128:
backpressure --backpressure int range=1:
http1_buffer_size --http1-buffer-size int range=8192:
http1_header_read_timeout --http1-header-read-timeout int range=1:60000
http1_keep_alive --http1-keep-alive /--no-http1-keep-alive flag
http1_pipeline_flush --http1-pipeline-flush /--no-http1-pipeline-flush flag
http2_adaptive_window --http2-adaptive-window /--no-http2-adaptive-window flag
http2_initial_connection_window_size --http2-initial-connection-window-size int range=1024:
http2_initial_stream_window_size --http2-initial-stream-window-size int range=1024:
http2_keep_alive_interval --http2-keep-alive-interval int range=1:60000
http2_keep_alive_timeout --http2-keep-alive-timeout duration range=1:
http2_max_concurrent_streams --http2-max-concurrent-streams int range=10:
http2_max_frame_size --http2-max-frame-size int range=1024:
http2_max_headers_size --http2-max-headers-size int range=1:
http2_max_send_buffer_size --http2-max-send-buffer-size int range=1024:
log_enabled --log /--no-log flag
log_level --log-level choices=critical|error|warning|warn|info|debug|notset
log_config --log-config path
log_access_enabled --access-log /--no-access-log flag
log_access_fmt --access-log-fmt
ssl_certificate --ssl-certificate path
ssl_keyfile --ssl-keyfile path
ssl_keyfile_password --ssl-keyfile-password
ssl_protocol_min --ssl-protocol-min choices=tls1.2|tls1.3
ssl_ca --ssl-ca path
ssl_crl --ssl-crl path
ssl_client_verify --ssl-client-verify /--no-ssl-client-verify flag
url_path_prefix --url-path-prefix
respawn_failed_workers --respawn-failed-workers /--no-respawn-failed-workers flag
respawn_interval --respawn-interval float
rss_sample_interval --rss-sample-interval duration range=1:300
rss_samples --rss-samples int range=1:
workers_lifetime --workers-lifetime duration range=60:
workers_max_rss --workers-max-rss int range=1:
workers_kill_timeout --workers-kill-timeout duration range=1:1800
factory --factory /--no-factory flag
working_dir --working-dir path
env_files --env-files path
static_path_route --static-path-route
static_path_mount --static-path-mount path
static_path_dir_to_file --static-path-dir-to-file
static_path_expires --static-path-expires duration range=0:
metrics_enabled --metrics /--no-metrics flag
metrics_scrape_interval --metrics-scrape-interval duration range=1:60
metrics_address --metrics-address
metrics_port --metrics-port int
reload --reload /--no-reload flag
reload_paths --reload-paths path
reload_ignore_dirs --reload-ignore-dirs
reload_ignore_patterns --reload-ignore-patterns
reload_ignore_paths --reload-ignore-paths
reload_tick --reload-tick int range=50:5000
reload_ignore_worker_failure --reload-ignore-worker-failure /--no-reload-ignore-worker-failure flag
process_name --process-name
pid_file --pid-file
version --version ends
help --help ends
"""
)
GRAMMAR = Grammar("granian", OPTIONS, prefix="GRANIAN", folds_case=True)
_OCTETS = late_pattern(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}")


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a granian command line."""
    parsed = parse(
        launch.words, GRAMMAR, launch.env, lambda word: file_exists(context.checkout, launch.folder, word.value)
    )
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    options = words_by_name(parsed)
    env = launch.env
    for word in parsed.words("env_files"):
        path = join(launch.folder, word.text or "")
        source = context.checkout.text(path) if path else None
        env = dotenv.loaded(source, env, override=False) if source is not None else env
    server, found = serve(options, launch.words[0].span, launch.folder, context)
    troubles += found
    if parsed.positionals:
        target = _target(parsed.positionals[0], options, launch, context)
        if isinstance(target, Target):
            server = server._replace(target=target)
        else:
            troubles.append(target)
    changed = tuple((k, v) for k, v in env.variables.items() if k not in launch.env.variables)
    return outcome(server._replace(variables=changed), troubles)


def serve(options: Mapping[str, Word], place: Span, folder: str, context: Context) -> tuple[Server, list[Trouble]]:
    """Return the server for options that are given by name."""
    path = options.get("uds")
    host, port = options.get("host"), options.get("port")
    number = port_of(port.value) if port is not None else Known(8000)
    value = host.value if host is not None else Known("127.0.0.1")
    decisive = host or port
    main: Bind = Tcp(_address(value), number or Known(8000), decisive.span if decisive else place, implied=host is None)
    binds: tuple[Bind, ...] = (main if path is None else Unix(path.value, path.span),)
    if is_on(options.get("metrics_enabled")) and not is_on(options.get("reload")):
        binds += (_metrics(options, place),)
    chosen = options.get("interface")
    interface = (chosen.text or "").lower() if chosen is not None else "rsgi"
    threads = options.get("blocking_threads")
    problems = (
        _host_problem(host) if path is None else None,
        unusable_socket(binds, context.checkout, folder),
        refusal(binds),
        _pid_problem(options.get("pid_file"), folder, context),
        _threads_problem(threads, interface),
        _tls_problem(options, folder, context),
    )
    asked = options.get("workers")
    interfaces: dict[str, Interface] = {"wsgi": "wsgi", "asgi": "asgi", "asginl": "asgi"}
    reload = options.get("reload")
    server = Server(
        "granian",
        interfaces.get(interface, "other"),
        place,
        binds,
        workers=1 if asked is None else _number(asked.value),
        threads=1 if threads is None else _number(threads.value),
        parallel=MANY,
        tls=_tls(options),
        packages=(Package("granian", place),),
        reload=reload.span if reload is not None and is_on(reload) else None,
        asked_workers=asked_in(asked, _number(asked.value) if asked is not None else None),
    )
    return server, [Trouble(problem) for problem in problems if problem is not None]


def _address(value: Value) -> Value:
    text = text_of(value)
    return value if text is None else Known(ipv6(text) or text, value.span)


def _host_problem(host: Word | None) -> Failure | None:
    """Granian's own code, written in Rust, takes nothing but a full IP address."""
    text = host.text if host is not None else None
    if host is None or text is None or _OCTETS.fullmatch(text) or ipv6(text):
        return None
    return Failure("bad-address", f"granian wants an IP address, and «{text}» is none", host.span)


def _metrics(options: Mapping[str, Word], place: Span) -> Tcp:
    host, port = options.get("metrics_address"), options.get("metrics_port")
    number = port_of(port.value) if port is not None else Known(9090)
    span = options["metrics_enabled"].span if "metrics_enabled" in options else place
    return Tcp(host.value if host is not None else Known("127.0.0.1"), number or Known(9090), span)


def _pid_problem(word: Word | None, folder: str, context: Context) -> Failure | None:
    if word is None or can_hold(context.checkout, folder, word.value) is not False:
        return None
    return Failure("missing-file", f"the folder of «{show(word.value)}» does not exist", word.span)


def _threads_problem(threads: Word | None, interface: str) -> Failure | None:
    if threads is None or interface == "wsgi" or threads.text in (None, "1"):
        return None
    return Failure("rejected-option", "granian has blocking threads for WSGI alone", threads.span)


def _tls(options: Mapping[str, Word]) -> tuple[Span, ...]:
    words = [options.get(name) for name in ("ssl_certificate", "ssl_keyfile")]
    return tuple(word.span for word in words if word is not None) if all(map(given, words)) else ()


def _tls_problem(options: Mapping[str, Word], folder: str, context: Context) -> Problem | None:
    words = [options.get(name) for name in ("ssl_certificate", "ssl_keyfile")]
    return missing(context.checkout, folder, *words) if all(map(given, words)) else None


def _number(value: Value) -> int | None:
    text = text_of(value)
    return int(text) if text is not None and text.isdecimal() else None


def _target(word: Word, options: Mapping[str, Word], launch: Launch, context: Context) -> Target | Trouble:
    """Take a target apart: `PATH-OR-MODULE[:ATTRIBUTE]`; folders that are packages belong to the module's name."""
    text = word.text
    if text is None:
        return Trouble(Unknown(f"the app «{show(word.value)}» is not known", word.span), None)
    working = options.get("working_dir")
    folder = join(launch.folder, working.text) if working is not None and working.text else launch.folder
    path, *rest = re.split(r":(?![\\/])", text, maxsplit=1)
    place = module_at(context.checkout, launch.folder, path)
    if place is None or folder is None:
        return Trouble(Unknown(f"«{path}» lies outside the repository", word.span), None)
    folders = tuple(dict.fromkeys((place.folder, folder, *folders_of_path(launch.env, launch.folder))))
    attribute = rest[0] if rest and rest[0] else "app"
    return Target(place.name, attribute, word.span, folders, is_on(options.get("factory")))


def is_on(word: Word | None) -> bool:
    """Whether a flag is set."""
    return word is not None and isinstance(word.value, Known) and bool(word.value.value)


_NAMES = {"address": "host", "ssl_cert": "ssl_certificate", "ssl_key": "ssl_keyfile"}


def _serve_call(call: Call, env: Environment, context: Context) -> Run:
    """`granian.Granian("main:app", address=…, port=…).serve()`."""
    del env
    made = call.receiver
    if not isinstance(made, Thing):
        return Run(
            (Server("granian", "other", call.span, in_code=True),), unknown=Unknown("it is not known", call.span)
        )
    given_by_name = without_none(arguments(call._replace(arguments=made.arguments), "target", "address", "port"))
    options = {_NAMES.get(name, name): word for name, word in given_by_name.items()}
    if "interface" in options:
        word = options["interface"]
        name = word.text or (word.value.name.rpartition(".")[2].lower() if isinstance(word.value, Thing) else None)
        options["interface"] = word._replace(value=Known(name) if name else Unknown("it is not known", word.span))
    server, troubles = serve(options, call.span, context.folder, context)
    target = options.get("target")
    if target is not None and target.text is not None:
        path, _, attribute = target.text.partition(":")
        name = path.removesuffix(".py").replace("/", ".")
        found = Target(name, attribute or "app", target.span, (), is_on(options.get("factory")))
        server = server._replace(target=found)
    return outcome(server._replace(in_code=True), troubles)


CALLS: Mapping[str, FromCall] = {
    "granian.Granian.serve": _serve_call,
    "granian.server.Granian.serve": _serve_call,
    "granian.server.Server.serve": _serve_call,
}
