"""Commands that `typer` makes of functions, whose parameters are their options.

Source: https://github.com/fastapi/typer/blob/0.29.2/typer/main.py and utils.py there
"""

import ast

from adaptable_preflight.read.python.click_commands import COMMAND, GROUP, WHOLE, commands_of, run, unfollowed
from adaptable_preflight.read.python.click_options import MARK, added
from adaptable_preflight.read.python.machine import Handler, Machine, Raise
from adaptable_preflight.read.python.objects import (
    Arguments,
    External,
    Frame,
    Function,
    Object,
    Partial,
    Sequence,
    object_of,
)
from adaptable_preflight.read.python.public import public_arguments
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known

_TYPER = "typer.Typer"


def run_function(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`typer.run(main)`."""
    del function
    target = arguments.get(0)
    if not isinstance(target, Function):
        return unfollowed(machine, span)
    return _ended(run(machine, _command(machine, target, Arguments(), span), list(machine.argv[1:]), span), span)


def decorator(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`app.command("name")`, `app.callback(…)`: the decorator, with what it was given."""
    del machine
    made = External(
        function.name, span, instance=True, arguments=public_arguments(arguments), receiver=function.receiver
    )
    made.attributes[MARK] = Partial(Known(MARK), arguments)
    return made


def command(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`@app.command()` over a function, which stays a function."""
    target, given, app = arguments.get(0), function.attributes.get(MARK), function.receiver
    if isinstance(target, Function) and isinstance(given, Partial) and isinstance(app, External):
        machine.waiting.append((target, "cli"))
        made = _command(machine, target, given.given, span)
        if function.name.endswith("callback"):
            app.attributes["callback"], app.attributes[MARK] = made.attributes["callback"], given
        else:
            commands_of(app).entries[_title(given.given, target.name)] = made
    return target if target is not None else Known(None, span)


def add_typer(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`app.add_typer(other, name="other")`."""
    del machine
    other, app = arguments.get(0), function.receiver
    if isinstance(other, External) and isinstance(app, External):
        commands_of(app).entries[_title(arguments._replace(positional=()), "")] = other
    return Known(None, span)


def start(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`app()`: a lone command needs no name."""
    app = function
    if arguments.positional or arguments.named:
        return unfollowed(machine, span)
    found = list(commands_of(app).entries.values())
    lone = found[0] if len(found) == 1 and "callback" not in app.attributes else None
    if isinstance(lone, External) and lone.name == COMMAND:
        return _ended(run(machine, lone, list(machine.argv[1:]), span), span)
    return _ended(run(machine, _group(app, span), list(machine.argv[1:]), span), span)


def _group(app: External, span: Span) -> External:
    """Return the group that an app of several commands is."""
    made = External(GROUP, span, instance=True)
    made.attributes[WHOLE] = Known(True)
    made.attributes.update({n: app.attributes[n] for n in ("callback", MARK) if n in app.attributes})
    inner = commands_of(app).entries
    found = {
        n: _group(one, span) if isinstance(one, External) and one.name == _TYPER else one for n, one in inner.items()
    }
    commands_of(made).entries.update(found)
    return made


def _ended(result: Object | None, span: Span) -> Object:
    if result is not None:
        return result
    raise Raise("SystemExit", "the program ends", span, exits=0)


def _title(given: Arguments, name: str) -> str:
    named = given.get(0, "name")
    if isinstance(named, Known) and isinstance(named.value, str):
        return named.value
    return name.rpartition(".")[2].lower().replace("_", "-")


def _command(machine: Machine, target: Function, given: Arguments, span: Span) -> External:
    """Return the command of a function, which keeps its parameters as a command of click keeps its options."""
    spec = target.node.args
    parameters = (_parameter(machine, target, one) for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs))
    target.defaults[MARK] = Sequence([one for one in parameters if one is not None])
    made = External(COMMAND, span, instance=True)
    made.attributes.update({"callback": target, MARK: Partial(Known(MARK), given._replace(named={}))})
    return made


def _parameter(machine: Machine, target: Function, parameter: ast.arg) -> Partial | None:
    """Return what a parameter is to click; None for the context, and for what is not followed."""
    hint, told = _annotation(machine, target, parameter.annotation)
    default = target.defaults.get(parameter.arg)
    described = default if isinstance(default, External) and default.name.startswith("typer.") else told
    if hint == "Context" or (described is None and isinstance(default, External)):
        return None
    words: list[Object] = []
    named: dict[str, Object] = {"type": External(hint)}
    if described is not None:
        words = [object_of(one.value) for one in described.arguments if not one.name]
        named.update({one.name: object_of(one.value) for one in described.arguments if one.name})
    if described is default and described is not None:
        default = named.get("default") if not words else words.pop(0)
    named.pop("default", None)
    if default is not None and not (isinstance(default, Known) and default.value is ...):
        named["default"] = default
    is_option = described.name.endswith("Option") if described is not None else "default" in named
    if is_option and hint == "bool" and not words:
        flag = parameter.arg.replace("_", "-")
        words = [Known(f"--{flag}/--no-{flag}")]
    elif is_option and not words:
        words = [Known(f"--{parameter.arg.replace('_', '-')}")]
    first: tuple[Object, ...] = (Known(parameter.arg),)
    return added("option" if is_option else "argument", Arguments((*first, *(words if is_option else ())), named))


def _annotation(machine: Machine, target: Function, node: ast.expr | None) -> tuple[str, External | None]:
    """Return the class of an annotation and, in `Annotated[…]`, what tells typer about the option."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) > 1:
        frame = Frame(target.module, target.module.names)
        found = [machine.do.evaluate(machine, frame, one) for one in node.slice.elts[1:]]
        told = (one for one in found if isinstance(one, External) and one.name.startswith("typer."))
        return _annotation(machine, target, node.slice.elts[0])[0], next(told, None)
    match node:
        case None:
            return "str", None
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name, None
        case ast.BinOp(left=left):
            return _annotation(machine, target, left)
        case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
            return _annotation(machine, target, inner)
    return "", None


HANDLERS: dict[str, Handler] = {
    "typer.run": run_function,
    f"{_TYPER}.command": decorator,
    f"{_TYPER}.callback": decorator,
    f"{_TYPER}.command()": command,
    f"{_TYPER}.callback()": command,
    f"{_TYPER}.add_typer": add_typer,
    f"{_TYPER}()": start,
}
