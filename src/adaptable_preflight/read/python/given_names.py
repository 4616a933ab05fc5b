"""Names that a module has though nothing in it binds them."""

import re
import sys

from adaptable_preflight.read.python.objects import External, Object
from adaptable_preflight.source import Source
from adaptable_preflight.value import text_of

_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_EXCUSED = re.compile(r"#.*\b(?:F821|undefined-variable|name-defined)\b")
"""A remark for flake8, pylint or mypy: its owner knows that the name comes from elsewhere."""


def may_fill(made: Object) -> bool:
    """Whether what a statement called, for what it does, may put names into those of the module that called it.

    A library's function that is told another module's name may do so by `inspect.currentframe().f_back.f_globals`.
    """
    if not isinstance(made, External) or made.receiver is not None or "." not in made.name:
        return False
    if made.name.partition(".")[0] in sys.stdlib_module_names:
        return False
    return any(not one.name and _DOTTED.fullmatch(text_of(one.value) or "") for one in made.arguments)


def excused(source: Source | None, line: int) -> bool:
    """Whether a line says that a name in it comes from elsewhere."""
    return source is not None and _EXCUSED.search(source.line(line)) is not None
