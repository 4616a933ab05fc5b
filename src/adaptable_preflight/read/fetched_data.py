"""Which language data some file of the repository fetches, by a call or by a command, whenever that runs."""

import posixpath
from collections.abc import Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Code

LIBRARIES = frozenset({"nltk", "spacy", "textblob"})
ANYTHING = "*"
"""Stands for data that nobody can name."""

_FILES = late_pattern(
    r"(?i)(?:.*/)?(?:[^/]*\.(?:py|sh|bash|ya?ml|toml|json|cfg|ini|mk)|(?:dockerfile|containerfile|procfile|makefile)[^/]*"
    r"|bin/[^/.]+|(?:pre|post|build|release|compile|start)[^/.]*)"
)
_MAX_FILES = 2_000
_WORD = late_pattern(r"[\w-]+")
_QUOTED = late_pattern(r"""(['"])([\w/.-]{1,100})\1""")
_OPEN_CALL = late_pattern(r"\bdownload\(\s*(?:[^\s'\"\[(]|$)|\bdownload\(\s*\)")
"""A call that is told what to fetch by a name, or not at all."""
_COLLECTIONS = frozenset({"all", "all-corpora", "all-nltk", "book", "popular", "third-party", "corpora"})
"""What NLTK fetches by one name. Source: https://www.nltk.org/data.html and the index of nltk_data."""


def fetched(checkout: Checkout, code: Code) -> tuple[str, ...]:
    """Return the names of data that is fetched, where the app imports a library that has such data."""
    used = LIBRARIES & {one.module.partition(".")[0] for one in code.imports}
    if not used:
        return ()
    paths = [path for path in checkout.paths if _FILES.fullmatch(path)][:_MAX_FILES]
    texts = (checkout.text(path) for path in paths)
    found = {name for text in texts if text is not None for name in _named(text.text, used)}
    return tuple(sorted(found))


def _named(text: str, used: frozenset[str]) -> Iterator[str]:
    """Yield what a text fetches: the words beside «download», and, of NLTK, all that stands in quotation marks."""
    if "download" not in text or not any(library in text for library in used):
        return
    lines = [line for line in text.splitlines() if "download" in line and not line.lstrip().startswith("#")]
    for line in lines:
        yield from _WORD.findall(line)
        if _OPEN_CALL.search(line) or not _COLLECTIONS.isdisjoint(_WORD.findall(line)):
            yield ANYTHING
    if lines and "nltk" in text:
        yield from (posixpath.basename(path).removesuffix(".zip") for _, path in _QUOTED.findall(text))
