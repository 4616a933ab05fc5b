"""Whether the served code brings a file to the instance's disk: from a store, a URL or another file."""

import posixpath
from typing import Final

from adaptable_preflight.facts.databases import SERVED
from adaptable_preflight.facts.disk import shown
from adaptable_preflight.facts.writes import PATHS, Writer, writes
from adaptable_preflight.model import Call, Code
from adaptable_preflight.value import Value, leading, text_of

_FETCHERS: Final = {
    "download_to_filename": ("google.", Writer(0, "filename")),
    "fget_object": ("minio.", Writer(2, "file_path")),
    "download": ("gdown.", Writer(1, "output")),
}
"""Methods that store what they fetch, the library that has them, and which argument names the file. Sources:
https://cloud.google.com/python/docs/reference/storage/latest/google.cloud.storage.blob.Blob,
https://min.io/docs/minio/linux/developers/python/API.html, gdown/download.py of gdown 5.2."""

_COPIERS: Final = ("shutil.", "urllib.", "wget.", "requests_toolbelt.")
"""The libraries among those which write files that only copy what there is elsewhere."""

_BOTO: Final = {"client": Writer(2, "Filename"), "Bucket": Writer(1, "Filename"), "Object": Writer(0, "Filename")}
"""Which argument of boto3's `download_file` names the file, by what has the method.
https://boto3.amazonaws.com/v1/documentation/api/latest/guide/s3-example-download-file.html"""


def is_fetched(code: Code, path: str) -> bool:
    """Whether a call stores or copies the file of a path.

    A call in a function is known with the arguments that it gets first, so that what it fetches into a folder may be
    any file there.
    """
    folder = posixpath.dirname(path)
    for call in code.calls:
        target = _fetched(call) if call.phase in SERVED else None
        if target is None:
            continue
        if _is_path(target, path) or (call.function and folder and _folder_of(target) == folder):
            return True
    return any(_is_path(write.path, path) for write in writes(code))


def _fetched(call: Call) -> Value | None:
    """Return where a call stores what it fetches."""
    owner, _, method = call.name.rpartition(".")
    writer = PATHS.get(call.name) if call.name.startswith(_COPIERS) else None
    if method == "download_file" and owner.startswith("boto3."):
        writer = _BOTO.get(owner.rpartition(".")[2])
    elif method in _FETCHERS and f"{owner}.".startswith(_FETCHERS[method][0]):
        writer = _FETCHERS[method][1]
    argument = call.argument(writer.position, writer.keyword) if writer is not None and writer.position >= 0 else None
    return argument.value if argument is not None else None


def _is_path(value: Value, path: str) -> bool:
    text = text_of(value)
    return text is not None and shown(text) == path


def _folder_of(value: Value) -> str:
    return posixpath.dirname(shown(leading(value)))
