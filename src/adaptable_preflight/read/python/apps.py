"""From a server's target to the app object: whether it is there, what made it, and whether it is a factory."""

import ast
from typing import NamedTuple

from adaptable_preflight.knowledge.chosen import surely_in
from adaptable_preflight.model import App, Failure, FailureKind, Installed, Remark, Run, Target, Unreadable
from adaptable_preflight.read.context import Loaded
from adaptable_preflight.read.python import access, call, imports
from adaptable_preflight.read.python.cures import cure
from adaptable_preflight.read.python.handlers import follow
from adaptable_preflight.read.python.interfaces import ASGI, FRAMEWORKS, Interface, made_by
from adaptable_preflight.read.python.machine import Machine, Raise, Stay
from adaptable_preflight.read.python.objects import (
    Arguments,
    Bound,
    Choice,
    Class,
    External,
    Function,
    Instance,
    Module,
    Object,
    Partial,
    options_of,
)
from adaptable_preflight.read.python.outcome import ending_of
from adaptable_preflight.value import Known, Unknown


def load(machine: Machine, target: Target) -> Loaded:
    """Import the target's module and look its object up."""
    for known in (machine.routes, machine.recorded, machine.blueprints):
        known.clear()  # a factory that is called once more does the same again with what a module holds
    app = App(target.module, target.attribute, bool(target.call), found=None)
    modules: list[Module | None] = []
    ending = ending_of(machine, lambda: modules.append(_imported(machine, target)))
    run = Run(tuple(dict.fromkeys(machine.servers)), unknown=machine.doubts[0] if machine.doubts else None)
    if isinstance(ending, Raise):
        return _broken(machine, target, _behind(machine, target, app), ending)
    if ending is not None:
        kept = run if run.servers or run.unknown else run._replace(unknown=Unknown("importing the app does not end"))
        return Loaded(_behind(machine, target, app)._replace(why="importing it does not come to an end"), kept)
    module = modules[0] if modules else None
    if module is None:
        return _nowhere(target, app)
    loaded = _object(machine, target, module, app)
    if loaded.app.interface == "asgi" and loaded.run.failure is None:
        loaded = _started(machine, loaded)
    run = run._replace(remarks=_late(machine), failure=loaded.run.failure, unknown=loaded.run.unknown or run.unknown)
    return loaded._replace(run=run)


def _imported(machine: Machine, target: Target) -> Module | None:
    """Return the target's module, executed; None where there is none."""
    if target.file:
        unread = machine.checkout.read(target.file)
        if isinstance(unread, Unreadable):
            return imports.unread(machine, unread, target.module, target.span)
        return imports.run_file(machine, target.file)
    return machine.do.import_module(machine, target.module, target.span)


def _late(machine: Machine) -> tuple[Remark, ...]:
    """Return what is to be said of routes that cannot be imported."""
    error = machine.late
    if error is None:
        return ()
    return (Remark("failing-routes", f"importing the routes fails: {error.kind}: {error.message}", error.span),)


def _behind(machine: Machine, target: Target, app: App) -> App:
    """Return what can be told of the object though the import does not come to its end."""
    module = machine.modules.get(imports.name_of_file(target.file) if target.file else target.module)
    if module is None:
        return app
    fatal, machine.fatal = machine.fatal, None
    described = _object(machine, target, module, app).app
    machine.fatal = fatal
    return described._replace(found=None)


BY_OUR_READING = frozenset({"AttributeError", "IndexError", "KeyError", "TypeError", "ValueError"})
"""Exceptions of a start-up that may come from values which are not followed well enough."""


def _started(machine: Machine, loaded: Loaded) -> Loaded:
    """Run what an ASGI app does when its server starts: the server ends where that raises."""
    for one in [one for one in machine.waiting if one[1] == "import"]:
        machine.waiting.remove(one)
        machine.started = False
        ending = follow(machine, *one)
        if isinstance(ending, Raise) and ending.kind not in BY_OUR_READING and not machine.started:
            why = f"the app's start-up fails: {ending.kind}: {ending.message}"
            failure = Failure("app-error", why, ending.span, cure(ending))
            return loaded._replace(run=loaded.run._replace(failure=failure))
    return loaded


def _nowhere(target: Target, app: App) -> Loaded:
    """Return that there is no such module or file, and where it was looked for."""
    folder = target.folders[0] if target.folders else ""
    why = f"there is no module «{target.module}» in " + (f"«{folder}»" if folder else "the repository's root")
    if target.file:
        why = f"there is no file «{target.file}» in the repository"
    return Loaded(app._replace(found=False, why=why), Run(failure=Failure("missing-app", why, target.span)))


def _broken(machine: Machine, target: Target, app: App, ending: Raise) -> Loaded:
    if machine.failed is not None:
        return Loaded(app, machine.failed)
    missing = ending.kind == "ModuleNotFoundError" and ending.span == target.span
    if missing:
        return _nowhere(target, app)
    if ending.explicit and machine.relied_on and not machine.env.closed:
        names = ", ".join(dict.fromkeys(machine.relied_on))
        why = (
            f"importing «{target.module}» raises {ending.kind}, and that may be because nobody is known to set {names}"
        )
        return Loaded(app._replace(why=why, path=ending.span.path), Run(unknown=Unknown(why, ending.span)))
    if ending.exits is not None:
        why = f"importing «{target.module}» ends the program with status {ending.exits}"
        ends = Run(failure=Failure("ends", why, ending.span), status=ending.exits)
        return Loaded(app._replace(why=why, path=ending.span.path), ends)
    why = f"importing «{target.module}» fails: {ending.kind}: {ending.message}"
    kind: FailureKind = "bad-syntax" if ending.kind == "SyntaxError" else "app-error"
    failure = Failure(kind, why, ending.span, cure(ending), ending.unless)
    return Loaded(app._replace(why=why, path=ending.span.path), Run(failure=failure))


def _object(machine: Machine, target: Target, module: Module, app: App) -> Loaded:
    found: list[Object] = []

    def look_up() -> None:
        value: Object = module
        for part in [p for p in target.attribute.split(".") if p]:
            if isinstance(value, Function | Bound):
                raise Raise("AttributeError", f"a function has no attribute «{part}»", target.span)
            value = access.attribute(machine, value, part, target.span)
        found.append(value)

    ending = ending_of(machine, look_up)
    app = app._replace(path=module.path)
    if isinstance(ending, Raise) or not found:
        why = f"«{module.path}» has no attribute «{target.attribute}»"
        app = app._replace(found=False, why=why, instead=_only_app(module))
        return Loaded(app, Run(failure=Failure("missing-app", why, target.span)))
    span = module.spans.get(target.attribute.split(".")[0])
    if span is not None:
        app = app._replace(path=span.path, span=span)
    return _made(machine, target, found[0], app)


def _only_app(module: Module) -> str:
    """Return the one name of a module that holds an app object; empty where there is none, or more than one."""
    found = [name for name, value in module.names.items() if isinstance(value, External) and identify(value)[1]]
    return found[0] if len(found) == 1 else ""


def _made(machine: Machine, target: Target, value: Object, app: App) -> Loaded:
    """Call the object where the target says so, and tell what it is."""
    if target.call is True:
        return _called(machine, target, value, app)
    if target.call is None and _is_factory(machine, value):
        return _called(machine, target, value, app)
    described = describe(machine, value, app)
    failure = None
    if isinstance(value, Known) or (isinstance(value, Module) and target.attribute):
        why = f"«{target.attribute}» is not callable"
        failure = Failure("missing-app", why, target.span, "Name the app object, which a server can call.")
        described = described._replace(found=False, why=why)
    wrapper = _wrapper(value, machine.installed)
    if wrapper is not None:
        why = f"«{target.attribute}» is not callable: the WSGI app is {wrapper.app}"
        failure = Failure("missing-app", why, target.span, wrapper.advice)
        described = described._replace(found=False, why=why)
    return Loaded(described, Run(failure=failure))


class _Wrapper(NamedTuple):
    """A library's object around an app which is none itself."""

    package: str
    bounds: str
    """The versions of which that is true."""
    app: str
    advice: str


_DASH = _Wrapper(
    "dash", "<3.1", "its attribute «server»", "Give that a name of its own: server = app.server, and load it."
)
_SOCKETIO = _Wrapper(
    "flask-socketio", ">=0", "the Flask app", "Name the Flask app: SocketIO puts itself in front of it."
)
_AROUND = {"dash.Dash": _DASH, "dash.dash.Dash": _DASH, "flask_socketio.SocketIO": _SOCKETIO}
"""Sources: dash/dash.py of Dash 3.0.4 and 3.1.0 (`__call__` is new), flask_socketio/__init__.py of version 5.7."""


def _wrapper(value: Object, installed: Installed) -> _Wrapper | None:
    """Return what a library has put around an app, where that surely cannot be called."""
    known = _AROUND.get(value.name) if isinstance(value, External) and value.instance else None
    return known if known is not None and surely_in(installed, known.package, known.bounds) else None


def _called(machine: Machine, target: Target, value: Object, app: App) -> Loaded:
    """Call a factory as the server does, with arguments that are literals."""
    results: list[Object] = []
    app = app._replace(factory=True)
    given = tuple(Unknown("an argument of the target") for _ in range(target.arguments))
    arguments = Arguments(given, {}, tuple(target.span for _ in given))
    ending = ending_of(
        machine,
        lambda: results.append(call.awaited(machine, call.call(machine, value, arguments, target.span), target.span)),
    )
    if isinstance(ending, Raise):
        why = f"calling «{target.attribute}» fails: {ending.kind}: {ending.message}"
        wrong = ending.span == target.span
        advice = "Pass the arguments that it needs, or give them defaults." if wrong else cure(ending)
        failure = Failure("missing-app" if wrong else "app-error", why, ending.span, advice)
        return Loaded(app._replace(found=not wrong, why=why), Run(failure=failure))
    if isinstance(ending, Stay):
        return Loaded(app._replace(found=True), Run(unknown=Unknown("calling the factory does not end")))
    result = results[0] if results else Unknown("the factory is not followed")
    if isinstance(result, Known) and result.value is None:
        why = f"the factory «{target.attribute}» returns nothing"
        failure = Failure("missing-app", why, target.span, "Let it return the app that it makes.")
        return Loaded(app._replace(found=False, why=why), Run(failure=failure))
    return Loaded(describe(machine, result, app)._replace(found=True), Run())


def required(function: Function) -> int:
    """Return how many arguments a function cannot do without."""
    spec = function.node.args
    positional = len(spec.posonlyargs) + len(spec.args) - len(spec.defaults)
    return positional + sum(1 for d in spec.kw_defaults if d is None)


def _is_factory(machine: Machine, value: Object) -> bool:
    """Whether an object is a function that makes an app without being told anything."""
    del machine
    for one in options_of(value):
        function = one.function if isinstance(one, Bound) else one
        if isinstance(function, Function) and required(function) - isinstance(one, Bound) == 0:
            return True
    return False


def describe(machine: Machine, value: Object, app: App) -> App:
    """Tell the framework, the interface and the place of an object."""
    one = options_of(value)[0]
    framework, interface = identify(one)
    span = getattr(one, "span", None) if isinstance(one, External | Instance) else None
    if isinstance(one, Function):
        assert one.module.source is not None
        span = one.module.source.node(one.node)
        span = span._replace(end_line=span.line, end_column=span.column + 1)
        app = app._replace(coroutine=isinstance(one.node, ast.AsyncFunctionDef))
    uncalled = not app.factory and _is_factory(machine, one) and not isinstance(one, Bound)
    found = None if isinstance(one, Unknown) else True
    why = one.why if isinstance(one, Unknown) else ""
    where = span if span is not None else app.span
    path = where.path if where is not None else app.path
    return app._replace(
        found=found, framework=framework, interface=interface, span=where, path=path, uncalled=uncalled, why=why
    )


def identify(value: Object) -> tuple[str | None, Interface | None]:
    """Return framework and interface of an app object, as far as they can be told."""
    match value:
        case External():
            return made_by(value.name, value.instance, value.arguments)
        case Instance():
            return _of_instance(value)
        case Function(node=node):
            return None, _by_parameters(node)
        case Bound(function=function):
            return None, _by_parameters(function.node, skipped=1)
        case Choice() | Partial() | Class() | _:
            return None, None


def _of_instance(value: Instance) -> tuple[str | None, Interface | None]:
    base = value.cls.library_base()
    if base is not None and base.name in FRAMEWORKS:
        return FRAMEWORKS[base.name]
    method = value.cls.find("__call__")
    return None, _by_parameters(method.node, skipped=1) if isinstance(method, Function) else None


def _by_parameters(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, skipped: int = 0) -> Interface | None:
    count = len(node.args.args) - skipped
    if isinstance(node, ast.AsyncFunctionDef) and count == 3:
        return ASGI
    return "wsgi" if count == 2 and not isinstance(node, ast.AsyncFunctionDef) else None
