"""Command-line grammars of the parsers that servers use: `argparse`, `click` and `getopt`.

Each grammar takes words that may be partly unknown, and a table of options; it never guesses: what cannot be told
comes back as `unknown`.
"""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple, cast

from adaptable_preflight.model import Failure, Word
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Unknown, Value, text_of

Takes = Literal["1", "0", "?", "*", "+"]
"""How many arguments an option takes."""


class Option(NamedTuple):
    """One option of a parser, as the server declares it."""

    name: str
    """What the server calls the value."""
    flags: tuple[str, ...]
    takes: Takes = "1"
    kind: str = "text"
    """What an argument has to be: `text`, `int`, `float` …; a key of the table's checks."""
    choices: tuple[str, ...] = ()
    ends: bool = False
    """Whether the program ends at once, as `--help` makes it."""
    since: str = ""
    """The first version that has the option; empty: all that matter."""
    until: str = ""
    """The first version that has it no more."""
    negative: tuple[str, ...] = ()
    """Spellings that turn a flag off."""
    variable: str = ""
    """The environment variable that stands in for the option."""
    bounds: tuple[float | None, float | None] = (None, None)
    """The smallest and the largest number that is taken."""


class Given(NamedTuple):
    """An option that the command line gives."""

    option: Option
    words: tuple[Word, ...]
    """Its arguments, each with the span of just that text; empty for a flag."""
    span: Span
    """The word that holds the option's name."""
    flag: str = ""
    """The spelling that was used, as the table has it."""


class Parsed(NamedTuple):
    """What a command line says."""

    given: tuple[Given, ...] = ()
    positionals: tuple[Word, ...] = ()
    failure: Failure | None = None
    unknown: Unknown | None = None

    def last(self, name: str) -> Given | None:
        """Return the last occurrence of an option, the one that counts where each replaces the one before."""
        return next((given for given in reversed(self.given) if given.option.name == name), None)

    def has(self, name: str) -> bool:
        """Whether an option was given."""
        return self.last(name) is not None

    def value(self, name: str) -> Word | None:
        """Return the argument of the last occurrence of an option."""
        given = self.last(name)
        return given.words[-1] if given is not None and given.words else None

    def words(self, name: str) -> tuple[Word, ...]:
        """Return the arguments of all occurrences of an option."""
        return tuple(word for given in self.given if given.option.name == name for word in given.words)


def table(text: str) -> tuple[Option, ...]:
    """Return options from lines such as «port -p --port int range=1: env=PORT since=1.2».

    Other words of a line: `/--no-x` turns a flag off, `flag`, `ends`, `takes=?`, `choices=a|b`, `until=3`.
    """
    return tuple(_row(line.split()) for line in text.strip().splitlines())


def _row(cells: list[str]) -> Option:
    name, *rest = cells
    flags = tuple(cell for cell in rest if cell.startswith("-"))
    negative = tuple(cell[1:] for cell in rest if cell.startswith("/-"))
    option = Option(name, flags, negative=negative)
    for cell in rest:
        if cell.startswith(("-", "/-")):
            continue
        key, _, value = cell.partition("=")
        match key:
            case "ends":
                option = option._replace(ends=True, takes="0")
            case "flag":
                option = option._replace(takes="0")
            case "takes":
                option = option._replace(takes=cast("Takes", value))
            case "choices":
                option = option._replace(choices=tuple(value.split("|")), kind="choice")
            case "env":
                option = option._replace(variable=value)
            case "since":
                option = option._replace(since=value)
            case "range":
                low, _, high = value.partition(":")
                option = option._replace(bounds=(float(low) if low else None, float(high) if high else None))
            case "until":
                option = option._replace(until=value)
            case _:
                option = option._replace(kind=key)
    return option


def narrowed(word: Word, value: Value, length: int) -> Word:
    """Return the rest of a word after `length` characters, with the span of that rest where it can be told."""
    span, text = word.span, word.text
    if span.line != span.end_line:
        return Word(value, span)
    width = span.end_column - span.column
    quoted = 1 if text is not None and width == len(text) + 2 else 0
    return Word(value, span.narrowed(length + quoted, width - quoted))


def is_integer(text: str) -> bool:
    """Whether Python's `int()` takes the text."""
    try:
        int(text)
    except ValueError:
        return False
    return True


def is_float(text: str) -> bool:
    """Whether Python's `float()` takes the text."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def seconds(text: str) -> float | None:
    """Return the seconds of a duration such as `1h30m` or `90`."""
    match = re.fullmatch(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", text)
    if match is None:
        return None
    days, hours, minutes, rest = (int(group or 0) for group in match.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + rest)


Check = Callable[[str], bool]
CHECKS: dict[str, Check] = {"int": is_integer, "float": is_float}


def _within(text: str, option: Option) -> bool:
    low, high = option.bounds
    if low is None and high is None:
        return True
    number = seconds(text) if option.kind == "duration" else float(text) if is_float(text) else None
    if number is None:
        return True
    return (low is None or number >= low) and (high is None or number <= high)


def accepts(option: Option, value: Value, checks: dict[str, Check] = CHECKS) -> bool | None:
    """Whether an option takes an argument; None where that cannot be told."""
    text = text_of(value)
    check = checks.get(option.kind)
    if option.choices:
        check = option.choices.__contains__
    if check is None:
        return True
    if text is not None:
        return check(text) and _within(text, option)
    return True if isinstance(value, FromEnv) else None
