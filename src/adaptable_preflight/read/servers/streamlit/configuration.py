"""Streamlit's `config.toml`: in the home folder, in the working directory and beside the script; the later one wins.

A file that is no TOML is passed over with a warning in the log (tried with Streamlit 1.67.0).
"""

from collections.abc import Iterator

from adaptable_preflight.model import Failure, Launch, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers.toml import toml_values
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Concat, Known, Table, Unknown, Value, show, text_of

_PLACE = ".streamlit/config.toml"
_FIRST_MARK = 7_000_000_000
"""Numbers from here on stand for values of the environment in a text that is read as TOML."""


def configured(launch: Launch, script: str | None, context: Context) -> dict[str, Word]:
    """Return the settings by their names, such as `server.port`."""
    found: dict[str, Word] = {}
    for path in dict.fromkeys((f"~/{_PLACE}", *_in_checkout(launch, script))):
        kept = launch.env.files.get(path)
        source = context.checkout.text(path) if kept is None and not path.startswith("~") else None
        if kept is not None:
            found |= _written(kept, path, launch.words[0].span)
        elif source is not None:
            found |= _settings(source, {}, None)
    return found


def _in_checkout(launch: Launch, script: str | None) -> Iterator[str]:
    for folder in ((script or "").rpartition("/")[0], launch.folder):
        yield f"{folder}/{_PLACE}".lstrip("/")


def _written(text: Value, path: str, place: Span) -> dict[str, Word]:
    """Return the settings of a file that the start command has written; one that is not known may hold any."""
    marks: dict[str, Value] = {}
    whole = ""
    for part in text.parts if isinstance(text, Concat) else (text,):
        known = text_of(part)
        if isinstance(part, Unknown):
            return {name: Word(part, place) for name in ("server.port", "server.address")}
        if known is None:
            known = str(_FIRST_MARK + len(marks))
            marks[known] = part
        whole += known
    return _settings(Source(path, whole), marks, place)


def _settings(source: Source, marks: dict[str, Value], place: Span | None) -> dict[str, Word]:
    """Return a file's settings; `place` is where it is written from, else each stands at its own line."""
    values = toml_values(source)
    found: dict[str, Word] = {}
    if isinstance(values, Failure):
        return found
    for section, entries in values.items():
        for key, value in entries.entries if isinstance(entries, Table) else ():
            name = text_of(key) or ""
            lines = enumerate(source.text.splitlines(), 1)
            line = next((number for number, text in lines if text.lstrip().startswith(name)), 1)
            found[f"{section}.{name}"] = Word(_filled(value, marks), place or source.line_span(line))
    return found


def _filled(value: Value, marks: dict[str, Value]) -> Value:
    """Return a value with what a mark stands for."""
    text = show(value) if isinstance(value, Known) else ""
    if text in marks:
        return marks[text]
    return Unknown("it is put together from variables", value.span) if any(mark in text for mark in marks) else value
