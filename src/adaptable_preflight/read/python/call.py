"""Calls: of functions and classes of the repository, and the way to those of libraries."""

import ast
import builtins

from adaptable_preflight.read.python import assumptions, declared, library, strangers
from adaptable_preflight.read.python.machine import MAX_DEPTH, Machine, Raise, Return, Stay, of_each
from adaptable_preflight.read.python.objects import (
    Arguments,
    Bound,
    Choice,
    Class,
    External,
    Frame,
    Function,
    Instance,
    Mapping,
    Native,
    Object,
    Partial,
    Sequence,
    choice,
)
from adaptable_preflight.read.python.public import public_arguments
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Known, Unknown

NO_ARGUMENTS = Arguments()

_BUILTINS = frozenset(dir(builtins))


def builtin(name: str) -> Object | None:
    """Return a built-in function, class or exception."""
    return External(name) if name in _BUILTINS else None


def arguments_of(machine: Machine, frame: Frame, node: ast.Call) -> Arguments:
    """Evaluate the arguments of a call."""
    positional: list[Object] = []
    named: dict[str, Object] = {}
    spans: list[Span] = []
    complete = True
    for argument in node.args:
        inner = machine.do.evaluate(machine, frame, argument.value if isinstance(argument, ast.Starred) else argument)
        if not isinstance(argument, ast.Starred):
            positional.append(inner)
            spans.append(frame.span(argument))
        elif isinstance(inner, Sequence):
            positional.extend(inner.items)
            spans.extend(frame.span(argument) for _ in inner.items)
            complete = complete and inner.complete
            positional.extend(inner.possible)
            spans.extend(frame.span(argument) for _ in inner.possible)
        else:
            complete = False
    for keyword in node.keywords:
        inner = machine.do.evaluate(machine, frame, keyword.value)
        if keyword.arg is not None:
            named[keyword.arg] = inner
            spans.append(frame.span(keyword))
        elif isinstance(inner, Mapping):
            known = {str(name): value for name, value in inner.entries.items()}
            spans.extend(inner.spans.get(name, frame.span(keyword.value)) for name in inner.entries)
            named.update(known)
            complete = complete and inner.complete
        else:
            complete = False
    return Arguments(tuple(positional), named, tuple(spans), complete)


def call(machine: Machine, function: Object, arguments: Arguments, span: Span) -> Object:
    """Call an object and return what it returns; raises an Ending where it does not come to that."""
    machine.step()
    match function:
        case Function():
            return invoke(machine, function, arguments, span)
        case Bound(function=inner, receiver=receiver):
            return invoke(machine, inner, _before(receiver, arguments, span), span)
        case Class():
            return instantiate(machine, function, arguments, span)
        case Partial(function=inner, given=given):
            positional = (*given.positional, *arguments.positional)
            merged = Arguments(
                positional,
                {**given.named, **arguments.named},
                (*given.spans[: len(given.positional)], *arguments.spans, *given.spans[len(given.positional) :]),
                given.complete and arguments.complete,
            )
            return call(machine, inner, merged, span)
        case Native():
            return function.call(arguments, span)
        case External():
            return library.call(machine, function, arguments, span)
        case Instance():
            method = function.cls.find("__call__")
            if isinstance(method, Function):
                return invoke(machine, method, _before(function, arguments, span), span)
            base = function.cls.library_base()
            return (
                library.call(machine, External(base.name, receiver=function), arguments, span) if base else _not(span)
            )
        case Choice(options=options):
            return of_each(options, lambda option: call(machine, option, arguments, span))
        case _:
            strangers.note(machine, "", arguments)
            return _not(span)


def _not(span: Span) -> Unknown:
    return Unknown("what is called is not known", span)


def _before(receiver: Object, arguments: Arguments, span: Span) -> Arguments:
    return arguments._replace(positional=(receiver, *arguments.positional), spans=(span, *arguments.spans))


def note_defaults(machine: Machine, frame: Frame, function: Function) -> None:
    """Evaluate a function's defaults where it is defined."""
    spec = function.node.args
    plain = [*spec.posonlyargs, *spec.args]
    for parameter, default in zip(reversed(plain), reversed(spec.defaults), strict=False):
        function.defaults[parameter.arg] = machine.do.evaluate(machine, frame, default)
    for parameter, maybe in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        if maybe is not None:
            function.defaults[parameter.arg] = machine.do.evaluate(machine, frame, maybe)


def bind(function: Function, arguments: Arguments, span: Span) -> dict[str, Object]:
    """Return the names that a call gives to a function's parameters; raises TypeError as Python does."""
    spec = function.node.args
    plain = [parameter.arg for parameter in (*spec.posonlyargs, *spec.args)]
    only = [parameter.arg for parameter in spec.kwonlyargs]
    names: dict[str, Object] = dict(zip(plain, arguments.positional, strict=False))
    extra = arguments.positional[len(plain) :]
    if extra and not spec.vararg and arguments.complete:
        raise Raise("TypeError", f"{function.name}() takes {len(plain)} positional arguments", span)
    rest: dict[object, Object] = {}
    for name, value in arguments.named.items():
        if name in plain or name in only:
            names[name] = value
        elif spec.kwarg:
            rest[name] = value
        else:
            raise Raise("TypeError", f"{function.name}() got an unexpected keyword argument '{name}'", span)
    for name in (*plain, *only):
        if name not in names and name in function.defaults:
            names[name] = function.defaults[name]
        elif name not in names and arguments.complete and function.owner is None:
            raise Raise("TypeError", f"{function.name}() missing 1 required argument: '{name}'", span)
        elif name not in names:
            names[name] = Unknown(f"the argument «{name}» is not known", span)
    if spec.vararg:
        made = Sequence(list(extra), "tuple", span)
        made.complete = arguments.complete
        names[spec.vararg.arg] = made
    if spec.kwarg:
        others = Mapping(rest, span)
        others.complete = arguments.complete
        names[spec.kwarg.arg] = others
    return names


def invoke(machine: Machine, function: Function, arguments: Arguments, span: Span) -> Object:
    """Call a function of the repository; a coroutine function gives its coroutine, which runs when it is awaited."""
    if isinstance(function.node, ast.AsyncFunctionDef):
        if not function.wrapped:
            bind(function, arguments, span)
        return Partial(function, arguments)
    return run(machine, function, arguments, span)


def run(machine: Machine, function: Function, arguments: Arguments, span: Span) -> Object:
    """Execute a function's body."""
    try:
        names = bind(function, arguments, span)
    except Raise:
        if not function.wrapped:
            raise
        return Unknown(f"«{function.name}» takes what its decorator makes of the arguments", span)
    if len(machine.frames) >= MAX_DEPTH or any(f.function is function for f in machine.frames[-12:]):
        return Unknown(f"«{function.name}» calls itself", span)
    cached = machine.remembered(function)
    if cached is not None:
        return cached
    relied_on = len(machine.relied_on)
    frame = Frame(function.module, names, function.frame, function.name)
    frame.function = function
    machine.frames.append(frame)
    try:
        if isinstance(function.node, ast.Lambda):
            return machine.do.evaluate(machine, frame, function.node.body)
        machine.do.execute(machine, frame, function.node.body)
        result: Object = Known(None, span)
    except Return as ending:
        result = _refused(machine, function, ending.value, relied_on, span)
    except Raise:
        if not frame.returned:  # else another branch returned before, and nothing tells which one is taken
            raise
        result = frame.returned[0]
    except Stay:
        if frame.returned:
            machine.doubt("whether it starts depends on a condition that cannot be decided", span)
        raise
    finally:
        machine.frames.pop()
    if frame.yields or frame.endless:
        made = Sequence(frame.yields, "list", span)
        made.complete, made.endless = False, frame.endless
        return made
    result = choice(result, *frame.returned) if frame.returned else result
    result = _depending(frame, result, machine.relied_on[relied_on:], span)
    machine.remember(function, result)
    return result


def _refused(machine: Machine, function: Function, result: Object, relied_on: int, span: Span) -> Object:
    """Let what a request gets be None only as long as the variable is not set whose absence decided that.

    `def database(): if not os.environ.get("URL"): return None` gives a database on the platform, where somebody sets
    it: what is done with it is followed under that condition.
    """
    variables = machine.relied_on[relied_on:]
    if machine.phase == "import" or not variables or not (isinstance(result, Known) and result.value is None):
        return result
    given = External(f"{function.module.name}.{function.name}", span, instance=True)
    return choice(FromEnv(variables[0], result, span), given)


def _depending(frame: Frame, result: Object, variables: list[str], span: Span) -> Object:
    """Return what a function gives as that of the variable whose absence decided it."""
    function = frame.function
    if isinstance(result, External | Choice) and function is not None:
        return assumptions.returned_beside(frame, result, function.node, variables)
    if variables and isinstance(result, Known) and isinstance(result.value, bool | str):
        return FromEnv(variables[0], result, span)
    return result.if_unset() if variables and isinstance(result, Sequence) else result


def awaited(machine: Machine, coroutine: Object, span: Span) -> Object:
    """Run a coroutine of the repository to its end."""
    if isinstance(coroutine, Partial) and isinstance(coroutine.function, Function):
        return run(machine, coroutine.function, coroutine.given, span)
    if isinstance(coroutine, External):
        return library.awaited(machine, coroutine, span)
    if isinstance(coroutine, Choice):
        return choice(*(awaited(machine, option, span) for option in coroutine.options))
    return coroutine


def _is_left_for_a_form(cls: Class, arguments: Arguments) -> bool:
    """Whether an object is a field of WTForms, which sets itself up only when a form is made, as in a request.

    Source: https://github.com/wtforms/wtforms/blob/3.2.1/src/wtforms/fields/core.py (`Field.__new__`)
    """
    bases = (base.name for base in cls.lineage() if isinstance(base, External))
    fields = any(name.startswith(("wtforms", "flask_wtf.")) and name.endswith("Field") for name in bases)
    return fields and "_form" not in arguments.named


def instantiate(machine: Machine, cls: Class, arguments: Arguments, span: Span) -> Object:
    """Make an object of a class of the repository."""
    base = cls.library_base()
    made = Instance(cls, span, public_arguments(arguments), lasting=machine.phase == "import")
    setup = cls.find("__init__")
    if _is_left_for_a_form(cls, arguments):
        return made
    if isinstance(setup, Function):
        invoke(machine, setup, _before(made, arguments, span), span)
    else:
        if base is not None and base.name != "object":
            options = cls.find("Meta")  # what the library is told about the class
            made.attributes.update({"Meta": options} if options is not None else {})
            library.note(machine, External(base.name, receiver=made), arguments, span)
        declared.fill(machine, made, arguments, span)
    return made
