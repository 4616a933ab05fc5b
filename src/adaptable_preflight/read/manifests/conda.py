"""conda's `environment.yml`, its `pip:` list included."""

import re
from collections.abc import Iterator
from typing import Any

from adaptable_preflight.checkout import join
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Gap, Manifest, Requirement, Unreadable
from adaptable_preflight.read.manifests import Reading, Site
from adaptable_preflight.read.manifests.lines import requirement
from adaptable_preflight.read.manifests.pep508 import normalised
from adaptable_preflight.read.yaml_tree import YamlError, compose
from adaptable_preflight.source import Source, Span

Found = Requirement | Unreadable | Gap

_SPEC = late_pattern(r"(?:[\w./-]+::)?([A-Za-z0-9_][\w.-]*)\s*(?:\[[^\]]*\])?\s*([<>=!~ ].*)?$")
_OTHER_NAMES = {
    "pytorch": "torch", "pytables": "tables", "opencv": "opencv-python", "py-opencv": "opencv-python",
    "msgpack-python": "msgpack", "pyqt": "pyqt5", "python-graphviz": "graphviz", "pytorch-cpu": "torch",
}  # fmt: skip
"""conda's names for what PyPI calls otherwise."""


def read(path: str, site: Site) -> Reading:
    """Return what conda and the pip that it calls install; a version of Python becomes the manifest's bound."""
    source = site.checkout.read(path)
    if not isinstance(source, Source):
        return Reading(Manifest(path, "conda", False, complete=False), (source,) if source else ())
    try:
        root = compose(source.text)
    except YamlError as error:
        broken = Unreadable(path, f"it is no valid YAML: {error}", source.line_span(error.line))
        return Reading(Manifest(path, "conda", False, complete=False), (broken,))
    found = list(_entries(root, source, site))
    own = next((f for f in found if isinstance(f, Requirement) and f.name == "python"), None)
    requirements = tuple(f for f in found if isinstance(f, Requirement) and f.name != "python")
    unreadable = tuple(f for f in found if isinstance(f, Unreadable))
    opaque = tuple(f for f in found if isinstance(f, Gap))
    complete = not unreadable and not opaque
    manifest = Manifest(path, "conda", False, requirements, complete, opaque=opaque, end=source.end())
    if own is not None:
        manifest = manifest._replace(python=own.specifier, python_span=own.span)
    return Reading(manifest, unreadable)


def read_list(path: str, site: Site) -> Reading:
    """Return what an explicit list of conda packages (`name=version=build` lines) installs."""
    source = site.checkout.read(path)
    if not isinstance(source, Source):
        return Reading(Manifest(path, "conda-list", used=False, complete=False), (source,) if source else ())
    found: list[Requirement] = []
    for number, line in enumerate(source.text.split("\n"), 1):
        text = line.strip().rpartition("/")[2]
        parts = re.split(r"[=]" if "=" in text else r"-(?=\d)", text)
        if text and text[0] not in "#@":
            name = parts[0].lower()
            version = f"=={parts[1]}" if len(parts) > 1 else ""
            found.append(Requirement(normalised(_OTHER_NAMES.get(name, name)), version, source.line_span(number)))
    python = next((f.specifier for f in found if f.name == "python"), "")
    kept = tuple(f for f in found if f.name != "python")
    return Reading(Manifest(path, "conda-list", used=False, requirements=kept, closed=True, python=python))


def _items(node: Any, key: str) -> list[Any]:
    """Return the items of a list under a key of a mapping node."""
    for name, value in getattr(node, "value", ()) if getattr(node, "id", "") == "mapping" else ():
        if name.value == key and value.id == "sequence":
            return list(value.value)
    return []


def _entries(root: Any, source: Source, site: Site) -> Iterator[Found]:
    for node in _items(root, "dependencies"):
        if node.id == "scalar":
            yield from _package(str(node.value), _span(node, source))
        elif node.id == "mapping":
            for item in _items(node, "pip"):
                if item.id == "scalar":
                    yield from _pip(str(item.value), _span(item, source), source, site)


def _span(node: Any, source: Source) -> Span:
    start, end = node.start_mark, node.end_mark
    return Span(source.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _package(text: str, span: Span) -> Iterator[Found]:
    match = _SPEC.match(text.strip())
    if match is None:
        yield Unreadable(span.path, f"conda cannot read «{text[:80]}»", span)
        return
    name = match[1].lower()
    yield Requirement(normalised(_OTHER_NAMES.get(name, name)), _bounds(match[2] or ""), span)


def _bounds(text: str) -> str:
    """Return conda's bounds as a specifier: `=1.2` means `1.2.*`, what follows a second `=` is a build."""
    text = text.strip()
    if not text:
        return ""
    if text[0] in "<>!~" or text.startswith("=="):
        return re.sub(r"\s+", "", text.partition("=py")[0])
    version = re.split(r"[=\s]+", text.lstrip("= "))[0]
    exact = text.count("=") >= 2 or version.endswith("*")
    return f"=={version}" if exact or not version else f"=={version}.*"


def _pip(text: str, span: Span, source: Source, site: Site) -> Iterator[Found]:
    from adaptable_preflight.read.manifests import requirements

    match = re.match(r"(?:-r|--requirement)[ =]*(.+)", text)
    path = join(source.path.rpartition("/")[0], match[1].strip()) if match else None
    if path:
        reading = requirements.read(path, site)
        if site.checkout.is_file(path):
            yield from reading.manifest.requirements
            yield from reading.unreadable
            yield from reading.manifest.opaque
        else:
            yield Unreadable(source.path, f"there is no file «{path}»", span)
        return
    if text.startswith(("-e ", ".")):
        yield Gap(span, f"what «{text}» needs is not known")
    elif not text.startswith("-"):
        yield requirement(text, span, site) if "://" not in text or "@ " in text else Gap(span, f"«{text}» has no name")
