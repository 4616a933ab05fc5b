"""Small data files that the code names and that are not what it takes them for."""

import pickletools
import posixpath
from collections.abc import Iterable, Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Call, Code
from adaptable_preflight.value import CHECKOUT, Known, Value

MAX_POINTER_BYTES = 1024
"""A pointer is shorter. Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"""
_POINTER = b"version https://git-lfs.github.com/spec/"


def named_files(code: Code, folders: Iterable[str], checkout: Checkout) -> tuple[str, ...]:
    """Return the files that calls name, as a text alone, seen from the folders in which the app may be started."""
    places = tuple(dict.fromkeys(folders))
    texts = dict.fromkeys(text for call in code.calls if call.phase in ("import", "request") for text in _texts(call))
    paths = (path for text in texts for path in _located(text, places))
    return tuple(path for path in dict.fromkeys(paths) if checkout.is_file(path))


def _texts(call: Call) -> Iterator[str]:
    values: tuple[Value | None, ...] = (*(argument.value for argument in call.arguments), call.receiver)
    for value in values:
        if isinstance(value, Known) and isinstance(value.value, str) and 0 < len(value.value) < 500:
            yield value.value


def _located(text: str, folders: tuple[str, ...]) -> Iterator[str]:
    if text.startswith(f"{CHECKOUT}/"):
        yield posixpath.normpath(text[len(CHECKOUT) + 1 :])
    elif not text.startswith("/"):
        yield from (posixpath.normpath(posixpath.join(folder, text)) for folder in folders)


def is_pointer(path: str, checkout: Checkout) -> bool:
    """Whether a file is only a Git LFS pointer to its content."""
    data = checkout.bytes(path, MAX_POINTER_BYTES)
    return isinstance(data, bytes) and data.startswith(_POINTER)


def is_no_pickle(path: str, checkout: Checkout) -> bool:
    """Whether a file is plain text, or empty, that unpickling rejects for certain; nothing of it is executed.

    Compressed files, which joblib reads too, are no plain text. What `pickletools` can take apart up to the end is a
    pickle of protocol 0, which is text as well.
    """
    data = checkout.bytes(path, MAX_POINTER_BYTES)
    if not isinstance(data, bytes) or not data.isascii() or b"\0" in data:
        return False
    try:
        for _ in pickletools.genops(data):
            pass
    except Exception:
        return True
    return False
