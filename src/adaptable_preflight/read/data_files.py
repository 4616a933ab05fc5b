"""Small data files that the code names and that are not what it takes them for."""

import posixpath
import re
from collections.abc import Iterable, Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Call, Code
from adaptable_preflight.value import CHECKOUT, Value, known_text

MAX_POINTER_BYTES = 1024
"""A pointer is shorter. Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"""
POINTER = "version https://git-lfs.github.com/spec/"
"""How every pointer begins. Source: as above."""
_SIZE = late_pattern(rb"^size (\d{1,15})$", re.MULTILINE)


def named_files(code: Code, folders: Iterable[str], checkout: Checkout) -> tuple[str, ...]:
    """Return the files that calls name, as a text alone, seen from the folders in which the app may be started."""
    places = tuple(dict.fromkeys(folders))
    texts = dict.fromkeys(text for call in code.calls if call.phase in ("import", "request") for text in _texts(call))
    paths = (path for text in texts for path in _located(text, places))
    return tuple(path for path in dict.fromkeys(paths) if checkout.is_file(path))


def _texts(call: Call) -> Iterator[str]:
    values: tuple[Value | None, ...] = (*(argument.value for argument in call.arguments), call.receiver)
    return (text for text in map(known_text, values) if text and len(text) < 500)


def _located(text: str, folders: tuple[str, ...]) -> Iterator[str]:
    if text.startswith(f"{CHECKOUT}/"):
        yield posixpath.normpath(text[len(CHECKOUT) + 1 :])
    elif not text.startswith("/"):
        yield from (posixpath.normpath(posixpath.join(folder, text)) for folder in folders)


def is_pointer(path: str, checkout: Checkout) -> bool:
    """Whether a file is only a Git LFS pointer to its content."""
    data = checkout.bytes(path, MAX_POINTER_BYTES)
    return isinstance(data, bytes) and data.startswith(POINTER.encode())


def full_size(path: str, checkout: Checkout) -> int:
    """Return how many bytes a file has; of a pointer, how many it points to."""
    data = checkout.bytes(path, MAX_POINTER_BYTES) if is_pointer(path, checkout) else b""
    size = _SIZE.search(data) if isinstance(data, bytes) else None
    return int(size[1]) if size is not None else checkout.size(path)


def is_no_pickle(path: str, checkout: Checkout) -> bool:
    """Whether a file is plain text, or empty, that unpickling rejects for certain; nothing of it is executed.

    Compressed files, which joblib reads too, are no plain text. What `pickletools` can take apart up to the end is a
    pickle of protocol 0, which is text as well.
    """
    data = checkout.bytes(path, MAX_POINTER_BYTES)
    if not isinstance(data, bytes) or not data.isascii() or b"\0" in data:
        return False
    import pickletools  # late: most repositories load no pickle

    try:
        for _ in pickletools.genops(data):
            pass
    except Exception:
        return True
    return False
