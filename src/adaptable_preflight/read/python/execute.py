"""Statements: executed one after the other, both branches where a condition cannot be decided."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from adaptable_preflight.model import Guard, Import, Unreadable
from adaptable_preflight.read.python import access, call, containers, environ, library, modules, relevance
from adaptable_preflight.read.python.evaluate import evaluate, guard_of, iterated, one_of, operate, span_of
from adaptable_preflight.read.python.machine import Break, Continue, Machine, Raise, Return, Stay
from adaptable_preflight.read.python.objects import (
    Arguments,
    Class,
    External,
    Frame,
    Function,
    Instance,
    Mapping,
    Module,
    Object,
    Sequence,
    options_of,
)
from adaptable_preflight.read.python.parse import parse
from adaptable_preflight.read.python.paths import ROOT
from adaptable_preflight.read.python.state import note_change
from adaptable_preflight.read.python.truth import truth
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Known, Unknown

MAX_ROUNDS = 64
"""Rounds of a loop that are followed."""

WAIT_AT_EXIT = frozenset(
    "concurrent.futures.ThreadPoolExecutor concurrent.futures.ProcessPoolExecutor asyncio.TaskGroup subprocess.Popen "
    "concurrent.futures.thread.ThreadPoolExecutor anyio.create_task_group trio.open_nursery".split()
)
"""Managers that wait for what was started in them when their block ends."""

IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def execute(machine: Machine, frame: Frame, body: list[ast.stmt]) -> None:
    """Execute statements; raises an Ending where the block does not come to its end."""
    for statement in body:
        machine.step()
        handler = _HANDLERS.get(type(statement))
        if handler is not None:
            handler(machine, frame, statement)


# --- imports -------------------------------------------------------------------------------------------------------


def import_(machine: Machine, frame: Frame, node: ast.Import) -> None:
    """`import a.b as c`."""
    for alias in node.names:
        span = span_of(frame, node)
        found = import_name(machine, alias.name, span, alias.name)
        if alias.asname:
            frame.names[alias.asname] = found
            continue
        first = alias.name.split(".")[0]
        top = machine.modules.get(first) if isinstance(found, Module) else External(first, span)
        frame.names[first] = top if top is not None else found


def import_from(machine: Machine, frame: Frame, node: ast.ImportFrom) -> None:
    """`from a.b import c as d`."""
    span = span_of(frame, node)
    name = modules.absolute(frame.module, node.level, node.module or "")
    if name is None:
        raise Raise("ImportError", "attempted relative import with no known parent package", span)
    holder = import_name(machine, name, span, name, tuple(alias.name for alias in node.names))
    for alias in node.names:
        if alias.name == "*":
            _import_all(frame, holder)
        else:
            frame.names[alias.asname or alias.name] = _imported(machine, frame, holder, alias, name)


def _imported(machine: Machine, frame: Frame, holder: Object, alias: ast.alias, name: str) -> Object:
    assert frame.module.source is not None
    span = frame.module.source.node(alias)
    if isinstance(holder, Module):
        try:
            return access.of_module(machine, holder, alias.name, span)
        except Raise as error:
            if error.kind != "AttributeError" or error.span != span:
                raise
            raise Raise("ImportError", f"cannot import name '{alias.name}' from '{name}'", span) from None
    if isinstance(holder, External):
        full = f"{holder.name}.{alias.name}"
        return library.constant(machine, full, span) or External(full, span)
    return Unknown(f"«{alias.name}» comes from a module that is not followed", span)


def _import_all(frame: Frame, holder: Object) -> None:
    if not isinstance(holder, Module):
        frame.module.open = True
        return
    frame.module.open = frame.module.open or holder.open
    listed = holder.names.get("__all__")
    wanted = {i.value for i in listed.items if isinstance(i, Known)} if isinstance(listed, Sequence) else None
    for name, value in holder.names.items():
        if name in wanted if wanted is not None else not name.startswith("_"):
            frame.names[name] = value
            if name in holder.spans:
                frame.module.spans[name] = holder.spans[name]


def import_name(
    machine: Machine, name: str, span: Span, noted: str = "", names: tuple[str, ...] = ()
) -> Module | External:
    """Import a module of the repository, or note that one of a library is imported."""
    module = import_module(machine, name, span)
    if module is not None and not (module.source is None and noted and not _below(machine, module, names)):
        return module
    guarded = machine.undecided or any(kinds & IMPORT_ERRORS for kinds in machine.catching)
    if noted:
        machine.imports.append(Import(noted, span, guarded, names, machine.phase))
    return External(name, span)


def _below(machine: Machine, package: Module, names: tuple[str, ...]) -> bool:
    """Whether a folder without `__init__.py` holds one of the names: else an installed library is meant."""
    return any(machine.find(f"{package.name}.{name}") for name in names) or any(
        loaded.startswith(f"{package.name}.") for loaded in machine.modules
    )


def import_module(machine: Machine, name: str, span: Span) -> Module | None:
    """Execute a module of the repository and the packages around it, each once; None where it is a library's."""
    parts = name.split(".")
    parent: Module | None = None
    for end in range(1, len(parts) + 1):
        full = ".".join(parts[:end])
        module = machine.modules.get(full)
        if module is None:
            found = machine.find(full)
            if isinstance(found, Unreadable):
                machine.unreadable.append(found)
                library.gap(machine, f"«{found.path}» cannot be read: {found.why}", span)
                raise Raise("SyntaxError", f"{found.path}: {found.why}", span)
            if found is None:
                if parent is not None and modules.is_closed(machine.checkout, parent, parts[end - 1]):
                    raise Raise("ModuleNotFoundError", f"No module named '{full}'", span)
                return None
            module = found
            run_module(machine, module)
        if parent is not None and parts[end - 1] not in parent.names:
            parent.names[parts[end - 1]] = module
        parent = module
    return parent


def run_module(machine: Machine, module: Module, name: str = "") -> None:
    """Execute a module's body; `name` is its `__name__` where that differs."""
    machine.modules[name or module.name] = module
    if module.source is None:
        module.loaded = True
        return
    if not name and machine.executed > relevance.BUDGET and not relevance.matters(module.source):
        _skim(machine, module, module.source)
        return
    machine.executed += len(module.source.text)
    tree = parse(module.source)
    if isinstance(tree, Unreadable):
        machine.unreadable.append(tree)
        library.gap(machine, f"«{tree.path}» cannot be read: {tree.why}", tree.span)
        if tree.breaks:
            raise Raise("SyntaxError", tree.why, tree.span)
        module.open = module.loaded = True
        return
    package = module.name if module.package else module.name.rpartition(".")[0]
    module.names.update(
        __name__=Known(name or module.name),
        __file__=Known(f"{ROOT}/{module.path}"),
        __package__=Known(package),
        __doc__=Known(ast.get_docstring(tree, clean=False)),
    )
    frame = Frame(module, module.names)
    machine.frames.append(frame)
    try:
        execute(machine, frame, tree.body)
    except Raise:
        machine.modules.pop(module.name, None)
        raise
    finally:
        machine.frames.pop()
        module.loaded = True


def _skim(machine: Machine, module: Module, source: Source) -> None:
    """Follow just the imports of a module that cannot matter; its names are not known."""
    module.open = module.loaded = True
    for level, name, names, offset in relevance.imports(source):
        wanted = modules.absolute(module, level, name)
        if wanted is None:
            continue
        span = source.span(offset, offset)
        machine.catching.append(frozenset({"ImportError"}))
        try:
            found = import_name(machine, wanted, span, wanted, names)
            for one in names if isinstance(found, Module) and found.package else ():
                access.machine_import(machine, f"{wanted}.{one}", span)
        except Raise:
            continue
        finally:
            machine.catching.pop()


def run_file(machine: Machine, path: str) -> Module | None:
    """Execute a file that is no module, such as a configuration file; None where it cannot be read."""
    source = machine.checkout.read(path)
    if not isinstance(source, Source):
        return None
    module = Module(f"<{path}>", path, source, package=False)
    run_module(machine, module)
    return module


# --- definitions ---------------------------------------------------------------------------------------------------


def _title(frame: Frame, name: str) -> str:
    return f"{frame.title}.{name}" if frame.title else name


def _closure(frame: Frame) -> Frame | None:
    """Return the frame in which a function defined here looks up names; a class's body is not one."""
    return frame if frame.function is not None else frame.outer


def define(machine: Machine, frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """`def f(…): …` with its decorators."""
    function = Function(node, _title(frame, node.name), frame.module, _closure(frame))
    call.note_defaults(machine, frame, function)
    made: Object = function
    for decorator in reversed(node.decorator_list):
        made = decorate(machine, evaluate(machine, frame, decorator), made, span_of(frame, decorator))
    bind_name(machine, frame, node.name, made, span_of(frame, node))


def decorate(machine: Machine, decorator: Object, made: Object, span: Span) -> Object:
    """Apply a decorator; one of a library that is not known counts as returning what it is given."""
    if isinstance(decorator, External):
        result = library.call(machine, decorator, Arguments((made,), {}, (span,)), span)
        default = isinstance(result, External) and result.name == decorator.name and result.instance
        return made if default else result
    result = call.call(machine, decorator, Arguments((made,), {}, (span,)), span)
    return made if isinstance(result, Unknown) else result


def define_class(machine: Machine, frame: Frame, node: ast.ClassDef) -> None:
    """`class C(…): …`."""
    bases = [evaluate(machine, frame, base) for base in node.bases]
    made = Class(node, _title(frame, node.name), frame.module, [b for base in bases for b in options_of(base)][:16])
    inner = Frame(frame.module, made.names, _closure(frame), _title(frame, node.name))
    inner.owner = made
    machine.frames.append(inner)
    try:
        execute(machine, inner, node.body)
    finally:
        machine.frames.pop()
    for value in made.names.values():
        if isinstance(value, Function) and value.owner is None:
            value.owner = made
    result: Object = made
    for decorator in reversed(node.decorator_list):
        result = decorate(machine, evaluate(machine, frame, decorator), result, span_of(frame, decorator))
    bind_name(machine, frame, node.name, result, span_of(frame, node))


# --- assignments ---------------------------------------------------------------------------------------------------


def bind_name(machine: Machine, frame: Frame, name: str, value: Object, span: Span) -> None:
    """Bind a name where Python would."""
    if name in frame.globals:
        if frame.function is not None and machine.phase == "request":
            note_change(machine, frame.module, name, value, span)
        old = frame.module.names.get(name)
        frame.module.names[name] = value
        made_once = isinstance(old, Known) and old.value is None
        if machine.phase != "import" and old is not None and not made_once:
            frame.module.names[name] = old
        return
    if name in frame.nonlocals:
        scope = frame.outer
        while scope is not None and name not in scope.names:
            scope = scope.outer
        (scope or frame).names[name] = value
        return
    frame.names[name] = value
    if frame.owner is not None:
        frame.owner.spans[name] = span
    elif frame.names is frame.module.names:
        frame.module.spans[name] = span


def assign(machine: Machine, frame: Frame, target: ast.expr, value: Object) -> None:
    """Assign a value to a name, an attribute, an item or several of them."""
    span = span_of(frame, target)
    match target:
        case ast.Name():
            bind_name(machine, frame, target.id, value, span)
        case ast.Starred():
            assign(machine, frame, target.value, value)
        case ast.Tuple() | ast.List():
            _unpack(machine, frame, target, value)
        case ast.Attribute():
            holder = evaluate(machine, frame, target.value)
            for one in options_of(holder):
                _set_attribute(machine, one, target.attr, value, span)
        case ast.Subscript():
            holder = evaluate(machine, frame, target.value)
            key = evaluate(machine, frame, target.slice) if not isinstance(target.slice, ast.Slice) else Unknown("…")
            for one in options_of(holder):
                _set_item(machine, frame, one, key, value, span)


def _unpack(machine: Machine, frame: Frame, target: ast.Tuple | ast.List, value: Object) -> None:
    items, complete = iterated(value)
    starred = any(isinstance(t, ast.Starred) for t in target.elts)
    if not complete or len(items) != len(target.elts) or starred:
        items = [one_of(value, span_of(frame, target))] * len(target.elts)
    for one, item in zip(target.elts, items, strict=True):
        assign(machine, frame, one, item)


def _set_attribute(machine: Machine, holder: Object, name: str, value: Object, span: Span) -> None:
    match holder:
        case Instance():
            holder.attributes[name] = value
            base = holder.cls.library_base()
            if base is not None:
                library.note_assignment(machine, f"{base.name}.{name}=", value, span)
        case External():
            holder.attributes[name] = value
            library.note_assignment(machine, f"{holder.name}.{name}=", value, span)
        case Class() | Module():
            holder.names[name] = value
            holder.spans[name] = span


def _set_item(machine: Machine, frame: Frame, holder: Object, key: Object, value: Object, span: Span) -> None:
    del frame
    match holder:
        case External(name="os.environ"):
            if isinstance(key, Known) and isinstance(key.value, str):
                environ.assign(machine, key.value, value)
        case External():
            if isinstance(key, Known) and isinstance(key.value, str | int):
                holder.attributes[str(key.value)] = value
            library.note_assignment(machine, f"{holder.name}[]=", value, span)
        case Mapping():
            note_change(machine, holder, "", value, span)
            known = isinstance(key, Known) and isinstance(key.value, str | int | None)
            if known and isinstance(key, Known) and machine.phase == "import":
                containers.put(machine, holder, key.value, value, span)
            else:
                holder.complete = False
        case Sequence():
            note_change(machine, holder, "", value, span)
            index = key.value if isinstance(key, Known) else None
            if isinstance(index, int) and -len(holder.items) <= index < len(holder.items):
                holder.items[index] = value
            else:
                holder.complete = False


def assignment(machine: Machine, frame: Frame, node: ast.Assign) -> None:
    """`a = b = value`."""
    value = evaluate(machine, frame, node.value)
    for target in node.targets:
        assign(machine, frame, target, value)


def annotated(machine: Machine, frame: Frame, node: ast.AnnAssign) -> None:
    """`name: type = value`."""
    if node.value is not None:
        assign(machine, frame, node.target, evaluate(machine, frame, node.value))


def augmented(machine: Machine, frame: Frame, node: ast.AugAssign) -> None:
    """`a += b`."""
    load = ast.copy_location(_as_load(node.target), node.target)
    old, value = evaluate(machine, frame, load), evaluate(machine, frame, node.value)
    if isinstance(old, Sequence):
        items, complete = iterated(value)
        old.items.extend(items)
        old.complete = old.complete and complete and not machine.undecided
        if not isinstance(node.target, ast.Name):
            return
        note_change(machine, old, "", value, span_of(frame, node))
        if node.target.id not in frame.globals:
            return
    assign(machine, frame, node.target, operate(old, value, type(node.op), span_of(frame, node)))


def _as_load(target: ast.Name | ast.Attribute | ast.Subscript) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load())
    return ast.Subscript(target.value, target.slice, ast.Load())


def delete(machine: Machine, frame: Frame, node: ast.Delete) -> None:
    """`del name`, `del holder[key]`."""
    for target in node.targets:
        if isinstance(target, ast.Name):
            frame.names.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            holder = evaluate(machine, frame, target.value)
            if isinstance(holder, Mapping | Sequence):
                note_change(machine, holder, "", None, span_of(frame, target))
                holder.complete = False


# --- control flow --------------------------------------------------------------------------------------------------


@contextmanager
def assuming(machine: Machine, guard: Guard, assumed: bool) -> Iterator[None]:
    """Note for what is executed inside that a condition was decided by what holds when nobody sets a variable."""
    if assumed:
        machine.guards.append(guard._replace(assumed=True))
    try:
        yield
    finally:
        if assumed:
            machine.guards.pop()


def decide(machine: Machine, frame: Frame, node: ast.expr) -> tuple[bool | None, Guard, bool]:
    """Evaluate a condition: its truth, itself, and whether the truth was assumed."""
    before, machine.assumed = machine.assumed, False
    test = evaluate(machine, frame, node)
    certain = truth(machine, test)
    assumed, machine.assumed = machine.assumed, machine.assumed or before
    guard = guard_of(frame, node, test)
    if assumed:
        machine.relied_on.extend(guard.variables)
    return certain, guard, assumed


def if_(machine: Machine, frame: Frame, node: ast.If) -> None:
    """`if test: … else: …`."""
    certain, guard, assumed = decide(machine, frame, node.test)
    if certain is False and not frame.title and _asks_for_main(node.test) and "create_all" in machine.source.text:
        machine.waiting.append((_main_block(frame, node), "main"))
    if certain is not None:
        with assuming(machine, guard, assumed):
            _assumed_block(machine, frame, node.body if certain else node.orelse, guard, assumed)
        return
    machine.either(frame, guard, [_block(machine, frame, node.body), _block(machine, frame, node.orelse)])


def _asks_for_main(node: ast.expr) -> bool:
    """Whether a condition is `__name__ == "__main__"`."""
    return isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == "__name__"


def _main_block(frame: Frame, node: ast.If) -> Function:
    """Return what only happens when the file is run by hand, as a function of its own."""
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    made = ast.FunctionDef(name="__main__", args=nothing, body=node.body, decorator_list=[])
    return Function(ast.copy_location(made, node), "__main__", frame.module, None)


def _assumed_block(machine: Machine, frame: Frame, body: list[ast.stmt], guard: Guard, assumed: bool) -> None:
    """Execute a branch; where it refuses to go on because a variable is missing, the variable is required."""
    try:
        execute(machine, frame, body)
    except Raise:
        if not assumed or machine.env.closed:
            raise
        for name in guard.variables:
            library.note(machine, External("os.environ[]"), Arguments((Known(name),), {}, (guard.span,)), guard.span)


def _block(machine: Machine, frame: Frame, body: list[ast.stmt]) -> Callable[[], None]:
    return lambda: execute(machine, frame, body)


def for_(machine: Machine, frame: Frame, node: ast.For | ast.AsyncFor) -> None:
    """`for target in items: …`."""
    holder = evaluate(machine, frame, node.iter)
    items, complete = iterated(holder)
    try:
        for item in items[:MAX_ROUNDS]:
            assign(machine, frame, node.target, item)
            _round(machine, frame, node.body)
    except Break:
        return
    if not complete or len(items) > MAX_ROUNDS:
        unknown = one_of(holder, span_of(frame, node.iter))

        def once() -> None:
            assign(machine, frame, node.target, unknown)
            _round(machine, frame, node.body)

        machine.either(frame, Guard(span_of(frame, node.iter)), [once, lambda: None])
    execute(machine, frame, node.orelse)


def _round(machine: Machine, frame: Frame, body: list[ast.stmt]) -> None:
    before, frame.skipped = frame.skipped, False
    try:
        execute(machine, frame, body)
    except Continue:
        return
    except Raise:
        if not frame.skipped:
            raise
    finally:
        frame.skipped = before


def while_(machine: Machine, frame: Frame, node: ast.While) -> None:
    """`while test: …`; a loop without an end keeps the process there."""
    before, machine.broke = machine.broke, False
    try:
        for _ in range(MAX_ROUNDS):
            certain, guard, _assumed = decide(machine, frame, node.test)
            if certain is False:
                return execute(machine, frame, node.orelse)
            if certain is None:
                return machine.either(frame, guard, [lambda: _round(machine, frame, node.body), lambda: None])
            _round(machine, frame, node.body)
            if machine.broke:
                return None
            if isinstance(node.test, ast.Constant):
                _endless(machine, frame, node)
        machine.doubt("a loop has too many rounds to be followed", span_of(frame, node))
    except Break:
        return None
    finally:
        machine.broke = before
    return None


def _endless(machine: Machine, frame: Frame, node: ast.While) -> None:
    test = span_of(frame, node.test)
    library.note(machine, External("while"), Arguments((), {}, ()), test._replace(column=1))
    if machine.phase in ("import", "background"):
        raise Stay
    raise Return(Unknown("a loop has no end", test))


def try_(machine: Machine, frame: Frame, node: ast.Try | ast.TryStar) -> None:
    """`try: … except E: … else: … finally: …`; handlers run only for an exception that is surely raised."""
    caught = frozenset(name for handler in node.handlers for name in _kinds(handler))
    machine.catching.append(caught)
    popped = False
    try:
        try:
            execute(machine, frame, node.body)
        except Raise as error:
            machine.catching.pop()
            popped = True
            _handle(machine, frame, node, error)
        else:
            machine.catching.pop()
            popped = True
            execute(machine, frame, node.orelse)
    finally:
        if not popped:
            machine.catching.pop()
        execute(machine, frame, node.finalbody)


def _kinds(handler: ast.ExceptHandler) -> tuple[str, ...]:
    """Return the last names of the classes that a handler catches."""
    if handler.type is None:
        return ("BaseException",)
    nodes = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return tuple(n.attr if isinstance(n, ast.Attribute) else n.id if isinstance(n, ast.Name) else "" for n in nodes)


def _handle(machine: Machine, frame: Frame, node: ast.Try | ast.TryStar, error: Raise) -> None:
    for handler in node.handlers:
        wanted = {error.kind, *_parents(error.kind), "BaseException"}
        if error.kind not in ("SystemExit", "KeyboardInterrupt"):
            wanted.add("Exception")
        if wanted & set(_kinds(handler)):
            if handler.name:
                frame.names[handler.name] = Unknown("an exception", error.span)
            execute(machine, frame, handler.body)
            return
    raise error


def _parents(kind: str) -> tuple[str, ...]:
    from adaptable_preflight.read.python.machine import PARENTS

    return PARENTS.get(kind, ())


def with_(machine: Machine, frame: Frame, node: ast.With | ast.AsyncWith) -> None:
    """`with manager as name: …`; that a pool is waited for at the end is noted as a call of its `__exit__`."""
    entered_all: list[tuple[Object, Span]] = []
    for item in node.items:
        value = evaluate(machine, frame, item.context_expr)
        if item.optional_vars is not None:
            entered = value
            if isinstance(value, Instance) and isinstance(enter := value.cls.find("__enter__"), Function):
                entered = call.invoke(machine, enter, Arguments((value,), {}, ()), span_of(frame, item.context_expr))
            assign(machine, frame, item.optional_vars, entered)
        entered_all.append((value, span_of(frame, item.context_expr)))
    execute(machine, frame, node.body)
    for value, span in entered_all:
        if isinstance(value, External) and value.name in WAIT_AT_EXIT:
            library.note(machine, External(f"{value.name}.__exit__", receiver=value), Arguments((), {}, ()), span)


def match_(machine: Machine, frame: Frame, node: ast.Match) -> None:
    """`match subject: …`, for patterns that are literals; anything else may happen."""
    subject = evaluate(machine, frame, node.subject)
    open_cases: list[Callable[[], None]] = []
    for case in node.cases:
        pattern = case.pattern
        literal = pattern.value if isinstance(pattern, ast.MatchValue) else None
        value = evaluate(machine, frame, literal) if literal is not None else None
        if isinstance(subject, Known) and isinstance(value, Known) and case.guard is None:
            if subject.value == value.value:
                return execute(machine, frame, case.body)
            continue
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is None and case.guard is None and not open_cases:
            return execute(machine, frame, case.body)
        open_cases.append(_block(machine, frame, case.body))
    if open_cases:
        machine.either(frame, Guard(span_of(frame, node.subject)), [*open_cases, lambda: None])
    return None


def return_(machine: Machine, frame: Frame, node: ast.Return) -> None:
    """`return value`."""
    raise Return(evaluate(machine, frame, node.value) if node.value else Known(None, span_of(frame, node)))


def raise_(machine: Machine, frame: Frame, node: ast.Raise) -> None:
    """`raise E(…)`."""
    span = span_of(frame, node)
    if node.exc is None:
        raise Raise("Exception", "an exception is raised again", span)
    value = evaluate(machine, frame, node.exc)
    name = value.name if isinstance(value, External) else "Exception"
    if isinstance(value, Instance):
        name = value.cls.name
    message = value.arguments[0].value if isinstance(value, External | Instance) and value.arguments else None
    said = str(message.value) if isinstance(message, Known) else ""
    status = message.value if isinstance(message, Known) and isinstance(message.value, int) else 1 if said else 0
    exits = status if name.rpartition(".")[2] == "SystemExit" else None
    raise Raise(name.rpartition(".")[2], said or f"«{name}» is raised", span, exits)


def expression(machine: Machine, frame: Frame, node: ast.Expr) -> None:
    """An expression by itself."""
    evaluate(machine, frame, node.value)


def assert_(machine: Machine, frame: Frame, node: ast.Assert) -> None:
    """`assert test`."""
    certain, _guard, assumed = decide(machine, frame, node.test)
    if certain is False and not assumed:
        raise Raise("AssertionError", "an assertion does not hold", span_of(frame, node))


def _global(machine: Machine, frame: Frame, node: ast.Global) -> None:
    del machine
    frame.globals.update(node.names)


def _nonlocal(machine: Machine, frame: Frame, node: ast.Nonlocal) -> None:
    del machine
    frame.nonlocals.update(node.names)


def _break(machine: Machine, frame: Frame, node: ast.Break) -> None:
    del machine, frame, node
    raise Break


def _continue(machine: Machine, frame: Frame, node: ast.Continue) -> None:
    del machine, frame, node
    raise Continue


_HANDLERS: dict[type[ast.stmt], Callable[..., None]] = {
    ast.Import: import_,
    ast.ImportFrom: import_from,
    ast.FunctionDef: define,
    ast.AsyncFunctionDef: define,
    ast.ClassDef: define_class,
    ast.Assign: assignment,
    ast.AnnAssign: annotated,
    ast.AugAssign: augmented,
    ast.Delete: delete,
    ast.If: if_,
    ast.For: for_,
    ast.AsyncFor: for_,
    ast.While: while_,
    ast.Try: try_,
    ast.TryStar: try_,
    ast.With: with_,
    ast.AsyncWith: with_,
    ast.Match: match_,
    ast.Return: return_,
    ast.Raise: raise_,
    ast.Expr: expression,
    ast.Assert: assert_,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Break: _break,
    ast.Continue: _continue,
}
