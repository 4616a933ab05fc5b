"""The way in: a module or a file, executed on paper, to what it serves, configures and starts."""

from collections.abc import Callable, Hashable
from collections.abc import Mapping as Table

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import (
    App,
    Call,
    Code,
    Environment,
    Failure,
    Installed,
    Launch,
    Run,
    Setting,
    Target,
    Word,
)
from adaptable_preflight.read.context import Loaded, ModuleValues
from adaptable_preflight.read.python import apps, modules
from adaptable_preflight.read.python.assignments import assign
from adaptable_preflight.read.python.call import awaited
from adaptable_preflight.read.python.evaluate import evaluate
from adaptable_preflight.read.python.execute import execute
from adaptable_preflight.read.python.handlers import follow_handlers
from adaptable_preflight.read.python.imports import import_module, import_name, run_file, run_module
from adaptable_preflight.read.python.machine import Machine, Verbs
from adaptable_preflight.read.python.objects import Module, Object
from adaptable_preflight.read.python.outcome import ending_of, run_of
from adaptable_preflight.read.python.paths import in_checkout
from adaptable_preflight.read.python.public import public
from adaptable_preflight.read.python.roots import misses
from adaptable_preflight.read.python.search import find_app, has_main
from adaptable_preflight.read.python.standard import CHECKS, CONSTANTS, HANDLERS
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Concat, Derived, FromEnv, Known, Unknown, text_of

VERBS = Verbs(evaluate, execute, assign, awaited, import_name, import_module, run_file)

NOTHING = Installed()
Starts = Table[str, Callable[[Call, Environment], Run]]


class Engine:
    """Executes Python code of one checkout on paper; what it has executed for an app it keeps."""

    def __init__(
        self, checkout: Checkout, starts: Starts, follow: Callable[[Launch], Run], installed: Installed = NOTHING
    ) -> None:
        """Take the calls that start a server, by name, what follows other programs, and what is installed."""
        self._checkout = checkout
        self._starts = starts
        self._follow = follow
        self._installed = installed
        self._machines: list[Machine] = []
        self._importing: dict[Hashable, Machine] = {}
        """The executions that import apps: several commands may start the same one."""

    def _machine(self, env: Environment, folder: str, search: tuple[str, ...]) -> Machine:
        machine = Machine(self._checkout, env, folder, self._starts, self._follow, VERBS)
        machine.handlers, machine.constants, machine.installed = HANDLERS, CONSTANTS, self._installed
        machine.checks = CHECKS
        extra = text_of(env.get("PYTHONPATH")) or ""
        found = [in_checkout(machine, part) for part in extra.split(":") if part]
        known = (part for part in found if part is not None)
        machine.search = list(dict.fromkeys([*search, *known, *self._installed.roots]))
        return machine

    def values(self, path: str, env: Environment, folder: str) -> ModuleValues:
        """Execute a file in a working directory and return its names."""
        machine = self._machine(env, folder, (folder,))
        source = self._checkout.read(path)
        if not isinstance(source, Source):
            why = source.why if source is not None else "it is not there"
            span = Span(path, 1, 1, 1, 1)
            return ModuleValues({}, Failure("missing-file", f"«{path}» cannot be read: {why}", span))
        module = Module("__config__", path, source, package=False)
        ending = ending_of(machine, lambda: run_module(machine, module))
        run = run_of(machine, ending, source.start())
        names = {name: public(value) for name, value in module.names.items()}
        return ModuleValues(names, run.failure, run.unknown, module.open)

    def run_file(self, path: str, arguments: tuple[Word, ...], env: Environment, folder: str) -> Run:
        """Run a file as the main program."""
        source = self._checkout.read(path)
        span = arguments[0].span if arguments else Span(path, 1, 1, 1, 1)
        if not isinstance(source, Source):
            why = source.why if source is not None else "it is not there"
            return Run(failure=Failure("missing-script", f"«{path}» cannot be read: {why}", span))
        machine = self._machine(env, folder, (path.rpartition("/")[0],))
        return self._main(machine, Module("__main__", path, source, package=False), arguments)

    def visit(self, path: str, env: Environment, folder: str) -> None:
        """Run a file as a server does that runs it anew for each visitor: only what it does is kept."""
        source = self._checkout.read(path)
        if isinstance(source, Source):
            machine = self._machine(env, folder, (path.rpartition("/")[0],))
            self._machines.append(machine)
            machine.visited = Module("__main__", path, source, package=False)
            machine.phase, machine.by_request = "request", True
            module = machine.visited
            ending_of(machine, lambda: run_module(machine, module, "__main__"))
            machine.phase, machine.by_request = "import", False

    def run_module(self, name: str, arguments: tuple[Word, ...], env: Environment, folder: str) -> Run | None:
        """Run a module of the checkout as `python -m` does; None where the checkout has none of that name."""
        machine = self._machine(env, folder, (folder,))
        found = modules.find(self._checkout, machine.search, name)
        if isinstance(found, Module) and found.package:
            found = modules.find(self._checkout, machine.search, f"{name}.__main__")
            name = f"{name}.__main__"
        if not isinstance(found, Module):
            return None
        package = name.rpartition(".")[0]
        if package:
            ending = ending_of(machine, lambda: import_name(machine, package, arguments[0].span))
            if ending is not None:
                return run_of(machine, ending, arguments[0].span)
        return self._main(machine, found, arguments)

    def _main(self, machine: Machine, module: Module, arguments: tuple[Word, ...]) -> Run:
        self._machines.append(machine)
        machine.argv = [_word_object(word) for word in arguments]
        span = arguments[0].span if arguments else Span(module.path, 1, 1, 1, 1)
        ending = ending_of(machine, lambda: run_module(machine, module, "__main__"))
        return run_of(machine, ending, span)

    def load(self, target: Target, env: Environment, folder: str, arguments: tuple[Word, ...] = ()) -> Loaded:
        """Import a target's module and look up its object; of several commands the first tells the arguments."""
        key = (target.folders, folder, env.closed, frozenset(env.variables.items()))
        machine = self._importing.get(key)
        if machine is None:
            machine = self._importing[key] = self._machine(env, folder, target.folders)
            machine.server_argv = [_word_object(word) for word in arguments]
        if machine not in self._machines:
            self._machines.append(machine)
        machine.steps = 0  # each look at the app is bounded by itself, whatever its handlers took before
        return apps.load(machine, target)

    def find_app(self, env: Environment) -> App | None:
        """Return the app object that a start command would name, where there is none; its code is what `code` tells."""
        self._machines = []  # what other processes of the repository do is not what serves
        loaded: dict[tuple[str, str], Machine] = {}

        def load(target: Target, folder: str) -> Loaded:
            if (target.module, folder) not in loaded:
                loaded[target.module, folder] = self._machine(env, folder, target.folders)
            machine = loaded[target.module, folder]
            return apps.load(machine, target)

        def missed(module: str, folder: str, place: str) -> int:
            """Return how many modules that the app imports stand around it, and are not found from `folder`."""
            return misses(loaded[module, folder], self._checkout, folder, place)

        def serves(module: str, folder: str) -> bool:
            """Whether functions of the app wait for requests."""
            return any(phase == "request" for _, phase in loaded[module, folder].waiting)

        def starts(path: str, folder: str) -> Span | None:
            """Return the call that starts a server, of several one that is meant for production."""
            source = self._checkout.text(path)
            if source is None or not has_main(source):
                return None
            machine = self._machine(env, folder, (path.rpartition("/")[0],))
            ending_of(machine, lambda: run_module(machine, Module("__main__", path, source, package=False), "__main__"))
            servers = (server for server in machine.servers if server.span.in_file)
            return next((s.span for s in sorted(servers, key=lambda server: server.interface == "dev")), None)

        found = find_app(self._checkout, load, missed, serves, starts)
        if found is not None:
            self._machines.append(loaded[found.module, found.folder])
        return found

    def code(self) -> Code:
        """Return what was loaded and run since the last call does: at import and in the functions that serve it."""
        machines, self._machines = self._machines, []
        codes = [_code(machine) for machine in machines]
        return codes[0] if len(codes) == 1 else _joined(codes)


def _joined(codes: list[Code]) -> Code:
    """Return what several executions did; what two of them did counts once."""
    fields = {
        name: tuple(dict.fromkeys(item for code in codes for item in getattr(code, name)))
        for name in Code._fields
        if name not in ("complete", "made", "unseen")
    }
    return Code(
        **fields,
        made=frozenset[str]().union(*(code.made for code in codes)),
        unseen=frozenset[str]().union(*(code.unseen for code in codes)),
        complete=bool(codes) and all(code.complete for code in codes),
    )


def _code(machine: Machine) -> Code:
    follow_handlers(machine)
    paths = dict.fromkeys(m.source.path for m in machine.modules.values() if m.source is not None)
    settings = tuple(
        Setting(mapping.owner, str(name), public(value), mapping.spans[name], mapping.guards.get(name, ()))
        for mapping in machine.configured
        for name, value in mapping.entries.items()
        if name in mapping.spans
    )
    return Code(
        tuple(paths),
        tuple(machine.gaps),
        tuple(machine.calls),
        settings,
        tuple(machine.imports),
        tuple(machine.changes),
        tuple(machine.loads),
        complete=not machine.gaps,
        made=machine.env.made.union(machine.env.files),
        unseen=frozenset(machine.unseen),
        alternatives=tuple(
            Setting(owner, name, public(value), span, (guard,), choice)
            for owner, name, value, span, guard, choice in machine.alternatives
        ),
        uses=tuple(machine.uses),
    )


def _word_object(word: Word) -> Object:
    value = word.value
    return value if isinstance(value, Known | FromEnv | Concat | Unknown | Derived) else Unknown("it is not known")
