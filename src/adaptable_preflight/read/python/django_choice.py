"""Django: the settings modules of a project beside the one that counts where nobody sets DJANGO_SETTINGS_MODULE.

Source: https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings
"""

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

from adaptable_preflight.model import Guard
from adaptable_preflight.read.python import modules
from adaptable_preflight.read.python.machine import REHEARSALS, Machine, Raise
from adaptable_preflight.read.python.objects import Mapping, Module
from adaptable_preflight.read.python.parse import parse
from adaptable_preflight.read.python.search import ASIDE
from adaptable_preflight.source import Source
from adaptable_preflight.value import Known, Unknown

VARIABLE: Final = "DJANGO_SETTINGS_MODULE"
_MOST: Final = 20
"""Modules beside the one that counts that are parsed: no project has more of settings."""
_SIGNS: Final = frozenset("ALLOWED_HOSTS DATABASES DEBUG".split())
"""Settings of which each module that is meant for a place of its own sets one."""
_WHOLE: Final = frozenset("INSTALLED_APPS ROOT_URLCONF".split())
"""Settings that a project cannot do without: a module sets them, or takes them from another by a star."""
_DEPLOYED: Final = ("prod", "live", "deploy")
"""How the module is called that is meant for what is deployed; where it counts, no other is a better choice."""
_ALONE: Final = "settings"
"""How a module is called that may be the project's only one."""
_SHARED: Final = frozenset(f"{_ALONE} base common shared defaults".split())
"""How modules are called that the others build on."""


def note_choice(machine: Machine, settings: Mapping) -> None:
    """Let the settings that another module would change hang on the variable that chooses it, if nobody sets that.

    What the other one sets and this one does not is a setting that cannot be told.
    """
    place, name = machine.stood_in.get(VARIABLE), machine.env.get(VARIABLE)
    module = machine.modules.get(str(name.value)) if isinstance(name, Known) else None
    if place is None or module is None or _plain(module.path).startswith(_DEPLOYED):
        return
    others = [names for source in islice(_beside(module, machine), _MOST) if (names := _assigned(source))]
    if not others:
        return
    guard = Guard(place, (VARIABLE,), assumed=True)
    own = {name for name, span in settings.spans.items() if span.path == module.path}
    for key in sorted({*map(str, own)}.union(*others)):
        settings.guards[key] = (*settings.guards.get(key, ()), guard)
        if key not in settings.entries:
            settings.entries[key] = Unknown("another settings module sets it", place)
            settings.spans[key] = place


def _beside(module: Module, machine: Machine) -> Iterator[Source]:
    """Yield the modules in the same folder that were not imported, may set what settings do, and are not for tests."""
    folder = modules.folder_of(module)
    read = {module.path, *(one.path for one in machine.modules.values())}
    for name in machine.checkout.names(folder):
        plain = _plain(name)
        path = f"{folder}/{name}" if folder else name
        if name.endswith(".py") and path not in read and plain not in _SHARED and not plain.startswith(REHEARSALS):
            source = machine.checkout.text(path)
            if source is not None and any(sign in source.text for sign in _SIGNS):
                yield source


@contextmanager
def excusing(machine: Machine, name: str) -> Iterator[None]:
    """Let what ends the import of the settings that count hang on the variable, where it may choose others.

    A project whose own choice cannot be loaded only ever ran where somebody sets it.
    """
    before = machine.fatal
    try:
        yield
    except Raise as error:
        _excuse(machine, name, error)
        raise
    finally:
        if machine.fatal is not None and machine.fatal is not before:
            _excuse(machine, name, machine.fatal)


def _excuse(machine: Machine, name: str, error: Raise) -> None:
    module = machine.find(name)
    if isinstance(module, Module):
        fit = not _plain(module.path).startswith(_DEPLOYED)
        others = any(map(_assigned, islice(_beside(module, machine), _MOST))) if fit else False
    else:
        there = _there(machine, name)
        others = bool(there)
        error.advice = _advice(machine, name, there)
    if others and VARIABLE in machine.stood_in:
        error.unless = VARIABLE


def _advice(machine: Machine, missing: str, there: list[str]) -> str:
    if there:
        names = " or ".join(there)
        return (
            f"Name a settings module that is there: {names}. {VARIABLE} on the platform, if it is set, wins over this."
        )
    tail = f"/{missing.replace('.', '/')}.py"
    folder = next((path.removesuffix(tail) for path in machine.checkout.paths if path.endswith(tail)), "")
    return f"Start the server in «{folder}», where that module is found." if folder else "Commit that module."


def _there(machine: Machine, missing: str) -> list[str]:
    """Return settings modules of the repository by the names that their paths give them, the likeliest first."""
    from difflib import SequenceMatcher  # late: hardly any project comes here

    found = []
    for path in machine.checkout.paths:
        if not path.endswith(".py") or "settings" not in path or not ASIDE.isdisjoint(path.split("/")):
            continue
        source = machine.checkout.text(path)
        if source is not None and _plain(path) not in _SHARED - {_ALONE} and _sets(source) and _routes(machine, source):
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            found.append((_plain(path).startswith(REHEARSALS), -SequenceMatcher(None, missing, name).ratio(), name))
    return [name for *_, name in sorted(found)[:3]]


def _routes(machine: Machine, source: Source) -> bool:
    """Whether the routes that a module names are found; else it is meant for a server that starts in another folder."""
    named = re.search(r"""^ROOT_URLCONF\s*=\s*["']([\w.]+)""", source.text, re.MULTILINE)
    return named is None or machine.find(named[1]) is not None


def _sets(source: Source) -> bool:
    """Whether a module sets what settings modules do, or adds something to another one's."""
    added = re.search(r"^from [\w.]+ import \*", source.text, re.MULTILINE)
    return added is not None or (any(sign in source.text for sign in _SIGNS) and bool(_assigned(source)))


def _plain(path: str) -> str:
    """Return what a module's name says beside that it holds settings."""
    stem = path.rpartition("/")[2].removesuffix(".py").lower()
    return re.sub(r"^settings_?|_?settings$", "", stem) or stem


def _assigned(source: Source) -> frozenset[str]:
    """Return the settings that a settings module sets by itself; empty for a module that is none."""
    tree = parse(source)
    if not isinstance(tree, ast.Module):
        return frozenset()
    names = frozenset(
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id.isupper()
    )
    taken = any(isinstance(s, ast.ImportFrom) and s.names[0].name == "*" for s in tree.body)
    return names if names & _SIGNS and (taken or names & _WHOLE) else frozenset()
