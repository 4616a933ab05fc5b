"""`Pipfile` and `Pipfile.lock`."""

import re
from typing import Any

from adaptable_preflight.model import Manifest, Requirement, Unreadable
from adaptable_preflight.read.manifests import Reading, Site
from adaptable_preflight.read.manifests.pyproject import entry
from adaptable_preflight.read.manifests.toml_places import Places
from adaptable_preflight.read.toml import load
from adaptable_preflight.source import Source, Span

LOCK = "Pipfile.lock"


def read(path: str, site: Site) -> Reading:
    """Return the packages that a Pipfile and the lock beside it install; `[dev-packages]` is a group."""
    source = site.checkout.read(path)
    if not isinstance(source, Source):
        return Reading(Manifest(path, "pipfile", False, complete=False), (source,) if source else ())
    table = load(source)
    if isinstance(table, Unreadable):
        return Reading(Manifest(path, "pipfile", False, complete=False), (table,))
    places = Places(source)
    declared = tuple(
        found
        for section, group in {**_GROUPS, **_categories(table)}.items()
        for found in _packages(table.get(section), section, group, places, site)
    )
    python, key = _python(table)
    place = places.key("requires", key) if python else None
    manifest = Manifest(path, "pipfile", False, declared, python=python, python_span=place, end=source.end())
    folder = path.rpartition("/")[0]
    return _with_lock(manifest, f"{folder}/{LOCK}" if folder else LOCK, site)


_GROUPS = {"packages": "", "dev-packages": "dev"}
_OTHERS = frozenset({"source", "requires", "scripts", "pipenv", "pipfile", "build-system"})


def _categories(table: dict[str, Any]) -> dict[str, str]:
    """Return the further groups of a Pipfile: every table that is none of Pipenv's own is one."""
    return {name: name for name, value in table.items() if isinstance(value, dict) and name not in {*_GROUPS, *_OTHERS}}


def _packages(table: Any, section: str, group: str, places: Places, site: Site) -> tuple[Requirement, ...]:
    found = []
    for name, value in table.items() if isinstance(table, dict) else ():
        one = entry(name, value, _bounds, site)
        wanted = one.installed and (not group or group in site.groups)
        found.append(one._replace(span=places.key(section, name), group=group, installed=wanted))
    return tuple(found)


def _bounds(text: str) -> str:
    return "" if text.strip() == "*" else re.sub(r"\s+", "", text)


def _python(table: dict[str, Any]) -> tuple[str, str]:
    """Return the Python that a Pipfile asks for, as bounds, and the key that says so: an exact version counts first."""
    requires = table.get("requires")
    found = requires if isinstance(requires, dict) else {}
    for key in ("python_full_version", "python_version"):
        version = found.get(key)
        if isinstance(version, str) and re.fullmatch(r"[\d.]+", version):
            return f"=={version}" if version.count(".") > 1 else f"=={version}.*", key
    return "", ""


def _with_lock(manifest: Manifest, path: str, site: Site) -> Reading:
    """Add what the lock lists: it is what gets installed, and it lists everything."""
    source = site.checkout.read(path)
    if source is None:
        return Reading(manifest)
    if not isinstance(source, Source):
        return Reading(manifest._replace(complete=False), (source,))
    table = _json(source)
    if isinstance(table, Unreadable):
        return Reading(manifest._replace(complete=False, included=(path,)), (table,))
    groups = {
        "default": "",
        "develop": "dev",
        **{name: name for name in table if name not in ("_meta", "default", "develop")},
    }
    locked = [r for section, group in groups.items() for r in _section(table, section, group, source, site)]
    names = {(r.name, r.group) for r in locked}
    kept = tuple(r for r in manifest.requirements if (r.name, r.group) in names or not r.installed)
    return Reading(manifest._replace(requirements=(*kept, *locked), closed=True, included=(path,)))


def _json(source: Source) -> dict[str, Any] | Unreadable:
    import json

    try:
        table = json.loads(source.text)
    except json.JSONDecodeError as error:
        merge = re.search(r"^<{7} ", source.text, re.MULTILINE)
        line = source.position(merge.start())[0] if merge else error.lineno
        why = "a merge left its markers behind" if merge else f"it is no valid JSON: {error.msg.lower()}"
        return Unreadable(source.path, why, source.line_span(line))
    except RecursionError:
        return Unreadable(source.path, "it is nested too deeply", source.start())
    if not isinstance(table, dict):
        return Unreadable(source.path, "it holds no lock", source.start())
    return table


def _section(table: dict[str, Any], name: str, group: str, source: Source, site: Site) -> tuple[Requirement, ...]:
    section = table.get(name)
    places = _places(source, name)
    found = []
    for package, value in section.items() if isinstance(section, dict) else ():
        one = entry(package, value, _bounds, site)
        wanted = one.installed and (not group or group in site.groups)
        span = places.get(package, source.start())
        found.append(one._replace(span=span, group=group, installed=wanted, locked=True))
    return tuple(found)


def _places(source: Source, section: str) -> dict[str, Span]:
    start = source.text.find(f'"{section}": {{')
    if start < 0:
        return {}
    pattern = re.compile(r'^ {8}"([^"\n]+)": \{', re.MULTILINE)
    stop = source.text.find("\n    }", start)
    found = pattern.finditer(source.text, start, stop if stop > 0 else len(source.text))
    return {m[1]: source.span(m.start(1), m.end(1)) for m in found}
