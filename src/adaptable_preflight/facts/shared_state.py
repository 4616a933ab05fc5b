"""What handlers keep in the memory of one process for other requests."""

from typing import NamedTuple

from adaptable_preflight.facts.live import is_live, live_classes
from adaptable_preflight.facts.requests import brought, depends, of_session, sent
from adaptable_preflight.facts.stored import is_stored, looking_up, place, storing
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Change, Code, Load
from adaptable_preflight.value import Derived, Either, FromEnv, Items, Known, Table, Thing, Value, things


class SharedState(NamedTuple):
    """A module's variable that one request changes and another one reads."""

    name: str
    changes: tuple[Change, ...]
    reads: tuple[Load, ...]
    sent: bool
    """Whether what a user sent is kept there, and nowhere else that is known of."""
    gathered: bool = False
    """Whether something that goes on beside the requests gathers it."""
    live: bool = False
    """Whether it is something open, such as a connection, a camera or a program, and no data."""

    @property
    def variable(self) -> str:
        """The name as the module knows it."""
        return self.name.rpartition(".")[2]


def shared_state(code: Code) -> tuple[SharedState, ...]:
    """Return each variable that requests share, in the order in which they change."""
    changed: dict[str, list[Change]] = {}
    for change in code.changes:
        changed.setdefault(change.name, []).append(change)
    stored, asked, classes = storing(code), looking_up(code), live_classes(code)
    found = []
    for name, changes in changed.items():
        reads = tuple(load for load in code.loads if load.name == name and not _within_change(load, changes))
        telling = [change for change in changes if _tells(change, changes, reads)]
        copied = {change.span for change in telling if is_stored(change, stored)}  # whoever calls the function
        only_here = [change for change in telling if change.span not in copied]
        if any(place(load.span, load.function) in asked for load in reads):
            telling = only_here  # the database is asked as well, so that this is a copy of what it holds
        if telling and reads:
            kept = any(sent(change.value) and not change.removes for change in only_here)
            beside = not any(change.by_request for change in telling)
            places = {load.span: load for load in reads}
            told = _telling_first(telling, changes, kept)
            live = is_live(told[0].value, classes)
            found.append(SharedState(name, told, tuple(places.values()), kept, beside, live))
    return tuple(found)


def _telling_first(telling: list[Change], changes: list[Change], kept: bool) -> tuple[Change, ...]:
    """Return the changes with one in front that puts something there, and does not take or wipe it away."""
    keeping = [change for change in telling if _puts(change)] or [change for change in changes if _puts(change)]
    first = next((change for change in keeping if kept and sent(change.value)), None) or next(iter(keeping), telling[0])
    return first, *(change for change in telling if change is not first)


def _puts(change: Change) -> bool:
    value = change.value
    return not (change.removes or value is None or (isinstance(value, Known) and value.value is None))


def _within_change(load: Load, changes: list[Change]) -> bool:
    """Whether a name is read only to change what it holds: `users` in `users.append(x)`."""
    return any(change.span.contains(load.span) for change in changes)


def _tells(change: Change, changes: list[Change], reads: tuple[Load, ...]) -> bool:
    """Whether a change makes later requests see something else than they would have computed for themselves."""
    value = change.value
    if value is None or (change.of_object and not _is_left(changes, reads)):
        return False
    if not change.by_request:
        return _gathers(change, changes)
    if brought(value) or _is_connection(value):
        return True
    if change.rebinds:
        from_request = depends(value) and (not _is_empty(change.before) or _is_handed_on(change, reads))
        return _counts(change) or from_request or _varies(changes) or _is_emptied(changes, reads)
    if _is_mark(change, changes) or _counts(change):
        return True
    elsewhere = any(load.function != change.function for load in reads)
    varies = isinstance(value, Known) and _varies(changes)
    return elsewhere and (varies or depends(value) or depends(change.key) or of_session(change.key))


def _is_handed_on(change: Change, reads: tuple[Load, ...]) -> bool:
    """Whether what was made of what a user sent waits in a variable for another function to use it."""
    made_of_sent = change.value is not None and any(map(sent, things(change.value)))
    return made_of_sent and any(load.function != change.function for load in reads)


def _is_mark(change: Change, changes: list[Change]) -> bool:
    """Whether an entry that belongs to what a request names is not computed from it, and so no cached value.

    `states[user] = "asked"`, or an empty list for what comes later: a next request finds it, in whichever handler.
    """
    if change.key is not None and any(_NEW_IDS.match(thing.name) for thing in things(change.key)):
        return True  # only who was told the name can ask for it
    if not depends(change.key):
        return False
    if isinstance(change.value, Known):
        return bool(change.value.value)
    if isinstance(change.value, Thing) and change.value.name in _CLOCKS:
        return True
    entries = [one for _, one in change.value.entries] if isinstance(change.value, Table) else []
    taken = any(other.removes or other.value is None for other in changes)
    return any(_is_fresh(one) or (taken and isinstance(one, Known) and isinstance(one.value, str)) for one in entries)


_NEW_IDS = late_pattern(r"(?:uuid\.uuid[14]|secrets\.token_\w+|nanoid\.generate|shortuuid\.\w+)$")
_CLOCKS = ("time.time", "time.monotonic", "datetime.datetime.now", "datetime.datetime.utcnow")


def _is_fresh(value: Value) -> bool:
    """Whether a value is an empty list or dictionary."""
    return (isinstance(value, Items) and not value.items) or (isinstance(value, Table) and not value.entries)


def _is_left(changes: list[Change], reads: tuple[Load, ...]) -> bool:
    """Whether a request reads what another one has set, and not only what it has set for itself."""
    writers = {change.handler for change in changes}
    return any(load.handler not in writers for load in reads)


def _is_emptied(changes: list[Change], reads: tuple[Load, ...]) -> bool:
    """Whether requests empty what they have filled, which is therefore no value that is computed once for all."""
    emptied = any(isinstance(change.value, Known) and _is_empty(change.value) for change in changes)
    filled = any(change.value is not None and not isinstance(change.value, Known) for change in changes)
    return emptied and filled and _is_left(changes, reads)


def _gathers(change: Change, changes: list[Change]) -> bool:
    """Whether something that goes on beside the requests adds to what it kept, so that a new start begins with nothing.

    What it only reads anew from somewhere is there again after the next start.
    """
    if _holds_entry(change.value):
        return True
    grows = change.key is None and not change.rebinds and not change.removes
    return grows and not any(other.rebinds or other.removes or other.value is None for other in changes)


def _holds_entry(value: Value | None) -> bool:
    """Whether a value is made from an entry that was kept before."""
    match value:
        case Thing(name=name, of=of):
            return name == ENTRY or _holds_entry(of)
        case Items(items=parts) | Either(options=parts) | Derived(of=parts):
            return any(map(_holds_entry, parts))
    return False


ENTRY = "held"
"""How the entry of a list or dictionary is called that a module holds, where its key is not known."""


def _is_connection(value: Value) -> bool:
    """Whether it is a connection to a client: others can only be reached through the process that holds it."""
    return isinstance(value, Thing) and value.name.rpartition(".")[2] in ("WebSocket", "WebSocketServerProtocol")


def _counts(change: Change) -> bool:
    """Whether a number is put in the place of another one that it was computed from."""
    value, before = change.value, change.before
    if isinstance(value, Derived):
        counted = before in value.of and not isinstance(before, FromEnv)
        return value.name in ("Add", "Sub") and (counted or any(map(_holds_entry, value.of)))
    numbers = [v.value for v in (value, before) if isinstance(v, Known)]
    return len(numbers) == 2 and all(type(n) in (int, float) for n in numbers) and numbers[0] != numbers[1]


def _varies(changes: list[Change]) -> bool:
    """Whether requests put several plain values in turn: what is set once, and to one value, may be anything."""
    plain = {repr(change.value.value) for change in changes if isinstance(change.value, Known)}
    return len(plain - {"None"}) > 1


def _is_empty(value: Value | None) -> bool:
    """Whether a variable waits to be filled once."""
    if isinstance(value, Items | Table):
        return False
    return value is None or (isinstance(value, Known) and not value.value)
