"""Which files the app cannot do without when it is imported, and whether they are there."""

import posixpath
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from adaptable_preflight.facts.disk import shown
from adaptable_preflight.facts.file_readers import MODELS, NAMES, READERS, UNPICKLERS
from adaptable_preflight.facts.unpacking import makes_anything
from adaptable_preflight.facts.writes import OPENERS, PATH_OPENERS
from adaptable_preflight.model import App, Call, Deployment, Phase
from adaptable_preflight.value import Argument, Thing, Value, known_text, text_of

_ELSEWHERE: Final = ("/Users/", "/home/")
"""Folders of somebody's own machine; `C:\\` is one too."""


class Needed(NamedTuple):
    """A file that the app reads."""

    path: str
    """As the code names it."""
    call: Call
    whole: str = ""
    """As the checkout would have it."""


def missing_files(deployment: Deployment) -> Iterator[Needed]:
    """Yield the reads of files that are not in the checkout, and that nothing makes or asks for before."""
    for call, path, whole in opened(deployment, _read, _start(deployment)):
        if not call.caught and is_missing(path, whole, deployment) and not _made(deployment, call, path):
            yield Needed(shown(path), call, whole)


def _start(deployment: Deployment) -> tuple[Phase, ...]:
    """Return when the app cannot do without its files: at import, or in a request that runs a whole script anew."""
    visited = deployment.web is not None and deployment.web.server is not None and deployment.web.server.script
    return ("request",) if visited else ("import",)


def pointers(deployment: Deployment) -> Iterator[Needed]:
    """Yield the reads of files of which only a Git LFS pointer is in the checkout."""
    for call, _path, whole in opened(deployment, _read, ("import", "request")):
        if not call.caught and whole in deployment.repository.named_pointers:
            yield Needed(whole, call)


def no_pickles(deployment: Deployment) -> Iterator[Needed]:
    """Yield what unpickles, when the app is imported, a file that is no pickle for certain."""
    for call, path, whole in opened(deployment, unpickled):
        if not call.caught and whole in deployment.repository.no_pickles and not _made(deployment, call, path):
            yield Needed(whole, call)


class Large(NamedTuple):
    """A model that is loaded whole when the app is imported."""

    path: str
    megabytes: int
    call: Call


def large_models(deployment: Deployment) -> Iterator[Large]:
    """Yield the loads, when the app is imported, of models that are large, or will be when Git LFS fetches them."""
    sizes = dict(deployment.repository.large)
    for call, _path, whole in opened(deployment, _loaded) if sizes else ():
        if whole in sizes:
            yield Large(whole, sizes[whole] // 1_000_000, call)


def opened(
    deployment: Deployment, path_of: Callable[[Call], str | None], phases: tuple[Phase, ...] = ("import",)
) -> Iterator[tuple[Call, str, str]]:
    """Yield each call that opens a known path, with that path as the code names it and as the checkout knows it."""
    for call in deployment.code.calls:
        path = path_of(call) if call.phase in phases else None
        if path is not None:
            places = [located(folder, path) for folder in working_folders(deployment, call)]
            yield call, path, next((place for place in places if _is_there(place, deployment)), places[0])


def working_folders(deployment: Deployment, call: Call) -> list[str]:
    """Return the folder in which the app runs; without a start command also those that it may run in."""
    if deployment.web is not None:
        served, server = deployment.web.app, deployment.web.server
        if server is not None and server.script:
            return [server.folder]
        return [served.folder, *_found_from(served)] if served is not None else [""]
    parts = call.span.path.split("/")[:-1]
    around = ["/".join(parts[:end]) for end in range(len(parts), -1, -1)]
    return [*([deployment.offered.folder] if deployment.offered is not None else []), *around]


def _found_from(app: App) -> Iterator[str]:
    """Yield the folder from which a server finds the app's module: it runs there, after `cd` or `--chdir`."""
    for tail in (".py", "/__init__.py"):
        folder, found, rest = (app.path or "").rpartition(app.module.replace(".", "/") + tail)
        if found and not rest and folder.endswith("/"):
            yield folder.rstrip("/")


def _is_there(whole: str, deployment: Deployment) -> bool:
    """Whether there is such a file or folder, or the commands before the app may make it."""
    known, made = deployment.paths, deployment.code.made
    if whole in known or any(path.startswith(f"{whole}/") for path in known):
        return True
    return any(not one or one == whole or within(one, whole) or within(whole, one) for one in made)


def within(path: str, folder: str) -> bool:
    """Whether a path leads into a folder."""
    return path.startswith(f"{folder}/")


def _loaded(call: Call) -> str | None:
    """Return the known path of a model that a call loads."""
    return unpickled(call) or (_read(call) if call.name in MODELS else None)


def unpickled(call: Call) -> str | None:
    """Return the known path of what a call unpickles, also where it is told an open file."""
    given = call.arguments[0].value if call.name in UNPICKLERS and call.arguments else None
    if isinstance(given, Thing) and given.name in OPENERS and given.arguments:
        given = given.arguments[0].value
    return known_text(given)


def _read(call: Call) -> str | None:
    """Return the known path that a call opens to read."""
    if call.name in OPENERS:
        mode = call.argument(1, "mode")
        return _text(call.argument(0, "file")) if mode is None or _reads(mode.value) else None
    if call.name in PATH_OPENERS:
        mode = call.argument(0, "mode")
        return text_of(call.receiver) if mode is None or _reads(mode.value) else None
    if call.name not in READERS:
        return None
    position, keyword = READERS[call.name]
    path = text_of(call.receiver) if position < 0 else _text(call.argument(position, keyword))
    return path if path is not None and (call.name not in NAMES or NAMES[call.name].fullmatch(path)) else None


def _text(argument: Argument | None) -> str | None:
    return known_text(argument.value) if argument is not None else None


def _reads(mode: Value) -> bool:
    return (text_of(mode) or "w").startswith("r") and "+" not in (text_of(mode) or "")


def is_missing(path: str, whole: str, deployment: Deployment) -> bool:
    """Whether a path leads to nothing in the container."""
    if "://" in path or not path or "\n" in path:
        return False
    if path[1:3] in (":\\", ":/") or path.startswith(_ELSEWHERE):
        return True
    if shown(path).startswith("/"):
        return False
    return not _is_there(whole, deployment) and ".gitmodules" not in deployment.paths


def located(folder: str, path: str) -> str:
    """Return a path as the checkout knows it."""
    inside = shown(path)
    return posixpath.normpath(inside if inside != path else posixpath.join(folder, path))


def _made(deployment: Deployment, reader: Call, path: str) -> bool:
    """Whether another call names the same file, or its folder: it may make it, fetch it, or look for it.

    Nobody can tell what a command or an archive holds that comes before.
    """
    name, whole = posixpath.basename(path), posixpath.dirname(path)
    before = True
    for call in deployment.code.calls:
        before = before and call is not reader
        if call.phase not in ("import", reader.phase) or call.span == reader.span or call.name in READERS:
            continue
        if before and makes_anything(call):
            return True
        if call.name in OPENERS and _read(call) is not None:
            continue
        for text in _texts(call):
            if text == path or (len(name) > 3 and name in text) or (whole and text == whole):
                return True
    return False


def _texts(call: Call) -> Iterator[str]:
    """Yield the known texts among a call's arguments, and the path that it is a method of."""
    for value in (*(argument.value for argument in call.arguments), call.receiver):
        text = text_of(value)
        if text is not None and not call.name.startswith(("pathlib.Path", "os.path.join", "posixpath.join")):
            yield text
