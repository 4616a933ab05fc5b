"""Files that a script writes: where they lie and, as far as it can be told, what stands in them."""

import posixpath

from adaptable_preflight.model import Launch
from adaptable_preflight.read.shell import output
from adaptable_preflight.read.shell.state import State
from adaptable_preflight.read.shell.syntax import Redirect, Simple
from adaptable_preflight.value import Concat, FromEnv, Known, Unknown, Value, concat, text_of

_COPIES = frozenset({"cp", "mv", "ln", "install"})


def keep_output(reader: output.Reader, command: Simple, state: State) -> None:
    """Keep what a command writes into the files of its redirections."""
    for redirect in command.redirects:
        if not _takes_output(redirect):
            continue
        path = path_of(reader.expander(state).value(redirect.target), state)
        if path is None or path == "/dev/null":
            continue
        rest = tuple(other for other in command.redirects if not _takes_output(other))
        text = output.of_command(reader, command._replace(redirects=rest), state, state.input)
        if text is None:
            text = Unknown(f"what the start command writes into «{path}» is not known", command.span)
        state.files[path] = concat([_before(path, state), text]) if redirect.operator == ">>" else text


def _takes_output(redirect: Redirect) -> bool:
    return redirect.operator in (">", ">>", "&>", ">|") and redirect.descriptor in (None, 1)


def _before(path: str, state: State) -> Value:
    """Return what stands in a file that is appended to."""
    kept = state.files.get(path)
    source = None if path.startswith(("/", "~")) else state.checkout.text(path)
    return kept or Known(source.text if source is not None else "")


def path_of(value: Value, state: State) -> str | None:
    """Return the path of a file as `Environment.files` has it; None where it cannot be told."""
    if isinstance(value, Concat) and len(value.parts) == 2 and isinstance(value.parts[0], FromEnv):
        below = text_of(value.parts[1]) or ""
        return "~" + posixpath.normpath(below) if value.parts[0].name == "HOME" and below.startswith("/") else None
    text = text_of(value)
    if not text:
        return None
    home = text_of(state.variables.get("HOME"))
    if home and text.startswith(home.rstrip("/") + "/"):
        return "~" + posixpath.normpath(text[len(home.rstrip("/")) :])
    place = state.place(text)
    return place if place is not None else posixpath.normpath(text)


def keep_copies(launch: Launch, state: State) -> None:
    """Keep what `cp` and its like write; a target may be a folder, so the file may lie in it as well."""
    operands = [word for word in launch.words[1:] if not (word.text or "").startswith("-")]
    if launch.program not in _COPIES or len(operands) != 2:
        return
    origin, target = operands[0].text, path_of(operands[1].value, state)
    if origin is None or target is None:
        return
    place = state.place(origin)
    source = state.checkout.text(place) if place is not None else None
    text = (state.files.get(place) if place is not None else None) or (
        Known(source.text, operands[0].span)
        if source is not None
        else Unknown(f"«{origin}» is not known", launch.words[0].span)
    )
    state.files[target] = state.files[posixpath.join(target, posixpath.basename(origin))] = text
