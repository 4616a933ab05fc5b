"""Which files the app cannot do without when it is imported, and whether they are there."""

import posixpath
from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.facts.disk import shown
from adaptable_preflight.facts.writes import OPENERS, PATH_OPENERS
from adaptable_preflight.model import Call, Deployment
from adaptable_preflight.value import Argument, Known, Value, text_of

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


class Needed(NamedTuple):
    """A file that is read when the app is imported."""

    path: str
    """As the code names it."""
    call: Call


def missing_files(deployment: Deployment) -> Iterator[Needed]:
    """Yield the reads of files that are not in the checkout, and that nothing makes or asks for before."""
    web = deployment.web
    folder = web.app.folder if web is not None and web.app is not None else ""
    for call in deployment.code.calls:
        path = _read(call) if call.phase == "import" and not call.caught else None
        if path is not None and _is_missing(deployment, folder, path) and not _made(deployment, call, path):
            yield Needed(shown(path), call)


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
    inside = shown(path)
    if inside.startswith("/"):
        return False
    inside = inside if inside != path else posixpath.join(folder, path)
    whole = posixpath.normpath(inside)
    known = deployment.paths
    return whole not in known and not any(p.startswith(f"{whole}/") for p in known) and ".gitmodules" not in known


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
