"""What commands write, for `$(…)` and pipes: known for a few that only look at the checkout and their arguments."""

import posixpath
import re
from collections.abc import Callable
from typing import Protocol

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Launch, Run, Word
from adaptable_preflight.read.shell.arithmetic import calculate
from adaptable_preflight.read.shell.control import UndecidedError
from adaptable_preflight.read.shell.excerpt import Excerpt
from adaptable_preflight.read.shell.expand import Expander, ExpansionError
from adaptable_preflight.read.shell.parser import parse
from adaptable_preflight.read.shell.patterns import folder_of
from adaptable_preflight.read.shell.state import State
from adaptable_preflight.read.shell.syntax import Command, Pipeline, Simple, Substitution
from adaptable_preflight.value import Concat, Known, Unknown, Value, concat, split_last, text_of

_ECHO_OPTION = late_pattern("-[neE]+")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_ESCAPE = late_pattern(r"\\([ntr\\])")
_RARE_ESCAPE = late_pattern(r"(?<!\\)(?:\\\\)*\\[abcefvx0-7]")
_INTERPRETER = late_pattern(r"(?:ba|da|a|z)?sh|python[\d.]*")
MAX_TEXT = 20_000


class Reader(Protocol):
    """The part of the interpreter that expands words."""

    def expander(self, state: State) -> Expander:
        """Return what expands words."""


def of_substitution(reader: Reader, part: Substitution, state: State) -> Value:
    """Return what the commands of `$(…)` write, without the line ends behind it."""
    unknown = Unknown(f"what «{_shown(part.body)}» writes is known only when it runs", part.span)
    script = parse(part.body, state.bash)
    state.notes.dialects_differ |= script.bashisms
    chains = [chain for line in script.lines for chain in line]
    if script.fault is not None or not chains or not _simple_chain(chains[0].steps[0][1]):
        return unknown
    twin = state.copy()
    twin.placeholders = part.body.values
    texts = list[Value]()
    for chain in chains:
        if len(chain.steps) > 1 and not _changes_folder(reader, chain.steps[:-1], twin):
            return unknown
        text = _of_pipeline(reader, chain.steps[-1][1], twin)
        if text is None:
            return unknown
        texts.append(text)
    return _stripped(concat(texts, part.span))


def _shown(body: Excerpt) -> str:
    text = " ".join(body.text.split())
    return text if len(text) <= 40 else text[:39] + "…"


def _simple_chain(pipeline: Pipeline) -> bool:
    return all(isinstance(command, Simple) for command in pipeline.commands)


def _changes_folder(reader: Reader, steps: tuple[tuple[str, Pipeline], ...], state: State) -> bool:
    """Follow the `cd` of `$(cd "$(dirname "$0")" && pwd)`."""
    for operator, pipeline in steps:
        command = pipeline.commands[0]
        if operator == "||" or len(pipeline.commands) != 1 or not isinstance(command, Simple):
            return False
        words = [word.text for word in reader.expander(state).words(command.words)]
        if len(words) < 2 or words[0] != "cd" or words[-1] is None:
            return False
        place = state.place(words[-1])
        if place is None or not state.checkout.is_folder(place):
            return False
        state.folder = place
    return True


def _of_pipeline(reader: Reader, pipeline: Pipeline, state: State) -> Value | None:
    text: Value | None = None
    for command in pipeline.commands:
        text = of_command(reader, command, state, text)
        if text is None:
            return None
    return text


def of_command(reader: Reader, command: Command, state: State, text: Value | None) -> Value | None:
    """Return what one command writes that reads `text`; None where that is not known."""
    try:
        return _of_command(reader, command, state, text)
    except ExpansionError:
        return None


def _of_command(reader: Reader, command: Command, state: State, text: Value | None) -> Value | None:
    if not isinstance(command, Simple) or not command.words:
        return None
    if any(
        redirect.operator in (">", ">>", "&>") and redirect.descriptor in (None, 1) for redirect in command.redirects
    ):
        return None
    expander = reader.expander(state)
    words = expander.words(command.words)
    for redirect in command.redirects:
        if redirect.operator == "<":
            read = _cat([text_of(expander.value(redirect.target)) or ""], None, state)
            text = Known(read) if read is not None else None
    name = (words[0].text or "").rpartition("/")[2] if words else ""
    if name == "echo":
        return _echo([word.value for word in words[1:]], state)
    if name == "printf":
        return _printf([word.value for word in words[1:]])
    if name == "cat" and len(words) == 1:
        return text
    arguments = [word.text for word in words[1:]]
    writer = WRITERS.get(name)
    if writer is None or any(argument is None for argument in arguments):
        return None
    written = writer([a for a in arguments if a is not None], text_of(text) if text is not None else None, state)
    return None if written is None or len(written) > MAX_TEXT else Known(written, command.span)


def _echo(values: list[Value], state: State) -> Value | None:
    """Return what `echo` writes: dash knows only `-n` and always reads escapes, bash does so after `-e`."""
    flags = ""
    while values and _ECHO_OPTION.fullmatch(option := text_of(values[0]) or "") and (state.bash or option == "-n"):
        flags, values = flags + option[1:], values[1:]
        if not state.bash:
            break
    pieces = [piece for value in values for piece in (Known(" "), value)][1:]
    text = concat([*pieces, Known("" if "n" in flags else "\n")])
    escaped = any("\\" in (text_of(part) or "") for part in _parts(text))
    state.notes.dialects_differ |= escaped or bool(values and _ECHO_OPTION.fullmatch(text_of(values[0]) or ""))
    state.notes.dialects_differ |= flags not in ("", "n")
    return _unescaped(text) if escaped and ("e" in flags or not state.bash) else text


def _parts(text: Value) -> tuple[Value, ...]:
    return text.parts if isinstance(text, Concat) else (text,)


def _unescaped(text: Value) -> Value | None:
    """Return text with its escapes read; None where it holds a rare one."""
    read = list[Value]()
    for part in _parts(text):
        known = text_of(part)
        if known is not None and _RARE_ESCAPE.search(known):
            return None
        read.append(part if known is None else Known(_ESCAPE.sub(lambda sign: _SIGNS[sign[1]], known), part.span))
    return concat(read)


def _stripped(value: Value) -> Value:
    """Return text without the line ends behind it."""
    text = text_of(value)
    if text is not None:
        return Known(text.rstrip("\n"), value.span)
    split = split_last(value, "\n")
    return split[0] if split is not None and text_of(split[1]) == "" else value


def _cat(arguments: list[str], text: str | None, state: State) -> str | None:
    if not arguments:
        return text
    pieces = []
    for path in arguments:
        place = state.place(path)
        source = None if place is None or state.makes(place) else state.checkout.text(place)
        if source is not None:
            pieces.append(source.text)
        elif state.exists(path) is not False:
            return None
    return "".join(pieces)


def _printf(values: list[Value]) -> Value | None:
    form = _unescaped(values[0]) if values else None
    text = text_of(form) if form is not None else None
    if text is None or text.count("%") != text.count("%s") or text.count("%s") != len(values) - 1:
        return None
    pieces: list[Value] = [Known(piece) for piece in text.split("%s")]
    return concat([part for pair in zip(pieces, [*values[1:], Known("")], strict=True) for part in pair])


def _grep(arguments: list[str], text: str | None, state: State) -> str | None:
    flags = [a for a in arguments if a.startswith("-")]
    rest = [a for a in arguments if not a.startswith("-")]
    if not rest or set("".join(flag[1:] for flag in flags)) - set("vEe"):
        return None
    if len(rest) > 1:
        text = _cat(rest[1:], None, state)
    if text is None or not re.fullmatch(r"[\w^#=$ .@-]*", rest[0]):
        return None
    inverted = any("v" in flag for flag in flags)
    lines = [line for line in text.splitlines() if bool(re.search(rest[0], line)) != inverted]
    return "".join(line + "\n" for line in lines)


def _which(arguments: list[str], _text: str | None, _state: State) -> str | None:
    names = [a for a in arguments if not a.startswith("-")]
    if len(names) != 1 or "/" in names[0]:
        return None
    return f"/usr/local/bin/{names[0]}\n"


def _command(arguments: list[str], text: str | None, state: State) -> str | None:
    return _which(arguments[1:], text, state) if arguments[:1] == ["-v"] else None


def _python(arguments: list[str], _text: str | None, _state: State) -> str | None:
    match = re.fullmatch(r"print\((.*)\)", arguments[1]) if len(arguments) == 2 and arguments[0] == "-c" else None
    result = calculate(match[1]) if match else None
    return f"{result}\n" if result is not None else None


def _xargs(arguments: list[str], text: str | None, _state: State) -> str | None:
    quoted = text is None or set(text) & set("'\"\\")
    return None if arguments or quoted or text is None else " ".join(text.split()) + "\n"


def with_input(words: list[Word], state: State) -> list[Word]:
    """Return the command that `xargs` starts, with the arguments that it reads."""
    text = text_of(state.input) if state.input is not None else None
    rest = words[1:]
    while rest and (rest[0].text or "") in ("-r", "-t", "--no-run-if-empty", "--verbose"):
        rest = rest[1:]
    span = words[0].span
    if text is None or set(text) & set("'\"\\") or not rest or (rest[0].text or "-").startswith("-"):
        raise UndecidedError(Unknown("what «xargs» starts is known only when it runs", span))
    return [*rest, *(Word(Known(piece, span), span) for piece in text.split())]


def searched(launch: Launch, state: State) -> Run | None:
    """Return what becomes of a `grep` in a file of the checkout; None where that is not known."""
    texts = [word.text for word in launch.words[1:]]
    if launch.program != "grep" or None in texts or not texts:
        return None
    quiet = [text.replace("q", "").replace("s", "") if text[:1] == "-" else text for text in texts if text is not None]
    written = _grep([text for text in quiet if text not in ("-", "")], None, state)
    return None if written is None else Run(status=int(not written))


def reads_program(words: list[Word]) -> bool:
    """Whether the command is an interpreter that takes its program from its input."""
    name = (words[0].text or "").rpartition("/")[2]
    texts = [word.text or "" for word in words[1:]]
    if not _INTERPRETER.fullmatch(name) or any(text.startswith(("-c", "-m")) for text in texts):
        return False
    return "-s" in texts or all(text[:1] == "-" for text in texts)


def with_program(words: list[Word], text: Value) -> list[Word]:
    """Return a shell's command with the program that comes through its input, as an argument of `-c`."""
    name, span = (words[0].text or "").rpartition("/")[2], words[0].span
    if text_of(text) is None or name.startswith("python"):
        raise UndecidedError(Unknown("a program that comes through the input is not read", span))
    rest = [word for word in words[1:] if word.text != "-s"]
    options = [word for word in rest if (word.text or "").startswith("-")]
    arguments = [word for word in rest if word not in options]
    return [words[0], *options, Word(Known("-c"), span), Word(text, span), words[0], *arguments]


def _head(arguments: list[str], text: str | None, state: State) -> str | None:
    count = 10
    if arguments[:1] == ["-n"] and len(arguments) > 1 and arguments[1].isdigit():
        count, arguments = int(arguments[1]), arguments[2:]
    elif arguments and re.fullmatch(r"-n?\d+", arguments[0]):
        count, arguments = int(arguments[0].lstrip("-n")), arguments[1:]
    text = _cat(arguments, text, state)
    return None if text is None else "".join(text.splitlines(keepends=True)[:count])


def _basename(arguments: list[str], _text: str | None, _state: State) -> str | None:
    if not 1 <= len(arguments) <= 2 or arguments[0].startswith("-"):
        return None
    name = posixpath.basename(arguments[0].rstrip("/"))
    return (name.removesuffix(arguments[1]) if len(arguments) == 2 else name) + "\n"


_CHANGES_OF_CASE: dict[tuple[str, ...], Callable[[str], str]] = {
    ("a-z", "A-Z"): str.upper,
    ("A-Z", "a-z"): str.lower,
    ("[a-z]", "[A-Z]"): str.upper,
    ("[A-Z]", "[a-z]"): str.lower,
    ("[:lower:]", "[:upper:]"): str.upper,
    ("[:upper:]", "[:lower:]"): str.lower,
}


def _tr(arguments: list[str], text: str | None, _state: State) -> str | None:
    if text is None:
        return None
    if arguments[:1] == ["-d"] and len(arguments) == 2 and arguments[1] in ("\\r", "\\n", "\r"):
        return text.replace(arguments[1].replace("\\r", "\r").replace("\\n", "\n"), "")
    if tuple(arguments) in _CHANGES_OF_CASE:
        return _CHANGES_OF_CASE[arguments[0], arguments[1]](text)
    return text.replace("\n", arguments[1]) if len(arguments) == 2 and arguments[0] in ("\\n", "\n") else None


WRITERS: dict[str, Callable[[list[str], str | None, State], str | None]] = {
    "cat": _cat,
    "head": _head,
    "grep": _grep,
    "egrep": _grep,
    "xargs": _xargs,
    "tr": _tr,
    "which": _which,
    "command": _command,
    "python": _python,
    "python3": _python,
    "pwd": lambda _a, _t, state: state.absolute_folder + "\n",
    "dirname": lambda a, _t, _s: folder_of(a[-1]) + "\n" if a else None,
    "basename": _basename,
}
