"""What git knows of the files: which are tracked, which are ignored, and which are only pointers to their content."""

from collections.abc import Iterable

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Import, Repository, Untracked
from adaptable_preflight.read.data_files import full_size, is_no_pickle, is_pointer
from adaptable_preflight.read.gitignore import ignored_by
from adaptable_preflight.read.left_out import left_out
from adaptable_preflight.read.pickles import pickled_names

MAX_INDEX_BYTES = 50_000_000
LARGE = 100_000_000
"""Bytes of a file that take their time to be read."""


def repository(
    checkout: Checkout, needed: Iterable[str], imports: Iterable[Import] = (), named: tuple[str, ...] = ()
) -> Repository:
    """Return what stands between the files that the start needs, imports or names (paths), and the platform."""
    index = _index(checkout)
    wanted = tuple(dict.fromkeys(path for path in needed if checkout.is_file(path)))
    return Repository(
        environments=tuple(path for path in _environments(checkout) if _tracked(path, index, checkout)),
        untracked=tuple(_untracked(wanted, index, checkout)),
        left_out=left_out(imports, checkout),
        pointers=tuple(path for path in wanted if is_pointer(path, checkout)),
        named_pointers=tuple(path for path in named if is_pointer(path, checkout)),
        large=tuple((path, size) for path in named if (size := full_size(path, checkout)) >= LARGE),
        no_pickles=tuple(path for path in named if is_no_pickle(path, checkout)),
        pickles=tuple(pickled_names(named, checkout)),
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
