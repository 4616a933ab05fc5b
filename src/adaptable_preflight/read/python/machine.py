"""The state of one execution on paper, and the ways in which code can end."""

import ast
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Table
from collections.abc import Sequence as Items
from typing import NamedTuple

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import (
    Call,
    Change,
    Environment,
    Gap,
    Guard,
    Import,
    Installed,
    Launch,
    Load,
    Phase,
    Run,
    Server,
    Unreadable,
    Use,
)
from adaptable_preflight.read.python import modules
from adaptable_preflight.read.python.objects import (
    Arguments,
    External,
    Frame,
    Function,
    Mapping,
    Module,
    Object,
    choice,
)
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Concat, FromEnv, Known, Unknown

MAX_STEPS = 400_000
"""Statements and expressions that one execution follows; the largest public apps that were measured need a tenth."""
MAX_DEPTH = 60
"""Calls inside calls."""

PARENTS = {
    "ModuleNotFoundError": ("ImportError",),
    "KeyError": ("LookupError",),
    "IndexError": ("LookupError",),
    "UnicodeDecodeError": ("ValueError",),
    "FileNotFoundError": ("OSError", "IOError"),
    "ZeroDivisionError": ("ArithmeticError",),
}
"""The classes between an exception and `Exception`. Source: https://docs.python.org/3/library/exceptions.html"""

REHEARSALS = ("dev", "test", "default", "local", "debug", "ci")
"""How configurations are called that are meant for a person's own machine or for tests."""

MAX_REPEATS = 3
"""How often one function is followed in one phase other than the import, where every call is followed."""


class Ending(Exception):  # noqa: N818 - not an error, but the way in which a block ends
    """Code that does not go on to the next statement."""


class Return(Ending):
    """`return`, with the value."""

    def __init__(self, value: Object) -> None:
        self.value = value


class Raise(Ending):
    """An exception that is surely raised; `kind` is its class, such as `KeyError`."""

    def __init__(
        self,
        kind: str,
        message: str,
        span: Span,
        exits: int | None = None,
        about: Known | None = None,
        advice: str = "",
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.span = span
        self.exits = exits
        """The exit status where it ends the process: `sys.exit`."""
        self.about = about
        """The value that is refused, where that is all that is wrong."""
        self.explicit = False
        """Whether a statement of the code raises it, and no operation."""
        self.unless = ""
        """A variable that nobody is known to set, and that would lead elsewhere."""
        self.advice = advice
        """What to write instead, where that is known when it is raised."""


class Stay(Ending):
    """The process stays here for ever: a server serves, or a loop has no end."""


class Break(Ending):
    """`break`."""


class Continue(Ending):
    """`continue`."""


class Exhausted(Ending):
    """More code than is followed."""


class Route(NamedTuple):
    """A function that Flask calls for a request, under the name by which it keeps it."""

    endpoint: str
    view: Object
    span: Span


Handler = Callable[["Machine", External, Arguments, Span], Object]
Check = Callable[["Machine", External, Arguments, Span], None]


class Verbs(NamedTuple):
    """What executing code comes down to. The parts that need one another reach each other through these."""

    evaluate: "Callable[[Machine, Frame, ast.expr], Object]"
    execute: "Callable[[Machine, Frame, list[ast.stmt]], None]"
    assign: "Callable[[Machine, Frame, ast.expr, Object], None]"
    awaited: "Callable[[Machine, Object, Span], Object]"
    import_name: "Callable[..., Module | External]"
    import_module: "Callable[[Machine, str, Span], Module | None]"
    run_file: "Callable[[Machine, str], Module | None]"


class Noted:
    """The facts that the code has shown so far."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.seen: set[tuple[str, Span, Phase, Span | None]] = set()
        self.imports: list[Import] = []
        self.gaps: list[Gap] = []
        self.unreadable: list[Unreadable] = []
        self.configured: list[Mapping] = []
        """The configurations of apps, such as `app.config`."""
        self.unseen: set[str] = set()
        """The owners of configurations into which something was put that was not seen."""
        self.selected: dict[int, Guard] = {}
        """By the identity of a class or module: the unset variable that it was chosen by, out of several."""
        self.presumed: dict[Span, Guard] = {}
        """By the place of a literal: the unset variable without which `a if … else b` would be another one."""
        self.passed_over: dict[Guard, list[tuple[str, Object]]] = {}
        """What a variable would choose by name if it were set, instead of what its default names."""
        self.alternatives: list[tuple[str, str, Object, Span, Guard, str]] = []
        """Settings of configurations that were passed over: owner, name, value, place, condition, choice."""
        self.changes: list[Change] = []
        self.loads: list[Load] = []
        self.uses: list[Use] = []


class Fate:
    """What becomes of the process."""

    def __init__(self) -> None:
        self.servers: list[Server] = []
        self.failed: Run | None = None
        """Why a server that was started does not listen."""
        self.doubts: list[Unknown] = []
        """Why it cannot be told what the process ends up with."""
        self.fatal: Raise | None = None
        """The first exception that surely ends the import; what is read behind it does not change what becomes."""
        self.late: Raise | None = None
        """What the first request raises, while the process listens: Django imports its routes only then."""
        self.early: Raise | None = None
        """What Django raises where a model was defined before its apps were loaded."""
        self.apps_ready = False
        """Whether Django has loaded its apps."""
        self.set_up_at = 0
        """How many frames there were when Django began to set itself up; 0: it has not."""
        self.settled = 0
        """How many doubts there were when it was raised."""
        self.may_serve: list[Unknown] = []
        """Calls of libraries that may keep the process there, by their names."""
        self.waits = 0
        """How many loops with a condition, and calls that may wait for long, were come to."""
        self.kept = False
        """Whether a thread goes on for ever that the main program waits for before it ends."""


class Importing:
    """Where modules are found, and those that were."""

    def __init__(self) -> None:
        self.installed = Installed()
        """What is installed beside the code, and the Python that runs it."""
        self.search: list[str] = []
        """The folders in which modules are found, as in `sys.path`."""
        self.beside: list[Module] = []
        """Modules that have imported what stands beside them, where Python 3 does not look."""
        self.astray = False
        """Whether the code changes where modules are found in a way that is not followed."""
        self.modules: dict[str, Module] = {}
        self.found: dict[tuple[str, int], Module | Unreadable | None] = {}
        """What was found for a dotted name, while the search path had so many folders."""


class Course:
    """Where the execution is, and how it came there."""

    def __init__(self) -> None:
        self.guards: list[Guard] = []
        """The conditions around the place where the execution is that were not decided, the outermost first."""
        self.assumed = False
        """Whether a condition was decided by what holds when nobody sets a variable."""
        self.stood_in: dict[str, Span] = {}
        """The variables that the code itself sets where nobody else does (`setdefault`), and where it does."""
        self.relied_on: list[str] = []
        """The variables whose absence decided a condition, in the order in which they did."""
        self.phase: Phase = "import"
        self.by_request = False
        """Whether a request leads to what is executed."""
        self.handler = ""
        """The function that it began with, after the import."""
        self.apart = False
        """Whether what is executed runs in a process of its own, which shares no memory with the app."""
        self.catching: list[frozenset[str]] = []
        """The exceptions that the `try` statements around this place catch, the outermost first."""
        self.handling: list[Raise] = []
        """The exceptions whose handlers run, the innermost last."""
        self.started = False
        """Whether the function that the server runs first has come to its `yield`: what follows is the way down."""
        self.broke = False
        """Whether an undecided branch left the loop that is running."""
        self.frames: list[Frame] = []
        self.steps = 0
        self.executed = 0
        """Characters of code that were executed."""
        self.contexts = 0
        """How many blocks are around this place, or calls were made before, that may have given Flask its context."""
        self.trials = 0
        """Looks that are going on whose exceptions do not tell what becomes of the process."""


class Later:
    """What runs later, because of what, and what it returned before."""

    def __init__(self) -> None:
        self.owners: dict[Function, list[Object]] = {}
        """By handler: the blueprints, routers or apps that it is registered at."""
        self.mounts: list[tuple[Object, Object, tuple[Guard, ...]]] = []
        """A blueprint or router, what it is registered at, and under which conditions."""
        self.asked: set[Function] = set()
        """The functions that wait to run in the background because of a request."""
        self.waiting: list[tuple[Function, Phase]] = []
        """Functions that run later: handlers, jobs, commands."""
        self.results: dict[tuple[Function, Phase], list[Object]] = {}
        """What a function returned when it was called outside the import."""
        self.routes: dict[External, dict[str, Route]] = {}
        """By app: the views that are surely registered at it, by name."""
        self.recorded: dict[External, list[Route]] = {}
        """By blueprint: the views that an app gets from it."""
        self.blueprints: dict[External, dict[str, Object]] = {}
        """By app: the blueprints that are surely registered at it, by name."""


def catches(kinds: Iterable[str], kind: str) -> bool:
    """Whether what catches these classes catches an exception of a kind."""
    wanted = {kind, *PARENTS.get(kind, ()), "BaseException"}
    if kind not in ("SystemExit", "KeyboardInterrupt", "GeneratorExit"):
        wanted.add("Exception")
    return not wanted.isdisjoint(kinds)


class Machine(Noted, Fate, Importing, Course, Later):
    """The state of one execution."""

    def __init__(
        self,
        checkout: Checkout,
        env: Environment,
        folder: str,
        starts: Table[str, Callable[[Call, Environment], Run]],
        follow: Callable[[Launch], Run],
        do: Verbs,
    ) -> None:
        for part in (Noted, Fate, Importing, Course, Later):
            part.__init__(self)
        self.checkout = checkout
        self.env = env
        self.folder = folder
        self.starts = starts
        """Calls that start a server, by their dotted names."""
        self.follow = follow
        self.do = do
        self.handlers: Table[str, Handler] = {}
        """What is computed when a library's function is called, by dotted name."""
        self.checks: Table[str, Check] = {}
        """What a library's function refuses for certain, by dotted name: each raises where that is so."""
        self.constants: Table[str, Callable[[Machine, Span], Object]] = {}
        """The names of libraries that have a value here."""
        self.argv: list[Object] = []
        """What the main program was started with; empty where a server imports the code."""
        self.server_argv: list[Object] = []
        """The same for the server that imports the code, as far as its command is known."""
        self.visited: Module | None = None
        """The main program where it runs anew for each visitor, so that nothing in it outlives a request."""
        self.homes: dict[int, tuple[tuple[str, Span | None, Object] | None, Object]] = {}
        """By an object's identity: the module's variable that holds it, and the object."""

    def catches(self, kind: str) -> bool:
        """Whether an exception of this kind would be caught here."""
        return any(catches(kinds, kind) for kinds in self.catching)

    @property
    def caught(self) -> frozenset[str]:
        """The exceptions that the `try` statements around this place catch."""
        return frozenset().union(*self.catching)

    def find(self, name: str) -> Module | Unreadable | None:
        """Return the module of the repository that has a dotted name; None where there is none."""
        key = (name, len(self.search))
        if key not in self.found:
            self.found[key] = modules.find(self.checkout, self.search, name)
        return self.found[key]

    def step(self) -> None:
        """Count one step of work; raises Exhausted past the bound."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Exhausted

    @property
    def undecided(self) -> bool:
        """Whether a condition around this place was not decided, so that it may not be reached at all."""
        return any(not guard.assumed for guard in self.guards)

    @property
    def reached(self) -> bool:
        """Whether importing the app comes to this place, if every function around it is what it looks like."""
        passed = any(frame.returned or frame.skipped for frame in self.frames)
        return self.phase == "import" and not self.guards and not self.trials and not passed

    @property
    def certain(self) -> bool:
        """Whether importing the app comes to this place for sure: no library has wrapped a function around it."""
        wrapped = any(frame.function is not None and frame.function.wrapped for frame in self.frames)
        return self.reached and not wrapped

    @property
    def title(self) -> str:
        """The qualified name of the running function; empty in a module's body."""
        return self.frames[-1].title if self.frames else ""

    @property
    def source(self) -> Source:
        """The text that is executed."""
        source = self.frames[-1].module.source
        assert source is not None
        return source

    def select(self, chosen: Object, others: list[tuple[str, Object]], guard: Guard) -> None:
        """Note that an object counts because nobody sets a variable, and what would count otherwise, by name."""
        self.selected[id(chosen)] = guard
        self.passed_over[guard] = [other for other in others if not other[0].lower().startswith(REHEARSALS)]

    def doubt(self, why: str, span: Span | None = None) -> None:
        """Note why it cannot be told what the process ends up with."""
        self.doubts.append(Unknown(why, span))

    def remembered(self, function: Function) -> Object | None:
        """Return what a function returned before, once it has been followed often enough outside the import."""
        results = self.results.get((function, self.phase), [])
        return choice(*results) if len(results) >= MAX_REPEATS else None

    def remember(self, function: Function, result: Object) -> None:
        """Note what a function returned, so that handlers which share it are followed in bounded time."""
        if self.phase != "import":
            self.results.setdefault((function, self.phase), []).append(result)

    # --- environment variables ------------------------------------------------------------------------------

    def variable(self, name: str, default: Object | None, span: Span) -> Object | None:
        """Return a variable's value; `default` (None: there is none) where it is not set."""
        value = self.env.get(name)
        if isinstance(value, Known) and self.hangs(name):
            return FromEnv(name, value, span)
        if isinstance(value, Known | Concat | Unknown):
            return value._replace(span=span)
        if value is None and self.env.closed:
            return default
        return FromEnv(name, _as_default(default), span)

    def is_set(self, name: str) -> bool:
        """Whether a variable is set for sure, and to what is known: not where the code's own value only stands in."""
        return self.env.get(name) is not None and not self.hangs(name)

    def hangs(self, name: str) -> bool:
        """Whether a variable has the value that the code gives it where nobody else sets it."""
        return name in self.stood_in and not self.env.closed

    # --- branches -------------------------------------------------------------------------------------------

    def either(self, frame: Frame, guard: Guard, branches: Items[Callable[[], None]]) -> None:
        """Execute branches of which one happens, nothing tells which, and merge what they leave."""
        before = dict(frame.names)
        after: list[dict[str, Object]] = []
        endings: list[Ending] = []
        for branch in branches:
            frame.names.clear()
            frame.names.update(before)
            self.guards.append(guard)
            try:
                branch()
                after.append(dict(frame.names))
            except Exhausted:
                raise
            except (Break, Continue) as ending:
                self.broke = self.broke or isinstance(ending, Break)
                frame.skipped = True
                after.append(dict(frame.names))
            except Ending as ending:
                endings.append(ending)
            finally:
                self.guards.pop()
        _merge(frame.names, after or [before])
        if after:
            frame.returned.extend(e.value for e in endings if isinstance(e, Return))
            if any(isinstance(e, Stay) for e in endings):
                self.doubt("whether it starts depends on a condition that cannot be decided", guard.span)
            return
        self._end(endings, guard)

    def _end(self, endings: list[Ending], guard: Guard) -> None:
        """All branches ended: go on with what they have in common."""
        returned = [e.value for e in endings if isinstance(e, Return)]
        stays = [e for e in endings if isinstance(e, Stay)]
        if returned:
            if stays:
                self.doubt("whether it starts depends on a condition that cannot be decided", guard.span)
            raise Return(choice(*returned))
        if stays:
            if len(stays) > 1 and len({bind for server in self.servers for bind in server.binds}) > 1:
                self.doubt("which server starts depends on a condition that cannot be decided", guard.span)
            raise stays[0]
        raise endings[0]


def of_each(options: Iterable[Object], work: Callable[[Object], Object]) -> Object:
    """Return what comes of any of several objects; an exception that only some of them raise is not certain."""
    results: list[Object] = []
    error: Raise | None = None
    for option in options:
        try:
            results.append(work(option))
        except Raise as raised:
            error = error or raised
    if error is not None and not results:
        raise error
    return choice(*results)


def _merge(names: dict[str, Object], states: list[dict[str, Object]]) -> None:
    names.clear()
    for state in states:
        for name, value in state.items():
            names[name] = value if name not in names or names[name] is value else choice(names[name], value)


def _as_default(value: Object | None) -> "Known | FromEnv | Concat | Unknown | None":
    """Return what a variable's default is as a value."""
    if value is None or isinstance(value, Known | FromEnv | Concat | Unknown):
        return value
    return Unknown("its default is computed by the code")
