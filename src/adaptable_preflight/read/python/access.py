"""Attributes and items of objects."""

import ast
import sys

from adaptable_preflight.read.python import (
    call,
    containers,
    contexts,
    library,
    modules,
    needed,
    open_text,
    paths,
    relevance,
)
from adaptable_preflight.read.python.machine import Machine, Raise, of_each
from adaptable_preflight.read.python.numbers import is_number
from adaptable_preflight.read.python.objects import (
    Bound,
    Choice,
    Class,
    External,
    Frame,
    Function,
    Instance,
    Mapping,
    Module,
    Native,
    Object,
    Partial,
    Sequence,
    choice,
    object_of,
)
from adaptable_preflight.read.python.posix_path import PurePosixPath
from adaptable_preflight.read.python.state import entry_of, note_attribute, note_load
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Derived, FromEnv, Known, Unknown, derive

CONFIGURED = frozenset({"flask.Flask", "quart.Quart", "quart.app.Quart", "sanic.Sanic"})
"""Library classes whose objects hold a dictionary `config`."""

STAND_INS = {"flask.current_app": "flask.Flask", "quart.current_app": "quart.Quart"}
"""Library objects that stand for the app that is being served."""

SWITCHES = frozenset({"debug", "testing"})
"""Attributes of an app that are off unless somebody turns them on."""


IMPLICIT = frozenset({"__init_subclass__", "__class_getitem__"})
"""Methods that are class methods without saying so."""


DJANGO_SETTINGS = "django.settings"
"""The owner of Django's settings among the configurations."""


def attribute(machine: Machine, holder: Object, name: str, span: Span) -> Object:
    """Return an attribute."""
    match holder:
        case Module():
            return of_module(machine, holder, name, span)
        case Class():
            found = _of_class(holder, name, span)
            note_attribute(machine, holder, name, found, span)
            return found
        case Instance():
            return _of_instance(machine, holder, name, span)
        case External():
            return _of_external(machine, holder, name, span)
        case Choice(options=options):
            return of_each(options, lambda option: attribute(machine, option, name, span))
        case Unknown():
            return holder
        case Known(value=PurePosixPath() as path):
            return paths.attribute(path, name, span) or External(f"PurePosixPath.{name}", span, receiver=holder)
        case Function(called=called) if name == "__name__" and called:
            return Known(called, span)
        case Function() | Bound() | Partial() | Native():
            return External(f"function.{name}", span, receiver=holder)
        case _:
            return External(f"{type_name(holder)}.{name}", span, receiver=holder)


def type_name(holder: Object) -> str:
    """Return the name of a built-in type; text from the environment is `str`."""
    match holder:
        case Known(value=value):
            return type(value).__name__
        case FromEnv() | Derived() if is_number(holder):
            return "int"
        case FromEnv() | Concat() | Derived():
            return "str"
        case Sequence(kind=kind):
            return kind
        case Mapping():
            return "dict"
        case _:
            return "object"


def of_module(machine: Machine, module: Module, name: str, span: Span) -> Object:
    """Return a name of a module of the repository: one of its own, or a module below it."""
    if name in module.names:
        note_load(machine, module, name, module.names[name], span)
        return module.names[name]
    if module.package:
        below = machine_import(machine, f"{module.name}.{name}", span)
        if below is not None:
            return below
    if module.source is None:
        return External(f"{module.name}.{name}", span)
    if module.open or machine.undecided or machine.assumed or "__getattr__" in module.names:
        return Unknown(f"«{module.name}.{name}» is defined where it cannot be followed", span)
    if not module.loaded and not _in_order(machine, module):
        return Unknown(f"«{module.name}» may be imported before", span)
    if module.package and modules.is_written(machine.checkout, module, name):
        return Unknown(f"«{module.name}.{name}» is made when the project is built", span)
    if name.startswith("__") and name.endswith("__"):
        return Unknown(f"«{module.name}.{name}» is what Python itself gives modules, or not", span)
    raise Raise("AttributeError", f"{titled(module)} has no attribute '{name}'", span)


def titled(module: Module) -> str:
    """Return how Python's messages call a module."""
    return f"{'' if module.loaded else 'partially initialized '}module '{module.name}'"


def _in_order(machine: Machine, module: Module) -> bool:
    """Whether a module that is being imported holds just the names that were bound so far.

    Source: https://docs.python.org/3/reference/import.html#loading: a module is in `sys.modules` before its code runs.
    Not where modules were skimmed, which follows imports in another order, nor in a thread, which waits for the module;
    and a module of Python itself is often imported before the app is.
    """
    skimmed = machine.executed > relevance.BUDGET
    own = module.name.partition(".")[0] not in sys.stdlib_module_names
    return machine.phase == "import" and own and not skimmed


def machine_import(machine: Machine, name: str, span: Span) -> Module | None:
    """Import a module of the repository if there is one of that name."""
    found = machine.find(name)
    return machine.do.import_module(machine, name, span) if isinstance(found, Module) else None


def _of_class(holder: Class, name: str, span: Span) -> Object:
    found = holder.find(name)
    if found is not None:
        if isinstance(found, Function) and (name in IMPLICIT or _decorated(found, "classmethod")):
            return Bound(found, holder)
        return found
    base = holder.library_base()
    if name in ("__name__", "__qualname__"):
        return Known(holder.name, span)
    if name == "__dict__":
        entries: dict[object, Object] = {}
        entries.update(holder.names)
        return Mapping(entries, span)
    if base is not None:
        return External(f"{base.name}.{name}", span, receiver=holder)
    return Unknown(f"«{holder.name}.{name}» is not followed", span)


def _decorated(function: Function, name: str) -> bool:
    node = function.node
    return not isinstance(node, ast.Lambda) and any(
        isinstance(d, ast.Name) and d.id == name for d in node.decorator_list
    )


def _of_instance(machine: Machine, holder: Instance, name: str, span: Span) -> Object:
    if name in holder.attributes:
        note_attribute(machine, holder, name, holder.attributes[name], span)
        return holder.attributes[name]
    if not isinstance(holder.attributes.get("__class__", holder.cls), Class):
        return Unknown(f"the class that «{name}» belongs to was replaced", span)
    found = holder.cls.find(name)
    if isinstance(found, Function):
        if _decorated(found, "staticmethod"):
            return found
        if any(_decorated(found, kind) for kind in ("property", "cached_property")):
            return call.call(machine, Bound(found, holder), call.NO_ARGUMENTS, span)
        return Bound(found, holder.cls if _decorated(found, "classmethod") else holder)
    if found is not None:
        note_attribute(machine, holder.cls, name, found, span)
        return found
    if name == "__class__":
        return holder.cls
    base = holder.cls.library_base()
    if base is None:
        return Unknown(f"«{holder.cls.name}.{name}» is not followed", span)
    if name == "config" and base.name in CONFIGURED:
        return holder.attributes.setdefault("config", configuration(machine, base.name, span))
    return External(f"{base.name}.{name}", span, receiver=holder)


def configuration(machine: Machine, owner: str, span: Span) -> Mapping:
    """Return the configuration of an app that a library made; it holds defaults that are not known."""
    made = Mapping({}, span, owner)
    made.complete = False
    machine.configured.append(made)
    return made


def _of_external(machine: Machine, holder: External, name: str, span: Span) -> Object:
    contexts.refuse_read(machine, holder, name, span)
    if not machine.catches("AttributeError"):
        library.note_secret(machine, holder, Known(name), span)
    if name in holder.attributes:
        return holder.attributes[name]
    if name == "config" and holder.instance and holder.name in CONFIGURED:
        holder.attributes["config"] = configuration(machine, holder.name, span)
        return holder.attributes["config"]
    served = STAND_INS.get(holder.name)
    if name == "config" and served is not None:
        return next((m for m in reversed(machine.configured) if m.owner == served), None) or Unknown("no app is made")
    if name in SWITCHES and (served is not None or holder.name in CONFIGURED):
        return _switch(machine, holder, name, span)
    full = f"{holder.name}.{name}"
    library.note_removed(machine, holder, name, span)
    library.refuse_unknown_name(machine, holder, name, span)
    fixed = _django_setting(machine, holder, name) or library.constant(machine, full, span)
    if fixed is not None:
        return fixed
    library.note_read(machine, full, None, holder, span)
    found = External(full, span, receiver=holder if holder.instance or holder.receiver is not None else None)
    found.within = True
    return found


def _switch(machine: Machine, holder: External, name: str, span: Span) -> Object:
    """Return `app.debug` or `app.testing`: what the configuration says, or off.

    Source: https://flask.palletsprojects.com/en/stable/config/#DEBUG
    """
    config = attribute(machine, holder, "config", span)
    if isinstance(config, Mapping) and name.upper() in config.entries:
        return containers.held(machine, config, name.upper())
    return Known(False, span)


def _django_setting(machine: Machine, holder: External, name: str) -> Object | None:
    """Return `django.conf.settings.NAME` where the settings are known."""
    if holder.name != "django.conf.settings":
        return None
    known = (m.entries[name] for m in machine.configured if m.owner == DJANGO_SETTINGS and name in m.entries)
    return next(known, None)


def item(machine: Machine, holder: Object, key: Object, span: Span) -> Object:
    """Return `holder[key]`."""
    match holder:
        case External(name="os.environ"):
            return needed.variable(machine, key, span)
        case External():
            if isinstance(key, Known) and key.value in holder.attributes:
                return holder.attributes[key.value]
            contexts.refuse_read(machine, holder, "", span)
            library.note_secret(machine, holder, key, span)
            arguments = (library.argument(key, span),)
            library.note_read(machine, f"{holder.name}[]", key, holder, span)
            return External(f"{holder.name}[]", span, instance=True, arguments=arguments, receiver=holder)
        case Mapping() if isinstance(key, Known):
            return _entry(machine, holder, key, span)
        case Mapping() if isinstance(key, FromEnv) and not machine.is_set(key.name) and isinstance(key.default, Known):
            return containers.by_default(machine, holder, key, span) or _no_item(span)
        case Mapping():
            if holder.entries and holder.complete:
                if isinstance(key, FromEnv) and key.default is None:
                    return containers.by_variable(machine, holder, key, span)
                return choice(*holder.entries.values())
            return entry_of(machine, holder, key, span) or _no_item(span)
        case Sequence() | Known() if isinstance(key, Known) and isinstance(key.value, int):
            return _indexed(machine, holder, key.value, span)
        case Choice(options=options):
            return of_each(options, lambda option: item(machine, option, key, span))
        case Derived() if isinstance(key, Known) and key.value == 0 and (piece := open_text.first_piece(holder)):
            return object_of(piece)
        case FromEnv() | Concat() | Derived():
            needed.refuse_none(machine, holder, "TypeError", span)
            return derive("item", (holder,), span)
        case _:
            return _no_item(span)


def _no_item(span: Span) -> Unknown:
    return Unknown("an item of something that is not known", span)


def _entry(machine: Machine, holder: Mapping, key: Known, span: Span) -> Object:
    try:
        if key.value in holder.entries:
            return containers.held(machine, holder, key.value)
    except TypeError:
        return _no_item(span)
    if holder.complete and not machine.undecided and not machine.assumed and machine.phase == "import":
        raise Raise("KeyError", repr(key.value), span)
    return entry_of(machine, holder, key, span) or _no_item(span)


def _indexed(machine: Machine, holder: Sequence | Known, index: int, span: Span) -> Object:
    if isinstance(holder, Known):
        if isinstance(holder.value, str) and -len(holder.value) <= index < len(holder.value):
            return Known(holder.value[index], span)
        return _no_item(span)
    if -len(holder.items) <= index < len(holder.items) and (holder.complete or index >= 0):
        return holder.items[index]
    if holder.complete and not machine.undecided and machine.phase == "import":
        raise Raise("IndexError", f"{holder.kind} index out of range", span)
    return _no_item(span)


def parent_of(frame: Frame) -> Object:
    """Return what `super()` stands for."""
    scope: Frame | None = frame
    while scope is not None and (scope.function is None or scope.function.owner is None):
        scope = scope.outer
    if scope is None or scope.function is None or scope.function.owner is None:
        return Unknown("«super()» is not followed")
    owner = scope.function.owner
    lineage = list(owner.lineage())[1:]
    node = scope.function.node
    first = node.args.args[0].arg if node.args.args else ""
    receiver = scope.names.get(first)
    for base in lineage:
        if isinstance(base, External):
            return External(base.name, receiver=receiver)
        made = Instance(base, None)
        if isinstance(receiver, Instance):
            made.attributes = receiver.attributes
        return made
    return External("object", receiver=receiver)
