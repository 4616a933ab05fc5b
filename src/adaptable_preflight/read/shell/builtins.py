"""The shell's own commands."""

import re
from collections.abc import Callable, Mapping
from typing import Protocol

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Failure, Run, Word
from adaptable_preflight.read import programs
from adaptable_preflight.read.servers import by_command
from adaptable_preflight.read.shell import conditions
from adaptable_preflight.read.shell.assigning import export, local, set_options, unset
from adaptable_preflight.read.shell.control import (
    ExitsError,
    LeavesLoopError,
    ReturnsError,
    StaysError,
    UndecidedError,
)
from adaptable_preflight.read.shell.excerpt import Excerpt, of_source, of_value
from adaptable_preflight.read.shell.state import State
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Unknown, Value, concat, text_of

Status = int | None


class Runner(Protocol):
    """The part of the interpreter that the shell's own commands call."""

    def read(self, excerpt: Excerpt, state: State) -> Status:
        """Run a script."""

    def launch(self, words: list[Word], inner: State, state: State) -> Status:
        """Start a program."""


Builtin = Callable[[Runner, State, list[Word], Span], Status]

_NAME = late_pattern(r"[A-Za-z_]\w*", re.ASCII)
_PRESENT = frozenset({"python", "python3", "sh", "pip"})
_FOREIGN_FOLDERS = ("/tmp", "/usr", "/etc", "/var/log", "/var/tmp", "/bin", "/dev", "/proc", "/root")  # noqa: S108
"""Folders that are there in every container and hold no part of a repository."""


def _succeeds(_runner: Runner, _state: State, _words: list[Word], _span: Span) -> Status:
    return 0


def _fails(_runner: Runner, _state: State, _words: list[Word], _span: Span) -> Status:
    return 1


def _cd(_runner: Runner, state: State, words: list[Word], span: Span) -> Status:
    paths = [word for word in words[1:] if word.text not in ("-P", "-L", "--")]
    target = paths[0].value if paths else state.lookup("HOME", span) or Known("")
    path = text_of(target)
    if path == "-":
        target = state.variables.get("OLDPWD", Known(""))
        path = text_of(target)
    if path is None:
        raise UndecidedError(Unknown("the folder that `cd` goes to is not known", span))
    return _enter(state, path, words[-1].span)


def _enter(state: State, path: str, span: Span) -> Status:
    """Change the working directory."""
    place = state.place(path) if path else state.folder
    if place is None:
        if path != "/" and not path.startswith(_FOREIGN_FOLDERS) and text_of(state.lookup("HOME", span)) != path:
            raise UndecidedError(Unknown(f"«{path}» lies outside of the repository", span))
        place = path
    elif not state.checkout.is_folder(place):
        if state.makes(place):
            raise UndecidedError(Unknown(f"the folder «{path}» is made by the script", span))
        state.failure = Failure("missing-file", f"`cd` finds no folder «{path}»", span)
        return 2
    state.assign("OLDPWD", Known(state.absolute_folder))
    state.folder = place
    state.variables.pop("PWD", None)
    return 0


def _pushd(runner: Runner, state: State, words: list[Word], span: Span) -> Status:
    state.pushed = (*state.pushed, state.folder)
    return _cd(runner, state, words, span)


def _popd(_runner: Runner, state: State, _words: list[Word], _span: Span) -> Status:
    if not state.pushed:
        return 1
    state.folder, state.pushed = state.pushed[-1], state.pushed[:-1]
    return 0


def _shift(_runner: Runner, state: State, words: list[Word], _span: Span) -> Status:
    count = int(words[1].text or "1") if len(words) > 1 and (words[1].text or "").isdigit() else 1
    if count > len(state.arguments):
        if not state.bash:
            state.failure = Failure("shell-syntax", "`shift` has fewer arguments than it should drop", words[0].span)
            raise ExitsError(2)
        return 1
    state.arguments = state.arguments[count:]
    return 0


def _number(words: list[Word], state: State) -> Status:
    if len(words) < 2:
        return state.previous
    text = words[1].text or ""
    return int(text) & 255 if re.fullmatch(r"-?\d{1,9}", text) else 2 if words[1].text is not None else None


def _exit(_runner: Runner, state: State, words: list[Word], _span: Span) -> Status:
    raise ExitsError(_number(words, state))


def _return(_runner: Runner, state: State, words: list[Word], _span: Span) -> Status:
    raise ReturnsError(_number(words, state))


def _break(_runner: Runner, state: State, words: list[Word], _span: Span) -> Status:
    text = (words[1].text or "") if len(words) > 1 else "1"
    if not state.loops:
        return 0
    raise LeavesLoopError(int(text) if text.isdigit() else 1, words[0].text == "continue")


def _test(_runner: Runner, state: State, words: list[Word], _span: Span) -> Status:
    if words[0].text == "[":
        if words[-1].text != "]":
            return 2
        words = words[:-1]
    return conditions.test(words[1:], state)


def _source(runner: Runner, state: State, words: list[Word], span: Span) -> Status:
    """Run a file in this very shell."""
    if len(words) < 2:
        return 2
    path = words[1].text
    place = state.place(path) if path is not None else None
    if path is None or (place is None and not path.startswith(("/opt", "/venv", "/etc"))):
        raise UndecidedError(Unknown("the file that is read into the shell is not known", span))
    if place is None or "activate" in path or state.makes(place):
        return 0
    if "/" not in path:
        state.notes.dialects_differ = True
    source = state.checkout.text(place) if "/" in path or state.bash else None
    if source is None:
        state.failure = Failure("missing-script", f"the shell finds no file «{path}» to read", words[1].span)
        if state.bash:
            return 1
        raise ExitsError(2)
    return _read_into(runner, state, source_excerpt=of_source(source))


def _read_into(runner: Runner, state: State, source_excerpt: Excerpt) -> Status:
    state.notes.steps += 50
    try:
        return runner.read(source_excerpt, state)
    except ReturnsError as error:
        return error.status


def _eval(runner: Runner, state: State, words: list[Word], span: Span) -> Status:
    pieces: list[Value] = [piece for word in words[1:] for piece in (Known(" "), word.value)][1:]
    if not pieces:
        return 0
    state.notes.steps += 50
    return runner.read(of_value(concat(pieces, span), span), state)


def _exec(runner: Runner, state: State, words: list[Word], _span: Span) -> Status:
    rest = words[1:]
    if rest and rest[0].text == "--":
        rest = rest[1:]
    if rest and rest[0].text == "-a":
        rest = rest[2:]
    if not rest:
        return 0
    raise ExitsError(runner.launch(rest, state, state))


def _command(runner: Runner, state: State, words: list[Word], span: Span) -> Status:
    rest = words[1:]
    if rest and rest[0].text in ("-v", "-V"):
        return _asks(runner, state, rest, span)
    if rest and rest[0].text == "-p":
        raise UndecidedError(Unknown("«command -p» looks for programs in the system's own folders alone", span))
    if not rest:
        return 0
    builtin = BUILTINS.get(rest[0].text or "")
    return builtin(runner, state, rest, span) if builtin else runner.launch(rest, state, state)


def _asks(_runner: Runner, state: State, words: list[Word], _span: Span) -> Status:
    """Ask whether there are programs: those of a server are taken to be installed."""
    names = [word.text or "" for word in words[1:] if not (word.text or "").startswith("-")]
    if all(name in BUILTINS or programs.is_known(name) or by_command(name) or name in _PRESENT for name in names):
        return 0
    state.doubted = True
    return None


def _wait(_runner: Runner, state: State, words: list[Word], _span: Span) -> Status:
    if state.background or state.jobs:
        servers = tuple(state.background)
        state.background.clear()
        raise StaysError(Run(servers))
    return 0 if len(words) == 1 else None


def _read(_runner: Runner, state: State, words: list[Word], span: Span) -> Status:
    for word in words[1:]:
        if word.text and not word.text.startswith("-"):
            state.assign(word.text, Unknown("it is read from the input", span))
    return None


def _open(_runner: Runner, _state: State, _words: list[Word], _span: Span) -> Status:
    return None


BUILTINS: Mapping[str, Builtin] = {
    ":": _succeeds,
    "true": _succeeds,
    "false": _fails,
    "cd": _cd,
    "chdir": _cd,
    "pushd": _pushd,
    "popd": _popd,
    "export": export,
    "readonly": local,
    "local": local,
    "declare": local,
    "typeset": local,
    "unset": unset,
    "set": set_options,
    "shift": _shift,
    "exit": _exit,
    "return": _return,
    "break": _break,
    "continue": _break,
    "test": _test,
    "[": _test,
    ".": _source,
    "source": _source,
    "eval": _eval,
    "exec": _exec,
    "command": _command,
    "builtin": _command,
    "wait": _wait,
    "read": _read,
    "getopts": _open,
    "let": _open,
    "type": _asks,
} | dict.fromkeys(
    ("trap", "echo", "printf", "hash", "ulimit", "umask", "alias", "unalias", "shopt", "kill", "jobs", "pwd", "times"),
    _succeeds,
)

ONLY_IN_BASH = frozenset(
    {"source", "pushd", "popd", "declare", "typeset", "shopt", "let", "builtin", "disown", "["}
) - {"["}
