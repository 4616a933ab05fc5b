"""What `COPY` and `ADD` of a Dockerfile name: the files that are copied, and where they go.

Source: https://docs.docker.com/reference/dockerfile/#copy
"""

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.read.candidates import exec_form
from adaptable_preflight.read.manifests.docker_commands import Word
from adaptable_preflight.read.manifests.docker_stages import Instruction

_NOTE = late_pattern(r"(?m)(?<=\n)[ \t]*#[^\n]*")
_WORD = late_pattern(r"\S+")
_LISTED = late_pattern(r'"((?:[^"\\]|\\.)*)"')
_OPTION = late_pattern(r"--(\w[\w-]*)(?:=(\S*))?")


class CopyLine(NamedTuple):
    """One `COPY` or `ADD`."""

    sources: tuple[Word, ...]
    """What is copied; a text that stands in the Dockerfile itself (`<<EOF`) is none of them."""
    target: str
    origin: str | None = None
    """The stage or image from which it is copied; None: the repository."""


def copy_line(one: Instruction) -> CopyLine | None:
    """Return what a `COPY` or `ADD` names; None where it does not name both sides."""
    if one.word not in ("COPY", "ADD"):
        return None
    text = _NOTE.sub(lambda match: " " * len(match[0]), one.text)
    text = re.sub(r"\\[ \t]*\r?\n\s*", lambda match: " " * len(match[0]), text).split("\n", 1)[0]
    options, at = dict[str, str](), len(text) - len(text.lstrip())
    while (match := _OPTION.match(text, at)) is not None:
        options[match[1]] = match[2] or ""
        at = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
    words = list(_words(text, at, one.start))
    if len(words) < 2:
        return None
    sources = tuple(word for word in words[:-1] if not word.text.startswith("<<"))
    return CopyLine(sources, words[-1].text, options.get("from"))


def takes_from_image(one: Instruction, stages: Container[str]) -> bool:
    """Whether an instruction copies from an image that no stage makes, other than uv's own."""
    line = copy_line(one)
    if line is None or line.origin is None or line.origin.lower() in stages or line.origin.isdigit():
        return False
    return not line.origin.startswith("ghcr.io/astral-sh/uv")


def _words(text: str, at: int, offset: int) -> Iterator[Word]:
    """Yield what stands behind the options: a JSON list, or words between white space."""
    if exec_form(text[at:]) is not None:
        for match in _LISTED.finditer(text, at):
            yield Word(match[1], offset + match.start(1), offset + match.end(1))
        return
    for match in _WORD.finditer(text, at):
        yield Word(re.sub("[\"']", "", match[0]), offset + match.start(), offset + match.end())
