"""A Dockerfile taken apart: its instructions with their places, and the stages that the last one is made from."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.source import Source, Span

_INSTRUCTION = late_pattern(r"[ \t]*([A-Za-z]+)[ \t]+")
_FROM = late_pattern(r"(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?\s*$", re.IGNORECASE)
_VARIABLE = late_pattern(r"\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))")


class Instruction(NamedTuple):
    """One instruction of a Dockerfile; the offsets bound its arguments in the text."""

    word: str
    text: str
    start: int
    end: int


class Stage(NamedTuple):
    """One stage of a build."""

    name: str
    base: str
    span: Span
    instructions: tuple[Instruction, ...]
    defaults: Mapping[str, str]
    """What the file's first `ARG`s say, those above every stage; an `ARG` without a value takes it from there."""


def instructions(source: Source) -> tuple[Instruction, ...]:
    """Return the instructions of a Dockerfile, continued lines and here-documents included."""
    lines = source.text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    found: list[Instruction] = []
    index = 0
    while index < len(lines):
        match, first = _INSTRUCTION.match(lines[index]), index
        index += 1
        if match is None or _is_note(lines[first]):
            continue
        index = _after_continuation(lines, first)
        index = _after_here_document(lines, index, source.text[starts[first] : starts[index] - 1])
        start, end = starts[first] + match.end(), starts[index] - 1
        found.append(Instruction(match[1].upper(), source.text[start:end], start, end))
    return tuple(found)


def _after_continuation(lines: list[str], first: int) -> int:
    """Return the number of the line behind an instruction; notes and empty lines do not end it."""
    index, line = first + 1, lines[first]
    while index < len(lines) and line.rstrip().endswith("\\"):
        if lines[index].strip() and not _is_note(lines[index]):
            line = lines[index]
        index += 1
    return index


def _after_here_document(lines: list[str], index: int, text: str) -> int:
    for word in re.findall(r"<<-?[\"']?(\w+)[\"']?", text):
        while index < len(lines) and lines[index].strip() != word:
            index += 1
        index = min(index + 1, len(lines))
    return index


def _is_note(line: str) -> bool:
    return line.lstrip().startswith("#")


def stages(source: Source) -> tuple[Stage, ...]:
    """Return the stages of a build with their instructions."""
    found: list[Stage] = []
    arguments: dict[str, str] = {}
    defaults: dict[str, str] = {}
    for one in instructions(source):
        if one.word == "ARG":
            name, _, value = one.text.strip().partition("=")
            arguments[name] = value.strip("\"' ")
            defaults |= {} if found else {name: arguments[name]}
        if one.word == "FROM":
            match = _FROM.match(one.text.strip())
            base = _filled(match[1], arguments) if match else ""
            name = (match[2] or "") if match else ""
            found.append(Stage(name.lower(), base, source.line_span(source.position(one.start)[0]), (), defaults))
        elif found:
            found[-1] = found[-1]._replace(instructions=(*found[-1].instructions, one))
    return tuple(found)


def _filled(text: str, arguments: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda m: arguments.get(m[1] or m[3]) or m[2] or "", text)


def needed(stages: tuple[Stage, ...]) -> list[Stage]:
    """Return the last stage and those that it is built from or copies from, in order."""
    names = {stage.name: index for index, stage in enumerate(stages) if stage.name}
    pending, wanted = [len(stages) - 1], set[int]()
    while pending:
        index = pending.pop()
        if index < 0 or index in wanted:
            continue
        wanted.add(index)
        stage = stages[index]
        used = [stage.base.lower()]
        used += [m[1].lower() for one in stage.instructions for m in re.finditer(r"(?:--|,)from=([^\s,]+)", one.text)]
        for name in used:
            number = names.get(name, int(name) if name.isdigit() and int(name) < len(stages) else -1)
            if number >= 0:
                pending.append(number)
    return [stages[index] for index in sorted(wanted)]


def chain(stage: Stage, stages: Iterable[Stage]) -> list[Stage]:
    """Return a stage and those of the same file that it is built on, the lowest last."""
    named = {each.name: each for each in stages if each.name}
    found = [stage]
    while (below := named.get(found[-1].base.lower())) is not None and below not in found:
        found.append(below)
    return found
