"""What decides the way through a script: conditions that are open, loops, choices, and programs that run on."""

from collections.abc import Callable, Iterator
from typing import Protocol

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Launch, Remark, Run, Server
from adaptable_preflight.read.shell.control import ExitsError, LeavesLoopError, ReturnsError, StaysError, UndecidedError
from adaptable_preflight.read.shell.expand import Expander
from adaptable_preflight.read.shell.patterns import matches
from adaptable_preflight.read.shell.state import State
from adaptable_preflight.read.shell.syntax import Block, Case, For, While
from adaptable_preflight.source import Span
from adaptable_preflight.value import Either, Known, Unknown, Value, text_of

Status = int | None
_MAKES_ARGUMENTS = frozenset({"mkdir", "touch", "cp", "mv", "ln", "tee", "install"})
_MAKES_ANYTHING = frozenset({"tar", "unzip", "git", "curl", "wget", "npm", "yarn", "pnpm", "make", "envsubst", "aws"})

MAX_TURNS = 40
"""How often a loop is followed."""


class Runner(Protocol):
    """The part of the interpreter that runs what stands in a compound command."""

    def block(self, block: Block, state: State, tested: bool = False) -> Status:
        """Run commands."""

    def expander(self, state: State) -> Expander:
        """Return what expands words."""


def after(run: Run, state: State) -> Status:
    """Take note of what became of a program, and return its status."""
    state.remarks.extend(run.remarks)
    state.app = run.app or state.app
    state.files.update(run.files)
    if run.unknown is not None:
        if run.servers:
            raise UndecidedError(run.unknown, run.servers)
        state.doubt = state.doubt or run.unknown
        state.doubted = True
        return None
    if run.failure is not None and state.made and run.failure.kind in ("missing-app", "missing-file", "missing-script"):
        why = Unknown(f"{run.failure.message}, but the script makes files before", run.failure.span)
        raise UndecidedError(why, run.servers)
    if run.failure is not None:
        state.failure, state.named = run.failure, run.servers
        return 127 if run.failure.kind == "missing-program" else 1
    if any(remark.kind == "detached" for remark in run.remarks):
        state.background.extend(run.servers)
        return 0
    if run.servers or any(remark.kind == "worker-program" for remark in run.remarks):
        raise StaysError(run)
    state.doubted = run.status is None
    return run.status


_WRITTEN = late_pattern(r"(?:.*=)?([^=]+\.(?:cfg|conf|env|ini|js|json|py|sh|toml|txt|xml|ya?ml))")


def take_note_of_files(launch: Launch, run: Run, state: State) -> None:
    """Remember what a program makes, as far as its arguments tell: it is missing from the checkout."""
    if launch.program in ("rm", "mv"):
        _refuse_removals(launch, state)
    if launch.program in _MAKES_ANYTHING:
        state.made.add("")
    elif launch.program in _MAKES_ARGUMENTS:
        places = (state.place(word.text) for word in launch.words[1:] if word.text and not word.text.startswith("-"))
        state.made.update(place for place in places if place)
    elif not run.servers and run.failure is None:
        state.made.update(_absent_names(launch, state))


def _absent_names(launch: Launch, state: State) -> Iterator[str]:
    """Yield the files that a program is told of and that are not there: it may be there to make them."""
    for word in launch.words[1:]:
        match = _WRITTEN.fullmatch(word.text or "")
        place = state.place(match[1]) if match else None
        if place and not state.checkout.is_file(place):
            yield place


def _refuse_removals(launch: Launch, state: State) -> None:
    """Give up where a script takes modules of the repository away."""
    for word in launch.words[1:]:
        place = state.place(word.text) if word.text else None
        if place is not None and place.endswith(".py") and state.checkout.is_file(place):
            raise UndecidedError(Unknown(f"the script takes «{place}» away", word.span))


class _Way:
    """One way that a script may take, tried on a copy of the shell."""

    def __init__(self, state: State, take: Callable[[State], Status]) -> None:
        self.state = state.copy()
        self.state.background = list(state.background)
        self.state.remarks = list(state.remarks)
        self.run: Run | None = None
        self.ends = False
        self.leaves: LeavesLoopError | ReturnsError | None = None
        self.undecided: UndecidedError | None = None
        try:
            self.status = take(self.state)
        except StaysError as stays:
            self.run = stays.run
        except ExitsError as ends:
            self.status, self.ends = ends.status, True
        except (LeavesLoopError, ReturnsError) as leaves:
            self.status, self.leaves = None, leaves
        except UndecidedError as error:
            self.undecided = error

    @property
    def servers(self) -> tuple[Server, ...]:
        """The servers in which the way ends, or likely ends."""
        end = self.run or self.undecided
        return end.servers if end is not None else ()

    @property
    def turns(self) -> bool:
        """Whether the way begins another turn of a loop that may turn for ever."""
        return self.state.waits and isinstance(self.leaves, LeavesLoopError) and self.leaves.goes_on

    @property
    def refuses(self) -> bool:
        """Whether the way ends the script or function with an error, as a check of the surroundings does."""
        failed = isinstance(self.leaves, ReturnsError) and self.leaves.status not in (0, None)
        return failed or (self.ends and self.status != 0 and not self.state.background)


def fork(
    state: State,
    span: Span,
    first: Callable[[State], Status],
    second: Callable[[State], Status],
    *,
    second_first: bool = False,
) -> Status:
    """Try both ways of a condition that cannot be decided, and go on where they lead to the same.

    `second_first`: the second way is the one that is taken unless somebody sets a variable; its servers are the ones
    to judge where the ways lead to different ones, unless they are for development and those of the first way are not.
    """
    one, other = _Way(state, first), _Way(state, second)
    if one.refuses != other.refuses:
        state.notes.refusals += 1
        return _take(state, other if one.refuses else one)
    if one.leaves is not None or other.leaves is not None:
        return _take(state, _leaving(one, other))
    if one.run is None and other.run is None and one.ends == other.ends and not (one.undecided or other.undecided):
        return _merge(state, one, other, span)
    if one.run is not None and other.run is not None and one.run.servers == other.run.servers:
        raise StaysError(one.run)
    second_first = second_first and not (_develops(other) and one.servers and not _develops(one))
    ways = (other, one) if second_first else (one, other)
    servers = next((way.run.servers for way in ways if way.run is not None), ())
    if second_first and other.undecided is not None:
        servers = other.undecided.servers or servers
    raise UndecidedError(Unknown("it depends on a condition that cannot be decided", span), servers)


def _develops(way: _Way) -> bool:
    """Whether a way ends in a server for development: a script that has another one as well deploys that."""
    return any(server.interface == "dev" or server.reload is not None for server in way.servers)


def _leaving(one: _Way, other: _Way) -> _Way:
    """Return the way that comes out of a loop or a function: a loop whose end cannot be told is taken to end."""
    if one.turns != other.turns:
        return other if one.turns else one
    return one if one.leaves is not None else other


def _take(state: State, way: _Way) -> Status:
    """Go on as one way did."""
    state.__dict__.update(way.state.__dict__)
    if way.undecided is not None:
        raise way.undecided
    if way.run is not None:
        raise StaysError(way.run)
    if way.ends:
        raise ExitsError(way.status)
    if way.leaves is not None:
        raise way.leaves
    return way.status


def _merge(state: State, one: _Way, other: _Way, span: Span) -> Status:
    if one.state.background != other.state.background or one.state.folder != other.state.folder:
        raise UndecidedError(Unknown("it depends on a condition that cannot be decided", span))
    variables: dict[str, Value] = {}
    for name in one.state.variables.keys() | other.state.variables.keys():
        values = one.state.variables.get(name), other.state.variables.get(name)
        options = tuple(value for value in values if value is not None)
        same = len(options) == 2 and options[0] == options[1]
        variables[name] = options[0] if same else Either(options, span)
    status = one.status if one.status == other.status else None
    state.__dict__.update(one.state.__dict__)
    state.variables = variables
    state.exported |= other.state.exported
    state.remarks = list(dict.fromkeys([*one.state.remarks, *other.state.remarks]))
    state.status = status
    if one.ends:
        raise ExitsError(status)
    return status


def _turn(runner: Runner, body: Block, state: State, tested: bool, waits: bool = True) -> bool:
    """Run a loop's body once; return whether the loop goes on. `waits`: it is no loop over a list, which ends."""
    state.loops += 1
    around, state.waits = state.waits, waits
    try:
        runner.block(body, state, tested)
    except LeavesLoopError as leaves:
        if leaves.levels > 1:
            raise LeavesLoopError(leaves.levels - 1, leaves.goes_on) from None
        return leaves.goes_on
    finally:
        state.loops -= 1
        state.waits = around
    return True


def loop(runner: Runner, command: While, state: State, tested: bool) -> Status:
    """Run `while` or `until`."""
    refusals = state.notes.refusals
    for _ in range(MAX_TURNS):
        before = dict(state.variables), state.arguments, state.folder
        status = runner.block(command.condition, state, tested=True)
        state.failure = None
        if status is None:
            return _wait(runner, command, state, tested)
        if (status == 0) == command.until:
            return 0
        if not _turn(runner, command.body, state, tested):
            return 0
        if (state.variables, state.arguments, state.folder) == before:
            return _endless(command, state, may_end=state.notes.refusals > refusals)
    raise UndecidedError(Unknown("the loop turns more often than this tool follows", command.span))


def _endless(command: While, state: State, may_end: bool) -> Status:
    """Take note of a loop that nothing ever ends: it keeps the shell in the foreground.

    `may_end`: a way that was not followed ends the script, as a watch over what runs in the background does.
    """
    if state.doubt is not None:
        raise UndecidedError(state.doubt)
    if may_end and not state.background and not state.jobs:
        raise UndecidedError(Unknown("whether the loop ever ends cannot be told", command.span))
    raise StaysError(Run(remarks=(Remark("worker-program", "the loop never ends", command.span),)))


def _wait(runner: Runner, command: While, state: State, tested: bool) -> Status:
    """Pass a loop whose end cannot be told, such as one that waits for a database: it is taken to end."""

    def turn(twin: State) -> Status:
        _turn(runner, command.body, twin, tested)
        return 0

    state.remarks.append(Remark("slow-step", "waits in a loop before the server starts", command.span))
    return fork(state, command.span, turn, lambda _twin: 0)


def each(runner: Runner, command: For, state: State, tested: bool) -> Status:
    """Run `for`."""
    words = state.arguments if command.words is None else runner.expander(state).words(command.words)
    for word in words[:MAX_TURNS]:
        state.assign(command.name, word.value)
        if not _turn(runner, command.body, state, tested, waits=False):
            break
    return state.status if words else 0


def choice(runner: Runner, command: Case, state: State, tested: bool) -> Status:
    """Run `case`."""
    expander = runner.expander(state)
    text = text_of(expander.value(command.word))
    return _choice(runner, command, 0, text, state, tested)


def _choice(runner: Runner, command: Case, index: int, text: str | None, state: State, tested: bool) -> Status:
    if index == len(command.branches):
        return 0
    patterns, body = command.branches[index]
    fits = _fits(runner, patterns, text, state)
    if fits is None:
        return fork(
            state,
            command.span,
            lambda twin: runner.block(body, twin, tested),
            lambda twin: _choice(runner, command, index + 1, text, twin, tested),
        )
    if fits:
        return runner.block(body, state, tested) if body else 0
    return _choice(runner, command, index + 1, text, state, tested)


def _fits(runner: Runner, patterns: tuple[object, ...], text: str | None, state: State) -> bool | None:
    expander = runner.expander(state)
    decided: bool | None = False
    for pattern in patterns:
        value = expander.value(pattern)  # type: ignore[arg-type]
        known = text_of(value) if isinstance(value, Known) else None
        if known == "*":
            return True
        if known is None or text is None:
            decided = None
        elif matches(text, known):
            return True
    return decided
