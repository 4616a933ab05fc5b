"""Modules that only their author has: `.gitignore` names them, or an example of them is what is committed."""

import re
from collections.abc import Iterable, Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.knowledge.modules import of_python
from adaptable_preflight.model import Import, LeftOut
from adaptable_preflight.read.gitignore import ignored_by
from adaptable_preflight.source import Span

_EXAMPLE = r"(?:example|sample|template|dist|tmpl|tpl)s?"


def left_out(imports: Iterable[Import], checkout: Checkout) -> tuple[LeftOut, ...]:
    """Return the modules that are imported, not found, and known to lie on somebody's own machine; each once."""
    found: dict[str, LeftOut] = {}
    for one in imports:
        top = one.module.partition(".")[0]
        if one.folders and not one.guarded and top not in found and not of_python(top):
            for each in _of_module(top, one, checkout):
                found[top] = each
    return tuple(found.values())


def _of_module(name: str, one: Import, checkout: Checkout) -> Iterator[LeftOut]:
    """Yield why a module is not there, the best evidence last."""
    for folder in one.folders:
        start = f"{folder}/" if folder else ""
        for example in _examples(name, checkout.names(folder)):
            yield LeftOut(f"{start}{name}.py", one.span, f"{start}{example}")
        for path in (f"{start}{name}/__init__.py", f"{start}{name}.py"):
            pattern = ignored_by(path, checkout)
            if pattern is not None and _means(pattern, name, checkout):
                yield LeftOut(path, pattern)


def _means(pattern: Span, name: str, checkout: Checkout) -> bool:
    """Whether a line of a `.gitignore` is about that module, and not about whole kinds of files."""
    source = checkout.text(pattern.path)
    words = re.findall(r"\w{3,}", source.line(pattern.line)) if source is not None else []
    return any(word in name for word in words)


def _examples(name: str, beside: Iterable[str]) -> Iterator[str]:
    module = re.escape(name)
    shape = re.compile(
        rf"{module}[._-]{_EXAMPLE}\.py|{module}\.py[._-]{_EXAMPLE}|{_EXAMPLE}[._-]{module}\.py", re.IGNORECASE
    )
    return (file for file in beside if shape.fullmatch(file))
