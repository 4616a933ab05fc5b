"""What requests change of the objects that a module holds for all of them."""

from collections.abc import Iterator

from adaptable_preflight.model import Change, Load
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import (
    Choice,
    Class,
    External,
    Function,
    Instance,
    Mapping,
    Module,
    Object,
    Sequence,
    options_of,
)
from adaptable_preflight.read.python.public import public
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known

MAX_DEPTH = 3
"""How deep below a module's variable an object is looked for."""
MAX_LOOKED_AT = 2_000
_HOLDERS = frozenset((Sequence, Mapping, Instance, Choice))
READ_DATA = frozenset(
    "json.load json.loads pickle.load pickle.loads yaml.safe_load yaml.load joblib.load pandas.DataFrame "
    "pandas.read_csv pandas.read_json pandas.read_excel pandas.read_pickle pandas.read_parquet".split()
)
"""What gives lists, dictionaries and tables, most often read from a file or a text."""
PLACES = (".loc", ".iloc", ".at", ".iat")
"""By what the cells of a table are told. Source: https://pandas.pydata.org/docs/user_guide/indexing.html"""
LEARNS = frozenset("fit partial_fit fit_transform save_context".split())
"""Methods by which an object of a library takes in what later calls go by. Sources:
https://scikit-learn.org/stable/developers/develop.html#fitting, LangChain's `BaseMemory.save_context`"""

Home = tuple[str, Span | None, Object]


def home_of(machine: Machine, holder: Object) -> Home | None:
    """Return the module's variable that holds an object, directly or in what it holds, and where it is bound."""
    known = machine.homes.get(id(holder))
    if known is not None and known[1] is holder:
        return known[0]
    found = _search(machine, holder)
    machine.homes[id(holder)] = (found, holder)
    return found


def _search(machine: Machine, holder: Object) -> Home | None:
    """Return where an object is held: in the module that made it, before those that import it."""
    looked = 0
    imported: Home | None = None
    for module in [m for m in machine.modules.values() if m is not machine.visited]:
        for name, value in module.names.items():
            for one, path in _within(value, name, MAX_DEPTH):
                looked += 1
                if one is holder:
                    found = f"{module.name}.{path}", module.spans.get(name), value
                    if name in module.spans:
                        return found
                    imported = imported or found
                if looked > MAX_LOOKED_AT:
                    return imported
    return imported


def _within(value: Object, path: str, depth: int) -> Iterator[tuple[Object, str]]:
    """Yield an object and what it holds; the path names attributes and leaves out keys."""
    yield value, path
    if depth == 0:
        return
    match value:
        case Sequence(items=items):
            inner = [(item, path) for item in items[:64] if item.__class__ in _HOLDERS]
        case Mapping(entries=entries):
            inner = [(entry, path) for entry in list(entries.values())[:64] if entry.__class__ in _HOLDERS]
        case Instance(attributes=attributes, cls=cls):
            inner = [*_held(attributes, path), *_held(cls.names, path)]
        case Class(names=names):
            inner = list(_held(names, path))
        case Choice(options=options):
            inner = [(one, path) for one in options]
        case _:
            return
    for one, where in inner:
        yield from _within(one, where, depth - 1)


def _held(names: dict[str, Object], path: str) -> Iterator[tuple[Object, str]]:
    return ((one, f"{path}.{name}") for name, one in names.items() if one.__class__ in _HOLDERS)


def shares(machine: Machine) -> bool:
    """Whether what is executed shares the memory of the app with all requests, and runs after the import."""
    return machine.phase == "request" or (machine.phase == "background" and not machine.apart)


def note_change(
    machine: Machine,
    holder: Module | Class | Instance | Mapping | Sequence | External,
    name: str,
    value: Object | None,
    span: Span,
    key: Object | None = None,
    removes: bool = False,
    learns: bool = False,
) -> None:
    """Note that a request, or what runs beside it, changes a module's variable, or an object that one holds.

    `learns`: a library's object takes in the value, in a way that only its other methods tell.
    """
    if not shares(machine) or holder is machine.visited:
        return
    before: Object | None = holder
    if isinstance(holder, Module):
        before = holder.names.get(name)
        place, home = f"{holder.name}.{name}", holder.spans.get(name)
    else:
        found = _lasting_home(machine, holder)
        if found is None:
            return
        place, home, _ = found
        if isinstance(holder, Mapping) and isinstance(key, Known):
            before = holder.entries.get(key.value, holder)
        if isinstance(holder, Class | Instance):
            place = f"{place}.{name}"
            before = holder.attributes.get(name) if isinstance(holder, Instance) else holder.names.get(name)
    change = Change(
        place,
        span,
        machine.title,
        public(value) if value is not None else None,
        home,
        public(before) if before is not None else None,
        rebinds=isinstance(holder, Module | Class | Instance),
        key=public(key) if key is not None else None,
        by_request=machine.by_request,
        removes=removes,
        guards=tuple(guard for guard in machine.guards if guard.registers),
        of_object=learns or isinstance(holder, Class | Instance),
        handler=machine.handler,
    )
    if change not in machine.changes:
        machine.changes.append(change)


def _lasting_home(machine: Machine, holder: Object) -> Home | None:
    """Return where an object is held; what a request makes for itself is not looked for."""
    return None if isinstance(holder, Instance) and not holder.lasting else home_of(machine, holder)


ENTRY = "held"
"""The name of an entry, by a key that is not known, of a list or dictionary that a module holds."""
CHANGES = frozenset("append add insert extend update pop remove clear setdefault appendleft discard put".split())
"""Methods that change an entry which is itself a list, dictionary or the like."""


def entry_of(machine: Machine, holder: Mapping | Sequence, key: Object, span: Span) -> External | None:
    """Return what stands for an entry of a list or dictionary that a module holds; None for others."""
    if not shares(machine) or home_of(machine, holder) is None:
        return None
    made = External(ENTRY, span, instance=True, receiver=key)
    made.attributes["\0holder"] = holder
    return made


def entry_in(value: Object) -> External | None:
    """Return the entry that a value is, or may be."""
    found = (one for one in options_of(value) if isinstance(one, External))
    return next((one for one in found if one.name == ENTRY and one.instance), None)


def note_entry(machine: Machine, entry: External, value: Object | None, span: Span) -> None:
    """Note that a request changes an entry of a list or dictionary that a module holds."""
    holder = entry.attributes.get("\0holder")
    if isinstance(holder, Mapping | Sequence):
        note_change(machine, holder, "", value, span, entry.receiver)


def open_empty(machine: Machine) -> list[Mapping | Sequence]:
    """Let no request count on a module's list or dictionary to be empty, as others may have filled it; return them.

    Where an object is held is looked up anew: modules may have been loaded since.
    """
    machine.homes.clear()
    opened: list[Mapping | Sequence] = []
    for module in machine.modules.values():
        for name, value in module.names.items():
            for one, _ in _within(value, name, 2):
                if isinstance(one, Mapping | Sequence) and one.complete and not _content(one):
                    one.complete = False
                    opened.append(one)
    return opened


def close_empty(opened: list[Mapping | Sequence]) -> None:
    """Take back what `open_empty` did, for what nobody has filled."""
    for one in opened:
        one.complete = not _content(one)


def _content(holder: Mapping | Sequence) -> object:
    return holder.entries if isinstance(holder, Mapping) else holder.items


def note_load(machine: Machine, module: Module, name: str, value: Object, span: Span) -> None:
    """Note that a request reads a module's variable; one that is imported counts as that of its home."""
    if not shares(machine) or isinstance(value, Function | Module | Class):
        return
    if isinstance(value, External) and not value.instance:
        changed = any(one.name == f"{module.name}.{name}" for one in machine.changes)
        if not changed:
            return  # a library's own, once for all
    found = home_of(machine, value) if isinstance(value, Sequence | Mapping) else None
    place = found[0] if found is not None else f"{module.name}.{name}"
    machine.loads.append(Load(place, span, machine.title, machine.handler))


def note_attribute(machine: Machine, holder: Class | Instance, name: str, held: Object, span: Span) -> None:
    """Note that a request reads an attribute of an object that a module holds for all requests."""
    if not shares(machine) or isinstance(held, Function | Module | Class):
        return
    found = home_of(machine, held) if isinstance(held, Sequence | Mapping) else None
    if found is not None:
        machine.loads.append(Load(found[0], span, machine.title, machine.handler))
    elif (place := _lasting_home(machine, holder)) is not None:
        machine.loads.append(Load(f"{place[0]}.{name}", span, machine.title, machine.handler))
