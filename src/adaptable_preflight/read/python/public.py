"""Objects of the execution as values of the model, for the facts that leave it."""

from itertools import islice

from adaptable_preflight.read.python.objects import (
    Arguments,
    Bound,
    Choice,
    Class,
    External,
    Function,
    Instance,
    Mapping,
    Module,
    Native,
    Object,
    Partial,
    Sequence,
)
from adaptable_preflight.read.python.posix_path import PurePosixPath
from adaptable_preflight.source import Span
from adaptable_preflight.value import (
    Argument,
    Concat,
    Derived,
    Either,
    FromEnv,
    Items,
    Known,
    Table,
    Thing,
    Unknown,
    Value,
    derive,
    is_bounded,
)

MAX_DEPTH = 4
"""How deep it is followed what an object was made of: no rule looks deeper."""
_WIDTHS = (256, 64, 32, 16, 8)
"""How many entries are followed at each depth: a list of lists grows with their product, however short the code is."""


def public(value: Object, depth: int = 0) -> Value:
    """Return an object as a value of the model."""
    match value:
        case Known(value=PurePosixPath() as path, span=span):
            return Known(str(path), span)
        case Sequence() | Mapping() | Choice() if depth >= len(_WIDTHS):
            return Unknown("it is nested deeply")
        case Sequence():
            width = _WIDTHS[depth]
            items = tuple(public(item, depth + 1) for item in value.items[:width])
            items += tuple(public(item, depth + 1) for item in value.possible)
            return Items(items, value.kind, value.span, value.complete and len(value.items) <= width, value.assumed)
        case Mapping():
            width = _WIDTHS[depth]
            entries = islice(value.entries.items(), width)
            pairs = tuple((Known(k, value.spans.get(k)), public(v, depth + 1)) for k, v in entries)
            return Table(pairs, value.span, value.complete and len(value.entries) <= width)
        case Choice(options=options):
            return Either(tuple(public(option, depth + 1) for option in options))
        case Function():
            source = value.module.source
            return Thing(full_name(value), "function", source.node(value.node) if source is not None else None)
        case Bound(function=function) | Partial(function=function):
            return public(function, depth)
        case Class():
            return Thing(f"{value.module.name}.{value.name}", "class", _class_span(value))
        case Instance():
            base = value.cls.library_base()
            name = base.name if base is not None else f"{value.cls.module.name}.{value.cls.name}"
            attributes = _attributes(value, depth) if base is not None and depth == 0 else ()
            return Thing(name, "instance", value.span, value.arguments, attributes=attributes)
        case External(receiver=receiver):
            made_of = public(receiver, depth + 1) if receiver is not None and depth < MAX_DEPTH else None
            kind = "instance" if value.instance else "module"
            return Thing(value.name, kind, value.span, value.arguments, made_of, _attributes(value, depth))
        case Module():
            return Thing(value.name, "module")
        case Native():
            return Thing(value.name, "function")
        case _:
            return value


def _attributes(made: External | Instance, depth: int) -> tuple[tuple[str, Value], ...]:
    if depth >= MAX_DEPTH or (isinstance(made, External) and not made.instance):
        return ()
    return tuple((name, public(value, depth + 1)) for name, value in made.attributes.items() if name[:2] != "__")


def piece_of(value: Object, span: Span) -> Value:
    """Return what a value becomes as a piece of text: text that is not known tells what it was made from."""
    if isinstance(value, Known | FromEnv | Concat | Derived | Unknown):
        return value
    return derive("str", (public(value),), span)


def full_name(function: Function) -> str:
    """Return a function's dotted name with its module."""
    return f"{function.module.name}.{function.name}"


def _class_span(cls: Class) -> Span | None:
    return cls.module.source.node(cls.node) if cls.module.source is not None else None


def public_arguments(arguments: Arguments) -> tuple[Argument, ...]:
    """Return the arguments of a call as values of the model."""
    names = [*("" for _ in arguments.positional), *arguments.named]
    values = [*arguments.positional, *arguments.named.values()]
    given = zip(names, values, arguments.spans, strict=False)
    return tuple(Argument(_bounded(public(value), span), span, name) for name, value, span in given)


def _bounded(value: Value, span: Span) -> Value:
    """Return a value that may become a part of others; Unknown where it is made of too many already."""
    return (
        value if isinstance(value, Known) or is_bounded(value) else Unknown("it is computed in very many steps", span)
    )
