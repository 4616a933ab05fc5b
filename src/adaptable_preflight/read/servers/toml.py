"""TOML files that servers read."""

from adaptable_preflight.model import Failure
from adaptable_preflight.source import Source
from adaptable_preflight.value import Items, Known, Table, Unknown, Value


def toml_values(source: Source) -> dict[str, Value] | Failure:
    """Return a file's top-level values; each has the span of its line where that can be found."""
    import tomllib

    try:
        data = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Failure("rejected-option", f"«{source.path}» is not TOML: {error}", source.start())
    return {name: _value(value, source, name) for name, value in data.items()}


def _value(value: object, source: Source, name: str) -> Value:
    at = next((n for n, line in enumerate(source.text.splitlines(), 1) if line.lstrip().startswith(name)), 1)
    span = source.line_span(at)
    if isinstance(value, str | int | float):
        return Known(value, span)
    if isinstance(value, list):
        return Items(tuple(Known(item, span) for item in value if isinstance(item, str | int)), "list", span)
    if isinstance(value, dict):
        return Table(tuple((Known(key), Known(item)) for key, item in value.items()), span)
    return Unknown("it is neither text nor a number", span)
