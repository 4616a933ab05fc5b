"""Command lines of programs: `argparse`, `click`, `typer`, parsed by the real `argparse` over open words."""

from typing import Any, NoReturn

from adaptable_preflight.read.python import call
from adaptable_preflight.read.python.machine import Handler, Machine, Raise
from adaptable_preflight.read.python.numbers import integer
from adaptable_preflight.read.python.objects import (
    Arguments,
    External,
    Function,
    Mapping,
    Object,
    Partial,
    Sequence,
)
from adaptable_preflight.read.python.public import public_arguments
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
    values = parsed(options, words, span, abbreviate=True, extra=extra)
    made = External("argparse.Namespace", span, instance=True)
    defaults = parser.attributes.get("defaults")
    if isinstance(defaults, Mapping):
        made.attributes.update({str(k): v for k, v in defaults.entries.items()})
    made.attributes.update(values)
    return Sequence([made, Sequence([], "list")], "tuple") if extra else made


def parsed(
    options: list[Arguments], words: list[Object], span: Span, abbreviate: bool, extra: bool
) -> dict[str, Object]:
    """Return the value of each option; raises the SystemExit of a command line that is refused."""
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise Raise("SystemExit", f"the program refuses its command line: {message}", span, exits=2)

        def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
            raise Raise("SystemExit", message or "the program prints its help and ends", span, exits=status)

        def print_help(self, file: object = None) -> None:
            del file

    parser = Parser(prog="program", allow_abbrev=abbreviate)
    objects: dict[str, Object] = {}
    plain = [_plain(word, objects) for word in words]
    kinds: dict[str, Arguments] = {}
    for option in options:
        flags = [str(flag.value) for flag in option.positional if isinstance(flag, Known)]
        try:
            action: Any = parser.add_argument(*flags, **_keywords(option))
        except (ValueError, TypeError):
            continue
        kinds[action.dest] = option
    found = parser.parse_known_args(plain)[0] if extra else parser.parse_args(plain)
    return {name: _value(value, kinds.get(name), objects, span) for name, value in vars(found).items()}


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
    flags = kept.get("action") in ("store_true", "store_false", "count")
    if "default" in option.named or not flags:
        kept["default"] = _ABSENT
    return kept


def _value(value: object, option: Arguments | None, objects: dict[str, Object], span: Span) -> Object:
    if isinstance(value, list):
        return Sequence([_value(item, option, objects, span) for item in value], "list", span)
    if value == _ABSENT:
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


# --- click and typer -----------------------------------------------------------------------------------------------


def option(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`@click.option("--port", default=…)` over a function: remembered for the command."""
    del machine, span
    target = arguments.get(0)
    if isinstance(target, Function):
        given = function.attributes.get("given")
        if isinstance(given, Partial):
            listed = target.defaults.setdefault("\0options", Sequence([]))
            if isinstance(listed, Sequence):
                listed.items.append(given)
        return target
    return Unknown("a decorator over something that is no function")


def remembered(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`click.option(…)`: the decorator itself, with what it was given."""
    del machine
    if arguments.positional and isinstance(arguments.positional[0], Function):
        return _command(arguments.positional[0], span)
    made = External(function.name, span, instance=True, arguments=public_arguments(arguments))
    made.attributes["given"] = Partial(ADDED, arguments)
    return made


def command(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`@click.command()` over a function."""
    del machine, function
    target = arguments.get(0)
    return _command(target, span) if isinstance(target, Function) else Unknown("a command that is no function", span)


def _command(target: Function, span: Span) -> External:
    made = External("click.Command", span, instance=True)
    made.attributes["callback"] = target
    return made


def run_command(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """Call a click command: the program's command line decides the callback's arguments."""
    holder = function if "callback" in function.attributes else function.receiver
    target = holder.attributes.get("callback") if isinstance(holder, External) else None
    if not isinstance(target, Function):
        return Unknown("a command that is not followed", span)
    listed = target.defaults.get("\0options")
    options = [o.given for o in listed.items if isinstance(o, Partial)] if isinstance(listed, Sequence) else []
    values = parsed([_click(o) for o in options], list(machine.argv[1:]), span, abbreviate=False, extra=False)
    del arguments
    call.invoke(machine, target, Arguments((), values, ()), span)
    raise Raise("SystemExit", "the program ends", span, exits=0)


def _click(given: Arguments) -> Arguments:
    """Return a click option as argparse's; a variable of the environment stands for its default."""
    named = dict(given.named)
    is_flag = named.pop("is_flag", None)
    default = named.get("default")
    if isinstance(is_flag, Known) and is_flag.value:
        named["action"] = Known("store_true")
    variable = named.get("envvar")
    if isinstance(variable, Known) and isinstance(variable.value, str):
        usable = default if isinstance(default, Known | FromEnv) else None
        named["default"] = FromEnv(variable.value, usable, number=isinstance(named.get("type"), External))
    if "type" not in named and isinstance(default, Known) and type(default.value) is int:
        named["type"] = External("int")
    named = {n: v for n, v in named.items() if n in ("default", "type", "action", "required", "nargs")}
    flags = tuple(v for v in given.positional if isinstance(v, Known) and str(v.value).startswith("-"))
    names = tuple(v for v in given.positional if isinstance(v, Known) and not str(v.value).startswith("-"))
    if flags and names:
        named["dest"] = names[0]
    return Arguments(flags or names, named)


def typed_run(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`typer.run(main)`: options from the function's own parameters."""
    import ast

    target = arguments.get(0)
    if not isinstance(target, Function):
        return Unknown("a command that is not followed", span)
    options: list[Arguments] = []
    for parameter in target.node.args.args:
        default = target.defaults.get(parameter.arg)
        hint = parameter.annotation.id if isinstance(parameter.annotation, ast.Name) else "str"
        if isinstance(default, External):
            inner = [a.value for a in default.arguments if not a.name]
            default = inner[0] if inner and isinstance(inner[0], Known) else Unknown("a default is not followed", span)
        named: dict[str, Object] = {"type": External(hint)}
        if default is not None:
            named["default"] = default
        flag = Known(f"--{parameter.arg.replace('_', '-')}") if default is not None else Known(parameter.arg)
        options.append(Arguments((flag,), named))
    del function
    values = parsed(options, list(machine.argv[1:]), span, abbreviate=False, extra=False)
    call.invoke(machine, target, Arguments((), values, ()), span)
    raise Raise("SystemExit", "the program ends", span, exits=0)


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
    "click.option": remembered,
    "click.argument": remembered,
    "click.command": remembered,
    "click.option()": option,
    "click.argument()": option,
    "click.command()": command,
    "click.Command()": run_command,
    "click.Command.main": run_command,
    "typer.run": typed_run,
}
