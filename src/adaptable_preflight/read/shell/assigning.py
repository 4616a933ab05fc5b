"""The shell's own commands that set variables and options."""

import re

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Failure, Word
from adaptable_preflight.read.shell.control import ExitsError, UndecidedError
from adaptable_preflight.read.shell.state import State
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Known, Unknown, concat, text_of

Status = int | None

_NAME = late_pattern(r"[A-Za-z_]\w*", re.ASCII)
_OPTIONS = frozenset(
    {
        "errexit", "noglob", "ignoreeof", "interactive", "monitor", "noexec", "stdin", "xtrace", "verbose", "vi",
        "emacs", "noclobber", "allexport", "notify", "nounset", "nolog", "debug",
    }
)  # fmt: skip
"""The long options of dash."""


def export(_runner: object, state: State, words: list[Word], _span: Span) -> Status:
    """Set variables and hand them to programs."""
    for word in words[1:]:
        name = _declare(state, word)
        if name:
            state.exported.add(name)
    return 0


def _declare(state: State, word: Word) -> str | None:
    """Set a variable from an argument `NAME=value`; return its name, None for an option."""
    parts = word.value.parts if isinstance(word.value, Concat) else (word.value,)
    head = text_of(parts[0])
    if head is None:
        raise UndecidedError(Unknown("it cannot be told which variable is set", word.span))
    name, equals, rest = head.partition("=")
    if not _NAME.fullmatch(name):
        if not name.startswith(("-", "+")):
            _refuse(state, name, word)
        return None
    if equals:
        state.assign(name, concat([Known(rest, word.span), *parts[1:]], word.span))
    return name


def _refuse(state: State, name: str, word: Word) -> None:
    """Take note of a name that no variable can have: it ends sh (dash), and bash goes on."""
    state.notes.dialects_differ = True
    if state.bash:
        return
    state.failure = Failure("shell-syntax", f"«{name}» is no name of a variable", word.span)
    raise ExitsError(2)


def local(_runner: object, state: State, words: list[Word], _span: Span) -> Status:
    """Set variables, as `local`, `readonly` and `declare` do."""
    exports = any((word.text or "").startswith("-") and "x" in (word.text or "") for word in words[1:])
    for word in words[1:]:
        name = _declare(state, word)
        if name and exports:
            state.exported.add(name)
    return 0


def unset(_runner: object, state: State, words: list[Word], _span: Span) -> Status:
    """Remove variables and functions."""
    for word in words[1:]:
        name = word.text or ""
        if name.startswith("-"):
            continue
        state.functions.pop(name, None)
        state.unset(name)
    return 0


def set_options(_runner: object, state: State, words: list[Word], _span: Span) -> Status:
    """Turn options on and off, or set the arguments."""
    rest = words[1:]
    while rest:
        text = rest[0].text or ""
        if text == "--":
            state.arguments = tuple(rest[1:])
            return 0
        if text[:1] not in "-+" or len(text) < 2:
            state.arguments = tuple(rest)
            return 0
        names = set(text[1:])
        if "o" in names:
            option = rest[1].text if len(rest) > 1 else ""
            if option not in _OPTIONS:
                state.notes.dialects_differ = True
                if not state.bash:
                    state.failure = Failure("shell-syntax", f"sh (dash) knows no option «{option}»", rest[0].span)
                    raise ExitsError(2)
            names |= {"errexit": {"e"}, "nounset": {"u"}, "allexport": {"a"}}.get(option or "", set())
            rest = rest[1:]
        state.options = state.options | names if text[0] == "-" else state.options - names
        rest = rest[1:]
    return 0
