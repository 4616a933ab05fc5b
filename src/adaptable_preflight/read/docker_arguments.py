"""What stands behind the word of a Dockerfile's instruction: JSON lists, variables, comments between lines.

The rules are those of https://docs.docker.com/reference/dockerfile/.
"""

import re
import shlex

from adaptable_preflight.model import Word
from adaptable_preflight.read.candidates import exec_words
from adaptable_preflight.read.manifests.docker_stages import Instruction
from adaptable_preflight.read.shell.excerpt import Excerpt
from adaptable_preflight.source import Source, Span


def trimmed(one: Instruction) -> tuple[int, int]:
    """Return the offsets of an instruction's arguments without the white space around them."""
    start = one.start + len(one.text) - len(one.text.lstrip())
    return start, one.start + len(one.text.rstrip())


def without_notes(excerpt: Excerpt) -> Excerpt:
    """Blank out the lines of comment between continued lines, which are dropped before a shell sees them."""
    text = re.sub(r"(?<=\\\n)[ \t]*#[^\n]*\n", lambda match: " " * len(match[0]), excerpt.text)
    return Excerpt(text, excerpt.locate, excerpt.values)


def elements(excerpt: Excerpt) -> tuple[Word, ...] | None:
    """Return the arguments of a JSON list, whose lines are put together before it is read; None where it is none."""
    text = re.sub(r"\\[ \t]*\r?\n", lambda match: " " * len(match[0]), excerpt.text)
    return exec_words(Excerpt(text, excerpt.locate, excerpt.values))


def pairs(one: Instruction, source: Source) -> list[tuple[str, str, Span]]:
    """Return the variables of `ENV` or `ARG`: `NAME=value …`, or the old form `NAME value`."""
    start, end = trimmed(one)
    span = source.span(start, end)
    text = source.text[start:end].replace("\\\n", " ").replace("\\\r\n", " ")
    head = text.split(None, 1)
    if "=" not in head[0]:
        return [(head[0], head[1] if len(head) > 1 else "", span)]
    try:
        words = shlex.split(text)
    except ValueError:
        return []
    found = []
    for word in words:
        name, _, value = word.partition("=")
        at = source.text.find(f"{name}=", start, end)
        where = source.span(at, min(at + len(word), end)) if at >= 0 else span
        found.append((name, value, where))
    return found
