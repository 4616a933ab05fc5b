"""The arguments of a call that starts a server, by the names of its parameters."""

from adaptable_preflight.model import Call, Word
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Table, Value, text_of


def arguments(call: Call, *parameters: str) -> dict[str, Word]:
    """Return the arguments by name; `parameters` names those that have no keyword, in order.

    A word's span is the value's text, so that the smallest wrong text is pointed at; None counts as given.
    """
    found: dict[str, Word] = {}
    positional = [argument for argument in call.arguments if not argument.name]
    for name, argument in zip(parameters, positional, strict=False):
        found[name] = Word(argument.value, argument.value.span or argument.span)
    for argument in call.arguments:
        if argument.name:
            found[argument.name] = Word(argument.value, argument.span)
        elif argument in positional[len(parameters) :] and isinstance(argument.value, Table):
            found |= _entries(argument.value, argument.span)
    return found


def _entries(table: Table, span: Span) -> dict[str, Word]:
    """Return what `**options` hands over."""
    names = ((text_of(key), value) for key, value in table.entries)
    return {name: Word(value, value.span or span) for name, value in names if name is not None}


def without_none(found: dict[str, Word], keep: tuple[str, ...] = ()) -> dict[str, Word]:
    """Return the arguments that are not None, for servers that take None as «not given»; `keep` names exceptions."""
    return {name: word for name, word in found.items() if name in keep or not is_none(word)}


def is_empty(value: Value | None) -> bool:
    """Whether a value is None, an empty text or zero, so that `x or default` gives the default."""
    return isinstance(value, Known) and not value.value


def is_none(word: Word | None) -> bool:
    """Whether an argument is given as None."""
    return word is not None and isinstance(word.value, Known) and word.value.value is None
