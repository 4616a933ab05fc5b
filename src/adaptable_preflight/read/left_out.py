"""Modules that only their author has: `.gitignore` names them, or an example of them is what is committed."""

import posixpath
import re
from collections.abc import Iterable, Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.knowledge.modules import familiar, of_python
from adaptable_preflight.model import Import, LeftOut
from adaptable_preflight.read.gitignore import gitignores, ignored_by
from adaptable_preflight.source import Span

_EXAMPLE = r"(?:example|sample|template|dist|tmpl|tpl)s?"


def left_out(imports: Iterable[Import], checkout: Checkout) -> tuple[LeftOut, ...]:
    """Return the modules that are imported, not found, and known to lie on somebody's own machine; each once.

    Of a module that a known distribution holds, only a line with the very name of its file says that it is meant.
    """
    found: dict[str, LeftOut] = {}
    seen = set[tuple[str, tuple[str, ...]]]()
    for one in imports:
        top = one.module.partition(".")[0]
        if not one.folders or one.guarded or top in found or (top, one.folders) in seen or of_python(top):
            continue
        seen.add((top, one.folders))
        found.update((top, each) for each in _of_module(top, one, checkout))
    for folder in sorted({folder for _, folders in seen for folder in folders}):  # they may hold allows
        list(gitignores(posixpath.join(folder, ""), checkout))
    return tuple(found.values())


def _of_module(name: str, one: Import, checkout: Checkout) -> Iterator[LeftOut]:
    """Yield why a module is not there, the best evidence last."""
    for folder in one.folders:
        start = f"{folder}/" if folder else ""
        for example in _examples(name, checkout.names(folder)) if not familiar(name) else ():
            yield LeftOut(f"{start}{name}.py", one.span, f"{start}{example}")
        for path in (f"{start}{name}/__init__.py", f"{start}{name}.py"):
            pattern = ignored_by(path, checkout)
            if pattern is not None and _means(pattern, path, name, checkout):
                yield LeftOut(path, pattern)


def _means(pattern: Span, path: str, name: str, checkout: Checkout) -> bool:
    """Whether a line of a `.gitignore` is about that module, and not about whole kinds of files."""
    source = checkout.text(pattern.path)
    line = source.line(pattern.line).strip() if source is not None else ""
    if familiar(name):
        return f"/{path}".endswith(f"/{line.lstrip('/')}") and line.endswith(f"{name}.py")
    return any(word in name for word in re.findall(r"\w{3,}", line))


def _examples(name: str, beside: Iterable[str]) -> Iterator[str]:
    module = re.escape(name)
    shape = re.compile(
        rf"{module}[._-]{_EXAMPLE}\.py|{module}\.py[._-]{_EXAMPLE}|{_EXAMPLE}[._-]{module}\.py", re.IGNORECASE
    )
    return (file for file in beside if shape.fullmatch(file))
