"""Paths: where the repository lies is not known, so it is taken to lie in a folder of its own."""

import posixpath
from collections.abc import Callable

from adaptable_preflight.checkout import join
from adaptable_preflight.read.python.machine import Handler, Machine
from adaptable_preflight.read.python.objects import Arguments, External, Object
from adaptable_preflight.read.python.posix_path import PurePosixPath
from adaptable_preflight.read.python.public import piece_of, public_arguments
from adaptable_preflight.source import Span
from adaptable_preflight.value import CHECKOUT, Concat, Derived, FromEnv, Known, Unknown, Value, concat, unknown_part


def text_path(value: Object | None) -> str | None:
    """Return a path as text where it is known."""
    if isinstance(value, Known) and isinstance(value.value, str | PurePosixPath):
        return str(value.value)
    return None


def in_checkout(machine: Machine, path: str) -> str | None:
    """Return a path relative to the checkout; None where it lies elsewhere."""
    if path == CHECKOUT or path.startswith(f"{CHECKOUT}/"):
        return join("", path[len(CHECKOUT) + 1 :])
    return join(machine.folder, path)


def folder_of(machine: Machine, value: Object | None) -> str | None:
    """Return a folder of the checkout that a value names."""
    path = text_path(value)
    return None if path is None else in_checkout(machine, path)


def _joined(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine, function
    known = [text_path(value) for value in arguments.positional]
    if all(part is not None for part in known) and known and arguments.complete:
        return Known(posixpath.join(*(part or "" for part in known)), span)
    parts: list[Value] = []
    for value, part in zip(arguments.positional, known, strict=True):
        parts.extend([Known("/")] if parts else [])
        parts.append(Known(part) if part is not None else piece_of(value, span))
    joined = concat(parts, span)
    usable = Known | FromEnv | Concat | Derived
    return joined if isinstance(joined, usable) else Unknown("a path is not known", span)


def _by(function: Callable[[str], str]) -> Callable[[Machine, External, Arguments, Span], Object]:
    def apply(machine: Machine, external: External, arguments: Arguments, span: Span) -> Object:
        del machine, external
        value = arguments.get(0)
        path = text_path(value)
        if path is None:
            return value if isinstance(value, FromEnv | Concat) else Unknown("a path is not known", span)
        return Known(function(path), span)

    return apply


def _absolute(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del function
    value = arguments.get(0)
    path = text_path(value)
    if path is None:
        return value if isinstance(value, FromEnv | Concat) else Unknown("a path is not known", span)
    return Known(posixpath.normpath(posixpath.join(CHECKOUT, machine.folder, path)), span)


def _working_folder(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del function, arguments
    return Known(posixpath.normpath(posixpath.join(CHECKOUT, machine.folder)), span)


def _exists(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    value = arguments.get(0) if arguments.positional else function.receiver
    path = text_path(value)
    inside = in_checkout(machine, path) if path is not None else None
    if inside is None:
        return Unknown("whether a file outside the repository is there", span)
    kind = function.name.rpartition(".")[2]
    file, folder = machine.checkout.is_file(inside), machine.checkout.is_folder(inside)
    return Known({"isfile": file, "is_file": file, "isdir": folder, "is_dir": folder}.get(kind, file or folder), span)


def _path(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`pathlib.Path(…)`."""
    joined = _joined(machine, function, arguments, span) if arguments.positional else Known(".")
    if isinstance(joined, Known) and isinstance(joined.value, str):
        return Known(PurePosixPath(joined.value), span)
    if isinstance(joined, FromEnv) or (isinstance(joined, Concat) and unknown_part(joined) is None):
        return joined
    return External("pathlib.Path", span, instance=True, arguments=public_arguments(arguments))


def _resolved(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del arguments
    path = text_path(function.receiver)
    if path is None:
        return Unknown("a path is not known", span)
    return Known(PurePosixPath(posixpath.normpath(posixpath.join(CHECKOUT, machine.folder, path))), span)


def _as_text(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine, arguments
    path = text_path(function.receiver)
    return Known(path, span) if path is not None else Unknown("a path is not known", span)


def _joinpath(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    receiver = function.receiver or Unknown("a path is not known", span)
    given = Arguments((receiver, *arguments.positional), {}, (span, *arguments.spans), arguments.complete)
    return _path(machine, function, given, span)


def _change_folder(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`os.chdir(folder)`."""
    del function
    folder = folder_of(machine, arguments.get(0))
    if folder is not None:
        machine.folder = folder
    return Known(None, span)


HANDLERS: dict[str, Handler] = {
    "os.path.join": _joined,
    "os.path.dirname": _by(posixpath.dirname),
    "os.path.basename": _by(posixpath.basename),
    "os.path.normpath": _by(posixpath.normpath),
    "os.path.expanduser": _by(lambda path: path),
    "os.path.abspath": _absolute,
    "os.path.realpath": _absolute,
    "os.getcwd": _working_folder,
    "os.chdir": _change_folder,
    "os.path.exists": _exists,
    "os.path.isfile": _exists,
    "os.path.isdir": _exists,
    "PurePosixPath.exists": _exists,
    "PurePosixPath.is_file": _exists,
    "PurePosixPath.is_dir": _exists,
    "PurePosixPath.resolve": _resolved,
    "PurePosixPath.absolute": _resolved,
    "PurePosixPath.joinpath": _joinpath,
    "PurePosixPath.as_posix": _as_text,
    "pathlib.Path": _path,
    "pathlib.PurePath": _path,
    "pathlib.Path.cwd": lambda machine, function, arguments, span: _path(
        machine, function, Arguments((_working_folder(machine, function, arguments, span),)), span
    ),
}

CONSTANTS: dict[str, Callable[[Machine, Span], Object]] = {
    "os.sep": lambda _machine, span: Known("/", span),
    "os.curdir": lambda _machine, span: Known(".", span),
    "os.pardir": lambda _machine, span: Known("..", span),
}


def attribute(path: PurePosixPath, name: str, span: Span) -> Object | None:
    """Return an attribute of a path object; None for methods."""
    if name in ("parent", "name", "stem", "suffix"):
        return Known(getattr(path, name), span)
    return None
