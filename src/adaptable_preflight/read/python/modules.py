"""What an import means: which file of the repository, or a library's name."""

from adaptable_preflight.checkout import Checkout, join
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Unreadable
from adaptable_preflight.read.python.objects import Module
from adaptable_preflight.source import Source

ALWAYS_LOADED = frozenset(
    "abc builtins codecs encodings errno genericpath io marshal nt os posix posixpath site stat sys time types "
    "warnings zipimport _thread".split()
)
"""Modules that are imported before the first line of a program, so that no file of the repository replaces them."""


def find(checkout: Checkout, search: list[str], name: str) -> Module | Unreadable | None:
    """Return a module of the repository that is not executed yet; None where no folder of `search` has it.

    Source: https://docs.python.org/3/reference/import.html#the-path-based-finder: a package wins over a module, and a
    folder without `__init__.py` counts when no folder of the path has anything else.
    """
    first, *rest = name.split(".")
    if first in ALWAYS_LOADED or "/" in name or not all(rest or [first]):
        return None
    for folder in search:
        found = _in_folder(checkout, folder, first)
        if found is not None:
            return _descend(checkout, found, first, rest)
    for folder in search:
        path = join(folder, first)
        if path and checkout.is_folder(path):
            return _descend(checkout, Module(first, path, None, package=True), first, rest)
    return None


def _in_folder(checkout: Checkout, folder: str, name: str) -> Module | Unreadable | None:
    for tail, package in ((f"{name}/__init__.py", True), (f"{name}.py", False)):
        path = join(folder, tail)
        source = checkout.read(path) if path else None
        if isinstance(source, Source):
            assert path is not None
            return Module(name, path, source, package)
        if source is not None:
            return source
    return None


def _descend(checkout: Checkout, found: Module | Unreadable, name: str, rest: list[str]) -> Module | Unreadable | None:
    for part in rest:
        if isinstance(found, Unreadable) or not found.package:
            return found if isinstance(found, Unreadable) else None
        folder = folder_of(found)
        name = f"{name}.{part}"
        inner = _in_folder(checkout, folder, part)
        if inner is None:
            path = join(folder, part)
            if not path or not checkout.is_folder(path):
                return None
            inner = Module(name, path, None, package=True)
        if isinstance(inner, Module):
            inner.name = name
        found = inner
    return found


def is_closed(checkout: Checkout, package: Module, name: str) -> bool:
    """Whether a package that was searched cannot have a module all the same: compiled, built, or put there by code."""
    if package.source is None or is_written(checkout, package, name):
        return False
    if any(found.startswith(f"{name}.") for found in checkout.names(folder_of(package))):
        return False
    return not any(word in package.source.text for word in ("sys.modules", "__path__", "__getattr__"))


_PROJECTS = ("pyproject.toml", "setup.py", "setup.cfg", "hatch.toml")


def is_written(checkout: Checkout, package: Module, name: str) -> bool:
    """Whether a project file names a module's file that is not there, so that building the project may write it.

    `version_file = "src/app/_version.py"` of setuptools-scm, `version-file` of hatch-vcs, `write_to` of PDM do so.
    Sources: https://setuptools-scm.readthedocs.io/en/stable/config/, https://github.com/ofek/hatch-vcs#build-hook,
    https://backend.pdm-project.org/metadata/#writing-dynamic-version-to-file
    """
    parts = [*filter(None, folder_of(package).split("/")), f"{name}.py"]
    for end in range(len(parts)):
        files = (join("/".join(parts[:end]), project) for project in _PROJECTS)
        texts = (checkout.text(path) for path in files if path)
        if any(source is not None and "/".join(parts[end:]) in source.text for source in texts):
            return True
    return False


_SEARCH = late_pattern(
    r"\bsys\.path *(?:\+?=|\[|\.(?:extend|__))|\bsys\.modules\b *(?:\[[^\]]*\] *=|\.(?:update|setdefault))"
    r"|addsitedir|meta_path|path_hooks"
)


def changes_search(source: Source) -> bool:
    """Whether a module's code changes where modules are found by other means than those that are followed."""
    return _SEARCH.search(source.text) is not None


def folder_of(module: Module) -> str:
    """Return the folder in which a package's modules stand, or the folder of a module."""
    if module.package and module.source is None:
        return module.path
    return module.path.rpartition("/")[0]


def absolute(module: Module, level: int, name: str) -> str | None:
    """Return the dotted name of a relative import; None where it leads above the top-level package."""
    if level == 0:
        return name
    package = module.name if module.package else module.name.rpartition(".")[0]
    for _ in range(level - 1):
        if not package:
            return None
        package = package.rpartition(".")[0]
    if not package:
        return None
    return f"{package}.{name}" if name else package
