"""Commands that `click` makes of functions, groups of them, and the context that they are handed.

Source: https://github.com/pallets/click/blob/8.5.1/src/click/core.py and decorators.py there. What is not followed, as
a command of another class, leaves open what the program does.
"""

from adaptable_preflight.read.python import call
from adaptable_preflight.read.python.click_options import MARK, added, options_for
from adaptable_preflight.read.python.machine import Handler, Machine, Raise, Stay
from adaptable_preflight.read.python.objects import (
    Arguments,
    External,
    Function,
    Mapping,
    Object,
    Partial,
    Sequence,
)
from adaptable_preflight.read.python.options import parsed
from adaptable_preflight.read.python.public import public_arguments
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Unknown, show

COMMAND, GROUP, CONTEXT = "click.Command", "click.Group", "click.Context"
WHOLE = "\0whole"
"""Marks a group to which nothing adds commands unseen: those of click are extended by plugins."""
_REST = "\0rest"
"""What is left of a group's command line: the command, and what is meant for it."""


def function_of(value: Object | None) -> Function | None:
    """Return the function that a command, or what hands it its context, goes back to."""
    while isinstance(value, Partial | External):
        value = value.function if isinstance(value, Partial) else value.attributes.get("callback")
    return value if isinstance(value, Function) else None


def decorator(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`click.option(…)`, `click.command(…)`: the decorator itself, with what it was given."""
    if function_of(arguments.get(0)) is not None and not arguments.named:
        return command(machine, function, arguments, span)  # `@click.command` without parentheses
    made = External(
        function.name, span, instance=True, arguments=public_arguments(arguments), receiver=function.receiver
    )
    made.attributes[MARK] = Partial(Known(MARK), arguments)
    return made


def given_to(holder: External) -> Arguments:
    """Return what a decorator, or the class of a command, was given."""
    given = holder.attributes.get(MARK)
    return given.given if isinstance(given, Partial) else Arguments()


def option(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`@click.option("--port", default=…)` over a function or a command: kept for the command."""
    del machine
    target = arguments.get(0)
    inner = function_of(target)
    if target is None or inner is None:
        return target or Unknown("a decorator over nothing", span)
    kept = inner.defaults.setdefault(MARK, Sequence([]))
    if isinstance(kept, Sequence):  # the decorators nearest to the function come first, their options last
        kept.items.insert(0, added(function.name, given_to(function)))
    return target


def command(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`@click.command()`, `@group.command("name")`: a command of a function, beside the others of its group."""
    target = arguments.get(0) or Unknown("a command of nothing", span)
    kind = GROUP if function.name.endswith("group") else COMMAND
    made = External(kind, span, instance=True)
    made.attributes.update({"callback": target, MARK: Partial(Known(MARK), given_to(function))})
    if isinstance(function.receiver, External):
        inner = function_of(target)
        if inner is not None:
            machine.waiting.append((inner, "cli"))
        for name in _titles(given_to(function), inner):
            commands_of(function.receiver).entries[name] = made
    return made


def group(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`click.Group("name", callback=…)`."""
    del machine, function
    made = External(GROUP, span, instance=True)
    made.attributes[MARK] = Partial(Known(MARK), arguments)
    callback = arguments.named.get("callback")
    if callback is not None:
        made.attributes["callback"] = callback
    return made


def commands_of(holder: External) -> Mapping:
    """Return the commands of a group, by name."""
    given = given_to(holder).named.get("commands")
    found = holder.attributes.setdefault("commands", given if isinstance(given, Mapping) else Mapping())
    return found if isinstance(found, Mapping) else Mapping()


def _titles(given: Arguments, function: Function | None) -> list[str]:
    """Return what a command may be called; version 8.2 began to take endings such as `_command` off."""
    named = given.get(0, "name")
    if isinstance(named, Known) and isinstance(named.value, str):
        return [named.value]
    plain = function.name.rpartition(".")[2].lower().replace("_", "-") if function is not None else ""
    shorter, _, ending = plain.rpartition("-")
    return [plain, shorter] if shorter and ending in ("command", "cmd", "group", "grp") else [plain]


def add_command(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`group.add_command(command, "name")`."""
    del machine
    added_one, named = arguments.get(0, "cmd"), arguments.get(1, "name")
    if isinstance(function.receiver, External) and isinstance(added_one, External):
        own = given_to(added_one)
        given = own if named is None or (isinstance(named, Known) and named.value is None) else Arguments((named,))
        for name in _titles(given, function_of(added_one)):
            commands_of(function.receiver).entries[name] = added_one
    return Known(None, span)


def start(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`cli()`, `cli.main(args=…, standalone_mode=…)`: the program's command line decides what is called."""
    holder = function if function.instance else function.receiver
    given = arguments.get(0, "args")
    asked = isinstance(given, Sequence) and given.complete
    if not isinstance(holder, External) or not (asked or given is None or isinstance(given, Known)):
        return unfollowed(machine, span)
    words = given.items if isinstance(given, Sequence) else machine.argv[1:]
    result = run(machine, holder, list(words), span)
    standalone = arguments.named.get("standalone_mode")
    if result is not None or (isinstance(standalone, Known) and not standalone.value):
        return result or Known(None, span)
    raise Raise("SystemExit", "the program ends", span, exits=0)


def run(machine: Machine, holder: External, words: list[Object], span: Span) -> Object | None:
    """Run a command with its words; return what stands for its result where it is not followed."""
    callback = holder.attributes.get("callback")
    function = function_of(callback)
    given = given_to(holder)
    if (callback is not None and function is None) or "cls" in given.named or "chain" in given.named:
        return unfollowed(machine, span)
    options = options_for(machine, function, span)
    if holder.name == GROUP:
        options.append(Arguments((Known(_REST),), {"nargs": Known("...")}))
    values, left = parsed(options, words, span, click=True)
    rest = values.pop(_REST, None)
    if left and "context_settings" not in given.named:
        return unfollowed(machine, span)
    if isinstance(rest, Sequence):
        return _run_group(machine, holder, values, rest.items, span)
    _call_back(machine, callback, values, span)
    return None


def _run_group(
    machine: Machine, holder: External, values: dict[str, Object], words: list[Object], span: Span
) -> Object | None:
    """Call a group's own function, then the command that is named."""
    callback = holder.attributes.get("callback")
    alone = given_to(holder).named.get("invoke_without_command")
    if not words:
        if alone is None or (isinstance(alone, Known) and not alone.value):
            raise Raise("SystemExit", "the program prints its help and ends", span, exits=2)
        _tell(callback, Known(None, span))
        _call_back(machine, callback, values, span)
        return None
    first = words[0]
    chosen = commands_of(holder).entries.get(first.value) if isinstance(first, Known) else None
    if not isinstance(chosen, External):
        if chosen is None and isinstance(first, Known) and WHOLE in holder.attributes:
            raise Raise("SystemExit", f"the program has no command «{show(first)}»", span, exits=2)
        return unfollowed(machine, span)
    _tell(callback, first)
    _call_back(machine, callback, values, span)
    return run(machine, chosen, words[1:], span)


def _tell(callback: Object | None, invoked: Object) -> None:
    """Let the context that a group's function is handed name the command that comes next."""
    handed = callback.given.positional[:1] if isinstance(callback, Partial) else ()
    for context in handed:
        if isinstance(context, External) and context.name == CONTEXT:
            context.attributes["invoked_subcommand"] = invoked


def _call_back(machine: Machine, callback: Object | None, values: dict[str, Object], span: Span) -> None:
    """Call a command's function with the values of its options; what else it is handed nobody knows."""
    function = function_of(callback)
    if callback is None or function is None:
        return
    spec = function.node.args
    names = {parameter.arg for parameter in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}
    taken = {name: value for name, value in values.items() if spec.kwarg or name in names}
    call.call(machine, callback, Arguments((), taken, (), complete=False), span)


def unfollowed(machine: Machine, span: Span) -> Object:
    """Leave open what a program does whose command is not followed."""
    if machine.phase not in ("import", "background"):
        return Unknown("a command that is not followed", span)
    machine.doubt("which command the program runs is not followed", span)
    raise Stay


def invoke(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`ctx.invoke(command, port=…)`: the options of a command that is called so have their defaults."""
    target = arguments.get(0)
    positional, spans = arguments.positional[1:], arguments.spans[1:]
    if target is None:
        return Unknown("nothing is invoked", span)
    named: dict[str, Object] = {}
    if isinstance(target, External) and target.name == COMMAND:
        defaults = options_for(machine, function_of(target), span)
        named = {} if function.name.endswith("forward") else _defaults(defaults, span)
        target = target.attributes["callback"]
    return call.call(machine, target, Arguments(positional, {**named, **arguments.named}, spans, complete=False), span)


def _defaults(options: list[Arguments], span: Span) -> dict[str, Object]:
    try:
        return parsed(options, [], span, click=True)[0]
    except Raise:  # a required one
        return {}


def with_context(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`@click.pass_context`, `@click.pass_obj`, `@pass_config`: the function is handed one more argument, the first."""
    del machine
    target = arguments.get(0)
    if function_of(target) is None or target is None:
        return target or Unknown("a decorator over nothing", span)
    handed: Object = Unknown("what a command is handed", span)
    if function.name == "click.pass_context":
        handed = External(CONTEXT, span, instance=True)
    return Partial(target, Arguments((handed,), {}, (span,)))


def password(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`@click.password_option()`: an option whose value is typed in."""
    del function
    given = Arguments(arguments.positional or (Known("--password"),), {"prompt": Known(True), **arguments.named})
    return decorator(machine, External("click.option", span), given, span)


def itself(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`@click.version_option()`: an option that the function is not told of."""
    del machine, function
    return arguments.get(0) or Unknown("a decorator over nothing", span)


def _not_followed(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    del function, arguments
    return unfollowed(machine, span)


_MAKERS = ("click.command", "click.group", f"{GROUP}.command", f"{GROUP}.group")

HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("click.option", "click.argument", *_MAKERS), decorator),
    **{f"{name}()": command for name in _MAKERS},
    **{f"click.{name}()": option for name in ("option", "argument")},
    **{f"click.{name}()": itself for name in ("version_option", "help_option", "confirmation_option")},
    "click.password_option": password,
    "click.pass_context": with_context,
    "click.pass_obj": with_context,
    "click.make_pass_decorator()": with_context,
    GROUP: group,
    f"{GROUP}.add_command": add_command,
    f"{COMMAND}()": start,
    f"{GROUP}()": start,
    f"{COMMAND}.main": start,
    f"{GROUP}.main": start,
    f"{CONTEXT}.invoke": invoke,
    f"{CONTEXT}.forward": invoke,
    "click.CommandCollection()": _not_followed,
}
