"""Uses of libraries that a table knows: where they stand in code that is served, and whether they are what is meant."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.doubt import doubts, happens
from adaptable_preflight.knowledge.needs import Condition, File, Need, needs_of
from adaptable_preflight.model import Call, Deployment, Guard, Phase
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Either, FromEnv, Items, Known, Table, Thing, Value


class Used(NamedTuple):
    """A use of a library, whatever its way."""

    way: str
    name: str
    span: Span
    phase: Phase
    guards: tuple[Guard, ...] = ()
    catching: frozenset[str] = frozenset()
    call: Call | None = None
    value: Value | None = None
    """What is set, where it is a setting."""


class Match(NamedTuple):
    """A use that a row of the table is about."""

    used: Used
    need: Need
    at_start: bool
    """Whether what it lacks ends the import of the app, and fails not only in a request."""
    doubts: int
    """How many are left that it happens, and that the arguments are those that are meant."""


def matches(deployment: Deployment, file: File) -> Iterator[Match]:
    """Yield each use that a table knows, with the row."""
    for used in _uses(deployment):
        for need in needs_of(file, used.way, used.name):
            fitting = _fits(need, used)
            if fitting is not None and happens(deployment, used.guards):
                at_start = used.phase == "import" and not need.later
                unsure = doubts(used.guards, used.phase) + (fitting if at_start else 0)
                yield Match(used, need, at_start, unsure)


def _uses(deployment: Deployment) -> Iterator[Used]:
    served = ("import", "request")
    code = deployment.code
    for one in code.imports:
        if one.phase in served and not one.guarded:
            yield from (Used("import", name, one.span, one.phase) for name in _imported(one.module, one.names))
    for use in code.uses:
        if use.phase in served:
            yield Used(use.way, use.name, use.span, use.phase, use.guards, use.catching)
    for call in code.calls:
        if call.phase in served:
            yield Used("call", call.name, call.span, call.phase, call.guards, call.catching, call)
    for held in code.settings:
        yield Used("setting", f"{held.owner}.{held.name}", held.span, "import", held.guards, value=held.value)


def _imported(module: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a statement imports: a name that is taken out of a module may be one below it."""
    return (module, *(f"{module}.{name}" for name in names))


def _fits(need: Need, used: Used) -> int | None:
    """Return how many doubts are left that arguments and settings are those that are meant; None: they are not."""
    found = [_condition_fits(condition, used) for condition in need.conditions]
    return None if None in found else sum(one or 0 for one in found)


def _condition_fits(condition: Condition, used: Used) -> int | None:
    value = _value(condition, used)
    fits = 0 if not condition.patterns else _value_fits(condition, value) if value is not None else None
    told = value is not None and fits is not None
    return (None if told else 0) if condition.absent else fits if told else None


def _value(condition: Condition, used: Used) -> Value | None:
    """Return the value that a condition is about: a setting's, an argument, or an entry of one."""
    call, made = used.call, used.call.receiver if used.call is not None else None
    if call is None:
        return used.value
    if condition.of_maker:
        call = call._replace(arguments=made.arguments if isinstance(made, Thing) else ())
    argument = call.argument(condition.position, condition.keyword)
    value = argument.value if argument is not None else None
    return value.get(condition.key) if condition.key and isinstance(value, Table) else value


def _value_fits(condition: Condition, value: Value) -> int | None:
    """The same of one value; what stands in for a variable, and one of several values, leave a doubt."""
    match value:
        case FromEnv(default=default) if default is not None:
            fits = _value_fits(condition, default)
            return None if fits is None else fits + 1
        case Either(options=options):
            fits = next((f for one in options if (f := _value_fits(condition, one)) is not None), None)
            return None if fits is None else fits + 1
        case Items(items=items) if items:
            return _value_fits(condition, items[0])
    return 0 if condition.fits(_text(value)) else None


_OPEN = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for text that is not known."""


def _text(value: Value) -> str:
    if isinstance(value, Concat):
        return "".join(map(_text, value.parts))
    if isinstance(value, Thing):
        return f"<{value.name}>"
    return str(value.value) if isinstance(value, Known) else _OPEN
