"""The options and arguments of click's commands, as those of an `argparse` parser.

Source: https://github.com/pallets/click/blob/8.5.1/src/click/core.py (`Option`, `Argument`)
"""

from adaptable_preflight.read.python import call
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import Arguments, External, Function, Object, Partial, Sequence
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Known, Unknown

MARK = "\0click"
"""Under which name functions, decorators and commands keep what they were given."""


def added(kind: str, given: Arguments) -> Partial:
    """Return what a function keeps of `click.option(…)` or `click.argument(…)`."""
    return Partial(Known(kind.rpartition(".")[2]), given)


def options_for(machine: Machine, function: Function | None, span: Span) -> list[Arguments]:
    """Return what `argparse` has to be told of a function's options."""
    kept = function.defaults.get(MARK) if function is not None else None
    options: list[Arguments] = []
    for one in kept.items if isinstance(kept, Sequence) else ():
        if isinstance(one, Partial) and isinstance(one.function, Known):
            declared = _argument if one.function.value == "argument" else _option
            options.extend(declared(machine, one.given, span))
    return options


def _texts(given: Arguments) -> list[str]:
    return [str(one.value) for one in given.positional if isinstance(one, Known)]


def _argument(machine: Machine, given: Arguments, span: Span) -> list[Arguments]:
    """`click.argument("name", nargs=-1)`."""
    named = _named(machine, given, span)
    count = given.named.get("nargs")
    required = "default" not in named
    wanted = given.named.get("required")
    if isinstance(wanted, Known):
        required = bool(wanted.value)
    if isinstance(count, Known) and count.value == -1:
        named["nargs"] = Known("+" if wanted is not None and required else "*")
    elif not required:
        named["nargs"] = Known("?")
    return [Arguments((Known(name.replace("-", "_").lower()),), named) for name in _texts(given)[:1]]


def _option(machine: Machine, given: Arguments, span: Span) -> list[Arguments]:
    """`click.option("--debug/--no-debug", "-d", "name", default=…)`: one for each side of the slash."""
    name, first, second = _declared(_texts(given))
    if not name:
        return []
    named = _named(machine, given, span)
    named["dest"] = Known(name)
    sides = [(first, Known(True)), (second, Known(False))]
    constant = given.named.get("flag_value")
    if second or _says(given, "is_flag") or constant is not None:
        sides[0] = (first, constant if isinstance(constant, Known) else Known(True))
        return [Arguments(_flags(flags), _flag(named, value)) for flags, value in sides if _flags(flags)]
    action = "append" if _says(given, "multiple") else "count" if _says(given, "count") else ""
    if action:
        named["action"] = Known(action)
        named.setdefault("default", Known(0) if action == "count" else Sequence([], "tuple"))
    if _says(given, "required") and "default" not in named:
        named["required"] = Known(True)
    return [Arguments(_flags(first), named)] if _flags(first) else []


def _flags(flags: list[str]) -> tuple[Known, ...]:
    """Return the flags that `argparse` takes; `/debug` is nothing that a start command says."""
    return tuple(Known(flag) for flag in flags if flag.startswith("-"))


def _flag(named: dict[str, Object], value: Known) -> dict[str, Object]:
    """Return what is told of an option that takes no value."""
    default = named.get("default", Known(False))
    if isinstance(default, Known) and default.value is True:
        default = value if value.value is not False else default
    return {"dest": named["dest"], "action": Known("store_const"), "const": value, "default": default}


def _says(given: Arguments, name: str) -> bool:
    told = given.named.get(name)
    return isinstance(told, Known) and bool(told.value)


def _declared(texts: list[str]) -> tuple[str, list[str], list[str]]:
    """Return an option's name, and its flags on both sides of a slash, as `Option._parse_decls` takes them apart."""
    names: list[str] = []
    first: list[str] = []
    second: list[str] = []
    for text in texts:
        if text.isidentifier():
            names.insert(0, text)
            continue
        left, _, right = text.partition(";" if text.startswith("/") else "/")
        first.extend(one for one in (left.strip(),) if one)
        second.extend(one for one in (right.strip(),) if one)
    if not names:
        longest = sorted(first, key=lambda flag: -_dashes(flag))
        names = [flag[_dashes(flag) :].replace("-", "_").lower() for flag in longest]
    return names[0] if names else "", first, second


def _dashes(flag: str) -> int:
    return 0 if flag[:1].isalnum() else 2 if flag[1:2] == flag[:1] else 1


def _named(machine: Machine, given: Arguments, span: Span) -> dict[str, Object]:
    """Return type, default and number of values; a variable of the environment stands for the default."""
    kept = {n: v for n, v in given.named.items() if n in ("type", "nargs")}
    count = kept.get("nargs")
    if isinstance(count, Known) and count.value in (1, -1):
        del kept["nargs"]
    default = given.named.get("default")
    if isinstance(default, Function):
        default = call.call(machine, default, call.NO_ARGUMENTS, span)
    variable = given.named.get("envvar")
    if isinstance(variable, Known) and isinstance(variable.value, str):
        usable = default if isinstance(default, Known | FromEnv) else None
        default = FromEnv(variable.value, usable, number=isinstance(given.named.get("type"), External))
    if "type" not in kept and isinstance(default, Known) and type(default.value) in (int, float, bool):
        kept["type"] = External({int: "int", float: "float"}.get(type(default.value), "click.BOOL"))
    if "callback" in given.named or (_says(given, "prompt") and default is None):
        kept["type"], default = External("callback"), Unknown("an option is converted", span)
    return {**kept, "default": default} if default is not None else kept
