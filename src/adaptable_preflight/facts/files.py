"""Which files the served code writes, and what becomes of them in the same request."""

from typing import NamedTuple

from adaptable_preflight.facts.databases import SERVED
from adaptable_preflight.facts.video_downloads import DOWNLOADERS
from adaptable_preflight.facts.writes import (
    DEFAULT_STORAGE,
    OPENERS,
    PATH_OPENERS,
    STORAGES,
    FileWrite,
    appends,
    opened,
    writes,
)
from adaptable_preflight.model import Call, Code, Phase
from adaptable_preflight.source import Span
from adaptable_preflight.value import (
    Concat,
    Derived,
    Either,
    FromEnv,
    Items,
    Known,
    Table,
    Thing,
    Unknown,
    Value,
    leading,
)


class WrittenFile(NamedTuple):
    """A file that the code writes in one phase, by one or more calls."""

    path: Value
    writes: tuple[FileWrite, ...]
    users: tuple[Call, ...]
    """The other calls that handle the file: what reads it, hands it on, removes it."""

    @property
    def call(self) -> Call:
        """The call that says most: the one that stores an upload, else the first."""
        return next((write.call for write in self.writes if write.upload), self.writes[0].call)

    @property
    def upload(self) -> bool:
        """Whether it holds what was uploaded."""
        return any(write.upload for write in self.writes)

    @property
    def delivered(self) -> bool:
        """Whether the response sends it to the client."""
        return any(call.name.rpartition(".")[2] in DELIVERERS for call in self.users)

    @property
    def passing(self) -> bool:
        """Whether all that becomes of it is that the function which wrote it reads it back: only one request needs it.

        What lies where visitors get files from is read by them too.
        """
        if any(appends(write.call) for write in self.writes) or "static" in leading(self.path):
            return False
        written = {place: first for write in reversed(self.writes) for place, first in [_begin(write.call)]}
        used = [_begin(user) for user in self.users]
        return {place for place, _ in used} == set(written) and all(at > written[place] for place, at in used)

    @property
    def temporary(self) -> bool:
        """Whether it lies in a folder for temporary files, is no file on the disk, or is removed again."""
        return is_temporary(self.path) or any(call.name in REMOVERS for call in self.users)


def written_later(code: Code) -> tuple[WrittenFile, ...]:
    """Return each file that the app writes for requests: in them, because of them, or more and more beside them.

    What a thread that no request leads to writes anew is there again after the next start.
    """
    files = (*written_files(code, "request"), *written_files(code, "background"))
    return tuple(f for f in files if f.call.by_request or any(appends(write.call) for write in f.writes))


def written_files(code: Code, phase: Phase) -> tuple[WrittenFile, ...]:
    """Return each file that the code writes in a phase, in the order of the code."""
    groups: dict[object, list[FileWrite]] = {}
    for write in writes(code):
        if write.call.phase == phase:
            groups.setdefault((essence(write.path), write.call.span.path), []).append(write)
    return tuple(WrittenFile(found[0].path, tuple(found), _users(code, found)) for found in groups.values())


def _begin(call: Call) -> tuple[tuple[str, str], tuple[int, int]]:
    """Return the function around a call, and where in it the call stands."""
    return (call.span.path, call.function), (call.span.line, call.span.column)


TEMPORARY = ("/tmp", "/var/tmp/", "/dev/", "/proc/")  # noqa: S108 - the app's paths are read, none is opened
"""Folders whose files nobody expects to keep, and devices."""


_UPLOADED_INTO = ".temporary_file_path"
"""What names the file into which Django receives a large upload; it is removed when the request ends.

Source: https://docs.djangoproject.com/en/stable/ref/files/uploads/
"""


def is_temporary(path: Value, depth: int = 0) -> bool:
    """Whether a path lies in a folder for temporary files, or is no file at all but a buffer or a stream."""
    if depth > 6:
        return False
    match path:
        case Known(value=value) if not isinstance(value, str):
            return depth == 0  # a descriptor; further inside it is an index or a count
        case Known() | Concat():
            text = leading(path)
            if text.startswith(TEMPORARY):
                return True
            parts = path.parts if isinstance(path, Concat) else ()
            return any(is_temporary(part, depth + 1) for part in parts)
        case Thing(name=name, arguments=arguments, of=of):
            if name.startswith(("tempfile.", "io.", "flask.Response", "aiofiles.tempfile.", "django.core.files.temp")):
                return True
            if name.endswith((_UPLOADED_INTO, ".buffer")) or "Response" in name or name.startswith("sys."):
                return True
            inner = [of, *(a.value for a in arguments)]
            return any(value is not None and is_temporary(value, depth + 1) for value in inner)
        case Derived(of=parts):
            return any(is_temporary(part, depth + 1) for part in parts)
        case Either(options=options):
            return any(is_temporary(option, depth + 1) for option in options)
    return False


def is_device(path: Value) -> bool:
    """Whether a path is the standard output or another device."""
    return leading(path).startswith(("/dev/", "/proc/")) or (isinstance(path, Thing) and path.name.startswith("sys."))


def essence(value: Value | None) -> object:
    """Return what tells a path from another one: its text as far as it is known, and the places of the rest."""
    match value:
        case Known(value=known):
            return known
        case FromEnv(name=name):
            return ("$", name)
        case Concat(parts=parts):
            return tuple(essence(part) for part in parts)
        case Derived(name=name, of=parts):
            return (name, *(essence(part) for part in parts))
        case Unknown(span=span) | Thing(span=span) | Items(span=span) | Table(span=span) | Either(span=span):
            return span or value
    return value


_AROUND = (
    "os.path.", "os.makedirs", "os.mkdir", "print", "logging.", "flask.flash", "open", "str", "os.chmod",
    "werkzeug.utils.secure_filename", "flask.url_for", "flask.redirect", "flask.jsonify", "flask.render_template",
    "pathlib.", "fastapi.", "datetime.", "shutil.copyfileobj", "io.open", "aiofiles.open", "uuid.",
    "django.core.files.storage.", "django.http.", "django.shortcuts.", "django.urls.", "asyncio.",
)  # fmt: skip
"""Calls that do not use up a file when they are told its path."""
DELIVERERS = frozenset({"send_file", "send_from_directory", "FileResponse", "static_file"})
"""Last names of calls that answer a request with a file."""
REMOVERS = (
    "os.remove",
    "os.unlink",
    "shutil.rmtree",
    "PurePosixPath.unlink",
    "pathlib.Path.unlink",
    "aiofiles.os.remove",
    *(name.replace(".save", ".delete") for name in (*STORAGES, DEFAULT_STORAGE)),
)


def _users(code: Code, found: list[FileWrite]) -> tuple[Call, ...]:
    if found[0].call.name in DOWNLOADERS:
        return _around(code, found[0].call)
    wanted = essence(found[0].path)
    if wanted in ("", None):
        return ()
    own = {write.call.span for write in found}
    copies = {write.call.span for write in found if write.call.name.startswith("shutil.")}
    told = (call for call in code.calls if call.phase in SERVED and (_tells(call, wanted) or _takes(call, copies)))
    users = (c for c in told if c.span not in own)
    return tuple(c for c in users if not c.name.startswith(_AROUND) or c.name in REMOVERS or _reads(c))


def _around(code: Code, download: Call) -> tuple[Call, ...]:
    """Return the calls of a module that remove or send files: what a video's file is called is known to the library."""
    near = (c for c in code.calls if c.phase in SERVED and c.span.path == download.span.path)
    return tuple(c for c in near if c.name in REMOVERS or c.name.rpartition(".")[2] in DELIVERERS)


def _takes(call: Call, copies: set[Span]) -> bool:
    """Whether a call is told the path that one of those which write gives, as `shutil.make_archive` does."""
    return any(isinstance(a.value, Thing) and a.value.span in copies for a in call.arguments)


def _tells(call: Call, wanted: object) -> bool:
    return any(_leads_to(a.value, wanted) for a in call.arguments) or (
        call.receiver is not None and essence(call.receiver) == wanted
    )


def _leads_to(value: Value, wanted: object) -> bool:
    """Whether a value is the path, or what a storage makes of the name that it gave the file."""
    if essence(value) == wanted:
        return True
    if isinstance(value, Either):
        return any(_leads_to(option, wanted) for option in value.options)
    located = isinstance(value, Thing) and value.name.startswith("django.core.files.storage.")
    return located and isinstance(value, Thing) and any(essence(a.value) == wanted for a in value.arguments)


def _reads(call: Call) -> bool:
    """Whether the file is opened to be read."""
    if call.name not in OPENERS and call.name not in PATH_OPENERS:
        return False
    return opened(call.name, call.arguments, call.receiver) is None
