"""Text and numbers: conversions and the methods of `str`."""

from adaptable_preflight.read.python import needed, open_text
from adaptable_preflight.read.python.machine import Handler, Machine, Raise
from adaptable_preflight.read.python.objects import (
    Arguments,
    Class,
    External,
    Function,
    Instance,
    Mapping,
    Object,
    Sequence,
    choice,
    default_of,
    object_of,
    options_of,
)
from adaptable_preflight.read.python.posix_path import PurePosixPath
from adaptable_preflight.read.python.public import piece_of, public
from adaptable_preflight.read.python.truth import truth
from adaptable_preflight.source import Span
from adaptable_preflight.value import MAX_TEXT, Concat, Derived, FromEnv, Items, Known, Unknown, Value, concat, derive

METHODS = frozenset(
    "capitalize casefold count endswith find format index isalnum isalpha isdecimal isdigit islower isnumeric isspace "
    "isupper join lower lstrip partition removeprefix removesuffix replace rfind rpartition rsplit rstrip split "
    "splitlines startswith strip swapcase title upper zfill encode ljust rjust".split()
)


def _str(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine, function
    return choice(*(_one_text(option, span) for option in options_of(arguments.get(0) or Known(""))))


def _one_text(value: Object, span: Span) -> Object:
    match value:
        case Known(value=str()):
            return value
        case Known(value=int() | float() | None | PurePosixPath() as known):
            return Known(str(known), value.span or span)
        case FromEnv(default=default):
            text = _one_text(default, span) if isinstance(default, Known) else default
            return value._replace(number=False, default=text if isinstance(text, Known | FromEnv) else None)
        case Concat() | Derived():
            return value
        case External() | Instance():
            return object_of(piece_of(value, span))
        case _:
            return Unknown("a text is not known", span)


def _bool(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del function
    value = arguments.get(0) or Known(False)
    if isinstance(value, FromEnv) and not machine.is_set(value.name):
        default = default_of(value)
        inner = truth(machine, default) if default is not None else False
        return FromEnv(value.name, Known(inner), span)
    certain = truth(machine, value)
    if certain is not None:
        return Known(certain, span)
    asked = tuple(one for one in options_of(value) if isinstance(one, FromEnv | Concat | Derived))
    return derive("bool", asked, span) if asked else Unknown("a condition is not known", span)


def method(name: str) -> Handler:
    """Return what computes `text.name(…)`."""

    def apply(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
        receiver = function.receiver or Unknown("a text is not known")
        return choice(*(_method(machine, name, option, arguments, span) for option in options_of(receiver)))

    return apply


def _method(machine: Machine, name: str, receiver: Object, arguments: Arguments, span: Span) -> Object:
    if name == "format" and isinstance(receiver, Known):
        return _format(str(receiver.value), arguments, span)
    if name == "join" and isinstance(receiver, Known):
        return _join(str(receiver.value), arguments.get(0), span)
    given = [_plain(value) for value in arguments.positional]
    if isinstance(receiver, Known) and all(isinstance(v, Known) for v in arguments.positional) and not arguments.named:
        return _computed(name, receiver, given, span)
    if isinstance(receiver, FromEnv) and not machine.is_set(receiver.name):
        default = receiver.default
        if isinstance(default, Known) and isinstance(default.value, str):
            inner = _method(machine, name, default, arguments, span)
            plain = receiver.plain and isinstance(inner, Known) and isinstance(inner.value, str)
            return receiver._replace(default=inner if isinstance(inner, Known) else None, span=span, plain=plain)
        if isinstance(default, Known) and default.value is None:
            return _wanted(machine, receiver, name, span)
    if isinstance(receiver, Concat) and not arguments.named:
        found = open_text.method(name, receiver, given, span)
        if isinstance(found, Items):
            return Sequence([object_of(part) for part in found.items], found.kind, span)
        if found is not None:
            return object_of(found)
    if isinstance(receiver, FromEnv | Concat | Derived):
        values = (receiver, *(v for v in arguments.positional if isinstance(v, Known | FromEnv)))
        return derive(f"str.{name}", values, span)
    return Unknown("a text is not known", span)


def _wanted(machine: Machine, variable: FromEnv, method: str, span: Span) -> Object:
    """Return the text of a variable that has to be set, since `None` has no such method."""
    if machine.catches("AttributeError"):
        raise Raise("AttributeError", f"'NoneType' object has no attribute '{method}'", span)
    needed.note(machine, variable.name, "get", span)
    return derive(f"str.{method}", (variable._replace(default=None),), span)


def _plain(value: Object) -> object:
    if isinstance(value, Sequence) and value.kind == "tuple" and all(isinstance(i, Known) for i in value.items):
        return tuple(i.value for i in value.items if isinstance(i, Known))
    return value.value if isinstance(value, Known) else None


def _computed(name: str, receiver: Known, given: list[object], span: Span) -> Object:
    """Call the method itself, unless its result may be out of all proportion: `"a".ljust(10**10)`."""
    longest = max((one if isinstance(one, int) else len(str(one)) for one in given), default=1)
    if longest > MAX_TEXT or len(str(receiver.value)) * longest > 100 * MAX_TEXT:
        return Unknown("the text is very long", span)
    try:
        result = getattr(str(receiver.value), name)(*given)
    except (ValueError, TypeError, IndexError, LookupError, OverflowError, MemoryError) as error:
        raise Raise(type(error).__name__, str(error), span) from None
    if isinstance(result, list | tuple):
        made = Sequence([], type(result).__name__, span)
        made.extend([Known(item, span) for item in result])
        return made
    if isinstance(result, str) and len(result) > MAX_TEXT:
        return Unknown("the text is very long", span)
    return Known(result, receiver.span if result == receiver.value else span)


def _format(template: str, arguments: Arguments, span: Span) -> Object:
    parts: list[Value] = []
    import string

    position = 0
    try:
        for literal, field, spec, conversion in string.Formatter().parse(template):
            parts.append(Known(literal))
            if field is None:
                continue
            value = arguments.get(position if field == "" else int(field) if field.isdigit() else -1, field)
            position += field == ""
            if isinstance(value, Known) and not conversion and not open_text.is_wide(spec or ""):
                parts.append(Known(format(value.value, spec or "")))
            else:
                parts.append(piece_of(value or Unknown("a part of the text is not known", span), span))
    except (ValueError, TypeError, KeyError):
        return Unknown("a text is not known", span)
    whole = concat(parts, span)
    return whole if isinstance(whole, Known | FromEnv | Concat | Derived) else Unknown("a text is not known", span)


def _join(separator: str, given: Object | None, span: Span) -> Object:
    if not isinstance(given, Sequence) or not given.complete:
        return derive("str.join", (public(given),), span) if given is not None else Unknown("a text is not known", span)
    parts: list[Value] = []
    for item in given.items:
        parts.extend([Known(separator)] if parts else [])
        parts.append(piece_of(item, span))
    whole = concat(parts, span)
    return whole if isinstance(whole, Known | FromEnv | Concat | Derived) else Unknown("a text is not known", span)


def _is_instance(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine, function
    value, kinds = arguments.get(0), arguments.get(1)
    if isinstance(value, Known) and kinds is not None:
        found = _is_of(value, kinds.items if isinstance(kinds, Sequence) else [kinds])
        if found is not None:
            return Known(found, span)
    if isinstance(value, Instance) and isinstance(kinds, Class):
        return Known(kinds in list(value.cls.lineage()), span)
    return Unknown("the type of a value is not known", span)


def _is_of(value: Known, kinds: list[Object]) -> bool | None:
    """Whether a known value is of one of these classes; None where a library's class is one, such as `Iterable`."""
    names = [kind.name for kind in kinds if isinstance(kind, External)]
    if type(value.value).__name__ in names or (isinstance(value.value, bool) and "int" in names):
        return True
    plain = all(isinstance(kind, Class) or (isinstance(kind, External) and "." not in kind.name) for kind in kinds)
    return False if plain else None


def _quoted(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`urllib.parse.quote(text)`: of known text it is computed, else it is noted that somebody quoted."""
    del machine
    import urllib.parse

    value = arguments.get(0)
    if isinstance(value, Known) and isinstance(value.value, str):
        return Known(getattr(urllib.parse, function.name.rpartition(".")[2])(value.value), span)
    usable = tuple(v for v in options_of(value) if isinstance(v, FromEnv | Concat | Derived)) if value else ()
    return derive(function.name, usable, span)


def _substituted(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`re.sub(pattern, new, text)`."""
    del machine
    given = (arguments.get(0, "pattern"), arguments.get(1, "repl"), arguments.get(2, "string"))
    pattern, new, text = given
    if isinstance(text, Concat) and isinstance(pattern, Known) and isinstance(new, Known):
        found = open_text.substituted(str(pattern.value), str(new.value), text, span)
        if found is not None:
            return object_of(found)
    usable = tuple(public(v) for v in given if isinstance(v, Known | FromEnv | Concat | Derived | External))
    return derive(function.name, usable, span)


def _has_attribute(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine, function
    holder, name = arguments.get(0), arguments.get(1)
    if isinstance(holder, Instance) and isinstance(name, Known):
        return Known(name.value in holder.attributes or holder.cls.find(str(name.value)) is not None, span)
    return Unknown("the attributes of an object are not known", span)


def _callable(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del machine, function
    value = arguments.get(0)
    if isinstance(value, Function | Class):
        return Known(True, span)
    return Known(False, span) if isinstance(value, Known | Mapping | Sequence) else Unknown("not known", span)


HANDLERS: dict[str, Handler] = {
    "str": _str,
    "bool": _bool,
    "isinstance": _is_instance,
    "hasattr": _has_attribute,
    "callable": _callable,
    "re.sub": _substituted,
    "urllib.parse.quote": _quoted,
    "urllib.parse.quote_plus": _quoted,
    "urllib.parse.unquote": _quoted,
    "urllib.parse.unquote_plus": _quoted,
    **{f"str.{name}": method(name) for name in METHODS},
}
