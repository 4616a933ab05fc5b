"""The settings file of a repository: `[tool.adaptable-preflight]` in pyproject.toml, or `.adaptable-preflight.yml`."""

import re
from typing import TYPE_CHECKING, Any

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Unreadable
from adaptable_preflight.read.yaml_tree import YamlError, compose
from adaptable_preflight.settings import Given, SettingsError
from adaptable_preflight.source import Source, Span

if TYPE_CHECKING:
    import yaml

PYPROJECT = "pyproject.toml"
YAML = ".adaptable-preflight.yml"
_MISNAMED = (".adaptable-preflight.yaml", "adaptable-preflight.yml", "adaptable-preflight.yaml")


def given(checkout: Checkout) -> tuple[Given, ...]:
    """Return the settings of the repository's settings file; empty where it has none.

    Raises SettingsError where there are two files, or one that cannot be read.
    """
    for name in _MISNAMED:
        if checkout.is_file(name):
            raise SettingsError(f"{name}:1: a settings file has to be called {YAML}: rename it")
    source = _read(checkout, YAML)
    table = _table(checkout)
    if source is not None and table is not None:
        raise SettingsError(f"there are settings in {PYPROJECT} and in {YAML}: keep one of them")
    if source is not None:
        return _of_yaml(source)
    return _of_toml(*table) if table is not None else ()


def _read(checkout: Checkout, path: str) -> Source | None:
    read = checkout.read(path)
    if isinstance(read, Unreadable):
        raise SettingsError(f"{path}:{read.span.line}: the settings cannot be read: {read.why}")
    return read


# --- TOML ------------------------------------------------------------------------------------------------------


def _table(checkout: Checkout) -> tuple[Source, dict[str, Any]] | None:
    """Return pyproject.toml and the tool's table in it; None where it has none."""
    source = checkout.text(PYPROJECT)
    if source is None or "adaptable-preflight" not in source.text:
        return None
    import tomllib

    try:
        tool = tomllib.loads(source.text.replace("\r\n", "\n"), parse_float=str).get("tool", {})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        if not re.search(r"^\s*\[+\s*tool\s*\.\s*[\"']?adaptable-preflight\b", source.text, re.MULTILINE):
            return None
        line = re.search(r"at line (\d+)", str(error))
        raise SettingsError(f"{PYPROJECT}:{line[1] if line else 1}: this is no valid TOML: {error}") from None
    table = tool.get("adaptable-preflight") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{PYPROJECT}:1: tool.adaptable-preflight must be a table: [tool.adaptable-preflight]")
    return None if table is None else (source, table)


def _of_toml(source: Source, table: dict[str, Any]) -> tuple[Given, ...]:
    return tuple(_toml_setting(source, key, value) for key, value in table.items())


def _toml_setting(source: Source, key: str, value: object) -> Given:
    line = _toml_line(source, key)
    where = f"{source.path}:{line}"
    parts = _toml_entries(source, line, value) if isinstance(value, list) else ()
    return Given(key, value, where, _inside(source, line, value), parts)


def _toml_line(source: Source, key: str) -> int:
    """Return the line on which a key of the tool's table stands: the parser does not tell."""
    name = rf"[\"']?{re.escape(key)}[\"']?"
    tool = r"tool\s*\.\s*[\"']?adaptable-preflight[\"']?"
    ahead = re.search(rf"^[ \t]*\[[ \t]*{tool}[ \t]*\]", source.text, re.MULTILINE)
    found = re.compile(rf"^[ \t]*{name}[ \t]*[=.]", re.MULTILINE).search(source.text, ahead.end()) if ahead else None
    found = found or re.search(rf"^[ \t]*\[+[ \t]*{tool}\s*\.\s*{name}[ \t]*\]+", source.text, re.MULTILINE)
    found = found or ahead
    return source.position(found.start())[0] if found else 1


def _toml_entries(source: Source, line: int, value: list[Any]) -> tuple[tuple[str, Span], ...]:
    """Return the place of each entry of a list: the line, from the list's own on, on which its text stands next."""
    places = []
    for entry in value:
        texts = list(entry.values()) if isinstance(entry, dict) else [entry]
        line = next((n for n in range(line, line + 2000) if any(str(t) in source.line(n) for t in texts)), line)
        places.append((f"{source.path}:{line}", source.line_span(line)))
    return tuple(places)


def _inside(source: Source, line: int, value: object) -> Span:
    text = source.line(line)
    at = text.find(value) if isinstance(value, str) and value else -1
    return Span(source.path, line, at + 1, line, at + 1 + len(str(value))) if at >= 0 else source.line_span(line)


# --- YAML ------------------------------------------------------------------------------------------------------


def _of_yaml(source: Source) -> tuple[Given, ...]:
    import yaml

    try:
        root = compose(source.text)
    except YamlError as error:
        raise SettingsError(f"{source.path}:{error.line}: this is no valid YAML: {error}") from None
    if root is None:
        return ()
    if not isinstance(root, yaml.MappingNode):
        raise SettingsError(f"{source.path}:1: the settings must be a mapping such as `platform: adaptable`")
    return tuple(_yaml_setting(source, key, value) for key, value in _pairs(source, root))


def _pairs(source: Source, node: "yaml.MappingNode") -> "list[tuple[yaml.Node, yaml.Node]]":
    seen: set[str] = set()
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key.value, str):
            raise SettingsError(f"{source.path}:{line}: a key must be text")
        if key.value in seen:
            raise SettingsError(f"{source.path}:{line}: «{key.value}» is set twice: keep one")
        seen.add(key.value)
    return list(node.value)


def _yaml_setting(source: Source, key: "yaml.Node", value: "yaml.Node") -> Given:
    import yaml

    entries = value.value if isinstance(value, yaml.SequenceNode) else []
    parts = tuple((f"{source.path}:{entry.start_mark.line + 1}", _span(source, entry)) for entry in entries)
    return Given(
        key.value, _plain(source, value), f"{source.path}:{key.start_mark.line + 1}", _span(source, value), parts
    )


def _plain(source: Source, node: "yaml.Node", depth: int = 0) -> object:
    """Return a node's value; scalars stay text, so that `3.10` is not `3.1`."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        quoted = node.style in ("'", '"', "|", ">")
        return None if not quoted and node.value.lower() in ("", "~", "null") else node.value
    if depth > 3:
        raise SettingsError(f"{source.path}:{node.start_mark.line + 1}: the settings are nested too deep")
    if isinstance(node, yaml.SequenceNode):
        return [_plain(source, item, depth + 1) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(source, value, depth + 1) for key, value in _pairs(source, node)}
    return None


def _span(source: Source, node: "yaml.Node") -> Span:
    start, end = node.start_mark, node.end_mark
    trim = 1 if getattr(node, "style", None) in ("'", '"') else 0
    if end.line != start.line and not trim:
        return source.line_span(start.line + 1)
    return Span(source.path, start.line + 1, start.column + 1 + trim, end.line + 1, end.column + 1 - trim)
