"""Lists and dictionaries."""

from adaptable_preflight.model import Guard
from adaptable_preflight.read.python import access, assumptions, library, strangers
from adaptable_preflight.read.python.literals import iterated
from adaptable_preflight.read.python.machine import Handler, Machine, Raise
from adaptable_preflight.read.python.objects import (
    MAX_KEPT,
    Arguments,
    External,
    Mapping,
    Object,
    Sequence,
    choice,
    options_of,
)
from adaptable_preflight.read.python.state import entry_of, note_change
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Known, Unknown


def put(
    machine: Machine, holder: Mapping, key: object, value: Object, span: Span, guards: tuple[Guard, ...] = ()
) -> None:
    """`holder[key] = value`; under a condition that was not decided the old value may remain.

    `guards`: conditions that chose the value, beside those around the place.
    """
    old = holder.entries.get(key)
    holder.entries[key] = value if old is None or not machine.undecided else choice(value, old)
    holder.spans[key] = span
    holder.guards[key] = (*machine.guards, *guards)


def replace(holder: Mapping, key: Object, value: Object) -> None:
    """Let a request find either value of an entry that one has changed: the dictionary may be shared."""
    if isinstance(key, Known) and isinstance(key.value, str | int | None) and key.value in holder.entries:
        holder.entries[key.value] = choice(value, holder.entries[key.value])


def append(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`items.append(x)`, `items.add(x)`, `items.insert(0, x)`."""
    holder = function.receiver
    if isinstance(holder, Sequence):
        note_change(machine, holder, "", arguments.positional[-1] if arguments.positional else None, span)
    if isinstance(holder, Sequence) and machine.phase == "import":
        if function.name.endswith("insert") and len(holder.items) < MAX_KEPT:
            holder.items[:0] = arguments.positional[-1:]
        else:
            holder.extend([*arguments.positional[-1:]])
        holder.complete = holder.complete and not machine.undecided
        holder.assumed = holder.assumed or any(guard.assumed for guard in machine.guards)
    elif isinstance(holder, Sequence):
        holder.complete = False
        room = MAX_POSSIBLE - len(holder.possible)
        added = (one for value in arguments.positional[-1:] for one in options_of(value))
        holder.possible.extend([one for one in added if isinstance(one, External) and one.instance][:room])
    return Known(None, span)


MAX_POSSIBLE = 8
"""How many objects of libraries a list keeps that may be in it."""


def extend(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`items.extend(others)`."""
    holder, given = function.receiver, arguments.get(0)
    if isinstance(holder, Sequence):
        note_change(machine, holder, "", given, span)
        known = isinstance(given, Sequence) and given.complete and not machine.undecided
        if isinstance(given, Sequence):
            holder.extend(given.items)
        holder.assumed = holder.assumed or any(guard.assumed for guard in machine.guards)
        holder.complete = holder.complete and known
    return Known(None, span)


_REMOVERS = frozenset({"pop", "popitem", "remove", "discard", "clear"})


def unclear(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """A method that changes a container in a way that is not followed."""
    if isinstance(function.receiver, Sequence | Mapping):
        removes = function.name.rpartition(".")[2] in _REMOVERS
        note_change(machine, function.receiver, "", arguments.get(0), span, removes=removes)
        function.receiver.complete = False
    return Unknown("an item of a container that changes", span)


def lookup(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`mapping.get(key, default)`, `mapping.setdefault(key, default)`."""
    holder = function.receiver
    default = arguments.get(1, "default") or Known(None, span)
    if not isinstance(holder, Mapping):
        return Unknown("an item of something that is not known", span)
    keys = options_of(arguments.get(0) or Known(None))
    results = [_lookup(machine, holder, key, default, span) for key in keys]
    if function.name.endswith("setdefault") and isinstance(arguments.get(0), Known):
        key = arguments.positional[0]
        if isinstance(key, Known) and isinstance(key.value, str) and key.value not in holder.entries:
            put(machine, holder, key.value, assumptions.unless_filled(holder, key.value, default), arguments.spans[-1])
    return choice(*results)


def _lookup(machine: Machine, holder: Mapping, key: Object, default: Object, span: Span) -> Object:
    if isinstance(key, FromEnv) and not machine.is_set(key.name):
        return by_default(machine, holder, key, span) or default
    if isinstance(key, Known) and isinstance(key.value, str | int | None):
        if key.value in holder.entries:
            return held(machine, holder, key.value)
        return default if holder.complete else choice(default, Unknown("an entry that is not known", span))
    entry = entry_of(machine, holder, key, span) if not (holder.entries and holder.complete) else None
    if entry is not None:
        return choice(entry, default)
    return choice(*holder.entries.values(), default) if holder.complete else Unknown("an entry is not known", span)


def held(machine: Machine, holder: Mapping, key: object) -> Object:
    """Return an entry; a switch of a configuration that a variable would replace hangs on that variable."""
    value = holder.entries[key]
    if not isinstance(value, Known) or not isinstance(value.value, bool):
        return value
    names = (guard.variables[0] for guard in holder.guards.get(key, ()) if guard.assumed and guard.variables)
    name = next((name for name in names if not machine.is_set(name)), "")
    return FromEnv(name, value, value.span) if name else value


def by_default(machine: Machine, holder: Mapping, key: FromEnv, span: Span) -> Object | None:
    """Return the entry that a variable's default names while nobody sets the variable; None where there is none."""
    machine.assumed = True
    chosen = holder.entries.get(key.default.value if isinstance(key.default, Known) else None)
    if chosen is not None:
        others = [(str(name), value) for name, value in holder.entries.items() if value is not chosen]
        machine.select(chosen, others, Guard(key.span or span, (key.name,), assumed=True))
    return chosen


def by_variable(machine: Machine, holder: Mapping, key: FromEnv, span: Span) -> Object:
    """Return `configs[os.environ["ENV"]]`: one of the entries, which whoever sets the variable chooses."""
    for value in holder.entries.values():
        machine.selected.setdefault(id(value), Guard(key.span or span, (key.name,)))
    return choice(*holder.entries.values())


def merge(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`mapping.update(…)`, `app.config.from_mapping(…)`."""
    holder = function.receiver
    if isinstance(holder, Mapping):
        note_change(machine, holder, "", arguments.get(0), span)
        for given in arguments.positional:
            if isinstance(given, Mapping):
                for key, value in given.entries.items():
                    put(machine, holder, key, value, given.spans.get(key, span))
                holder.complete = holder.complete and given.complete
                machine.unseen.update(() if given.complete else (holder.owner,))
            else:
                strangers.open_up(machine, holder)
        if not arguments.complete:
            strangers.open_up(machine, holder)
        spans = arguments.spans[len(arguments.positional) :]
        for (key, value), where in zip(arguments.named.items(), spans, strict=False):
            put(machine, holder, key, value, where)
    return Known(None, span)


def _items(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine, arguments
    holder = function.receiver
    if not isinstance(holder, Mapping):
        return Unknown("the entries of something that is not known", span)
    kind = function.name.rpartition(".")[2]
    pairs: list[Object] = [
        Sequence([Known(k), v], "tuple") if kind == "items" else Known(k) if kind == "keys" else v
        for k, v in holder.entries.items()
    ]
    made = Sequence(pairs, "list", span)
    made.complete = holder.complete
    return made


def _converted(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`list(x)`, `tuple(x)`, `sorted(x)`, `dict(x)`."""
    given = arguments.get(0)
    if function.name == "dict":
        made = Mapping(dict(given.entries) if isinstance(given, Mapping) else {}, span)
        made.complete = given is None or (isinstance(given, Mapping) and given.complete)
        made.spans = dict(given.spans) if isinstance(given, Mapping) else {}
        for (key, value), where in zip(
            arguments.named.items(), arguments.spans[len(arguments.positional) :], strict=False
        ):
            put(machine, made, key, value, where)
        return made
    if given is None:
        return Sequence([], function.name if function.name != "sorted" else "list", span)
    library.note_visit(machine, given, span)
    items, complete = iterated(given)
    made_list = Sequence(items, {"sorted": "list", "reversed": "list"}.get(function.name, function.name), span)
    made_list.complete = complete
    return made_list


def _length(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine, function
    given = arguments.get(0)
    if isinstance(given, Sequence) and given.complete:
        return Known(len(given.items), span)
    if isinstance(given, Mapping) and given.complete:
        return Known(len(given.entries), span)
    if isinstance(given, Known) and isinstance(given.value, str):
        return Known(len(given.value), span)
    return Unknown("a length is not known", span)


def _range(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine, function
    given = [v.value for v in arguments.positional if isinstance(v, Known) and isinstance(v.value, int)]
    made = Sequence([], "list", span)
    if len(given) != len(arguments.positional) or not 1 <= len(given) <= 3 or (len(given) == 3 and given[2] == 0):
        made.complete = False
        return made
    numbers = range(*given)
    made.items = [Known(n, span) for n in numbers[:300]]
    made.complete = len(numbers) <= 300
    return made


def _enumerate(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine
    holders = [v if isinstance(v, Sequence) else Sequence([], "list") for v in arguments.positional]
    made = Sequence([], "list", span)
    made.complete = all(isinstance(v, Sequence) and v.complete for v in arguments.positional)
    if function.name == "enumerate" and holders:
        made.items = [Sequence([Known(i), item], "tuple") for i, item in enumerate(holders[0].items)]
    else:
        made.items = [Sequence(list(items), "tuple") for items in zip(*(h.items for h in holders), strict=False)]
    return made


def _get_attribute(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`getattr(holder, name, default)`."""
    del function
    holder, name, default = arguments.get(0), arguments.get(1), arguments.get(2)
    if holder is None or not isinstance(name, Known) or not isinstance(name.value, str):
        return Unknown("the name of an attribute is not known", span)
    if default is None:
        return access.attribute(machine, holder, name.value, span)
    machine.catching.append(frozenset({"AttributeError"}))
    try:
        return access.attribute(machine, holder, name.value, span)
    except Raise:
        return default
    finally:
        machine.catching.pop()


def _globals(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`globals()`, `locals()`: the names themselves."""
    del arguments
    frame = machine.frames[-1]
    frame.module.open = True  # who asks for all names may also add some
    names = frame.module.names if function.name == "globals" else frame.names
    made = Mapping({}, span)
    made.entries = names  # type: ignore[assignment]
    return made


def _executed(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`exec(text, names)`: the names that it makes are not known."""
    del function
    machine.frames[-1].module.open = True
    for given in arguments.positional:
        if isinstance(given, Mapping):
            given.complete = False
    return Unknown("what a text of code evaluates to", span)


HANDLERS: dict[str, Handler] = {
    "exec": _executed,
    "eval": _executed,
    "list.append": append,
    "list.insert": append,
    "set.add": append,
    "list.extend": extend,
    **{f"list.{name}": unclear for name in ("pop", "remove", "clear", "sort", "reverse")},
    **{f"dict.{name}": unclear for name in ("pop", "popitem", "clear")},
    **{f"set.{name}": unclear for name in ("update", "discard", "remove", "pop", "clear")},
    "dict.get": lookup,
    "dict.setdefault": lookup,
    "dict.update": merge,
    "dict.from_mapping": merge,
    **{f"dict.{name}": _items for name in ("items", "keys", "values")},
    **dict.fromkeys(("list", "tuple", "set", "frozenset", "sorted", "reversed", "dict"), _converted),
    "len": _length,
    "range": _range,
    "enumerate": _enumerate,
    "zip": _enumerate,
    "getattr": _get_attribute,
    "globals": _globals,
    "locals": _globals,
    "vars": _globals,
}
