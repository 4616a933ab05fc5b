"""Hypercorn's options and configuration files.

Source: `hypercorn.__main__` and `hypercorn.config.Config` of Hypercorn 0.18.0.
"""

from collections.abc import Mapping
from typing import NamedTuple

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Failure, Launch, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers.grammar import Parsed, table
from adaptable_preflight.read.servers.grammar.argparse import Grammar
from adaptable_preflight.read.servers.outcome import Problem
from adaptable_preflight.read.servers.toml import toml_values
from adaptable_preflight.source import Span
from adaptable_preflight.value import Items, Known, Unknown, Value

VERSION = "0.18.0"
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


def read_file(parsed: Parsed, launch: Launch, context: Context, settings: Settings) -> Problem | None:
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
        return Failure(
            "rejected-option", f"hypercorn cannot import «{path}»: its name does not end in .py", chosen.span
        )
    if text.startswith(("python:", "file:")):
        values = context.python.values(path, launch.env, launch.folder)
        take(settings, dict(values.names), Span(path, 1, 1, 1, 1))
        return values.failure or values.unknown
    found = toml_values(source)
    if isinstance(found, Failure):
        return found
    take(settings, found, Span(path, 1, 1, 1, 1))
    return None


def take(settings: Settings, values: Mapping[str, Value], otherwise: Span) -> None:
    """Take settings over from a file or a mapping."""
    for name, value in values.items():
        span = value.span or otherwise
        if name in LISTS:
            entries = value.items if isinstance(value, Items) else (value,)
            settings.words[name] = tuple(Word(entry, entry.span or span) for entry in entries)
        elif not (isinstance(value, Known) and value.value is None):
            settings.words[name] = (Word(value, span),)


def read_options(parsed: Parsed, settings: Settings) -> None:
    """Take the options over: those that are lists replace what a file says."""
    for name in LISTS:
        words = parsed.words(name)
        if words:
            settings.words[name] = words
    for given in parsed.given:
        if given.option.name in LISTS:
            continue
        words = given.words or (Word(Known(True), given.span),)
        number = integer_of(words[-1].text) if given.option.kind == "int" else None
        settings.words[given.option.name] = words if number is None else (Word(Known(number), words[-1].span),)


def number_of(value: Value) -> int | None:
    """Return a known whole number."""
    return value.value if isinstance(value, Known) and isinstance(value.value, int) else None


def integer_of(text: str | None) -> int | None:
    """Return the whole number that a text stands for."""
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None
