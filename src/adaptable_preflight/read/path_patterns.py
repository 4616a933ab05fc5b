"""Patterns of paths with `*`, `?`, `[…]` and `**`, as `.gitignore` and `.dockerignore` hold them.

Part is held against part, so that no pattern of a stranger takes long.
"""

import fnmatch
import re
from collections.abc import Sequence

ANY = "**"
"""Stands for any number of folders, none included; at the end of a pattern for all that lies below."""


def parts_of(pattern: str) -> list[str]:
    """Return a pattern's parts. A `**` inside one stands for folders too, and a backslash takes a sign its meaning."""
    parts = list[str]()
    for part in re.sub(r"\\(.)", r"[\1]", pattern).split("/"):
        head, several, tail = part.partition(ANY)
        if not several or part == ANY:
            parts.append(part)
        else:
            parts += [one for one in (f"{head}*" if head else "", ANY, f"*{tail}" if tail else "") if one]
    return parts[:-1] if len(parts) > 1 and parts[-1] == ANY != part else parts


def lengths(pattern: Sequence[str], path: Sequence[str]) -> set[int]:
    """Return of how many parts the beginnings of a path are that a pattern matches."""
    reached = {0}
    for index, part in enumerate(pattern):
        if not reached:
            break
        if part == ANY:
            below = index == len(pattern) - 1 and index > 0
            reached = set(range(min(reached) + below, len(path) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(path) and fnmatch.fnmatchcase(path[at], part)}
    return reached - {0}
