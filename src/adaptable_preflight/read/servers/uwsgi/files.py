"""uWSGI's configuration files: ini, yaml, json and xml, each a list of options.

Sources: `core/ini.c`, `core/yaml.c`, `core/json.c`, `core/xmlconf.c` of uWSGI 2.0.31.
"""

from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Unknown


class Setting(NamedTuple):
    """One option with its text, from wherever it comes; `text` is None for a flag without a value."""

    name: str
    text: str | None
    span: Span


SUFFIXES = {".ini": "ini", ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".js": "json", ".xml": "xml"}
_TAG = late_pattern(r"<([\w-]+)\s*(?:/>|>([^<]*)</\1\s*>)")


def kind_of(name: str) -> str | None:
    """Return the kind of a configuration file by its name, without the section that may follow a colon."""
    return next((kind for suffix, kind in SUFFIXES.items() if name.endswith(suffix)), None)


def read_file(source: Source, kind: str, section: str = "uwsgi") -> tuple[Setting, ...] | Unknown:
    """Return the settings of a section of a file."""
    match kind:
        case "ini":
            return tuple(_ini(source, section))
        case "yaml":
            return tuple(_yaml(source, section))
        case "json":
            return _json(source, section)
    found = _TAG.finditer(source.text)
    return tuple(Setting(m[1], m[2].strip() if m[2] is not None else None, source.span(*m.span())) for m in found)


def _ini(source: Source, section: str) -> list[Setting]:
    """Read lines «key = value» of one section; a comment starts a line, nothing else."""
    found, current, at = [], "", 0
    for line in source.text.split("\n"):
        text = line.strip(" \t\r")
        start = at + line.index(text) if text else at
        at += len(line) + 1
        if text.startswith("["):
            current = text[1:-1]
        elif text and text[0] not in ";#" and current == section:
            key, _, value = text.partition("=")
            value = value.strip(" \t\r")
            end = start + len(text)
            found.append(Setting(key.rstrip(), value, source.span(end - len(value) if value else start, end)))
    return found


def _yaml(source: Source, section: str) -> list[Setting]:
    """Read lines «key: value» below the section's name; quotation marks stay in the value."""
    found, inside, at = [], False, 0
    for line in source.text.split("\n"):
        text = line.partition("#")[0].rstrip()
        start, at = at, at + len(line) + 1
        if not text.strip():
            continue
        if not text[0].isspace():
            inside = text.rstrip(":") == section
            continue
        key, colon, value = text.strip().removeprefix("- ").partition(":")
        if inside and colon:
            found.append(Setting(key.strip(), value.strip(), source.span(start + line.index(key), start + len(text))))
    return found


def _json(source: Source, section: str) -> tuple[Setting, ...] | Unknown:
    import json

    try:
        data = json.loads(source.text)
    except (ValueError, RecursionError):
        return Unknown(f"«{source.path}» is not JSON", source.start())
    table = data.get(section) if isinstance(data, dict) else None
    found = []
    for name, value in (table if isinstance(table, dict) else {}).items():
        at = max(source.text.find(f'"{name}"'), 0)
        span = source.line_span(source.position(at)[0])
        found += [Setting(name, _text(each), span) for each in (value if isinstance(value, list) else [value])]
    return tuple(found)


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
