"""Hypercorn: the command, its configuration files, and `hypercorn.asyncio.serve`.

Source: `hypercorn.__main__`, `hypercorn.config.Config` and `hypercorn.utils.load_application` of Hypercorn 0.18.0.
"""

import os
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
    Tcp,
    Unix,
    UnknownBind,
    Word,
)
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.address import collision, kernel_host, port_of, refusal
from adaptable_preflight.read.servers.expressions import read_expression
from adaptable_preflight.read.servers.grammar import Parsed, table
from adaptable_preflight.read.servers.grammar.argparse import Grammar, parse
from adaptable_preflight.read.servers.outcome import Problem, Trouble, outcome
from adaptable_preflight.read.servers.places import can_hold, file_exists
from adaptable_preflight.read.servers.sockets import unusable_socket
from adaptable_preflight.read.servers.tls import unusable
from adaptable_preflight.read.servers.toml import toml_values
from adaptable_preflight.source import Span
from adaptable_preflight.value import (
    Items,
    Known,
    Table,
    Thing,
    Unknown,
    Value,
    leading,
    on_text,
    show,
    split_last,
    text_of,
    unknown_part,
    without_leading,
)

COMMANDS = frozenset({"hypercorn"})
MODULES = frozenset({"hypercorn", "hypercorn.__main__"})
VERSION = "0.18.0"
MANY = 1000
"""Requests that an event loop takes at one time; Hypercorn itself sets no limit."""

OPTIONS = table(
    """
help -h --help ends
accesslog --access-log
accesslog --access-logfile
access_log_format --access-logformat
backlog --backlog int
bind -b --bind
ca_certs --ca-certs
certfile --certfile
cert_reqs --cert-reqs int
ciphers --ciphers
config -c --config
daemon -D --daemon flag
debug --debug flag
errorlog --error-log
errorlog --error-logfile --log-file
graceful_timeout --graceful-timeout int
read_timeout --read-timeout int
max_requests --max-requests int
max_requests_jitter --max-requests-jitter int
group -g --group int
worker_class -k --worker-class
keep_alive_timeout --keep-alive int
keyfile --keyfile
keyfile_password --keyfile-password
insecure_bind --insecure-bind
logconfig --log-config
loglevel --log-level
pid_path -p --pid
quic_bind --quic-bind
use_reloader --reload flag
root_path --root-path
server_names --server-name
statsd_host --statsd-host
statsd_prefix --statsd-prefix
umask -m --umask int
user -u --user int
verify_mode --verify-mode choices=CERT_NONE|CERT_OPTIONAL|CERT_REQUIRED
websocket_ping_interval --websocket-ping-interval int
workers -w --workers int
"""
)
GRAMMAR = Grammar("hypercorn", OPTIONS, ("1",))
LISTS = ("bind", "insecure_bind", "quic_bind")
LEVELS = frozenset({"CRITICAL", "FATAL", "ERROR", "WARN", "WARNING", "INFO", "DEBUG", "NOTSET"})
WORKER_CLASSES = {"asyncio": (), "uvloop": ("uvloop",), "trio": ("trio",)}
"""The worker classes, and the distributions that they need besides."""


class Settings(NamedTuple):
    """Hypercorn's configuration by name; a list has one word for each entry."""

    words: dict[str, tuple[Word, ...]]

    def last(self, name: str) -> Word | None:
        """Return a setting that is no list."""
        found = self.words.get(name, ())
        return found[-1] if found else None

    def text(self, name: str) -> str | None:
        """Return a setting's known text."""
        word = self.last(name)
        return word.text if word is not None else None


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a hypercorn command line."""
    place = launch.words[0].span
    parsed = parse(launch.words, GRAMMAR)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    settings = Settings({})
    problem = _read_file(parsed, launch, context, settings)
    troubles += [Trouble(problem)] if problem is not None else []
    _read_options(parsed, settings)
    server, found = serve(settings, place, launch.folder, context)
    if parsed.positionals:
        target = read_target(parsed.positionals[0], launch)
        if isinstance(target, Target):
            server = server._replace(target=target)
        else:
            found.append(target)
    return outcome(server, troubles + found)


def _read_file(parsed: Parsed, launch: Launch, context: Context, settings: Settings) -> Problem | None:
    """Read the configuration that `-c` names: Python by `file:` or `python:`, else TOML."""
    chosen = parsed.value("config")
    if chosen is None:
        return None
    text = chosen.text
    if text is None:
        return Unknown("the configuration file is not known", chosen.span)
    if text.startswith("python:"):
        name = text.removeprefix("python:").replace(".", "/") + ".py"
        if not launch.by_module:
            return Failure("missing-file", f"hypercorn finds no module for «{text}»", chosen.span)
    else:
        name = text.removeprefix("file:")
    path = join(launch.folder, name)
    if path is None:
        return Unknown(f"the configuration file «{text}» lies outside the repository", chosen.span)
    source = context.checkout.text(path)
    if source is None:
        return Failure("missing-file", f"hypercorn finds no configuration file «{text}»", chosen.span)
    if text.startswith("file:") and not path.endswith(".py"):
        return Failure("bad-script", f"hypercorn cannot import «{path}»: its name does not end in .py", chosen.span)
    if text.startswith(("python:", "file:")):
        values = context.python.values(path, launch.env, launch.folder)
        _take(settings, dict(values.names), Span(path, 1, 1, 1, 1))
        return values.failure or values.unknown
    found = toml_values(source)
    if isinstance(found, Failure):
        return found
    _take(settings, found, Span(path, 1, 1, 1, 1))
    return None


def _take(settings: Settings, values: Mapping[str, Value], otherwise: Span) -> None:
    for name, value in values.items():
        span = value.span or otherwise
        if name in LISTS:
            entries = value.items if isinstance(value, Items) else (value,)
            settings.words[name] = tuple(Word(entry, entry.span or span) for entry in entries)
        elif not (isinstance(value, Known) and value.value is None):
            settings.words[name] = (Word(value, span),)


def _read_options(parsed: Parsed, settings: Settings) -> None:
    for name in LISTS:
        words = parsed.words(name)
        if words:
            settings.words[name] = words
    for given in parsed.given:
        if given.option.name in LISTS:
            continue
        words = given.words or (Word(Known(True), given.span),)
        number = _integer(words[-1].text) if given.option.kind == "int" else None
        settings.words[given.option.name] = words if number is None else (Word(Known(number), words[-1].span),)


def serve(settings: Settings, place: Span, folder: str, context: Context) -> tuple[Server, list[Trouble]]:
    """Return the server for a configuration."""
    secure = settings.last("certfile") is not None and settings.last("keyfile") is not None
    names = ("bind", "insecure_bind") if secure else ("bind",)
    words = [word for name in names for word in settings.words.get(name, ())]
    implied = "bind" not in settings.words
    words += [Word(Known("127.0.0.1:8000"), place)] if implied else []
    binds = tuple(read_bind(word, implied=implied and word.span == place) for word in words)
    asked = settings.last("workers")
    workers = 1 if asked is None else _number(asked.value)
    if asked is not None and asked.text is not None and workers is None:
        wrong = Failure("rejected-option", f"hypercorn wants a number of workers, not «{asked.text}»", asked.span)
    else:
        wrong = None
    problems = (
        wrong,
        _worker_problem(settings, asked, workers),
        unusable_socket(binds, context.checkout, folder),
        refusal(binds),
        None if workers is None or workers > 1 else collision(binds),
        unusable(context.checkout, folder, settings.last("certfile"), settings.last("keyfile")) if secure else None,
        _folder_problem(settings, folder, context),
    )
    chosen = settings.last("worker_class")
    packages = WORKER_CLASSES.get(settings.text("worker_class") or "", ())
    reload = settings.last("use_reloader")
    server = Server(
        "hypercorn",
        "asgi",
        place,
        binds,
        workers=None if workers is None else max(workers, 1),
        threads=1,
        worker_class=settings.text("worker_class") or "asyncio",
        worker_span=chosen.span if chosen is not None else None,
        parallel=MANY,
        tls=tuple(w.span for w in (settings.last("certfile"), settings.last("keyfile")) if w is not None and secure),
        packages=(Package("hypercorn", place), *(Package(p, chosen.span if chosen else place) for p in packages)),
        reload=reload.span if reload is not None and isinstance(reload.value, Known) and reload.value.value else None,
        asked_workers=asked.span if asked is not None else None,
        either_interface=True,
    )
    return server, [Trouble(problem) for problem in problems if problem is not None]


def _number(value: Value) -> int | None:
    return value.value if isinstance(value, Known) and isinstance(value.value, int) else None


def _integer(text: str | None) -> int | None:
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None


def _worker_problem(settings: Settings, asked: Word | None, workers: int | None) -> Failure | None:
    chosen = settings.last("worker_class")
    if chosen is not None and chosen.text is not None and chosen.text not in WORKER_CLASSES:
        return Failure("rejected-option", f"hypercorn has no worker class «{chosen.text}»", chosen.span)
    reload = settings.last("use_reloader")
    if asked is not None and workers == 0 and reload is not None:
        return Failure("rejected-option", "hypercorn cannot reload without worker processes", reload.span)
    level = settings.text("loglevel")
    place = settings.last("loglevel")
    if place is not None and level is not None and level.upper() not in LEVELS:
        return Failure("rejected-option", f"hypercorn knows no log level «{level}»", place.span)
    if asked is not None and workers is not None and workers < 0:
        return Failure("rejected-option", f"with {workers} workers hypercorn never listens", asked.span)
    return None


def read_bind(word: Word, *, implied: bool = False) -> Bind:
    """Return the socket of a bind: `unix:PATH`, `fd://N`, or HOST:PORT split at the last colon."""
    value, start = word.value, leading(word.value)
    if start.startswith("unix:"):
        return Unix(without_leading(value, len("unix:")), word.span)
    if start.startswith("fd://"):
        number = _integer((word.text or "")[len("fd://") :])
        return (
            UnknownBind("the descriptor is not known", word.span) if number is None else Descriptor(number, word.span)
        )
    value = on_text(value, lambda text: text.replace("[", "").replace("]", ""))
    pieces = split_last(value, ":")
    port = port_of(pieces[1]) if pieces is not None else None
    if pieces is not None and port is not None:
        return Tcp(kernel_host(pieces[0]), port, word.span, implied)
    if text_of(value) is None:
        why = unknown_part(value) or Unknown(f"the value of «{show(value)}» is not known")
        return UnknownBind(why.why, word.span)
    return Tcp(kernel_host(value), Known(8000), word.span, implied)


def _folder_problem(settings: Settings, folder: str, context: Context) -> Problem | None:
    log = settings.last("logconfig")
    path = (log.text or "").partition(":")[2] or log.text if log is not None else None
    if log is not None and path is not None and file_exists(context.checkout, folder, path) is False:
        return Failure("missing-file", f"there is no file «{path}»", log.span)
    for name in ("pid_path", "accesslog", "errorlog"):
        word = settings.last(name)
        if (
            word is not None
            and word.text not in (None, "-")
            and can_hold(context.checkout, folder, word.value) is False
        ):
            return Failure("missing-file", f"the folder of «{show(word.value)}» does not exist", word.span)
    return None


def read_target(word: Word, launch: Launch) -> Target | Trouble:
    """Take a target apart: `[asgi:|wsgi:]MODULE-OR-PATH[:EXPRESSION]`."""
    text = word.text
    if text is None:
        return Trouble(Unknown(f"the app «{show(word.value)}» is not known", word.span), None)
    mode, rest = text.split(":", 1) if text.count(":") == 2 else ("asgi", text)
    if mode not in ("asgi", "wsgi"):
        return Trouble(Failure("missing-app", f"«{mode}» is neither asgi nor wsgi", word.span))
    module, colon, expression = rest.partition(":")
    found = read_expression(expression if colon else "app")
    if found is None:
        return Trouble(Unknown(f"«{expression}» is more than a name or a plain call", word.span), None)
    path, name = os.path.split(module)
    parent = join(launch.folder, path)
    if parent is None:
        return Trouble(Unknown(f"«{module}» lies outside the repository", word.span), None)
    if name.endswith(".py"):
        name = name.removesuffix(".py")
    here = (launch.folder,) if launch.by_module else ()
    folders = tuple(dict.fromkeys((parent, *here, *folders_of_path(launch.env, launch.folder))))
    return Target(name, found.name, word.span, folders, found.call, found.arguments)


def _serve_call(call: Call, env: Environment, context: Context) -> Run:
    """`hypercorn.asyncio.serve(app, config)`: settings for processes are ignored."""
    del env
    config = call.argument(1, "config")
    app = call.argument(0, "app")
    settings = Settings({})
    if config is not None and isinstance(config.value, Thing):
        made = config.value
        if made.name.endswith(".from_mapping"):
            tables = [argument.value for argument in made.arguments if isinstance(argument.value, Table)]
            entries = {text_of(key) or "": value for table_ in tables for key, value in table_.entries}
            named = {argument.name: argument.value for argument in made.arguments if argument.name}
            _take(settings, entries | named, config.span)
            made = made._replace(name="hypercorn.config.Config")
        _take(settings, dict(made.attributes), config.span)
        if made.name.rpartition(".")[2] != "Config":
            server = Server("hypercorn", "asgi", call.span, in_code=True, either_interface=True)
            return Run((server,), unknown=Unknown("hypercorn's configuration is read by code", config.span))
    server, troubles = serve(settings, call.span, context.folder, context)
    return outcome(server._replace(workers=1, in_code=True, app=app.value if app is not None else None), troubles)


CALLS: Mapping[str, FromCall] = {"hypercorn.asyncio.serve": _serve_call, "hypercorn.trio.serve": _serve_call}
