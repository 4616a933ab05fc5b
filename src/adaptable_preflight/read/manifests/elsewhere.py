"""Dependency files in places, or of spellings, that the platform's builder does not look at."""

from collections.abc import Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Misplaced
from adaptable_preflight.read.manifests.setup_files import calls_setup
from adaptable_preflight.source import Source

_NAMES = frozenset({"requirements.txt", "pipfile", "pyproject.toml", "environment.yml", "poetry.lock", "setup.py"})
_MEANT = late_pattern(r"req[a-z]*(?:[-_.][\w.-]*)?\.(?:txt|text|in)|requirements?")
"""What is meant to be a requirements.txt, spelt well or not."""
_PART = late_pattern(r"(?:.*/)?requirements/[\w.-]+\.(?:txt|in)")
"""One of several that divide it."""
_WORD = late_pattern(r"[a-z][\w.-]*\w")
_MAX_READ = 30
"""Files whose text is looked at."""


def elsewhere(checkout: Checkout) -> Iterator[Misplaced]:
    """Yield them, those nearest to the root first, and of a folder its requirements.txt."""
    by_place = sorted(checkout.paths, key=lambda path: (path.count("/"), not path.endswith("requirements.txt"), path))
    read = 0
    for path in by_place:
        name = path.rpartition("/")[2].lower()
        if name == "setup.py" and not calls_setup(checkout.text(path)):
            continue  # a module of the app that happens to be called so
        if name == "poetry.lock" and checkout.is_file(_beside(path, "pyproject.toml")):
            continue  # it is for that file
        if name in _NAMES or _MEANT.fullmatch(name) or _PART.fullmatch(path.lower()):
            read += 1
            yield Misplaced(path, _words(path, checkout) if read <= _MAX_READ else frozenset())


def _words(path: str, checkout: Checkout) -> frozenset[str]:
    texts = [path]
    if path.endswith("pyproject.toml"):
        texts += (lock for name in ("poetry.lock", "uv.lock") if checkout.is_file(lock := _beside(path, name)))
    sources = (checkout.read(one) for one in texts)
    return frozenset(word for one in sources if isinstance(one, Source) for word in _WORD.findall(one.text.lower()))


def _beside(path: str, name: str) -> str:
    return path[: path.rfind("/") + 1] + name
