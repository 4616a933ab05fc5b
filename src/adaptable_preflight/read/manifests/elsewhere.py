"""Dependency files in places, or of spellings, that the platform's builder does not look at."""

import re
from collections.abc import Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.read.manifests.setup_files import calls_setup

_NAMES = frozenset({"requirements.txt", "pipfile", "pyproject.toml", "environment.yml", "poetry.lock", "setup.py"})

_MEANT = re.compile(r"req[a-z]*(?:[-_.][\w.-]*)?\.(?:txt|text|in)|requirements?")
"""What is meant to be a requirements.txt, spelt well or not."""


def elsewhere(checkout: Checkout) -> Iterator[str]:
    """Yield their paths, those nearest to the root first, and of a folder its requirements.txt."""
    by_place = sorted(checkout.paths, key=lambda path: (path.count("/"), not path.endswith("requirements.txt"), path))
    for path in by_place:
        name = path.rpartition("/")[2].lower()
        if name == "setup.py" and not calls_setup(checkout.text(path)):
            continue  # a module of the app that happens to be called so
        if name in _NAMES or _MEANT.fullmatch(name):
            yield path
