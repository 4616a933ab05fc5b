"""What a value was computed by."""

from collections.abc import Iterator

from adaptable_preflight.value import Concat, Derived, Value


def calls_behind(value: Value) -> Iterator[str]:
    """Yield the names of the calls that a value went through, the last one first."""
    if isinstance(value, Derived):
        yield value.name
        for part in value.of:
            yield from calls_behind(part)
    if isinstance(value, Concat):
        for part in value.parts:
            yield from calls_behind(part)
