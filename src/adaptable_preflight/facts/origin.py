"""What a value was computed from, and by what."""

from collections.abc import Iterator

from adaptable_preflight.value import Concat, Derived, Thing, Value, variables


def calls_behind(value: Value) -> Iterator[str]:
    """Yield the names of the calls that a value went through, the last one first."""
    if isinstance(value, Derived):
        yield value.name
        for part in value.of:
            yield from calls_behind(part)
    if isinstance(value, Concat):
        for part in value.parts:
            yield from calls_behind(part)


def is_part_of(value: Value, variable: str) -> bool:
    """Whether a value is a piece that was taken out of a variable's text as it stands there."""
    if isinstance(value, Derived):
        return variable in variables(value)
    if not isinstance(value, Thing) or not value.name.startswith("re."):
        return False
    given = any(variable in variables(argument.value) for argument in value.arguments)
    return given or (value.of is not None and is_part_of(value.of, variable))  # `re.match(pattern, url).group(2)`
