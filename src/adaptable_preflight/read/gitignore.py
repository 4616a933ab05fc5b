"""`.gitignore`: which of its lines keeps a path out of the repository."""

from collections.abc import Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.read.path_patterns import ANY, lengths, parts_of
from adaptable_preflight.source import Source, Span


def ignored_by(path: str, checkout: Checkout) -> Span | None:
    """Return the line of a `.gitignore` that keeps a path out of the repository; None where none does."""
    verdict: Span | None = None
    for source, rest in gitignores(path, checkout):
        verdict = _last_match(source, rest, verdict)
    return verdict


def gitignores(path: str, checkout: Checkout) -> Iterator[tuple[Source, str]]:
    """Yield each `.gitignore` that may speak of a path, the outermost first, with the path as seen from there."""
    parts = path.split("/")
    for depth in range(len(parts)):
        folder = "/".join(parts[:depth])
        source = checkout.text(f"{folder}/.gitignore" if folder else ".gitignore")
        if source is not None:
            yield source, "/".join(parts[depth:])


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
    parts = path.split("/")
    last = len(parts) - pattern.endswith("/")  # such a pattern matches only folders
    anywhere = [] if "/" in pattern.rstrip("/") else [ANY]
    return any(length <= last for length in lengths([*anywhere, *parts_of(pattern.strip("/"))], parts))
