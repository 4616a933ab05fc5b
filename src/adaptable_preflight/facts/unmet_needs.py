"""Uses of libraries that fail, because nothing that is installed brings what they need besides."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from adaptable_preflight.facts.doubt import doubts, happens
from adaptable_preflight.knowledge.needs import Condition, Need, needs_of
from adaptable_preflight.knowledge.presence import absence, opaque, presence
from adaptable_preflight.knowledge.tables import brought_by
from adaptable_preflight.knowledge.versions import NEWEST, all_are_in, newest_is_in, python_is_in, range_of
from adaptable_preflight.model import Call, Deployment, Guard, Installed, Phase
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Either, FromEnv, Items, Known, Table, Thing, Value

_CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
"""What code catches that goes on without a library, whichever exception the library makes of it."""


class Unmet(NamedTuple):
    """A use that fails for want of a distribution."""

    way: str
    name: str
    need: Need
    span: Span
    at_start: bool
    """Whether it fails when the app is imported, and not in a request."""
    doubts: int = 0


class _Used(NamedTuple):
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


def unmet_needs(deployment: Deployment) -> Iterator[Unmet]:
    """Yield each use in code that is served, where it is certain that nothing declared is what it needs."""
    settled: dict[Need, int | None] = {}
    for used in _uses(deployment):
        for need in needs_of(used.way, used.name):
            if need not in settled:
                settled[need] = _lacking(need, deployment)
            lacking, fitting = settled[need], _fits(need, used)
            if lacking is None or fitting is None or used.catching & {*_CATCHING, need.kind}:
                continue
            if happens(deployment, used.guards):
                at_start = used.phase == "import" and not need.later
                unsure = lacking + doubts(used.guards, used.phase) + (fitting if at_start else 0)
                yield Unmet(used.way, used.name, need, used.span, at_start, unsure)


def _uses(deployment: Deployment) -> Iterator[_Used]:
    served = ("import", "request")
    code = deployment.code
    for one in code.imports:
        if one.phase in served and not one.guarded:
            yield from (_Used("import", name, one.span, one.phase) for name in _imported(one.module, one.names))
    for use in code.uses:
        if use.phase in served:
            yield _Used(use.way, use.name, use.span, use.phase, use.guards, use.catching)
    for call in code.calls:
        if call.phase in served:
            yield _Used("call", call.name, call.span, call.phase, call.guards, call.catching, call)
    for held in code.settings:
        yield _Used("setting", f"{held.owner}.{held.name}", held.span, "import", held.guards, value=held.value)


def _imported(module: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a statement imports: a name that is taken out of a module may be one below it."""
    return (module, *(f"{module}.{name}" for name in names))


# --- what the arguments are ------------------------------------------------------------------------------------


def _fits(need: Need, used: _Used) -> int | None:
    """Return how many doubts are left that arguments and settings are those that are meant; None: they are not."""
    found = [_condition_fits(condition, used) for condition in need.conditions]
    return None if None in found else sum(one or 0 for one in found)


def _condition_fits(condition: Condition, used: _Used) -> int | None:
    value = _value(condition, used)
    if condition.absent or not condition.patterns:
        return 0 if (value is None) == condition.absent else None
    return _value_fits(condition, value) if value is not None else None


def _value(condition: Condition, used: _Used) -> Value | None:
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
    return str(value.value) if isinstance(value, Known) else _OPEN


# --- what is installed -----------------------------------------------------------------------------------------


_DOUBTS = {"lock": 0, "known": 0, "listed": 1, "unlikely": 2}
"""How many doubts are left that something is missing."""


def _lacking(need: Need, deployment: Deployment) -> int | None:
    """Return how many doubts are left that the library is there and what it needs for this is not; None: it may be."""
    installed = deployment.installed
    if not installed.known or not _is_served(need, deployment) or not _is_taken(need, installed):
        return None
    why = absence(installed, need.needed, but=need.package)
    return _DOUBTS[why] if why is not None else None


def _is_served(need: Need, deployment: Deployment) -> bool:
    web = deployment.web
    servers = web.servers if web is not None else ()
    return not need.served_by or any(need.served_by == p.name for server in servers for p in server.packages)


def _is_taken(need: Need, installed: Installed) -> bool:
    """Whether the version that will be installed is certain to be one of those that have the need."""
    if need.python and python_is_in(installed, need.python) is not True:
        return False
    if not need.bounds:
        return presence(installed, need.package).installed is True
    own = installed.find(need.package)
    if own is not None and own.url:
        return False
    if own is not None and any(all_are_in(own.specifier, bounds) for bounds in need.bounds):
        return True
    allowed = range_of(own.specifier if own is not None else "")
    opened = allowed.high == NEWEST and any(newest_is_in("", bounds) for bounds in need.bounds)
    constrained = any(r.name == need.package for m in installed.manifests if m.used for r in m.constraints)
    return opened and not constrained and not opaque(installed) and _is_left_open(need, installed, own is not None)


def _is_left_open(need: Need, installed: Installed, declared: bool) -> bool:
    """Whether the library is wanted, and nothing that needs it bounds its version."""
    others = [r.name for r in installed.requirements if r.installed and need.package in brought_by((r.name,))[0]]
    others = [name for name in others if name != need.package]
    open_all = all(any(fnmatchcase(name, pattern) for pattern in need.unbounding) for name in others)
    return open_all and (declared or bool(others))
