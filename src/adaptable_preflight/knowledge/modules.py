"""From the name of a module to the distributions that bring it."""

import re
import sys
from functools import cache
from typing import NamedTuple

from adaptable_preflight.knowledge.tables import is_known, rows

_NAMESPACES = frozenset(
    {
        "azure", "backports", "databricks", "flaskext", "google", "mpl_toolkits", "opentelemetry", "paste", "plone",
        "ruamel", "sphinxcontrib", "zc", "zope", "jaraco", "airflow", "llama_index", "pkg_resources", "snowflake",
        "aws_cdk", "nvidia", "mysql", "odoo", "salt", "twisted", "collective", "repoze", "logilab", "peak", "xstatic",
    }
)  # fmt: skip
"""Packages that many distributions share; what they hold is known by longer names only."""
_ALWAYS = frozenset(
    {"setuptools", "pkg_resources", "pip", "wheel", "_distutils_hack", "distutils", "__main__", "__future__"}
)
_GONE = frozenset(
    "asynchat asyncore imp smtpd aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib "
    "ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib binhex formatter parser symbol macpath dummy_threading "
    "_dummy_threading".split()
)
"""Modules that newer versions of Python lack; older ones have them."""


class Providers(NamedTuple):
    """The distributions that may bring a module; the first one is what to add."""

    names: tuple[str, ...]
    known: bool
    """Whether the list is kept by hand and thought to be whole."""


@cache
def _kept() -> dict[str, tuple[str, ...]]:
    return {module: tuple(names.split()) for module, names in rows("modules_web.txt")}


@cache
def _gathered() -> dict[str, tuple[str, ...]]:
    return {module: tuple(names.split()) for module, names in rows("modules.txt")}


def of_python(module: str) -> bool:
    """Whether a module belongs to Python itself, or to what every installation has."""
    top = module.partition(".")[0]
    return top in sys.stdlib_module_names or top in _ALWAYS or top in _GONE


def familiar(module: str) -> bool:
    """Whether it is known that there is a module of that name, one of Python or of a distribution."""
    top = module.partition(".")[0]
    if of_python(module) or top in _NAMESPACES or top in _gathered():
        return True
    return any(kept.partition(".")[0] == top for kept in _kept()) or is_known(_same(top))


def providers(module: str) -> Providers | None:
    """Return what may bring a module; None where nobody can know, as in a package that many share."""
    parts = module.split(".")
    for end in range(len(parts), 0, -1):
        name = ".".join(parts[:end])
        if name in _kept():
            more = _gathered().get(name, ())
            return Providers(tuple(dict.fromkeys((*_kept()[name], *more, _same(parts[0])))), known=True)
    if parts[0] in _NAMESPACES:
        return None
    return Providers(tuple(dict.fromkeys((*_gathered().get(parts[0], ()), _same(parts[0])))), known=False)


def _same(module: str) -> str:
    return module.lower().replace("_", "-").strip("-")


def resembles(module: str, distribution: str) -> bool:
    """Whether a distribution's name is so near to a module's that it may well hold it: they share a word, or more."""
    top = module.partition(".")[0]
    ours, theirs = _squashed(top), _squashed(distribution)
    near = len(ours) > 2 and len(theirs) > 2 and (ours in theirs or theirs in ours)
    return near or bool(_words(top) & _words(distribution))


def bears(distribution: str, module: str) -> bool:
    """Whether a distribution has a module's name, at its beginning or as one of its words."""
    top = module.partition(".")[0].lower()
    words = re.split("[-_.]", distribution.lower())
    begins = len(top) > 4 and _squashed(distribution).startswith(_squashed(top))
    return begins or all(word in words for word in top.split("_") if word)


def _words(name: str) -> set[str]:
    return {word for word in re.split("[-_.]", name.lower()) if len(word) > 3} - {"django", "flask", "python"}


def _squashed(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(".", "")
