"""The checked folder: which files there are, each read once, and nothing outside it.

Everything in it is written by strangers: links that lead out are not followed, and limits hold on size and number.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Unreadable
from adaptable_preflight.settings import SettingsError
from adaptable_preflight.source import Source, Span

MAX_FILE_BYTES = 2_000_000
"""A file above this is generated or data; no start-up configuration or hand-written module comes near it."""
MAX_FILES = 200_000
"""Bounds the time and memory of a walk. A part of the files is never judged: what is not seen would seem absent."""
MAX_LINE = 100_000
"""Characters in one line; a longer one is minified or generated."""

_CODING = late_pattern(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)
"""The encoding that a Python file, and as pip has it a requirements file, declares in its first two lines (PEP 263)."""

SKIPPED_FOLDERS = frozenset(
    {
        ".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache",
        ".ruff_cache", ".pytest_cache", "site-packages", ".eggs", ".idea", ".vscode",
    }
)  # fmt: skip
"""Folders that hold other people's code or a tool's own files; they are listed by no walk."""

_TEMPLATE = late_pattern(r"\{[{%]")
"""In the name of a file or folder: cookiecutter and copier make a project of it, which is what is deployed.

Sources: https://cookiecutter.readthedocs.io/en/stable/overview.html, https://copier.readthedocs.io/en/stable/creating/
"""


class Checkout:
    """A folder of files. Paths are relative to it, with `/`, and never lead out of it."""

    def __init__(self, root: str, exclude: tuple[str, ...] = ()) -> None:
        self.root = os.path.realpath(root)
        self._exclude = tuple(pattern.strip("/") for pattern in exclude)
        self._read: dict[str, Source | Unreadable | None] = {}
        self._paths: tuple[str, ...] | None = None
        self._listings: dict[str, frozenset[str]] = {}
        self.laid_over: Mapping[str, str] = {}
        self._beside: dict[str, set[str]] = {}
        """The names by which a folder has what is laid over it, and the folders on the way there."""
        self._folders: dict[str, str] = {}
        """The real path of each folder that was asked for: resolving one looks at every part of it."""

    def lay_over(self, files: Mapping[str, str]) -> None:
        """Let files be found at further paths, as in the image that is made of the checkout.

        `files` maps each such path to the file's own one, by which the file is known all the same.
        """
        self.laid_over = files
        for path in files:
            while path:
                folder, _, name = path.rpartition("/")
                self._beside.setdefault(folder, set()).add(name)
                path = folder
        self._listings.clear()
        self._paths = tuple(sorted({*self.paths, *files})) if files else self._paths

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file outside the skipped folders and templates, sorted; what is laid over them included.

        Raises SettingsError where they are more than `MAX_FILES`.
        """
        if self._paths is None:
            self._paths = tuple(sorted(self._walk()))
        return self._paths

    def _walk(self) -> Iterator[str]:
        pending, seen = [""], 0
        while pending:
            folder = pending.pop()
            try:
                entries = list(os.scandir(os.path.join(self.root, folder)))
            except OSError:
                continue
            for entry in entries:
                if _TEMPLATE.search(entry.name):
                    continue
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in SKIPPED_FOLDERS and path not in self._exclude:
                        pending.append(path)
                elif path not in self._exclude:
                    seen += 1
                    if seen > MAX_FILES:
                        raise SettingsError(
                            f"«{self.root}» holds more than {MAX_FILES:,} files: check the app's own folder, "
                            "or leave folders out with the setting `exclude`"
                        )
                    yield path

    def _inside(self, path: str) -> str | None:
        """Return the real path of a file or folder in the checkout; None where it is not there or leads out."""
        if not path or "\0" in path:
            return self.root if path == "" else None
        path = self.laid_over.get(path, path)
        folder, _, name = path.rpartition("/")
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(os.path.join(self.root, folder))
        full = os.path.join(self._folders[folder], name)
        real = os.path.realpath(full) if name in ("..", ".") or os.path.islink(full) else full
        if real != self.root and not real.startswith(self.root.rstrip("/") + "/"):
            return None
        return real

    def is_file(self, path: str) -> bool:
        """Whether there is such a file."""
        if not self._is_listed(path):
            return False
        real = self._inside(path)
        return real is not None and os.path.isfile(real)

    def is_folder(self, path: str) -> bool:
        """Whether there is such a folder; the empty path is the checkout itself."""
        if not self._is_listed(path):
            return False
        real = self._inside(path)
        return (real is not None and os.path.isdir(real)) or (path in self._beside)

    def size(self, path: str) -> int:
        """Return how many bytes a file has; 0 where there is none."""
        real = self._inside(path) if self._is_listed(path) else None
        return os.stat(real).st_size if real is not None and os.path.isfile(real) else 0

    def is_executable(self, path: str) -> bool:
        """Whether the file may be run as a program."""
        real = self._inside(path)
        return real is not None and os.path.isfile(real) and bool(os.stat(real).st_mode & stat.S_IXUSR)

    def _is_listed(self, path: str) -> bool:
        """Whether a path's folder holds such a name: one listing answers for all that is looked for and not there."""
        folder, _, name = path.rpartition("/")
        if folder not in self._listings:
            self._listings[folder] = frozenset(self.names(folder))
        return name in self._listings[folder] or name in ("", ".", "..")

    def names(self, folder: str = "") -> tuple[str, ...]:
        """Return the names in one folder, sorted; empty where there is no such folder."""
        real = self._inside(folder)
        try:
            found = os.listdir(real) if real is not None else []
        except OSError:
            found = []
        return tuple(sorted({*found, *self._beside.get(folder, ())}))

    def head(self, path: str, size: int) -> bytes:
        """Return a file's first bytes; none where it cannot be read."""
        data = self._beginning(path, size)
        return data if isinstance(data, bytes) else b""

    def _beginning(self, path: str, size: int) -> bytes | Unreadable | None:
        if not self._is_listed(path):
            return None
        real = self._inside(path)
        if real is None:
            if os.path.islink(os.path.join(self.root, path)):
                return _unreadable(path, "it is a link that leads out of the checkout")
            return None
        try:
            mode = os.stat(real).st_mode  # before opening: to open a named pipe is to wait for ever
            if not stat.S_ISREG(mode):
                return None if stat.S_ISDIR(mode) else _unreadable(path, "it is not a regular file")
            with open(real, "rb") as file:
                return file.read(size)
        except FileNotFoundError:
            return None
        except OSError as error:
            return _unreadable(path, (error.strerror or "it cannot be opened").lower())

    def bytes(self, path: str, limit: int = MAX_FILE_BYTES) -> bytes | Unreadable | None:
        """Return a file's bytes; None where there is no such file. One above the limit is unreadable."""
        data = self._beginning(path, limit + 1)
        if isinstance(data, bytes) and len(data) > limit:
            return _unreadable(path, f"it is larger than {limit // 1_000_000} MB", breaks=None)
        return data

    def read(self, path: str) -> Source | Unreadable | None:
        """Return a file as text; None where there is no such file. Each file is read once."""
        path = self.laid_over.get(path, path)
        if path not in self._read:
            data = self.bytes(path)
            self._read[path] = decode(path, data) if isinstance(data, bytes) else data
        return self._read[path]

    def sources(self) -> tuple[Source, ...]:
        """Return every file that was read as text so far."""
        return tuple(source for source in self._read.values() if isinstance(source, Source))

    def unreadable(self) -> tuple[Unreadable, ...]:
        """Return every file that was asked for as text so far and could not be read."""
        return tuple(fact for fact in self._read.values() if isinstance(fact, Unreadable))

    def text(self, path: str) -> Source | None:
        """Return a file as text where it can be read, else None."""
        source = self.read(path)
        return source if isinstance(source, Source) else None


def decode(path: str, data: bytes) -> Source | Unreadable:
    """Return bytes as text: UTF-8, or UTF-16 by its byte-order mark, which is dropped."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif b"\0" in data:
        return _unreadable(path, "it holds NUL bytes: it is a binary file, or UTF-16 without a byte-order mark")
    else:
        encoding = "utf-8-sig"
        cookie = _CODING.search(data[:400]) if path.endswith((".py", ".txt", ".in")) else None
        if cookie and b"\n" not in data[: cookie.start()].split(b"\n", 1)[-1]:
            encoding = cookie[1].decode("ascii")
            encoding = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    try:
        text = data.decode(encoding)
    except LookupError:
        return _unreadable(path, f"its encoding «{encoding}» is not known")
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            return _unreadable(path, "it is not valid UTF-16")
        line = data.count(b"\n", 0, error.start) + 1
        return _unreadable(path, f"line {line} is not valid UTF-8", line)
    if len(text) > MAX_LINE and max(map(len, text.split("\n"))) > MAX_LINE:
        return _unreadable(path, f"a line is longer than {MAX_LINE:,} characters", breaks=None)
    return Source(path, text, encoding)


def _unreadable(path: str, why: str, line: int = 1, breaks: bool | None = True) -> Unreadable:
    return Unreadable(path, why, Span(path, line, 1, line, 1), breaks)


def join(folder: str, path: str) -> str | None:
    """Return the path relative to the checkout of `path` seen from `folder`; None where it leads out of it."""
    if path.startswith("/") or folder.startswith("/"):
        return None
    whole = os.path.normpath(os.path.join(folder, path))
    if whole == ".":
        return ""
    return None if whole == ".." or whole.startswith("../") else whole
