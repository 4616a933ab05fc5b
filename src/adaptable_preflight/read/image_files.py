"""Which files of the checkout stand in a folder of an image, where copies of several folders lie over each other."""

import posixpath
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from adaptable_preflight.checkout import Checkout, join

Copy = tuple[str, str]
"""An absolute path of an image, and the file or folder of the checkout that was copied there."""


UNSEEN = "<made while the image is built>"
"""Stands for what is copied and is no part of the checkout."""


class Standing(NamedTuple):
    """A folder of an image, as it is found in the checkout."""

    folder: str
    """The folder of the checkout that stands there; absolute where nothing of the checkout does."""
    merged: Mapping[str, str] = MappingProxyType({})
    """Further files that stand beside its own or in their place: where they are seen there, and their own paths."""


def relative(path: str, home: str, inside: str) -> str | None:
    """Return what a path of the image is a copy of; None where it does not lie in that copy."""
    if path == home:
        return inside
    if not path.startswith(home.rstrip("/") + "/"):
        return None
    return join(inside, path[len(home.rstrip("/")) + 1 :])


def standing(path: str, copies: list[Copy], checkout: Checkout) -> Standing | None:
    """Return what stands at a path of the image, of copies in the order in which they were made.

    None: of the checkout's folders none stands there, and parts of some stand below under other names, or something
    is copied there that the checkout does not hold.
    """
    every = [copy for copy in copies if _reaches(path, copy, checkout)]
    reaching = [copy for copy in every if checkout.is_file(copy[1]) or checkout.is_folder(copy[1])]
    made = any(relative(path, *copy) is not None for copy in every if copy not in reaching)
    if made and not any(checkout.is_folder(inside) for _, inside in reaching):
        return None
    folders = {_folder(path, copy) for copy in reaching}
    if len(folders) == 1 and (only := folders.pop()) is not None:
        return Standing(only)
    files = dict(pair for copy in reaching for pair in _files(path, copy, checkout))
    votes = Counter[str]()
    for seen, own in files.items():
        if own == seen or own.endswith(f"/{seen}"):
            votes[own[: len(own) - len(seen)].rstrip("/")] += 1000 if own.endswith(".py") else 1
    whole = [folder for folder in (_folder(path, copy) for copy in reversed(reaching)) if folder is not None]
    if not votes and not whole:
        return None if any(checkout.is_folder(inside) for _, inside in reaching) else Standing(path)
    folder = max([*whole, *votes], key=lambda each: votes[each])
    seen_there = {join(folder, seen) or seen: own for seen, own in files.items()}
    return Standing(folder, {seen: own for seen, own in seen_there.items() if seen != own})


def _reaches(path: str, copy: Copy, checkout: Checkout) -> bool:
    """Whether a copy puts something into a folder of the image."""
    home, inside = copy
    if home.startswith(path.rstrip("/") + "/"):
        return True
    found = relative(path, home, inside)
    return found is not None and not checkout.is_file(found)


def _folder(path: str, copy: Copy) -> str | None:
    """Return the folder of the checkout that a copy makes stand at a path; None where it comes under other names."""
    home, inside = copy
    found = relative(path, home, inside)
    if found is not None:
        return found
    rest = home[len(path.rstrip("/")) + 1 :]
    return inside[: len(inside) - len(rest)].rstrip("/") if inside == rest or inside.endswith(f"/{rest}") else None


def _files(path: str, copy: Copy, checkout: Checkout) -> Iterator[tuple[str, str]]:
    """Yield the files that a copy puts into a folder of the image: as they are seen from there, and their own paths."""
    home, inside = copy
    below = relative(path, home, inside)
    above = "" if below is not None else home[len(path.rstrip("/")) + 1 :]
    origin = inside if below is None else below
    if checkout.is_file(origin):
        yield above, origin
        return
    start = f"{origin}/" if origin else ""
    paths = checkout.paths
    for index in range(bisect_left(paths, start), len(paths)):
        if not paths[index].startswith(start):
            return
        yield posixpath.join(above, paths[index][len(start) :]), paths[index]
