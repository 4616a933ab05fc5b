"""Command lines of programs, parsed by the real `argparse` over open words."""

from typing import Any, NoReturn

from adaptable_preflight.read.python.machine import Handler, Machine, Raise
from adaptable_preflight.read.python.numbers import integer
from adaptable_preflight.read.python.objects import (
    Arguments,
    External,
    Mapping,
    Object,
    Partial,
    Sequence,
)
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Known, Unknown

ADDED = Known("option")


def _parser_of(holder: Object | None) -> External | None:
    """Return the parser that a group of options belongs to."""
    while isinstance(holder, External) and holder.name != "argparse.ArgumentParser":
        holder = holder.receiver
    return holder if isinstance(holder, External) else None


def _options(holder: External) -> list[Object]:
    listed = holder.attributes.setdefault("options", Sequence([]))
    return listed.items if isinstance(listed, Sequence) else []


def add(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`parser.add_argument("--port", type=int, default=…)`."""
    del machine
    parser = _parser_of(function.receiver)
    if parser is not None:
        _options(parser).append(Partial(ADDED, arguments))
    return Known(None, span)


def set_defaults(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`parser.set_defaults(port=…)`."""
    del machine
    parser = _parser_of(function.receiver)
    if parser is not None:
        defaults = parser.attributes.setdefault("defaults", Mapping())
        if isinstance(defaults, Mapping):
            defaults.entries.update(arguments.named)
    return Known(None, span)


def parse(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`parser.parse_args()`."""
    parser = _parser_of(function.receiver)
    given = arguments.get(0, "args")
    words = list(machine.argv[1:]) if given is None else list(given.items) if isinstance(given, Sequence) else None
    if parser is None or words is None or "subparsers" in parser.attributes:
        return Unknown("the options of the program are not followed", span)
    options = [o.given for o in _options(parser) if isinstance(o, Partial)]
    extra = function.name.endswith("parse_known_args")
    values, left = parsed(options, words, span)
    if left and not extra:
        raise Raise("SystemExit", "the program refuses its command line: unrecognized arguments", span, exits=2)
    made = External("argparse.Namespace", span, instance=True)
    defaults = parser.attributes.get("defaults")
    if isinstance(defaults, Mapping):
        made.attributes.update({str(k): v for k, v in defaults.entries.items()})
    made.attributes.update(values)
    return Sequence([made, Sequence(left, "list")], "tuple") if extra else made


def parsed(
    options: list[Arguments], words: list[Object], span: Span, click: bool = False
) -> tuple[dict[str, Object], list[Object]]:
    """Return the value of each option, and the words that are none's; raises the SystemExit of a refused command line.

    `click`: no option may be abbreviated, and `-h` asks for no help.
    """
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise Raise("SystemExit", f"the program refuses its command line: {message}", span, exits=2)

        def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
            raise Raise("SystemExit", message or "the program prints its help and ends", span, exits=status)

        def print_help(self, file: object = None) -> None:
            del file

    parser = Parser(prog="program", usage="", allow_abbrev=not click, add_help=not click)
    if click:
        parser.add_argument("--help", action="help")
    objects: dict[str, Object] = {}
    plain = [_plain(word, objects) for word in words]
    kinds: dict[str, Arguments] = {}
    for option in options:
        flags = [str(flag.value) for flag in option.positional if isinstance(flag, Known)]
        try:
            action: Any = parser.add_argument(*flags, **_keywords(option))
        except (ValueError, TypeError, argparse.ArgumentError):
            continue
        kinds[action.dest] = option
    ahead = any(option.named.get("nargs") == Known("...") for option in options)  # the rest is another command's
    parse = parser.parse_known_intermixed_args if click and not ahead else parser.parse_known_args
    found, left = parse(plain)
    values = {name: _value(value, kinds.get(name), objects, span) for name, value in vars(found).items()}
    return values, [objects.get(word, Known(word, span)) for word in left]


_ABSENT = "\0absent"


def _plain(word: Object, objects: dict[str, Object]) -> str:
    if isinstance(word, Known):
        return str(word.value)
    key = f"\0{len(objects)}"
    objects[key] = word
    return key


def _keywords(option: Arguments) -> dict[str, Any]:
    known = {name: value.value for name, value in option.named.items() if isinstance(value, Known)}
    kept: dict[str, Any] = {
        n: known[n] for n in ("action", "nargs", "dest", "required", "const", "metavar") if n in known
    }
    if kept.get("action") in ("version", "help"):
        return {"action": "store_true"}
    if kept.get("action") == "store_const" and "const" not in kept:
        kept["const"] = True
    if kept.get("action") in ("append", "extend", "append_const", "count"):
        return kept  # which add to their default: None stands for it
    if "default" in option.named or kept.get("action") not in ("store_true", "store_false"):
        kept["default"] = _ABSENT
    return kept


def _value(value: object, option: Arguments | None, objects: dict[str, Object], span: Span) -> Object:
    if isinstance(value, list):
        return Sequence([_value(item, option, objects, span) for item in value], "list", span)
    if value == _ABSENT or value is None:
        default = option.named.get("default") if option is not None else None
        text = isinstance(default, Known) and isinstance(default.value, str)
        return _typed(default, option, span) if default is not None and text else default or Known(None, span)
    if not isinstance(value, str):
        return Known(value, span)
    return _typed(objects.get(value, Known(value, span)), option, span)


def _typed(value: Object, option: Arguments | None, span: Span) -> Object:
    kind = option.named.get("type") if option is not None else None
    if kind is None:
        return value
    name = kind.name.rpartition(".")[2] if isinstance(kind, External) else ""
    if name in ("int", "INT", "IntRange"):
        try:
            return integer(value, span)
        except Raise as error:
            said = f"the program refuses its command line: {error.message}"
            raise Raise("SystemExit", said, span, exits=2) from None
    if name in ("str", "STRING", "Path", "unquote"):
        return value
    if name == "bool":
        return Known(not (isinstance(value, Known) and value.value in ("", False)), span)
    return value if isinstance(value, Known | FromEnv) and name == "float" else Unknown("an option is converted", span)


def subparsers(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`parser.add_subparsers()`: the command line is not followed further."""
    del machine, arguments
    parser = _parser_of(function.receiver)
    if parser is not None:
        parser.attributes["subparsers"] = Known(True)
    return External("argparse.subparsers", span, instance=True)


_PARSER = "argparse.ArgumentParser"
_GROUPS = (_PARSER, f"{_PARSER}.add_argument_group", f"{_PARSER}.add_mutually_exclusive_group")

HANDLERS: dict[str, Handler] = {
    **{f"{name}.add_argument": add for name in _GROUPS},
    f"{_PARSER}.set_defaults": set_defaults,
    f"{_PARSER}.parse_args": parse,
    f"{_PARSER}.parse_known_args": parse,
    f"{_PARSER}.add_subparsers": subparsers,
}
