"""Redirections: which files they need, and what a command reads from its standard input."""

import posixpath

from adaptable_preflight.model import Failure
from adaptable_preflight.read.shell.expand import Expander
from adaptable_preflight.read.shell.state import State
from adaptable_preflight.read.shell.syntax import Redirect
from adaptable_preflight.value import Known, Unknown, text_of


def open_redirects(redirects: tuple[Redirect, ...], expander: Expander, state: State) -> Failure | None:
    """Open the files of redirections; return why the shell cannot, if so."""
    for redirect in redirects:
        target = expander.value(redirect.target)
        operator = redirect.operator
        if operator in ("<<", "<<-"):
            state.input = target
            continue
        path = text_of(target)
        if operator == "<<<" or path is None or operator in ("<&", ">&"):
            continue
        failure = _read(path, redirect, state) if operator == "<" else _write(path, redirect, state)
        if failure is not None:
            return failure
    return None


def _read(path: str, redirect: Redirect, state: State) -> Failure | None:
    place = state.place(path)
    if place is None or state.makes(place):
        state.input = Known("") if path == "/dev/null" else Unknown("what the file holds", redirect.target.span)
        return None
    source = state.checkout.text(place)
    if source is None and not state.checkout.is_file(place):
        return Failure("missing-file", f"«{path}» is not there to be read", redirect.target.span)
    state.input = Known(source.text, redirect.target.span) if source is not None else None
    return None


def _write(path: str, redirect: Redirect, state: State) -> Failure | None:
    place = state.place(path)
    if place is None:
        return None
    folder = posixpath.dirname(place)
    if not state.checkout.is_folder(folder) and not state.makes(folder):
        return Failure("missing-file", f"the folder of «{path}» is not there", redirect.target.span)
    if state.checkout.is_folder(place):
        return Failure("missing-file", f"«{path}» is a folder", redirect.target.span)
    state.made.add(place)
    return None
