"""What handlers keep in the memory of one process for other requests."""

from typing import NamedTuple

from adaptable_preflight.facts.requests import brought, depends
from adaptable_preflight.model import Change, Code, Load
from adaptable_preflight.source import Span
from adaptable_preflight.value import Derived, Items, Known, Table, Value


class SharedState(NamedTuple):
    """A module's variable that one request changes and another one reads."""

    name: str
    changes: tuple[Change, ...]
    reads: tuple[Load, ...]
    sent: bool
    """Whether what a user sent is kept there, and nowhere else that is known of."""

    @property
    def variable(self) -> str:
        """The name as the module knows it."""
        return self.name.rpartition(".")[2]


def shared_state(code: Code) -> tuple[SharedState, ...]:
    """Return each variable that requests share, in the order in which they change."""
    changed: dict[str, list[Change]] = {}
    for change in code.changes:
        changed.setdefault(change.name, []).append(change)
    found = []
    for name, changes in changed.items():
        reads = tuple(load for load in code.loads if load.name == name and not _within_change(load, changes))
        telling = [change for change in changes if _tells(change, reads)]
        if telling and reads:
            sent = any(brought(change.value) for change in telling)
            found.append(SharedState(name, tuple(telling), tuple(dict.fromkeys(reads)), sent))
    return tuple(found)


def _within_change(load: Load, changes: list[Change]) -> bool:
    """Whether a name is read only to change what it holds: `users` in `users.append(x)`."""
    return any(_contains(change.span, load.span) for change in changes)


def _contains(outer: Span, inner: Span) -> bool:
    if outer.path != inner.path:
        return False
    return (outer.line, outer.column) <= (inner.line, inner.column) and (inner.end_line, inner.end_column) <= (
        outer.end_line,
        outer.end_column,
    )


def _tells(change: Change, reads: tuple[Load, ...]) -> bool:
    """Whether a change makes later requests see something else than they would have computed for themselves."""
    value = change.value
    if brought(value):
        return True
    if change.rebinds:
        return _counts(value) or (depends(value) and not _is_empty(change.before)) or _toggles(change)
    if isinstance(change.before, Table):
        return any(load.function != change.function for load in reads)
    return value is not None


def _counts(value: Value | None) -> bool:
    return isinstance(value, Derived) and value.name in ("Add", "Sub")


def _toggles(change: Change) -> bool:
    """Whether a plain value replaces another one: a flag, a counter, a position."""
    value = change.value
    return isinstance(value, Known) and value.value is not None and isinstance(change.before, Known)


def _is_empty(value: Value | None) -> bool:
    """Whether a variable waits to be filled once."""
    if isinstance(value, Items | Table):
        return False
    return value is None or (isinstance(value, Known) and not value.value)
