"""The lines of a requirements file as pip takes them apart, before any of them means something.

After pip's own `_internal/req/req_file.py`: lines that end in a backslash are joined, comments cut off, and words from
the first one that starts with a dash are options.
"""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.source import Source, Span

_COMMENT = late_pattern(r"(^|\s+)#.*$")
_VALUED = {
    "-i": "--index-url", "--index-url": "--index-url", "--pypi-url": "--index-url",
    "--extra-index-url": "--extra-index-url", "-c": "--constraint", "--constraint": "--constraint",
    "-r": "--requirement", "--requirement": "--requirement", "-e": "--editable", "--editable": "--editable",
    "-f": "--find-links", "--find-links": "--find-links", "--no-binary": "--no-binary",
    "--only-binary": "--only-binary", "--trusted-host": "--trusted-host", "--use-feature": "--use-feature",
    "--global-option": "--global-option", "--hash": "--hash", "-C": "--config-settings",
    "--config-settings": "--config-settings", "--config-setting": "--config-settings",
    "--install-option": "--install-option",
}  # fmt: skip
_FLAGS = frozenset({"--no-index", "--prefer-binary", "--require-hashes", "--pre", "--always-unzip", "-Z"})


class Option(NamedTuple):
    """An option of a line under its long name; `value` is empty for a flag."""

    name: str
    value: str


class Line(NamedTuple):
    """One logical line: a requirement, or options alone."""

    requirement: str
    options: tuple[Option, ...]
    span: Span
    """The requirement's text, else the options'."""
    error: str = ""
    """Why pip refuses the options."""


def lines(source: Source) -> Iterator[Line]:
    """Yield what stands in a requirements file, in order."""
    for text, first, last in _joined(source.text):
        bare = _COMMENT.sub("", text).strip()
        if bare:
            yield _line(source, bare, first, last)


def _joined(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield logical lines with the numbers of their first and last line."""
    held: list[str] = []
    first = number = 0
    for number, raw in enumerate(text.split("\n"), 1):
        for piece in raw.splitlines() or ("",):
            comment = _COMMENT.match(piece)
            if piece.endswith("\\") and not comment:
                first = first if held else number
                held.append(piece.strip("\\"))
            elif held:
                held.append(f" {piece}" if comment else piece)
                yield "".join(held), first, number
                held = []
            else:
                yield piece, number, number
    if held:
        yield "".join(held), first, number


def _line(source: Source, text: str, first: int, last: int) -> Line:
    words = text.split(" ")
    at = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
    requirement = " ".join(words[:at]).strip()
    shown = requirement or text
    options, error = _options(" ".join(words[at:])) if at < len(words) else ((), "")
    return Line(requirement, options, _span(source, shown, first, last), error)


def _span(source: Source, text: str, first: int, last: int) -> Span:
    """Return where the text stands; the whole lines where it runs over several."""
    at = source.line(first).find(text)
    if at >= 0:
        return Span(source.path, first, at + 1, first, at + 1 + len(text))
    whole, end = source.line_span(first), source.line_span(last)
    return whole._replace(end_line=end.end_line, end_column=end.end_column)


def _options(text: str) -> tuple[tuple[Option, ...], str]:
    """Take options apart as `optparse` does: values joined by `=`, glued to a short name, or as the next word."""
    try:
        words = _words(text)
    except ValueError:
        return (), "a quotation mark is not closed"
    found: list[Option] = []
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if not word.startswith("-") or word in ("-", "--"):
            continue
        name, joined, value = _name_and_value(word)
        if name is None:
            return tuple(found), f"pip knows no option «{word}» in a requirements file"
        if name in _FLAGS:
            found.append(Option(name, ""))
            continue
        if not joined:
            if position >= len(words):
                return tuple(found), f"«{word}» needs a value"
            value = words[position]
            position += 1
        found.append(Option(_VALUED[name], value))
    return tuple(found), ""


def _words(text: str) -> list[str]:
    if not any(mark in text for mark in "'\"\\"):
        return text.split()
    import shlex

    return shlex.split(text)


def _name_and_value(word: str) -> tuple[str | None, bool, str]:
    """Return an option's full name, whether a value is joined to it, and that value."""
    if not word.startswith("--"):
        short = word[:2]
        name = short if short in _VALUED or short in _FLAGS else None
        return name, len(word) > 2, word[2:]
    name, equals, value = word.partition("=")
    if name in _VALUED or name in _FLAGS:
        return name, bool(equals), value
    longer = {_VALUED.get(known, known) for known in (*_VALUED, *_FLAGS) if known.startswith(name)}
    return (longer.pop() if len(longer) == 1 else None), bool(equals), value
