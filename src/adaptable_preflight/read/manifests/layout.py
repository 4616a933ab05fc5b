"""Where a project keeps the packages that installing it makes importable from everywhere.

Build back ends look in `src` and beside the project's file by themselves, and their tables may name other folders:
https://setuptools.pypa.io/en/latest/userguide/package_discovery.html, https://hatch.pypa.io/latest/config/build/,
https://python-poetry.org/docs/pyproject/#packages, https://docs.astral.sh/uv/concepts/build-backend/.
"""

import re
from collections.abc import Iterator
from typing import Any

from adaptable_preflight.checkout import join
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.read.manifests import Site
from adaptable_preflight.read.toml import load, value_at

_IN_SETUP = late_pattern(
    r"""package_dir\s*=\s*\{\s*(?:""|'')\s*:\s*["']([^"'\n]+)"""
    r"""|find(?:_namespace)?_packages\(\s*(?:where\s*=\s*)?["']([^"'\n]+)"""
)
_IN_CFG = late_pattern(r"(?m)^(?:package_dir\s*=\s*=?|where\s*=|[ \t]+=)[ \t]*([\w./-]+)[ \t]*$")


def roots(folder: str, site: Site) -> tuple[str, ...]:
    """Return the folders of the checkout that hold a project's packages; more than one where nothing tells which."""
    named = (*_of_table(table(folder, site)), *_of_text(folder, "setup.py", _IN_SETUP, site))
    named = (*named, *_of_text(folder, "setup.cfg", _IN_CFG, site))
    found = (join(folder, name) for name in (*named, "src", "."))
    return tuple(dict.fromkeys(one for one in found if one is not None and site.checkout.is_folder(one)))


def table(folder: str, site: Site) -> dict[str, Any]:
    """Return the tables of a project's `pyproject.toml`; none where there is no such file that can be read."""
    source = site.checkout.text(join(folder, "pyproject.toml") or "")
    found = load(source) if source is not None else None
    return found if isinstance(found, dict) else {}


def _of_text(folder: str, name: str, pattern: re.Pattern[str], site: Site) -> Iterator[str]:
    source = site.checkout.text(join(folder, name) or "")
    for match in pattern.finditer(source.text) if source is not None else ():
        yield next(group for group in match.groups() if group)


def _of_table(data: dict[str, Any]) -> Iterator[str]:
    """Yield the folders that the tables of the build back ends name."""
    setuptools = value_at(data, "tool", "setuptools")
    yield from _texts(value_at(setuptools, "packages", "find", "where"))
    yield from _texts(value_at(setuptools, "package-dir", ""))
    for package in _list(value_at(data, "tool", "poetry", "packages")):
        yield from _texts(value_at(package, "from"))
    for package in _texts(value_at(data, "tool", "hatch", "build", "targets", "wheel", "packages")):
        yield package.strip("/").rpartition("/")[0] or "."
    yield from _texts(value_at(data, "tool", "pdm", "build", "package-dir"))
    yield from _texts(value_at(data, "tool", "uv", "build-backend", "module-root"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]
