"""Files and folders that a server's options name, seen from its working directory."""

import re

from adaptable_preflight.checkout import Checkout, join
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.homes import ROOT
from adaptable_preflight.value import CHECKOUT, Value, text_of

_SYSTEM_FOLDERS = frozenset(
    {"/", "/tmp", "/var", "/var/tmp", "/var/log", "/var/run", "/run", "/dev", "/dev/shm", "/etc", "/usr", "/home"}  # noqa: S108
)
_BRINGS = late_pattern(r"\bclone\b|^FROM ", re.MULTILINE)
"""What may bring anything; of the images that stand in the steps behind `FROM` nothing is known."""
_STREAMS = frozenset({"/dev/stdout", "/dev/stderr", "/dev/null", "/proc/1/fd/1", "/proc/1/fd/2"})


def inside(folder: str, path: str) -> str | None:
    """Return a path relative to the checkout; None where it leads out of it."""
    for root in (ROOT, CHECKOUT):
        if path == root or path.startswith(f"{root}/"):
            return join("", path[len(root) :].lstrip("/") or ".")
    return join(folder, path)


def is_stream(path: str) -> bool:
    """Whether a path stands for a stream of the process and not for a file on disk."""
    return path in _STREAMS or path.startswith(("/dev/fd/", "/proc/self/fd/"))


def file_exists(checkout: Checkout, folder: str, path: Value | str) -> bool | None:
    """Whether there is such a file or folder; None where it lies outside the checkout or is not known."""
    text = path if isinstance(path, str) else text_of(path)
    if text is None:
        return None
    there = inside(folder, text)
    if there is None:
        return True if text in _STREAMS or text in _SYSTEM_FOLDERS else None
    return checkout.is_file(there) or checkout.is_folder(there)


def is_folder(checkout: Checkout, folder: str, path: Value | str) -> bool | None:
    """Whether there is such a folder; None where it lies outside the checkout or is not known."""
    text = path if isinstance(path, str) else text_of(path)
    there = inside(folder, text or ".") if text is not None else None
    if text is None or there is None:
        return True if text in _SYSTEM_FOLDERS else None
    return checkout.is_folder(there)


def can_hold(checkout: Checkout, folder: str, path: Value | str) -> bool | None:
    """Whether the folder is there in which a file of this path would be made; None where that cannot be told."""
    text = path if isinstance(path, str) else text_of(path)
    if text is None:
        return None
    if is_stream(text):
        return True
    parent = text.rpartition("/")[0]
    there = inside(folder, parent or ("/" if text.startswith("/") else "."))
    if there is None:
        return True if parent in _SYSTEM_FOLDERS else None
    return checkout.is_folder(there)


def may_be_made(context: Context, name: str) -> bool:
    """Whether the image may hold a file or folder that the checkout does not have: by a step, or from its base."""
    return bool(context.build) and (name in context.build or _BRINGS.search(context.build) is not None)
