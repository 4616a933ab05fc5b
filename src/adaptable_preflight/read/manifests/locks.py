"""Locks in TOML: `poetry.lock`, `uv.lock`, `pdm.lock` and `pylock.toml`.

Each lists packages that need each other; what is installed is what the declared dependencies of the wanted groups
reach.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Requirement, Unreadable
from adaptable_preflight.read.manifests import Site
from adaptable_preflight.read.manifests.markers import holds
from adaptable_preflight.read.manifests.pep508 import Parsed, normalised, parse
from adaptable_preflight.read.manifests.toml_places import Places
from adaptable_preflight.read.toml import load, one_line_tables
from adaptable_preflight.source import Source, Span

_FILES = late_pattern(r"^(?:files|wheels) = \[\n(?:[ \t].*\n)*+\]\n", re.MULTILINE)
"""The hashes of a package's files: nine tenths of a lock, and nothing that is asked for."""


class Need(NamedTuple):
    """That a package needs another one."""

    name: str
    extras: tuple[str, ...] = ()
    marker: str = ""
    of_extra: str = ""
    """The extra of the needing package that asks for it; empty: always."""
    version: str = ""
    """Which of several locked versions it is; empty: there is one."""


class Locked(NamedTuple):
    """A package of a lock."""

    name: str
    version: str
    span: Span
    needs: tuple[Need, ...] = ()
    marker: str = ""
    url: str = ""
    groups: tuple[str, ...] | None = None
    """The groups that it belongs to, where the lock says so."""
    root: bool = False
    """Whether it is the project itself."""


class Lock(NamedTuple):
    """A lock that was read."""

    path: str
    packages: tuple[Locked, ...]
    flat: bool = False
    """Whether everything in it is installed, whatever needs it."""


def read(path: str, site: Site) -> Lock | Unreadable | None:
    """Return the lock at a path; None where there is none."""
    source = site.checkout.read(path)
    if not isinstance(source, Source):
        return source
    name = path.rpartition("/")[2]
    text = _FILES.sub("", source.text)
    table = load(Source(path, text))
    if isinstance(table, Unreadable) and name == "uv.lock":
        table = load(Source(path, one_line_tables(text)))
    if isinstance(table, Unreadable):
        whole = load(source)  # once more, for the right line
        return whole if isinstance(whole, Unreadable) else table
    places = Places(source)
    header = "packages" if name.startswith("pylock") else "package"
    entries = table.get(header)
    members = _members(table)
    turn = {"poetry.lock": _poetry, "uv.lock": _uv, "pdm.lock": _pdm}.get(name, _standard)
    packages = tuple(
        turn(entry, places.header(header, index=index))
        for index, entry in enumerate(entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and isinstance(entry.get("name"), str)
    )
    if members and not any(package.root for package in packages):
        packages = tuple(package._replace(root=package.name in members) for package in packages)
    return Lock(path, packages, flat=turn is _standard)


def _members(table: dict[str, Any]) -> frozenset[str]:
    """Return the projects of a uv workspace: where its root is none itself, all of them are installed."""
    manifest = table.get("manifest")
    members = manifest.get("members") if isinstance(manifest, dict) else None
    return frozenset(normalised(str(name)) for name in members) if isinstance(members, list) else frozenset()


def _version(entry: dict[str, Any]) -> str:
    version = entry.get("version")
    return version if isinstance(version, str) else ""


def _poetry(entry: dict[str, Any], span: Span) -> Locked:
    by_name = _extras_by_need(entry.get("extras"))
    needs: list[Need] = []
    dependencies = entry.get("dependencies")
    for name, value in dependencies.items() if isinstance(dependencies, dict) else ():
        for one in value if isinstance(value, list) else [value]:
            options = one if isinstance(one, dict) else {}
            marker = str(options.get("markers") or "")
            asking = by_name.get(normalised(name), ("?",)) if options.get("optional") else ("",)
            needs.extend(Need(normalised(name), _extras(options), marker, extra) for extra in asking)
    groups = entry.get("groups")
    if not isinstance(groups, list):
        groups = [entry["category"]] if isinstance(entry.get("category"), str) else None
    source = entry.get("source")
    url = str(source.get("url", "")) if isinstance(source, dict) and source.get("type") != "legacy" else ""
    markers = entry.get("markers")
    return Locked(
        normalised(entry["name"]), _version(entry), span, tuple(needs), markers if isinstance(markers, str) else "",
        url, tuple(map(str, groups)) if groups is not None else None,
    )  # fmt: skip


def _extras_by_need(table: Any) -> dict[str, tuple[str, ...]]:
    """Return which extras of a package ask for each of its optional needs."""
    found: dict[str, tuple[str, ...]] = {}
    for extra, texts in table.items() if isinstance(table, dict) else ():
        for text in texts if isinstance(texts, list) else ():
            parsed = parse(str(text))
            if isinstance(parsed, Parsed):
                found[parsed.name] = (*found.get(parsed.name, ()), normalised(extra))
    return found


def _extras(options: dict[str, Any], key: str = "extras") -> tuple[str, ...]:
    extras = options.get(key)
    return tuple(normalised(str(e)) for e in extras) if isinstance(extras, list) else ()


def _uv(entry: dict[str, Any], span: Span) -> Locked:
    needs = list(_uv_needs(entry.get("dependencies"), ""))
    for table, prefix in (("optional-dependencies", ""), ("dev-dependencies", "group:")):
        named = entry.get(table)
        for extra, items in named.items() if isinstance(named, dict) else ():
            needs.extend(_uv_needs(items, prefix + normalised(extra)))
    source = entry.get("source")
    source = source if isinstance(source, dict) else {}
    root = source.get("virtual") == "." or source.get("editable") == "." or source.get("directory") == "."
    url = next((str(source[key]) for key in ("git", "url", "path", "directory", "editable") if key in source), "")
    return Locked(normalised(entry["name"]), _version(entry), span, tuple(needs), url="" if root else url, root=root)


def _uv_needs(items: Any, of_extra: str) -> Iterator[Need]:
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            marker = item.get("marker")
            version = item.get("version")
            version = version if isinstance(version, str) else ""
            yield Need(normalised(item["name"]), _extras(item, "extra"), str(marker or ""), of_extra, version)


def _pdm(entry: dict[str, Any], span: Span) -> Locked:
    texts = entry.get("dependencies")
    parsed = [parse(str(text)) for text in texts] if isinstance(texts, list) else []
    needs = tuple(Need(p.name, p.extras, p.marker) for p in parsed if isinstance(p, Parsed))
    groups = entry.get("groups")
    return Locked(
        normalised(entry["name"]), _version(entry), span, needs, str(entry.get("marker") or ""),
        groups=tuple("main" if g == "default" else str(g) for g in groups) if isinstance(groups, list) else None,
    )  # fmt: skip


def _standard(entry: dict[str, Any], span: Span) -> Locked:
    return Locked(normalised(entry["name"]), _version(entry), span, marker=str(entry.get("marker") or ""))


def installed(lock: Lock, wanted: Iterable[Requirement], site: Site) -> tuple[Requirement, ...]:
    """Return everything of the lock that the wanted dependencies bring in, on the platform."""
    by_name: dict[str, list[Locked]] = {}
    for package in lock.packages:
        by_name.setdefault(package.name, []).append(package)
    reached = {} if lock.flat else _reached(by_name, wanted, site)
    found = []
    for package in lock.packages:
        if package.root:
            continue
        grouped = package.groups is None or "main" in package.groups or bool(site.groups & set(package.groups))
        asked = lock.flat or (package.name, "") in reached or (package.name, package.version) in reached
        here = asked and grouped and holds(package.marker, site.python) is not False
        found.append(
            Requirement(
                package.name,
                f"=={package.version}" if package.version else "",
                package.span,
                extras=tuple(sorted(reached.get((package.name, package.version), reached.get((package.name, ""), ())))),
                marker=package.marker,
                installed=here,
                url=package.url,
                locked=True,
            )
        )
    return tuple(found)


def _reached(
    by_name: dict[str, list[Locked]], wanted: Iterable[Requirement], site: Site
) -> dict[tuple[str, str], set[str]]:
    """Return the names (and versions, where there are several) that are reached, with the extras asked for."""
    reached: dict[tuple[str, str], set[str]] = {}
    roots = [package for packages in by_name.values() for package in packages if package.root]
    pending = [(r.name, "", r.extras) for r in wanted if r.installed and not roots]
    for package in roots:
        chosen = {"", *site.groups, *(f"group:{g}" for g in site.groups)}
        pending.extend((n.name, n.version, n.extras) for n in package.needs if n.of_extra in chosen and _holds(n, site))
    while pending:
        name, version, extras = pending.pop()
        known = (name, version) in reached
        asked = reached.setdefault((name, version), set())
        new = set(extras) - asked
        asked |= new
        for package in by_name.get(name, ()):
            if version in ("", package.version):
                needs = (n for n in package.needs if n.of_extra in new or not (n.of_extra or known))
                pending.extend((need.name, need.version, need.extras) for need in needs if _holds(need, site))
    return reached


def _holds(need: Need, site: Site) -> bool:
    return holds(need.marker, site.python, need.of_extra) is not False
