"""Every start command that the repository or the settings hold, in the order in which the platform looks for one."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from adaptable_preflight.model import Environment, Origin, SourceKind, Word
from adaptable_preflight.read.shell.excerpt import Excerpt, of_source
from adaptable_preflight.settings import Settings
from adaptable_preflight.source import START_COMMAND, Source, Span
from adaptable_preflight.value import Known, Value


class Candidate(NamedTuple):
    """A command that starts a process, if the platform takes it."""

    name: str
    kind: SourceKind
    span: Span
    command: str
    script: Excerpt | None
    """The text that a shell runs; None in exec form."""
    words: tuple[Word, ...] = ()
    """The arguments in exec form."""
    chosen: bool = True
    folder: str = ""
    homes: tuple[tuple[str, str], ...] = ()
    """Folders of the container that hold a part of the checkout."""
    merged: Mapping[str, str] = MappingProxyType({})
    """Files of other folders that stand in `folder` too, where the image has them: path there and own path."""
    variables: tuple[tuple[str, Value], ...] = ()
    """What its file sets in the environment."""
    image: str = ""
    """The Dockerfile whose image runs it, if one does."""
    build: str = ""
    """The steps that build its image: they may make files that are missing from the checkout."""
    without_code: bool = False
    """Whether its image does not hold the repository."""
    place: str = ""
    """The working folder of its image where all of the repository that stands in the image is known; else empty."""
    problem: str = ""
    """Why the command cannot be read, if so."""

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        return Origin(self.kind, self.span, self.chosen)

    def environment(self, env: Environment) -> Environment:
        """Return the environment with what the command's own file sets; the platform's variables win."""
        merged = {**dict(self.variables), **env.variables}
        return env._replace(variables=merged)


def from_setting(settings: Settings) -> Candidate:
    """Return the command that a flag, an action's input or the settings file gives; exec form is a JSON list."""
    text = settings.start_command
    source = Source(START_COMMAND, text)
    excerpt = of_source(source)
    span = settings.start_command_span or source.span(0, len(text))
    if settings.start_command_span is not None:
        excerpt = Excerpt(text, _located(settings.start_command_span, len(text)), {})
    words = exec_form(text)
    if words is None:
        return Candidate("web", "setting", span, text, excerpt)
    return Candidate("web", "setting", span, text, None, tuple(_words(words, excerpt)))


def _located(span: Span, length: int):  # type: ignore[no-untyped-def]
    def locate(start: int, end: int) -> Span:
        return span.narrowed(start, end) if span.end_column - span.column == length else span

    return locate


def exec_form(text: str) -> list[str] | None:
    """Return the arguments of a JSON list of texts; None where the text is none, so that a shell runs it."""
    if not text.lstrip().startswith("["):
        return None
    import json  # late: most commands are in shell form

    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parsed, list) or not parsed or not all(isinstance(item, str) for item in parsed):
        return None
    return parsed


def _words(items: list[str], excerpt: Excerpt) -> Iterator[Word]:
    """Yield the arguments of a JSON list, each with the span of its text where it stands there as it is."""
    import json

    at = 0
    for item in items:
        written = json.dumps(item, ensure_ascii=False)
        start = excerpt.text.find(written, at)
        if start < 0:
            span = excerpt.locate(0, len(excerpt.text))
        else:
            at = start + len(written)
            span = excerpt.locate(start + 1, at - 1)
        yield Word(Known(item, span), span)


def exec_words(excerpt: Excerpt) -> tuple[Word, ...] | None:
    """Return the arguments of a command in exec form with their spans; None where it is in shell form."""
    items = exec_form(excerpt.text)
    return None if items is None else tuple(_words(items, excerpt))


def split(excerpt: Excerpt) -> tuple[Word, ...]:
    """Take a command apart as Python's shlex does, which raises ValueError where quotation marks do not match."""
    import shlex  # late: hardly any command is run without a shell and is no list

    words, at = list[Word](), 0
    for piece in shlex.split(excerpt.text):
        found = excerpt.text.find(piece, at)
        at = found + len(piece) if found >= 0 else at
        span = excerpt.locate(found, at) if found >= 0 else excerpt.locate(0, len(excerpt.text))
        words.append(Word(Known(piece, span), span))
    return tuple(words)
