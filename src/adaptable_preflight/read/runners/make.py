"""`make TARGET`: the recipe's lines, each run by a shell of its own, as in https://www.gnu.org/software/make/manual/."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Environment, Failure, Launch, Run, Word
from adaptable_preflight.read import homes
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.shell import run_script
from adaptable_preflight.read.shell.excerpt import of_value
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Concat, FromEnv, Known, Unknown, Value, concat

_RULE = late_pattern(r"([^\s:=#][^:=#]*?)\s*::?(?!=)\s*([^;#]*)(;.*)?(?:#.*)?$")
_VARIABLE = late_pattern(r"(?:export\s+)?([A-Za-z_][\w.-]*)\s*(:{0,3}=|\?=|\+=)\s*(.*)$")
_CLOSING = {"(": ")", "{": "}"}
_NAMES = ("GNUmakefile", "makefile", "Makefile")


class Rule(NamedTuple):
    """A target with what it needs first and its recipe: lines of the file by number and text."""

    needs: tuple[str, ...]
    recipe: tuple[tuple[int, str], ...]


class Makefile(NamedTuple):
    """The rules and variables of a makefile."""

    rules: dict[str, Rule]
    variables: dict[str, tuple[str, bool]]
    """Each with its text and whether the environment wins over it."""
    first: str
    unread: str
    """Why it is not followed, if so."""


def make(launch: Launch, context: Context) -> Run:
    """Follow `make [-C FOLDER] [-f FILE] [NAME=VALUE]… [TARGET]…`."""
    options, targets, given = _arguments(launch.words[1:])
    folder = homes.place(context, launch.folder, options.get("C", "."))
    span = launch.words[0].span
    if folder is None:
        return Run(unknown=Unknown("the folder of make lies outside of the repository", span), status=None)
    names = [options["f"]] if "f" in options else _NAMES
    paths = [place for name in names if (place := homes.place(context, folder, name)) is not None]
    source = next((s for path in paths if (s := context.checkout.text(path)) is not None), None)
    if source is None:
        return Run(failure=Failure("missing-file", "make finds no makefile", span))
    makefile = read(source)
    if makefile.unread:
        return Run(unknown=Unknown(makefile.unread, span), status=None)
    done = Run()
    for target in [word.text or "" for word in targets] or [makefile.first]:
        run = _build(target, makefile, source, launch._replace(folder=folder), context, given, ())
        done = _after(done, run)
        if run.status or _stops(run):
            return done
    return done


def _after(done: Run, run: Run) -> Run:
    """Return a step with what the steps before it showed."""
    return run._replace(remarks=(*done.remarks, *run.remarks))


def _stops(run: Run) -> bool:
    """Whether nothing that follows is made: a step fails, or runs on."""
    waits = any(remark.kind == "worker-program" for remark in run.remarks)
    return bool(run.failure or run.unknown or run.servers or waits)


def _arguments(words: tuple[Word, ...]) -> tuple[dict[str, str], list[Word], dict[str, Value]]:
    options, targets, given = dict[str, str](), list[Word](), dict[str, Value]()
    rest = list(words)
    while rest:
        text = rest[0].text or ""
        if re.fullmatch(r"-[Cf]", text) and len(rest) > 1:
            options[text[1]] = rest[1].text or ""
            rest = rest[1:]
        elif re.match(r"-[Cf].", text):
            options[text[1]] = text[2:]
        elif (match := re.fullmatch(r"([A-Za-z_]\w*):?=(.*)", text)) is not None:
            given[match[1]] = Known(match[2], rest[0].span)
        elif not text.startswith("-"):
            targets.append(rest[0])
        rest = rest[1:]
    return options, targets, given


def read(source: Source) -> Makefile:
    """Return the rules and variables of a makefile."""
    rules, variables, first, unread = dict[str, Rule](), dict[str, tuple[str, bool]](), "", ""
    current: list[str] = []
    for number, line in _logical_lines(source.text):
        if line.startswith("\t"):
            for name in current:
                rules[name] = rules[name]._replace(recipe=(*rules[name].recipe, (number, line[1:])))
            continue
        text = line.strip()
        if re.match(r"(-?s?include|ifn?eq|ifn?def|define|\.ONESHELL|SHELL\s*[:?]?=)\b", text) and not unread:
            unread = f"«{text.split()[0]}» in «{source.path}» is not followed"
        variable = _VARIABLE.fullmatch(text)
        rule = None if variable else _RULE.fullmatch(text)
        if variable:
            variables[variable[1]] = (variable[3], variable[2] == "?=")
        elif rule:
            current = rule[1].split()
            first = first or next((name for name in current if not name.startswith(".")), "")
            for name in current:
                needs = (*(rules[name].needs if name in rules else ()), *rule[2].split())
                recipe = ((number, rule[3][1:].strip()),) if rule[3] else ()
                rules[name] = Rule(needs, recipe or (rules[name].recipe if name in rules else ()))
    return Makefile(rules, variables, first, unread)


def _logical_lines(text: str) -> list[tuple[int, str]]:
    lines, pending, start = list[tuple[int, str]](), "", 0
    for number, line in enumerate(text.split("\n"), 1):
        start = start or number
        pending += line
        if line.endswith("\\"):
            pending += "\n"
            continue
        lines.append((start, pending))
        pending, start = "", 0
    return lines


def _build(
    target: str,
    makefile: Makefile,
    source: Source,
    launch: Launch,
    context: Context,
    given: dict[str, Value],
    above: tuple[str, ...],
) -> Run:
    """Make what a target needs, then run its recipe, up to the first line that fails or runs on."""
    rule = makefile.rules.get(target)
    if rule is None or target in above:
        if context.checkout.is_file(homes.place(context, launch.folder, target) or "") or target in above:
            return Run()
        return Run(failure=Failure("rejected-option", f"make has no rule for «{target}»", launch.words[0].span))
    done = Run()
    for need in rule.needs:
        done = _after(done, _build(need, makefile, source, launch, context, given, (*above, target)))
        if _stops(done):
            return done
    for number, line in rule.recipe:
        span = source.line_span(number)
        text = line.lstrip("@-+ \t")
        value = _expanded(text, makefile, launch.env, given, span)
        run = _doubted(run_script(of_value(value, span), context, launch.env, launch.folder, span=span), value)
        ignored = "-" in line[: len(line) - len(text)]
        done = _after(done, run)
        if run.servers or run.unknown or ((run.failure or run.status) and not ignored):
            return done
        done = done._replace(failure=None, status=0) if ignored else done
    return done


def _doubted(run: Run, recipe: Value) -> Run:
    """Leave open what becomes of a recipe where make puts a text in of which nothing is known, such as more options."""
    parts = recipe.parts if isinstance(recipe, Concat) else (recipe,)
    why = next((part for part in parts if isinstance(part, Unknown)), None)
    return run if why is None else run._replace(failure=None, unknown=run.unknown or why)


def _expanded(
    text: str, makefile: Makefile, env: Environment, given: dict[str, Value], span: Span, depth: int = 0
) -> Value:
    """Expand make's own variables."""
    pieces: list[Value] = []
    at = 0
    column = span.column + (span.end_column - span.column - len(text)) if "\n" not in text else 0
    for start, end, name in [*_references(text), (len(text), len(text), "")]:
        where = span._replace(column=column + at, end_column=column + start) if column else span
        pieces.append(Known(text[at:start], where))
        at = end
        if name == "$":
            pieces.append(Known("$", span))
        elif start < end:
            pieces.append(_variable(name, makefile, env, given, span, depth))
    return concat(pieces, span)


def _references(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where a text refers to a variable or calls a function, and what stands in the brackets.

    Brackets in it count as long as they are of the same kind: `reference_name` in `src/expand.c` of GNU make.
    """
    at = 0
    while 0 <= (start := text.find("$", at)) < len(text) - 1:
        at = _end(text, start + 1)
        inside = text[start + 1 : at]
        yield start, at, inside[1:-1] if inside[0] in _CLOSING else inside


def _end(text: str, at: int) -> int:
    """Return where a reference ends that begins here; the text's end where its bracket is never closed."""
    opening, depth = text[at], 0
    if opening not in _CLOSING:
        return at + 1
    for index in range(at, len(text)):
        depth += (text[index] == opening) - (text[index] == _CLOSING[opening])
        if not depth:
            return index + 1
    return len(text)


def _variable(
    name: str, makefile: Makefile, env: Environment, given: dict[str, Value], span: Span, depth: int
) -> Value:
    if name in given:
        return given[name]
    if re.search(r"\W", name):
        return Unknown(f"«$({name})» of make is not followed", span)
    own = makefile.variables.get(name)
    outer = env.get(name)
    if outer is not None and (own is None or own[1]):
        return outer
    if own is not None and depth < 10:
        value = _expanded(own[0], makefile, env, given, span, depth + 1)
        return FromEnv(name, value, span) if own[1] and not env.closed else value
    return Known("", span) if env.closed else FromEnv(name, None, span)
