"""`.dockerignore`: which of its lines keeps a path out of what an image is built from.

Sources: https://github.com/moby/patternmatcher/blob/v0.6.0/patternmatcher.go and its ignorefile/ignorefile.go; that a
file named after the Dockerfile comes first: https://github.com/moby/buildkit/blob/v0.26.0/frontend/dockerui/config.go
"""

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.read.path_patterns import lengths, parts_of
from adaptable_preflight.source import Source, Span

_MAX = 200
"""Lines, and files of one folder, that are looked at; where there are more, nothing is taken to be kept out."""


def kept_out(path: str, checkout: Checkout, dockerfile: str) -> Span | None:
    """Return the line that keeps out a file, or a folder with all that lies in it; None where none does."""
    source = checkout.text(f"{dockerfile}.dockerignore") or checkout.text(".dockerignore")
    if source is None or source.text.count("\n") > _MAX:
        return None
    patterns = list(_patterns(source))
    line = _excluding(patterns, path)
    if line is not None and not checkout.is_file(path):
        below = [one for one in checkout.paths if one.startswith(f"{path}/")]
        listed = 0 < len(below) <= _MAX  # else it lies in a folder of which nothing is listed, such as `node_modules`
        line = line if listed and all(_excluding(patterns, one) is not None for one in below) else None
    return source.line_span(line) if line is not None else None


class _Pattern(NamedTuple):
    line: int
    keeps: bool
    """Whether it begins with `!`: what it matches is kept."""
    parts: list[str]


def _patterns(source: Source) -> Iterator[_Pattern]:
    for number, line in enumerate(source.text.split("\n"), 1):
        text = line.strip()
        if text and not line.startswith("#"):
            path = posixpath.normpath(text.removeprefix("!").strip() or ".").lstrip("/")
            yield _Pattern(number, text.startswith("!"), parts_of(path))


def _excluding(patterns: list[_Pattern], path: str) -> int | None:
    """Return the number of the line by which a path is left out: the last one that matches it or a folder above."""
    verdict: int | None = None
    parts = path.split("/")
    for pattern in patterns:
        if pattern.keeps is (verdict is not None) and lengths(pattern.parts, parts):
            verdict = None if pattern.keeps else pattern.line
    return verdict
