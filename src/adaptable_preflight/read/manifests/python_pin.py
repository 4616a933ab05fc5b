"""Files that pin the version of Python: `runtime.txt`, `.python-version`, `.tool-versions` and the manifests."""

import re

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Interpreter
from adaptable_preflight.read.manifests import Site
from adaptable_preflight.source import Source, Span

PINS = ("runtime.txt", ".python-version", ".tool-versions")
"""The files that hold nothing but versions."""

_LINES = {
    "runtime.txt": late_pattern(r"^[ \t]*(?P<text>python-?(?P<version>\d+(?:\.\d+)*)?\S*)"),
    ".python-version": late_pattern(r"^[ \t]*(?P<text>(?:python-|cpython-)?(?P<version>\d+(?:\.\d+)*)\S*)"),
    ".tool-versions": late_pattern(r"^[ \t]*python[ \t]+(?P<text>(?P<version>\d+(?:\.\d+)*)\S*)"),
}


def read(name: str, site: Site) -> Interpreter | None:
    """Return the version that a file pins: text as it stands, and the version where the text is well formed."""
    source = site.checkout.read(name)
    if not isinstance(source, Source):
        return None
    for number, line in enumerate(source.text.split("\n"), 1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        match = _LINES[name].match(line.rstrip())
        if match is not None and match["version"]:
            span = Span(name, number, match.start("text") + 1, number, match.end("text") + 1)
            return Interpreter(match["version"], "pin", span, bare)
        if name != ".tool-versions":
            return Interpreter("", "pin", source.line_span(number), bare)
    return None


def of_bounds(specifier: str) -> str:
    """Return the version that exact bounds (`==3.11.*`, `==3.11.4`) pin; empty for others."""
    match = re.fullmatch(r"==(\d+(?:\.\d+)*)(?:\.\*)?", specifier)
    return match[1] if match else ""
