"""What git knows of the files: which are tracked, which are ignored, and which are only pointers to their content."""

import re
from collections.abc import Iterable

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Repository, Untracked
from adaptable_preflight.source import Source, Span

MAX_INDEX_BYTES = 50_000_000
_POINTER = "version https://git-lfs.github.com/spec/"


def repository(checkout: Checkout, needed: Iterable[str]) -> Repository:
    """Return what stands between the files that the start needs (paths) and the platform."""
    index = _index(checkout)
    wanted = tuple(dict.fromkeys(path for path in needed if checkout.is_file(path)))
    return Repository(
        environments=tuple(path for path in _environments(checkout) if _tracked(path, index, checkout)),
        untracked=tuple(_untracked(wanted, index, checkout)),
        pointers=tuple(path for path in wanted if _is_pointer(path, checkout)),
    )


def _index(checkout: Checkout) -> bytes | None:
    """Return git's index as it is on disk, where it lists whole paths (versions 2 and 3); None where it does not."""
    if not checkout.is_file(".git/index"):
        return None
    data = checkout.bytes(".git/index", MAX_INDEX_BYTES)
    readable = isinstance(data, bytes) and data[:4] == b"DIRC" and data[4:8] in (b"\0\0\0\2", b"\0\0\0\3")
    return data if readable and isinstance(data, bytes) else None


def _listed(path: str, index: bytes) -> bool:
    """Whether the index names a path: an entry ends in its path and at least one NUL."""
    return b"\0" + path.encode() + b"\0" in index or path.encode() + b"\0" in index


def _environments(checkout: Checkout) -> tuple[str, ...]:
    found = [path for path in checkout.paths if path.rpartition("/")[2] == "pyvenv.cfg"]
    hidden = [f"{name}/pyvenv.cfg" for name in ("venv", ".venv", "env", ".env") if checkout.is_folder(name)]
    return tuple(dict.fromkeys(path for path in (*found, *hidden) if checkout.is_file(path)))


def _tracked(path: str, index: bytes | None, checkout: Checkout) -> bool:
    """Whether a file belongs to the repository: without git's index, whether nothing ignores it."""
    if index is not None:
        return _listed(path, index)
    if checkout.is_folder(".git") or checkout.is_file(".git"):
        return False
    folder = path.rpartition("/")[0]
    return not checkout.is_file(f"{folder}/.gitignore") and ignored_by(path, checkout) is None


def _untracked(paths: tuple[str, ...], index: bytes | None, checkout: Checkout) -> Iterable[Untracked]:
    for path in paths if index is not None else ():
        if index is not None and not _listed(path, index):
            pattern = ignored_by(path, checkout)
            if pattern is not None:
                yield Untracked(path, pattern)


def _is_pointer(path: str, checkout: Checkout) -> bool:
    source = checkout.text(path)
    return source is not None and source.text.startswith(_POINTER)


def ignored_by(path: str, checkout: Checkout) -> Span | None:
    """Return the line of a `.gitignore` that keeps a path out of the repository; None where none does."""
    parts = path.split("/")
    verdict: Span | None = None
    for depth in range(len(parts)):
        folder = "/".join(parts[:depth])
        source = checkout.text(f"{folder}/.gitignore" if folder else ".gitignore")
        if source is not None:
            verdict = _last_match(source, "/".join(parts[depth:]), verdict)
    return verdict


def _last_match(source: Source, path: str, before: Span | None) -> Span | None:
    verdict = before
    for number, line in enumerate(source.text.split("\n")[:5000], 1):
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        wanted = not pattern.startswith("!")
        if _matches(pattern.removeprefix("!"), path):
            verdict = source.line_span(number) if wanted else None
    return verdict


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern of a `.gitignore` matches a file or one of the folders above it."""
    only_folders = pattern.endswith("/")
    bare = pattern.strip("/")
    anchored = "/" in pattern.rstrip("/")
    regex = re.compile(_regex(bare) if anchored else f"(?:.*/)?{_regex(bare)}")
    parts = path.split("/")
    last = len(parts) - 1 if only_folders else len(parts)
    return any(regex.fullmatch("/".join(parts[:end])) for end in range(1, last + 1))


def _regex(pattern: str) -> str:
    pieces = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    cut = re.split(r"(\*\*/|/\*\*|\*\*|\*|\?)", pattern)
    return "".join(pieces.get(piece, re.escape(piece)) for piece in cut)
