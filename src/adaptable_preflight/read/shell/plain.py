"""The commands that most repositories have: one server and plain words, for which no grammar has to be loaded."""

import re
from collections.abc import Iterator

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Environment, Launch, Remark, Run, Server, Word
from adaptable_preflight.read import homes
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.programs import OBSERVED_SECONDS
from adaptable_preflight.read.servers.table import SERVERS
from adaptable_preflight.read.shell.excerpt import Excerpt
from adaptable_preflight.value import FromEnv, Known, Unknown, Value, concat

_PIECE = r"[\w./:=@,+-]++|\$(?:([A-Za-z_]\w*+)|\{([A-Za-z_]\w*+)\})"
_PIECES = late_pattern(_PIECE, re.ASCII)
_WORD = late_pattern(rf"[ \t]*+((?:{_PIECE})++|'[^'\n]++'|\"[^\"$`\\!\n]++\")(?:[ \t]++|$)", re.ASCII)
_SPLIT_OR_PATTERN = late_pattern(r"[\s*?\[~]")
_PROGRAMS = frozenset(name for entry in SERVERS for name in entry.commands)


def read(excerpt: Excerpt, context: Context, env: Environment, folder: str) -> Run | None:
    """Return what becomes of a script; None where it is more than one server that is started by plain words."""
    first = _WORD.match(excerpt.text)
    if excerpt.values or first is None or first[1] not in _PROGRAMS:
        return None
    words = _words(excerpt, env)
    if words is None:
        return None
    launch = Launch(words, env._replace(variables=dict(env.variables)), folder)
    run = context.follow(homes.localised(launch, context))
    if any(remark.kind == "detached" for remark in run.remarks):
        return None
    return _ended(run)


def _ended(run: Run) -> Run | None:
    """Return what becomes of the shell that starts the server; None where the server ends well."""
    remarks = tuple(dict.fromkeys(run.remarks))
    if run.unknown is not None:
        return Run(run.servers, None, run.unknown, run.remarks if run.servers else remarks, None, run.app)
    if run.failure is not None:
        status = 127 if run.failure.kind == "missing-program" else 1
        return Run(run.servers, run.failure, None, remarks, status, run.app)
    return Run(run.servers, None, late(remarks, run.servers), remarks, app=run.app) if run.servers else None


def _words(excerpt: Excerpt, env: Environment) -> tuple[Word, ...] | None:
    """Return the arguments; None where the shell may split or drop one, or where its grammar is asked for."""
    words, at = list[Word](), 0
    while at < len(excerpt.text):
        match = _WORD.match(excerpt.text, at)
        word = _word(excerpt, *match.span(1), env) if match else None
        if match is None or word is None:
            return None
        words.append(word)
        at = match.end()
    return tuple(words)


def _word(excerpt: Excerpt, start: int, end: int, env: Environment) -> Word | None:
    span = excerpt.locate(start, end)
    if excerpt.text[start] in "'\"":
        return Word(Known(excerpt.text[start + 1 : end - 1], excerpt.locate(start + 1, end - 1)), span)
    pieces = list(_pieces(excerpt, start, end, env))
    known = [piece for piece in pieces if piece is not None]
    if len(known) < len(pieces):
        return None
    return Word(concat(known, span if len(known) > 1 else None), span)


def _pieces(excerpt: Excerpt, start: int, end: int, env: Environment) -> Iterator[Value | None]:
    for match in _PIECES.finditer(excerpt.text, start, end):
        span, name = excerpt.locate(*match.span()), match[1] or match[2]
        if not name:
            yield Known(match[0], span)
            continue
        value = env.get(name)
        if isinstance(value, Known) and (not str(value.value) or _SPLIT_OR_PATTERN.search(str(value.value))):
            yield None
        elif isinstance(value, Known | FromEnv):
            yield value._replace(span=value.span or span)
        else:
            yield None


def late(remarks: tuple[Remark, ...], servers: tuple[Server, ...]) -> Unknown | None:
    """Return why it is open what listens soon after the start where the script waits for long before."""
    seconds = sum(remark.seconds for remark in remarks)
    if seconds < OBSERVED_SECONDS - 2 or not servers:
        return None
    slowest = max(remarks, key=lambda remark: remark.seconds)
    return Unknown(f"the server starts only after {seconds:g} seconds of waiting", slowest.span)
