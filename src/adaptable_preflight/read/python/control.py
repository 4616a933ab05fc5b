"""Control flow: both branches are executed where a condition cannot be decided."""

import ast
from collections.abc import Callable

from adaptable_preflight.model import Guard
from adaptable_preflight.read.python import (
    assumptions,
    call,
    contexts,
    given_names,
    library,
    needed,
)
from adaptable_preflight.read.python.assignments import assign
from adaptable_preflight.read.python.literals import iterated, one_of
from adaptable_preflight.read.python.machine import Break, Continue, Machine, Raise, Return, Stay, catches
from adaptable_preflight.read.python.objects import (
    Arguments,
    External,
    Frame,
    Function,
    Instance,
    Object,
    Sequence,
)
from adaptable_preflight.read.python.parse import is_generator
from adaptable_preflight.read.python.truth import guard_of, narrowed, truth
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Thing, Unknown, show

MAX_ROUNDS = 64
"""Rounds of a loop that are followed."""


WAIT_AT_EXIT = frozenset(
    "concurrent.futures.ThreadPoolExecutor concurrent.futures.ProcessPoolExecutor asyncio.TaskGroup subprocess.Popen "
    "concurrent.futures.thread.ThreadPoolExecutor anyio.create_task_group trio.open_nursery".split()
)
"""Managers that wait for what was started in them when their block ends."""


def decide(machine: Machine, frame: Frame, node: ast.expr) -> tuple[bool | None, Guard, bool]:
    """Evaluate a condition: its truth, itself, and whether the truth was assumed."""
    before, machine.assumed = machine.assumed, False
    test = machine.do.evaluate(machine, frame, node)
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
        before = assumptions.asked(frame, node.test) if assumed else {}
        body = (node.body, node.orelse)
        with assumptions.assuming(machine, guard, assumed):
            _assumed_block(machine, frame, node.body if certain else node.orelse, guard, assumed)
        assumptions.stand_in(frame, before)
        given_names.bind_others(machine, frame, *(body if certain else reversed(body)))
        if assumed and machine.argv and not machine.env.closed:
            assumptions.note_server(machine, node.orelse if certain else node.body, guard)
        if assumed and frame.names is frame.module.names:
            assumptions.note_skipped(frame, node.orelse if certain else node.body, guard._replace(assumed=True))
        return
    machine.either(frame, guard, [_branch(machine, frame, node, held) for held in (True, False)])


def _asks_for_main(node: ast.expr) -> bool:
    """Whether a condition is `__name__ == "__main__"`."""
    return isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == "__name__"


def _main_block(frame: Frame, node: ast.If) -> Function:
    """Return what only happens when the file is run by hand, as a function of its own."""
    made = ast.parse("def main(): ...").body[0]  # what a definition consists of differs between versions of Python
    assert isinstance(made, ast.FunctionDef)
    made.name, made.body = "__main__", node.body
    return Function(ast.copy_location(made, node), "__main__", frame.module, None)


def _assumed_block(machine: Machine, frame: Frame, body: list[ast.stmt], guard: Guard, assumed: bool) -> None:
    """Execute a branch; where it refuses to go on because a variable is missing, the variable is required."""
    try:
        machine.do.execute(machine, frame, body)
    except Raise:
        if not assumed or machine.env.closed:
            raise
        first = next((g for g in machine.guards if g.assumed and g.variables), guard)
        for name in first.variables:
            needed.note(machine, name, "condition", first.span)


def _branch(machine: Machine, frame: Frame, node: ast.If, held: bool) -> Callable[[], None]:
    """Return what happens where an undecided condition holds, or does not."""

    def branch() -> None:
        frame.names.update(narrowed(frame, node.test, held))
        machine.do.execute(machine, frame, node.body if held else node.orelse)

    return branch


def _block(machine: Machine, frame: Frame, body: list[ast.stmt]) -> Callable[[], None]:
    return lambda: machine.do.execute(machine, frame, body)


def for_(machine: Machine, frame: Frame, node: ast.For | ast.AsyncFor) -> None:
    """`for target in items: …`."""
    holder = machine.do.evaluate(machine, frame, node.iter)
    machine.waits += isinstance(node, ast.AsyncFor)
    library.note_visit(machine, holder, frame.span(node.iter))
    items, complete = iterated(holder)
    try:
        for item in items[:MAX_ROUNDS]:
            assign(machine, frame, node.target, item)
            _round(machine, frame, node.body)
    except Break:
        return
    if not complete or len(items) > MAX_ROUNDS:
        unknown = one_of(holder, frame.span(node.iter))

        def once() -> None:
            assign(machine, frame, node.target, unknown)
            _round(machine, frame, node.body)

        machine.either(frame, Guard(frame.span(node.iter)), [once, lambda: None])
    if isinstance(holder, Sequence) and holder.endless and not _is_left(node):
        _endless(machine, frame, node)
    machine.do.execute(machine, frame, node.orelse)


def _is_left(node: ast.For | ast.AsyncFor) -> bool:
    """Whether anything in a loop may leave it before its items end."""
    return any(isinstance(n, ast.Break | ast.Return | ast.Raise) for s in node.body for n in ast.walk(s))


def _round(machine: Machine, frame: Frame, body: list[ast.stmt]) -> None:
    before, frame.skipped = frame.skipped, False
    try:
        machine.do.execute(machine, frame, body)
    except Continue:
        return
    except Raise:
        if not frame.skipped:
            raise
    finally:
        frame.skipped = before


def while_(machine: Machine, frame: Frame, node: ast.While) -> None:
    """`while test: …`; a loop without an end keeps the process there."""
    machine.waits += 1
    before, machine.broke = machine.broke, False
    try:
        for _ in range(MAX_ROUNDS):
            certain, guard, _assumed = decide(machine, frame, node.test)
            if certain is False:
                return machine.do.execute(machine, frame, node.orelse)
            if certain is None:
                return machine.either(frame, guard, [lambda: _round(machine, frame, node.body), lambda: None])
            _round(machine, frame, node.body)
            if machine.broke:
                return None
            if isinstance(node.test, ast.Constant) and not _may_leave(node.body):
                _endless(machine, frame, node)
        machine.doubt("a loop has too many rounds to be followed", frame.span(node))
    except Break:
        return None
    finally:
        machine.broke = before
    return None


def _may_leave(body: list[ast.stmt]) -> bool:
    """Whether a statement leaves the loop around in some round, and not only when somebody ends the program."""
    for statement in body:
        match statement:
            case ast.Break() | ast.Return():
                return True
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case ast.For() | ast.AsyncFor() | ast.While():
                inner = [one for one in ast.walk(statement) if isinstance(one, ast.Return)]
                if inner or _may_leave(statement.orelse):
                    return True
            case ast.Try(handlers=handlers) | ast.TryStar(handlers=handlers):
                caught = [h.body for h in handlers if not {"KeyboardInterrupt", "SystemExit"}.intersection(_kinds(h))]
                if any(map(_may_leave, [statement.body, statement.orelse, statement.finalbody, *caught])):
                    return True
            case _:
                parts = (getattr(statement, field, None) for field in ("body", "orelse"))
                cases = (case.body for case in getattr(statement, "cases", ()))
                if any(_may_leave(part) for part in (*parts, *cases) if isinstance(part, list)):
                    return True
    return False


def _endless(machine: Machine, frame: Frame, node: ast.While | ast.For | ast.AsyncFor) -> None:
    """Stay in a loop; not in a generator's, of which whoever calls the generator executes nothing."""
    test = frame.span(node.test if isinstance(node, ast.While) else node.iter)
    if frame.function is not None and is_generator(frame.function.node):
        frame.endless = True
        raise Return(Unknown("a loop has no end", test))
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
            machine.do.execute(machine, frame, node.body)
        except Raise as error:
            machine.catching.pop()
            popped = True
            _handle(machine, frame, node, error)
        else:
            machine.catching.pop()
            popped = True
            machine.do.execute(machine, frame, node.orelse)
    finally:
        if not popped:
            machine.catching.pop()
        machine.do.execute(machine, frame, node.finalbody)


def _kinds(handler: ast.ExceptHandler) -> tuple[str, ...]:
    """Return the last names of the classes that a handler catches."""
    if handler.type is None:
        return ("BaseException",)
    nodes = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return tuple(n.attr if isinstance(n, ast.Attribute) else n.id if isinstance(n, ast.Name) else "" for n in nodes)


_CAUGHT = "an exception"


def _handle(machine: Machine, frame: Frame, node: ast.Try | ast.TryStar, error: Raise) -> None:
    for handler in node.handlers:
        if catches(_kinds(handler), error.kind):
            if handler.name:
                frame.names[handler.name] = Unknown(_CAUGHT, error.span)
            machine.handling.append(error)
            try:
                machine.do.execute(machine, frame, handler.body)
            finally:
                machine.handling.pop()
            given_names.bind_others(machine, frame, handler.body, node.body)
            return
    raise error


def with_(machine: Machine, frame: Frame, node: ast.With | ast.AsyncWith) -> None:
    """`with manager as name: …`; that a pool is waited for at the end is noted as a call of its `__exit__`."""
    entered_all: list[tuple[Object, Span]] = []
    for item in node.items:
        value = machine.do.evaluate(machine, frame, item.context_expr)
        if item.optional_vars is not None:
            entered = value
            if isinstance(value, Instance) and isinstance(enter := value.cls.find("__enter__"), Function):
                entered = call.invoke(machine, enter, Arguments((value,), {}, ()), frame.span(item.context_expr))
            assign(machine, frame, item.optional_vars, entered)
        entered_all.append((value, frame.span(item.context_expr)))
    managers = [value for value, _ in entered_all]
    with contexts.around(machine, managers):
        _suppressing(machine, frame, node.body, _suppressed(managers))
    for value, span in entered_all:
        base = value.cls.library_base() if isinstance(value, Instance) else value
        if isinstance(base, External) and base.name in WAIT_AT_EXIT:
            library.note(machine, External(f"{base.name}.__exit__", receiver=value), Arguments((), {}, ()), span)


def _suppressed(managers: list[Object]) -> frozenset[str]:
    """Return the exceptions that `contextlib.suppress` keeps away from what comes after the block."""
    kinds = (m.arguments for m in managers if isinstance(m, External) and m.name == "contextlib.suppress")
    things = (argument.value for arguments in kinds for argument in arguments)
    return frozenset(one.name.rpartition(".")[2] for one in things if isinstance(one, Thing))


def _suppressing(machine: Machine, frame: Frame, body: list[ast.stmt], kinds: frozenset[str]) -> None:
    if not kinds:
        return machine.do.execute(machine, frame, body)
    machine.catching.append(kinds)
    try:
        machine.do.execute(machine, frame, body)
    except Raise as error:
        if not catches(kinds, error.kind):
            raise
    finally:
        machine.catching.pop()
    return None


def match_(machine: Machine, frame: Frame, node: ast.Match) -> None:
    """`match subject: …`, for patterns that are literals; anything else may happen."""
    subject = machine.do.evaluate(machine, frame, node.subject)
    open_cases: list[Callable[[], None]] = []
    for case in node.cases:
        pattern = case.pattern
        literal = pattern.value if isinstance(pattern, ast.MatchValue) else None
        value = machine.do.evaluate(machine, frame, literal) if literal is not None else None
        if isinstance(subject, Known) and isinstance(value, Known) and case.guard is None:
            if subject.value == value.value:
                return machine.do.execute(machine, frame, case.body)
            continue
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is None and case.guard is None and not open_cases:
            return machine.do.execute(machine, frame, case.body)
        open_cases.append(_block(machine, frame, case.body))
    if open_cases:
        machine.either(frame, Guard(frame.span(node.subject)), [*open_cases, lambda: None])
    return None


def return_(machine: Machine, frame: Frame, node: ast.Return) -> None:
    """`return value`."""
    raise Return(machine.do.evaluate(machine, frame, node.value) if node.value else Known(None, frame.span(node)))


def raise_(machine: Machine, frame: Frame, node: ast.Raise) -> None:
    """`raise E(…)`."""
    span = frame.span(node)
    value = machine.do.evaluate(machine, frame, node.exc) if node.exc is not None else Unknown(_CAUGHT)
    if machine.handling and isinstance(value, Unknown) and value.why == _CAUGHT:
        raise machine.handling[-1]
    name = value.name if isinstance(value, External) else "Exception"
    if isinstance(value, Instance):
        name = value.cls.name
    message = value.arguments[0].value if isinstance(value, External | Instance) and value.arguments else None
    said = show(message) if isinstance(message, Known) else ""
    status = message.value if isinstance(message, Known) and isinstance(message.value, int) else 1 if said else 0
    exits = status if name.rpartition(".")[2] == "SystemExit" else None
    raised = Raise(name.rpartition(".")[2], said or f"«{name}» is raised", span, exits)
    raised.explicit = True
    raise raised


def expression(machine: Machine, frame: Frame, node: ast.Expr) -> None:
    """An expression by itself."""
    value = machine.do.evaluate(machine, frame, node.value)
    if frame.names is frame.module.names and given_names.may_fill(machine, value):
        frame.module.open = True


def assert_(machine: Machine, frame: Frame, node: ast.Assert) -> None:
    """`assert test`."""
    certain, _guard, assumed = decide(machine, frame, node.test)
    if certain is False and not assumed:
        raise Raise("AssertionError", "an assertion does not hold", frame.span(node))
