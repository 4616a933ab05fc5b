"""Which files the app cannot do without when it is imported, and whether they are there."""

import posixpath
from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.facts.disk import shown
from adaptable_preflight.facts.writes import OPENERS, PATH_OPENERS
from adaptable_preflight.model import Call, Deployment
from adaptable_preflight.value import Argument, Known, Thing, Value, text_of

READERS: Final[dict[str, tuple[int, str]]] = {
    "joblib.load": (0, "filename"),
    "sklearn.externals.joblib.load": (0, "filename"),
    "pandas.read_csv": (0, "filepath_or_buffer"),
    "pandas.read_json": (0, "path_or_buf"),
    "pandas.read_excel": (0, "io"),
    "pandas.read_pickle": (0, "filepath_or_buffer"),
    "pandas.read_parquet": (0, "path"),
    "numpy.load": (0, "file"),
    "numpy.loadtxt": (0, "fname"),
    "torch.load": (0, "f"),
    "PIL.Image.open": (0, "fp"),
    "tensorflow.keras.models.load_model": (0, "filepath"),
    "keras.models.load_model": (0, "filepath"),
    "firebase_admin.credentials.Certificate": (0, "cert"),
    "google.oauth2.service_account.Credentials.from_service_account_file": (0, "filename"),
    "oauth2client.service_account.ServiceAccountCredentials.from_json_keyfile_name": (0, "filename"),
    "gspread.service_account": (0, "filename"),
    "PurePosixPath.read_text": (-1, ""),
    "PurePosixPath.read_bytes": (-1, ""),
}
"""Calls that read the file that they are told and fail without it; position -1: the receiver is the path."""

_ELSEWHERE: Final = ("/Users/", "/home/")
"""Folders of somebody's own machine; `C:\\` is one too."""


UNPICKLERS: Final = frozenset(
    "pickle.load dill.load cloudpickle.load joblib.load sklearn.externals.joblib.load pandas.read_pickle".split()
)
"""Calls that unpickle the file that they are told, by its path or opened."""


class Needed(NamedTuple):
    """A file that the app reads."""

    path: str
    """As the code names it."""
    call: Call


def missing_files(deployment: Deployment) -> Iterator[Needed]:
    """Yield the reads of files that are not in the checkout, and that nothing makes or asks for before."""
    folder = _folder(deployment)
    for call in deployment.code.calls:
        path = _read(call) if call.phase == "import" and not call.caught else None
        if path is not None and _is_missing(deployment, folder, path) and not _made(deployment, call, path):
            yield Needed(shown(path), call)


def pointers(deployment: Deployment) -> Iterator[Needed]:
    """Yield the reads of files of which only a Git LFS pointer is in the checkout."""
    folder = _folder(deployment)
    for call in deployment.code.calls:
        path = _read(call) if call.phase in ("import", "request") and not call.caught else None
        whole = _located(folder, path) if path is not None else None
        if whole in deployment.repository.named_pointers and whole is not None:
            yield Needed(whole, call)


def no_pickles(deployment: Deployment) -> Iterator[Needed]:
    """Yield what unpickles, when the app is imported, a file that is no pickle for certain."""
    folder = _folder(deployment)
    for call in deployment.code.calls:
        if call.name not in UNPICKLERS or call.phase != "import" or call.caught:
            continue
        path = _unpickled(call)
        whole = _located(folder, path) if path is not None else None
        if whole is not None and whole in deployment.repository.no_pickles and not _made(deployment, call, path or ""):
            yield Needed(whole, call)


def _unpickled(call: Call) -> str | None:
    """Return the known path of what a call unpickles, also where it is told an open file."""
    given = call.arguments[0].value if call.arguments else None
    if isinstance(given, Thing) and given.name in OPENERS and given.arguments:
        given = given.arguments[0].value
    return given.value if isinstance(given, Known) and isinstance(given.value, str) else None


def _folder(deployment: Deployment) -> str:
    web = deployment.web
    return web.app.folder if web is not None and web.app is not None else ""


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
    return text_of(call.receiver) if position < 0 else _text(call.argument(position, keyword))


def _text(argument: Argument | None) -> str | None:
    value = argument.value if argument is not None else None
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else None


def _reads(mode: Value) -> bool:
    return (text_of(mode) or "w").startswith("r") and "+" not in (text_of(mode) or "")


def _is_missing(deployment: Deployment, folder: str, path: str) -> bool:
    if "://" in path or not path or "\n" in path:
        return False
    if path[1:3] in (":\\", ":/") or path.startswith(_ELSEWHERE):
        return True
    if shown(path).startswith("/"):
        return False
    whole, known = _located(folder, path), deployment.paths
    return whole not in known and not any(p.startswith(f"{whole}/") for p in known) and ".gitmodules" not in known


def _located(folder: str, path: str) -> str:
    """Return a path as the checkout knows it."""
    inside = shown(path)
    return posixpath.normpath(inside if inside != path else posixpath.join(folder, path))


def _made(deployment: Deployment, reader: Call, path: str) -> bool:
    """Whether another call names the same file, or its folder: it may make it, fetch it, or look for it."""
    name, whole = posixpath.basename(path), posixpath.dirname(path)
    for call in deployment.code.calls:
        if call.phase != "import" or call.span == reader.span or call.name in READERS:
            continue
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
