"""`pyproject.toml`: PEP 621 and PEP 735 tables, and the dialects of Poetry, PDM and uv."""

from collections.abc import Iterator
from typing import Any

from adaptable_preflight.model import Gap, Manifest, Requirement, Unreadable
from adaptable_preflight.read.manifests import Reading, Site
from adaptable_preflight.read.manifests.lines import requirement
from adaptable_preflight.read.manifests.markers import holds
from adaptable_preflight.read.manifests.pep508 import normalised
from adaptable_preflight.read.manifests.poetry_bounds import specifier
from adaptable_preflight.read.manifests.toml_places import Places
from adaptable_preflight.read.toml import load, table_at
from adaptable_preflight.source import Source, Span

Found = Requirement | Unreadable | Gap


_MARKER_KEYS = (
    "sys_platform", "os_name", "platform_machine", "platform_system", "platform_python_implementation",
    "implementation_name", "python_version", "python_full_version",
)  # fmt: skip
"""Keys by which Pipenv takes a marker apart."""


def read(path: str, site: Site) -> Reading:
    """Return what a project declares, its groups included; those that are not asked for are not installed."""
    source = site.checkout.read(path)
    if not isinstance(source, Source):
        return Reading(Manifest(path, "pyproject", False, complete=False), (source,) if source else ())
    table = load(source)
    if isinstance(table, Unreadable):
        return Reading(Manifest(path, "pyproject", False, complete=False), (table,))
    places = Places(source)
    found = [*_project(table, places, site), *_poetry(table, places, site), *_others(table, places, site)]
    requirements = tuple(item for item in found if isinstance(item, Requirement))
    unreadable = tuple(item for item in found if isinstance(item, Unreadable))
    opaque = tuple(item for item in found if isinstance(item, Gap))
    manifest = Manifest(
        path,
        "poetry" if is_poetry(table) else "pyproject",
        False,
        requirements,
        complete=not unreadable and not opaque,
        opaque=opaque,
        python=_python(table),
        python_span=_python_place(table, places),
        end=source.end(),
    )
    return Reading(manifest, unreadable)


def names_python_for_poetry(path: str, site: Site) -> bool:
    """Whether the file tells the version of Python where Poetry does, or cannot be read."""
    source = site.checkout.text(path)
    table = load(source) if source is not None else None
    return not isinstance(table, dict) or "python" in table_at(table, "tool", "poetry", "dependencies")


def is_poetry(table: dict[str, Any]) -> bool:
    """Whether Poetry keeps the dependencies, and not the standard's own table."""
    return bool(table_at(table, "tool", "poetry", "dependencies")) and "dependencies" not in table_at(table, "project")


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _python(table: dict[str, Any]) -> str:
    standard = table_at(table, "project").get("requires-python")
    if isinstance(standard, str):
        return standard
    dialect = table_at(table, "tool", "poetry", "dependencies").get("python")
    return specifier(dialect) if isinstance(dialect, str) and "||" not in dialect else ""


def _python_place(table: dict[str, Any], places: Places) -> Span | None:
    if "requires-python" in table_at(table, "project"):
        return places.key("project", "requires-python")
    return places.key("tool", "poetry", "dependencies", "python") if _python(table) else None


def _project(table: dict[str, Any], places: Places, site: Site) -> Iterator[Found]:
    project = table_at(table, "project")
    for text in _texts(project.get("dependencies")):
        yield requirement(text, places.text(text, "project", "dependencies"), site)
    if "dependencies" in _texts(project.get("dynamic")) and not is_poetry(table):
        yield from _dynamic(table, places, site)
    for group, texts in table_at(project, "optional-dependencies").items():
        for text in _texts(texts):
            place = places.text(text, "project", "optional-dependencies", group)
            yield requirement(text, place, site, group, _wanted(group, site))
    groups = table_at(table, "dependency-groups")
    for group in groups:
        for text in _group(groups, group, ()):
            place = places.text(text, "dependency-groups", group)
            yield requirement(text, place, site, group, _wanted(group, site))


def _wanted(group: str, site: Site) -> bool:
    return normalised(group) in site.groups


def _group(groups: dict[str, Any], name: str, above: tuple[str, ...]) -> list[str]:
    """Return a dependency group's texts with those of the groups that it includes (PEP 735)."""
    key = next((key for key in groups if normalised(key) == normalised(name)), None)
    if key is None or key in above or not isinstance(groups[key], list):
        return []
    texts: list[str] = []
    for item in groups[key]:
        if isinstance(item, str):
            texts.append(item)
        elif isinstance(item, dict) and isinstance(item.get("include-group"), str):
            texts.extend(_group(groups, item["include-group"], (*above, key)))
    return texts


def _dynamic(table: dict[str, Any], places: Places, site: Site) -> Iterator[Found]:
    """Dependencies that the build back end takes from elsewhere: setuptools' files, else nobody can see."""
    from adaptable_preflight.read.manifests import requirements

    declared = table_at(table, "tool", "setuptools", "dynamic", "dependencies").get("file")
    files = [declared] if isinstance(declared, str) else _texts(declared)
    for file in files:
        reading = requirements.read(file, site)
        yield from reading.manifest.requirements
        yield from reading.unreadable
        yield from reading.manifest.opaque
    if not files and not any(site.checkout.is_file(name) for name in ("setup.py", "setup.cfg")):
        yield Gap(places.key("project", "dynamic"), "the build back end works the dependencies out")


def _poetry(table: dict[str, Any], places: Places, site: Site) -> Iterator[Found]:
    poetry = table_at(table, "tool", "poetry")
    chosen = {
        normalised(name)
        for extra, names in table_at(poetry, "extras").items()
        if _wanted(extra, site)
        for name in _texts(names)
    }
    if is_poetry(table):
        yield from _entries(poetry.get("dependencies"), ("tool", "poetry", "dependencies"), "", places, site, chosen)
    older = ("tool", "poetry", "dev-dependencies")
    yield from _entries(poetry.get("dev-dependencies"), older, "dev", places, site, chosen)
    for group in table_at(poetry, "group"):
        path = ("tool", "poetry", "group", group, "dependencies")
        yield from _entries(table_at(poetry, "group", group).get("dependencies"), path, group, places, site, chosen)


def _entries(
    table: Any, path: tuple[str, ...], group: str, places: Places, site: Site, chosen: set[str]
) -> Iterator[Found]:
    for name, value in table.items() if isinstance(table, dict) else ():
        if normalised(name) == "python":
            continue
        for option in value if isinstance(value, list) else [value]:
            found = entry(name, option, specifier, site)
            wanted = (not group or _wanted(group, site)) and found.installed
            if isinstance(option, dict) and option.get("optional") and found.name not in chosen:
                wanted = False
            yield found._replace(span=places.key(*path, name), group=group, installed=wanted)


def entry(name: str, value: Any, turn: Any, site: Site) -> Requirement:
    """Return what `name = "^1.0"` or `name = {version = …, extras = …, markers = …}` declares; the place is to come."""
    nowhere = Source("", "").start()
    if not isinstance(value, dict):
        return Requirement(normalised(name), turn(value) if isinstance(value, str) else "", nowhere)
    version = value.get("version")
    markers = [value["markers"]] if isinstance(value.get("markers"), str) else []
    if isinstance(value.get("platform"), str):
        markers.append(f"sys_platform == '{value['platform']}'")
    markers.extend(f"{name} {value[name]}" for name in _MARKER_KEYS if isinstance(value.get(name), str))
    if isinstance(value.get("python"), str) and "||" not in value["python"]:
        markers.extend(_python_markers(specifier(value["python"])))
    marker = " and ".join(f"({m})" if len(markers) > 1 else m for m in markers)
    address = next(
        (str(value[key]) for key in ("git", "hg", "path", "file", "url") if isinstance(value.get(key), str)), ""
    )
    return Requirement(
        normalised(name),
        turn(version) if isinstance(version, str) else "",
        nowhere,
        extras=tuple(sorted(map(normalised, _texts(value.get("extras"))))),
        marker=marker,
        installed=holds(marker, site.python) is not False,
        url=f"git+{address}" if isinstance(value.get("git"), str) else address,
    )


def _python_markers(bounds: str) -> Iterator[str]:
    for clause in bounds.split(","):
        version = clause.lstrip("<>=!~")
        operator = clause[: len(clause) - len(version)]
        if operator and version:
            name = "python_full_version" if version.count(".") > 1 else "python_version"
            yield f"{name} {operator} '{version}'"


def _others(table: dict[str, Any], places: Places, site: Site) -> Iterator[Found]:
    """Development groups in the older words of PDM and uv."""
    for group, texts in table_at(table, "tool", "pdm", "dev-dependencies").items():
        for text in _texts(texts):
            if not text.startswith("-"):
                place = places.text(text, "tool", "pdm", "dev-dependencies", group)
                yield requirement(text, place, site, group, _wanted(group, site))
    for text in _texts(table_at(table, "tool", "uv").get("dev-dependencies")):
        yield requirement(text, places.text(text, "tool", "uv", "dev-dependencies"), site, "dev", _wanted("dev", site))
