"""Assignments: of names, attributes, items and several of them at once."""

import ast

from adaptable_preflight.read.python import (
    annotations,
    containers,
    contexts,
    environ,
    library,
    needed,
    strangers,
)
from adaptable_preflight.read.python.literals import iterated, one_of
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import (
    Class,
    External,
    Frame,
    Function,
    Instance,
    Mapping,
    Module,
    Object,
    Sequence,
    options_of,
)
from adaptable_preflight.read.python.operators import operate
from adaptable_preflight.read.python.state import PLACES, READ_DATA, note_change, note_entry, shares
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Unknown


def bind_name(machine: Machine, frame: Frame, name: str, value: Object, span: Span) -> None:
    """Bind a name where Python would."""
    if name in frame.globals:
        if frame.function is not None:
            note_change(machine, frame.module, name, value, span)
        old = frame.module.names.get(name)
        frame.module.names[name] = value
        made_once = isinstance(old, Known) and old.value is None
        if machine.phase != "import" and old is not None and not made_once:
            frame.module.names[name] = old
        return
    if name in frame.nonlocals:
        scope = frame.outer
        while scope is not None and name not in scope.names:
            scope = scope.outer
        (scope or frame).names[name] = value
        return
    frame.names[name] = value
    if frame.owner is not None:
        frame.owner.spans[name] = span
    elif frame.names is frame.module.names:
        frame.module.spans[name] = span
        frame.module.guards[name] = tuple(machine.guards)


def assign(machine: Machine, frame: Frame, target: ast.expr, value: Object) -> None:
    """Assign a value to a name, an attribute, an item or several of them."""
    span = frame.span(target)
    match target:
        case ast.Name():
            bind_name(machine, frame, target.id, value, span)
        case ast.Starred():
            assign(machine, frame, target.value, value)
        case ast.Tuple() | ast.List():
            _unpack(machine, frame, target, value)
        case ast.Attribute():
            holder = machine.do.evaluate(machine, frame, target.value)
            for one in options_of(holder):
                _set_attribute(machine, one, target.attr, value, span)
        case ast.Subscript():
            holder = machine.do.evaluate(machine, frame, target.value)
            key = (
                machine.do.evaluate(machine, frame, target.slice)
                if not isinstance(target.slice, ast.Slice)
                else Unknown("…")
            )
            for one in options_of(holder):
                _set_item(machine, frame, one, key, value, span)


def _unpack(machine: Machine, frame: Frame, target: ast.Tuple | ast.List, value: Object) -> None:
    items, complete = iterated(value)
    starred = any(isinstance(t, ast.Starred) for t in target.elts)
    if not complete or len(items) != len(target.elts) or starred:
        items = [one_of(value, frame.span(target))] * len(target.elts)
    for one, item in zip(target.elts, items, strict=True):
        assign(machine, frame, one, item)


def _set_attribute(machine: Machine, holder: Object, name: str, value: Object, span: Span) -> None:
    match holder:
        case Instance():
            note_change(machine, holder, name, value, span)
            holder.attributes[name] = value
            if name == "__class__" and isinstance(value, Class):
                holder.cls = value
            base = holder.cls.library_base()
            if base is not None:
                library.note_assignment(machine, f"{base.name}.{name}=", value, span)
        case External(name="held"):
            note_entry(machine, holder, value, span)
        case External():
            contexts.refuse_read(machine, holder, name, span)
            holder.attributes[name] = value
            library.note_assignment(machine, f"{holder.name}.{name}=", value, span)
        case Function() if name == "__name__":
            holder.called = value.value if isinstance(value, Known) and isinstance(value.value, str) else ""
        case Module() if shares(machine):
            note_change(machine, holder, name, value, span)
        case Class() | Module():
            if isinstance(holder, Class):
                note_change(machine, holder, name, value, span)
            holder.names[name] = value
            holder.spans[name] = span


def _set_item(machine: Machine, frame: Frame, holder: Object, key: Object, value: Object, span: Span) -> None:
    del frame
    match holder:
        case External(name="os.environ"):
            if isinstance(key, Known) and isinstance(key.value, str):
                needed.refuse_none(machine, value, "TypeError", span)
                environ.assign(machine, key.value, value, span)
                library.note_assignment(machine, f"os.environ[{key.value}]=", value, span)
        case External(name="held"):
            note_entry(machine, holder, value, span)
        case External():
            contexts.refuse_read(machine, holder, "", span)
            table = holder.receiver if holder.name.endswith(PLACES) else holder
            if isinstance(table, External) and table.name in READ_DATA:
                note_change(machine, table, "", value, span, key)
            if isinstance(key, Known) and isinstance(key.value, str | int):
                holder.attributes[str(key.value)] = value
            library.note_assignment(machine, f"{holder.name}[]=", value, span)
        case Mapping():
            note_change(machine, holder, "", value, span, key)
            known = isinstance(key, Known) and isinstance(key.value, str | int | None)
            if known and isinstance(key, Known) and machine.phase == "import":
                containers.put(machine, holder, key.value, value, span)
            else:
                strangers.open_up(machine, holder)
                containers.replace(holder, key, value)
        case Sequence():
            note_change(machine, holder, "", value, span)
            index = key.value if isinstance(key, Known) else None
            if isinstance(index, int) and -len(holder.items) <= index < len(holder.items):
                holder.items[index] = value
            else:
                holder.complete = False


def assignment(machine: Machine, frame: Frame, node: ast.Assign) -> None:
    """`a = b = value`."""
    value = machine.do.evaluate(machine, frame, node.value)
    for target in node.targets:
        assign(machine, frame, target, value)


def annotated(machine: Machine, frame: Frame, node: ast.AnnAssign) -> None:
    """`name: type = value`."""
    if node.value is not None:
        assign(machine, frame, node.target, machine.do.evaluate(machine, frame, node.value))
    annotations.of_name(machine, frame, node)


def augmented(machine: Machine, frame: Frame, node: ast.AugAssign) -> None:
    """`a += b`."""
    load = ast.copy_location(_as_load(node.target), node.target)
    old, value = machine.do.evaluate(machine, frame, load), machine.do.evaluate(machine, frame, node.value)
    if isinstance(old, Sequence):
        items, complete = iterated(value)
        old.extend(items)
        old.complete = old.complete and complete and not machine.undecided
        old.assumed = old.assumed or any(guard.assumed for guard in machine.guards)
        if not isinstance(node.target, ast.Name):
            return
        note_change(machine, old, "", value, frame.span(node))
        if node.target.id in frame.globals:
            assign(machine, frame, node.target, old)
        return
    assign(machine, frame, node.target, operate(old, value, type(node.op), frame.span(node)))


def _as_load(target: ast.Name | ast.Attribute | ast.Subscript) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load())
    return ast.Subscript(target.value, target.slice, ast.Load())


def delete(machine: Machine, frame: Frame, node: ast.Delete) -> None:
    """`del name`, `del holder[key]`."""
    for target in node.targets:
        if isinstance(target, ast.Name):
            frame.names.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            holder = machine.do.evaluate(machine, frame, target.value)
            if isinstance(holder, Mapping | Sequence):
                note_change(machine, holder, "", None, frame.span(target))
                _drop(machine, holder, machine.do.evaluate(machine, frame, target.slice))


def _drop(machine: Machine, holder: Mapping | Sequence, key: Object) -> None:
    """Take an entry out of a dictionary where it is known to be there; else something may be gone."""
    name = key.value if isinstance(key, Known) and isinstance(key.value, str) else None
    if isinstance(holder, Mapping) and name in holder.entries and not machine.undecided:
        del holder.entries[name]
    else:
        holder.complete = False
