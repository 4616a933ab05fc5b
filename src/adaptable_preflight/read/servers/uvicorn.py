"""uvicorn: the command and `uvicorn.run`, `uvicorn.Server(uvicorn.Config(…)).run()`.

Source: `uvicorn.main`, `uvicorn.config.Config` and `uvicorn.server.Server` of uvicorn 0.54.0.
"""

from collections.abc import Mapping
from typing import NamedTuple

from adaptable_preflight.checkout import join
from adaptable_preflight.model import (
    Bind,
    Call,
    Descriptor,
    Environment,
    Failure,
    Launch,
    Package,
    Run,
    Server,
    Target,
    Unix,
    UnknownBind,
    Word,
)
from adaptable_preflight.read import dotenv
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.address import BOTH, BOTH_LOOPBACKS, port_of, refusal, tcp
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.grammar import is_integer, table
from adaptable_preflight.read.servers.grammar.click import Grammar, parse, words_by_name
from adaptable_preflight.read.servers.guards import runs_on_import
from adaptable_preflight.read.servers.outcome import Problem, Trouble, outcome
from adaptable_preflight.read.servers.places import file_exists
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.read.servers.tls import given, unusable
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Thing, Unknown, show, text_of

COMMANDS = frozenset({"uvicorn"})
MODULES = frozenset({"uvicorn", "uvicorn.main"})
VERSION = "0.54.0"
MANY = 1000
"""Requests that an event loop takes at one time; uvicorn itself sets no limit."""

OPTIONS = table(
    """
host --host
port --port int
uds --uds
fd --fd int
reload --reload flag
reload_dirs --reload-dir path
reload_includes --reload-include
reload_excludes --reload-exclude
reload_delay --reload-delay float
workers --workers int
loop --loop
http --http
http2 --http2 flag
ws --ws
ws_max_size --ws-max-size int
ws_max_queue --ws-max-queue int
ws_ping_interval --ws-ping-interval float
ws_ping_timeout --ws-ping-timeout float
ws_per_message_deflate --ws-per-message-deflate bool
lifespan --lifespan choices=auto|on|off
interface --interface choices=auto|asgi3|asgi2|wsgi
env_file --env-file path
log_config --log-config path
log_level --log-level choices=critical|error|warning|info|debug|trace
access_log --access-log /--no-access-log flag
use_colors --use-colors /--no-use-colors flag
proxy_headers --proxy-headers /--no-proxy-headers flag
server_header --server-header /--no-server-header flag
date_header --date-header /--no-date-header flag
forwarded_allow_ips --forwarded-allow-ips
root_path --root-path
limit_concurrency --limit-concurrency int
backlog --backlog int
limit_max_requests --limit-max-requests int
limit_max_requests_jitter --limit-max-requests-jitter int
timeout_keep_alive --timeout-keep-alive int
timeout_graceful_shutdown --timeout-graceful-shutdown int
timeout_worker_healthcheck --timeout-worker-healthcheck int
ssl_keyfile --ssl-keyfile
ssl_certfile --ssl-certfile
ssl_keyfile_password --ssl-keyfile-password
ssl_version --ssl-version int
ssl_cert_reqs --ssl-cert-reqs int
ssl_ca_certs --ssl-ca-certs
ssl_ciphers --ssl-ciphers
headers --header
version --version ends
app_dir --app-dir
h11_max_incomplete_event_size --h11-max-incomplete-event-size int
reset_contextvars --reset-contextvars flag
factory --factory flag
help --help ends
"""
)
GRAMMAR = Grammar("uvicorn", OPTIONS, prefix="UVICORN", argument_variable="UVICORN_APP")


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a uvicorn command line."""
    parsed = parse(
        launch.words, GRAMMAR, launch.env, lambda word: file_exists(context.checkout, launch.folder, word.value)
    )
    options = words_by_name(parsed)
    place = Place(launch.words[0].span, launch.env, launch.folder, context)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    server, found = serve(options, place)
    if parsed.positionals:
        target = read_target(parsed.positionals[0], options, _folders(options.get("app_dir"), launch))
        if isinstance(target, Target):
            server = server._replace(target=target)
        else:
            found.append(target)
    return outcome(server, troubles + found)


def _run(call: Call, env: Environment, context: Context) -> Run:
    """`uvicorn.run(app, host=…, port=…)`."""
    options = without_none(arguments(call, "app"), keep=("host",))
    place = Place(call.span, env, context.folder, context)
    server, found = serve(options, place)
    app = options.get("app")
    text = app.text if app is not None else None
    apart = is_on(options.get("reload")) or (server.workers or 1) > 1
    if app is not None and text is None and not isinstance(app.value, Thing | Known):
        pass
    elif app is not None and text is not None:
        target = read_target(app, options, ())
        if isinstance(target, Target):
            server = server._replace(target=target)
        else:
            found.append(target)
    elif apart:
        message = 'uvicorn needs the app as text, such as "main:app", to start worker processes or to reload'
        found.append(Trouble(Failure("missing-app", message, call.span), 3))
    if apart and runs_on_import(call, context):
        message = "the worker processes import this module and start uvicorn once more: the call has no __main__ guard"
        found.append(Trouble(Failure("app-error", message, call.span), None))
    return outcome(server._replace(in_code=True, app=app.value if app is not None and text is None else None), found)


def _config_run(call: Call, env: Environment, context: Context) -> Run:
    """`uvicorn.Server(uvicorn.Config(app, …)).run()`: one process, whatever the configuration says of workers."""
    made = call.receiver
    config = next((a.value for a in made.arguments), None) if isinstance(made, Thing) else None
    if not isinstance(config, Thing):
        span = call.span
        server = Server(
            "uvicorn", "asgi", span, (UnknownBind("uvicorn's configuration is not known", span),), in_code=True
        )
        return Run((server,))
    inner = call._replace(arguments=config.arguments)
    run = _run(inner, env, context)
    return run._replace(servers=tuple(server._replace(workers=1) for server in run.servers))


CALLS: Mapping[str, FromCall] = {
    "uvicorn.run": _run,
    "uvicorn.main.run": _run,
    "uvicorn.Server.run": _config_run,
    "uvicorn.Server.serve": _config_run,
    "uvicorn.server.Server.run": _config_run,
    "uvicorn.server.Server.serve": _config_run,
}


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
    text = text_of(value)
    if text is None:
        return None, word.span if word is not None else None
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


def read_target(word: Word, options: Mapping[str, Word], folders: tuple[str, ...]) -> Target | Trouble:
    """Take uvicorn's target apart: `MODULE:ATTRIBUTE`, with dots in the attribute."""
    if word.text is None:
        return Trouble(Unknown(f"the app «{show(word.value)}» is not known", word.span), None)
    module, _, attribute = word.text.partition(":")
    if not module or not attribute:
        message = f"uvicorn wants «module:attribute», and «{word.text}» is not of that form"
        return Trouble(Failure("missing-app", message, word.span), 3)
    return Target(module, attribute, word.span, folders, True if is_on(options.get("factory")) else None)


def is_on(word: Word | None) -> bool:
    """Whether a flag is set."""
    return word is not None and isinstance(word.value, Known) and bool(word.value.value)


def _folders(app_dir: Word | None, launch: Launch) -> tuple[str, ...]:
    """Return where uvicorn looks for modules; `python -m` puts the working directory first besides."""
    text = app_dir.text if app_dir is not None else ""
    first = join(launch.folder, text) if text else launch.folder
    here = [launch.folder] if launch.by_module or not text else []
    folders = [*([first] if first is not None else []), *here, *folders_of_path(launch.env, launch.folder)]
    return tuple(dict.fromkeys(folders))
