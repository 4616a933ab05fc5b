"""Regular expressions that are compiled when they are first used.

There are more than a hundred of them and a run needs few: to compile all takes a tenth of a small run.
"""

import re
from typing import AnyStr, cast


class _Late:
    """Stands for a compiled pattern until somebody asks for one of its methods."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(self._text, self._flags)
        for method in ("search", "match", "fullmatch", "sub", "split", "findall", "finditer"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def late_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what behaves like `re.compile(text, flags)`; what is no pattern raises `re.error` when it is used."""
    return cast("re.Pattern[AnyStr]", _Late(text, flags))
