"""What configures an app: objects, files and variables that are taken over into `app.config`."""

from adaptable_preflight.checkout import join
from adaptable_preflight.model import NEEDED_VARIABLE, SET_VARIABLE, Guard
from adaptable_preflight.read.python import access, library, needed, paths, strangers
from adaptable_preflight.read.python.containers import put
from adaptable_preflight.read.python.machine import Handler, Machine
from adaptable_preflight.read.python.objects import (
    Arguments,
    Choice,
    Class,
    External,
    Instance,
    Mapping,
    Module,
    Object,
    choice,
    options_of,
)
from adaptable_preflight.source import Span
from adaptable_preflight.value import CHECKOUT, Concat, FromEnv, Known, Value

READING = "flask.Config.from_pyfile"
"""The name under which it is noted that a configuration file is read."""


def from_object(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`app.config.from_object(x)`: the upper-case attributes of a class, a module, or what an import path names.

    What differs between objects of which nothing tells which one it is rests on that condition.

    Source: https://flask.palletsprojects.com/en/stable/api/#flask.Config.from_object
    """
    holder = function.receiver
    given = arguments.get(0)
    if not isinstance(holder, Mapping) or given is None:
        return Known(None, span)
    options = [_object_of(machine, option, span) for option in options_of(given)]
    tables = [_upper_case(option) for option in options]
    open_choice = Guard(arguments.spans[0] if arguments.spans else span)
    # the likeliest last, so that it comes first among several
    for chosen, found in zip(reversed(options), reversed(tables), strict=True):
        if found is None:
            strangers.open_up(machine, holder)
            continue
        guard = machine.selected.get(id(chosen))
        for key, (value, where) in found.items():
            guards = () if _is_common(key, tables) else (guard or open_choice,)
            put(machine, holder, key, value, where or span, (guard,) if guard is not None and guard.assumed else guards)
        if guard is not None:
            _note_passed_over(machine, holder, guard, span)
    return Known(None, span)


def _is_common(key: str, tables: list[dict[str, tuple[Object, Span | None]] | None]) -> bool:
    """Whether all of several configurations give a setting the same value."""
    values = [table[key][0] for table in tables if table is not None and key in table]
    return len(values) == len(tables) and not isinstance(choice(*values), Choice)


def _note_passed_over(machine: Machine, holder: Mapping, guard: Guard, span: Span) -> None:
    for name, other in machine.passed_over.get(guard, ()):
        for key, (value, where) in (_upper_case(other) or {}).items():
            machine.alternatives.append((holder.owner, key, value, where or span, guard, name))


def _object_of(machine: Machine, given: Object, span: Span) -> Object:
    """Return the object that a dotted path names, looked up as Werkzeug's `import_string` does."""
    chosen = _while_unset(machine, given)
    if chosen is not None:
        variable, name = chosen
        machine.assumed = True
        found = _object_of(machine, name, span)
        machine.selected[id(found)] = Guard(variable.span or span, (variable.name,), assumed=True)
        return found
    if not isinstance(given, Known) or not isinstance(given.value, str):
        return given
    path = given.value.replace(":", ".")
    module, _, last = path.rpartition(".")
    if module and access.machine_import(machine, path, span) is None:
        holder = machine.do.import_name(machine, module, span)
        if isinstance(holder, Module):
            return access.of_module(machine, holder, last, span)
        return holder
    return machine.do.import_name(machine, path, span)


def _while_unset(machine: Machine, given: Object) -> tuple[FromEnv, Known] | None:
    """Return the variable that a name is made of, such as `"config." + getenv("X", "Dev")`, and the name without it."""
    parts = given.parts if isinstance(given, Concat) else (given,)
    variables = [part for part in parts if isinstance(part, FromEnv)]
    if len(variables) != 1 or machine.is_set(variables[0].name) or not isinstance(variables[0].default, Known):
        return None
    texts = [text for part in parts if (text := _text_while_unset(part)) is not None]
    return (variables[0], Known("".join(texts))) if len(texts) == len(parts) else None


def _text_while_unset(part: Object | Value) -> str | None:
    piece = part.default if isinstance(part, FromEnv) else part
    return piece.value if isinstance(piece, Known) and isinstance(piece.value, str) else None


def _upper_case(given: Object) -> dict[str, tuple[Object, Span | None]] | None:
    if isinstance(given, Module):
        return {k: (v, given.spans.get(k)) for k, v in given.names.items() if k.isupper()}
    if isinstance(given, Instance):
        own: dict[str, tuple[Object, Span | None]] = {k: (v, None) for k, v in given.attributes.items() if k.isupper()}
        return {**(_upper_case(given.cls) or {}), **own}
    if isinstance(given, Class):
        found: dict[str, tuple[Object, Span | None]] = {}
        for cls in reversed([c for c in given.lineage() if isinstance(c, Class)]):
            found.update({k: (v, cls.spans.get(k)) for k, v in cls.names.items() if k.isupper()})
        return found
    return None


def from_file(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`app.config.from_pyfile(name)`: relative to the app's root folder, or to `instance/`."""
    holder, name = function.receiver, paths.text_path(arguments.get(0, "filename"))
    if not isinstance(holder, Mapping) or name is None:
        return Known(None, span)
    here = machine.source.path.rpartition("/")[0]
    inside = paths.in_checkout(machine, name) if name.startswith("/") else join(here, name)
    module = machine.do.run_file(machine, inside) if inside else None
    if module is None:
        strangers.open_up(machine, holder)
        _note_read(machine, function, arguments, name, span)
        return Known(None, span)
    for key, value in module.names.items():
        if key.isupper():
            put(machine, holder, key, value, module.spans.get(key, span))
    return Known(None, span)


def _note_read(machine: Machine, function: External, arguments: Arguments, name: str, span: Span) -> None:
    """Note the reading of a file that the app cannot do without, unless it stands anywhere in the repository.

    Source: https://flask.palletsprojects.com/en/stable/api/#flask.Config.from_pyfile
    """
    silent = arguments.get(2 if function.name.endswith("from_file") else 1, "silent")
    is_loud = silent is None or (isinstance(silent, Known) and silent.value is False)
    if not is_loud or name.startswith("/") or any(f"/{path}".endswith(f"/{name}") for path in machine.checkout.paths):
        return
    here = join(machine.source.path.rpartition("/")[0], name)
    if here is not None:
        given = Arguments((Known(f"{CHECKOUT}/{here}", span),), {}, arguments.spans)
        library.note(machine, External(READING), given, span)


def from_data_file(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`app.config.from_file(name, load=…)`: what it sets is not looked at."""
    name = paths.text_path(arguments.get(0, "filename"))
    if isinstance(function.receiver, Mapping) and name is not None:
        _note_read(machine, function, arguments, name, span)
    return from_somewhere(machine, function, arguments, span)


def from_variable(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`app.config.from_envvar(name)`: without the variable it raises RuntimeError, unless it is told to be silent."""
    name, silent = arguments.get(0, "variable_name"), arguments.get(1, "silent")
    is_loud = silent is None or (isinstance(silent, Known) and silent.value is False)
    known = isinstance(name, Known) and isinstance(name.value, str) and isinstance(function.receiver, Mapping)
    if known and is_loud and not machine.catches("RuntimeError") and not machine.undecided:
        assert isinstance(name, Known)
        fact = SET_VARIABLE if machine.is_set(str(name.value)) else NEEDED_VARIABLE
        needed.note(machine, str(name.value), "file", span, fact)
    return from_somewhere(machine, function, arguments, span)


def from_somewhere(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`app.config.from_prefixed_env()` and the like: what it sets cannot be seen.

    Each setting that stands so far counts as long as nobody sets the variable that would replace it.
    """
    holder = function.receiver
    if isinstance(holder, Mapping):
        strangers.open_up(machine, holder)
        prefix = arguments.get(0, "prefix") or Known("FLASK")
        if function.name.endswith("from_prefixed_env") and isinstance(prefix, Known):
            holder.prefix = f"{prefix.value}_"
            for key in holder.entries:
                guard = Guard(span, (f"{prefix.value}_{key}",), assumed=True)
                holder.guards[key] = (*holder.guards.get(key, ()), guard)
    return Known(None, span)


HANDLERS: dict[str, Handler] = {
    "dict.from_object": from_object,
    "dict.from_pyfile": from_file,
    **{f"dict.{name}": from_somewhere for name in ("from_prefixed_env", "load_config")},
    "dict.from_envvar": from_variable,
    "dict.from_file": from_data_file,
    "dict.from_json": from_data_file,
}
