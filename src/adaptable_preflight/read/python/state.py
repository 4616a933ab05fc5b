"""What requests change of the objects that a module holds for all of them."""

from adaptable_preflight.model import Change, Load
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import Mapping, Module, Object, Sequence
from adaptable_preflight.read.python.public import public
from adaptable_preflight.source import Span


def home_of(machine: Machine, holder: Object) -> tuple[str, Span | None] | None:
    """Return the module's variable that holds an object, and where it is bound."""
    for module in machine.modules.values():
        for name, value in module.names.items():
            if value is holder:
                return f"{module.name}.{name}", module.spans.get(name)
    return None


def note_change(
    machine: Machine, holder: Module | Mapping | Sequence, name: str, value: Object | None, span: Span
) -> None:
    """Note that a request changes a module's variable, or an object that one holds."""
    if machine.phase != "request":
        return
    if isinstance(holder, Module):
        found: tuple[str, Span | None] | None = (f"{holder.name}.{name}", holder.spans.get(name))
    else:
        found = home_of(machine, holder)
    if found is not None:
        stored = public(value) if value is not None else None
        change = Change(found[0], span, machine.title, stored, found[1])
        if change not in machine.changes:
            machine.changes.append(change)


def note_load(machine: Machine, module: Module, name: str, span: Span) -> None:
    """Note that a request reads a module's variable."""
    load = Load(f"{module.name}.{name}", span, machine.title)
    machine.loads.append(load)
