"""Which folders the app cannot do without when it is imported: git keeps none that is empty."""

import posixpath
from collections.abc import Iterator
from typing import Final

from adaptable_preflight.facts.disk import shown
from adaptable_preflight.facts.logs import HANDLERS
from adaptable_preflight.facts.opened_files import Needed, is_missing, located, opened, within
from adaptable_preflight.facts.unpacking import makes_anything
from adaptable_preflight.facts.writes import OPENERS, PATH_OPENERS
from adaptable_preflight.model import LOG_HANDLER, Call, Deployment
from adaptable_preflight.value import Known, known_text, text_of

_FOLDERS: Final[dict[str, tuple[int, str]]] = {
    "starlette.staticfiles.StaticFiles": (99, "directory"),
    "fastapi.staticfiles.StaticFiles": (99, "directory"),
    "os.listdir": (0, "path"),
    "os.scandir": (0, "path"),
    "os.chdir": (0, "path"),
}
"""Calls that fail where the folder is not there that they are told. Sources:
https://github.com/encode/starlette/blob/master/starlette/staticfiles.py (`check_dir`),
https://docs.python.org/3/library/os.html"""

_WRITERS: Final[dict[str, tuple[int, str]]] = {
    **dict.fromkeys(HANDLERS, (0, "filename")),
    LOG_HANDLER: (0, "filename"),
    "logging.basicConfig": (99, "filename"),
    "PurePosixPath.write_text": (-1, ""),
    "PurePosixPath.write_bytes": (-1, ""),
}
"""Calls that make the file that they are told and not its folder; position -1: the receiver is the path."""

_MAKERS: Final = frozenset({"os.makedirs", "os.mkdir", "PurePosixPath.mkdir", "pathlib.Path.mkdir"})
_WEB: Final = ("fastapi.", "starlette.", "flask.", "jinja2.", "uvicorn.")
"""Libraries whose calls name folders and make none."""


def missing_folders(deployment: Deployment) -> Iterator[Needed]:
    """Yield the calls that need a folder which is not in the checkout, and which nothing makes or asks for."""
    for path_of, served in ((_folder, True), (_folder_of_file, False)):
        for call, path, whole in opened(deployment, path_of):
            if call.caught or shown(path).startswith("/") or not is_missing(path, whole, deployment):
                continue
            if not _built(deployment, whole, served) and not _made(deployment, call, whole):
                yield Needed(shown(path), call)


def _folder(call: Call) -> str | None:
    """Return the known folder that a call needs."""
    checks = call.argument(-1, "check_dir")
    if call.name not in _FOLDERS or (checks is not None and not _is_true(checks.value)):
        return None
    return _told(call, _FOLDERS[call.name])


def _folder_of_file(call: Call) -> str | None:
    """Return the known folder of a file that a call makes."""
    delayed = call.argument(-1, "delay")
    if delayed is not None and call.name in HANDLERS:
        return None
    if call.name in OPENERS or call.name in PATH_OPENERS:
        position = 1 if call.name in OPENERS else 0
        mode = call.argument(position, "mode")
        makes = mode is not None and (text_of(mode.value) or "r")[0] in "wax"
        path = _told(call, (position - 1, "file")) if makes else None
    else:
        path = _told(call, _WRITERS[call.name]) if call.name in _WRITERS else None
    return posixpath.dirname(path) or None if path is not None else None


def _told(call: Call, place: tuple[int, str]) -> str | None:
    if place[0] < 0:
        return text_of(call.receiver)
    argument = call.argument(*place)
    return known_text(argument.value) if argument is not None else None


def _is_true(value: object) -> bool:
    return isinstance(value, Known) and value.value is True


def _built(deployment: Deployment, whole: str, served: bool) -> bool:
    """Whether building the image may make a folder: a step of it names the folder, or Node builds what is served."""
    image, name = deployment.installed.image, posixpath.basename(whole)
    if served and any(posixpath.basename(path) == "package.json" for path in deployment.paths):
        return True
    told = any(name in step.text for step in deployment.installed.steps)
    return told or (image is not None and bool(image.copied))


def _made(deployment: Deployment, needing: Call, whole: str) -> bool:
    """Whether another call of the import makes the folder or something in it, or looks whether it is there."""
    before = True
    for call in deployment.code.calls:
        before = before and call is not needing
        if call.phase != "import" or call.name.startswith(_WEB) or _needs_too(call):
            continue
        if before and (makes_anything(call) or (call.name in _MAKERS and not any(_paths(call)))):
            return True
        if any(_leads_to(text, whole) for text in _paths(call)):
            return True
    return False


def _needs_too(call: Call) -> bool:
    """Whether a call fails itself without a folder, or only puts a path together."""
    joins = call.name.startswith(("pathlib.Path", "os.path.join", "posixpath.join")) and call.name not in _MAKERS
    return joins or _folder(call) is not None or _folder_of_file(call) is not None


def _paths(call: Call) -> Iterator[str]:
    """Yield the known texts among a call's arguments, and the path that it is a method of."""
    for value in (*(argument.value for argument in call.arguments), call.receiver):
        text = text_of(value)
        if text:
            yield text


def _leads_to(text: str, whole: str) -> bool:
    """Whether a text names a folder, seen from any folder around it, or something in it."""
    path = located("", text)
    return path == whole or within(path, whole) or (bool(path) and f"/{whole}".endswith(f"/{path}"))
