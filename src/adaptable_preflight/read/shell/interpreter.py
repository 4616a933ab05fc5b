"""Walks a script on paper: which program runs, with what, and what is left running at the end."""

from collections.abc import Callable

from adaptable_preflight.model import Failure, Launch, Remark, Run, Word
from adaptable_preflight.read import homes, programs
from adaptable_preflight.read.shell import flow, output, syntax, written
from adaptable_preflight.read.shell.arithmetic import holds
from adaptable_preflight.read.shell.builtins import BUILTINS, ONLY_IN_BASH
from adaptable_preflight.read.shell.conditions import conditional, status_of
from adaptable_preflight.read.shell.control import ExitsError, ReturnsError, StaysError, UndecidedError
from adaptable_preflight.read.shell.excerpt import Excerpt
from adaptable_preflight.read.shell.expand import Expander, ExpansionError
from adaptable_preflight.read.shell.parser import parse
from adaptable_preflight.read.shell.redirects import open_redirects
from adaptable_preflight.read.shell.state import State
from adaptable_preflight.read.shell.syntax import (
    AndOr,
    Assignment,
    Block,
    Calculation,
    Command,
    Conditional,
    Function,
    Group,
    Pipeline,
    Simple,
)
from adaptable_preflight.source import Span
from adaptable_preflight.value import Unknown, Value, concat

MAX_STEPS = 3_000
"""Commands in one reading of a script, loops counted as often as they turn."""

Status = int | None


_HOLDS_UP = frozenset({"slow-step", "migration", "static-files"})
"""Remarks about what a start has to wait for."""


class Interpreter:
    """Runs commands on a `State`. Every method returns the command's status; None: it cannot be told."""

    def read(self, excerpt: Excerpt, state: State) -> Status:
        """Run a script line by line in a shell."""
        script = parse(excerpt, state.bash)
        state.notes.dialects_differ |= script.bashisms
        outer, state.placeholders = state.placeholders, excerpt.values
        for line in script.lines:
            self.block(line, state)
        if script.fault is not None:
            if script.fault.unread:
                raise UndecidedError(Unknown(script.fault.message, script.fault.span))
            state.failure = Failure(
                "shell-syntax", f"the shell refuses the command: {script.fault.message}", script.fault.span
            )
            raise ExitsError(2)
        state.placeholders = outer
        return state.status

    def block(self, block: Block, state: State, tested: bool = False) -> Status:
        """Run commands one after the other."""
        for command in block:
            self.and_or(command, state, tested)
        return state.status

    def and_or(self, command: AndOr, state: State, tested: bool = False) -> Status:
        """Run a chain of `&&` and `||`."""
        if command.background:
            self._background(command, state)
            state.status = 0
            return 0
        for index, (operator, pipeline) in enumerate(command.steps):
            last = index == len(command.steps) - 1
            if operator and not self._goes_on(operator, state, pipeline, tested or not last):
                continue
            self.pipeline(pipeline, state, tested or not last)
        return state.status

    def _goes_on(self, operator: str, state: State, pipeline: Pipeline, tested: bool) -> bool:
        """Whether a step of a chain runs; where nobody can tell, it is tried both ways here."""
        if state.status is not None:
            return (operator == "&&") == (state.status == 0)
        if state.doubted and operator == "&&":
            why = "whether the command before «&&» succeeds is not known"
            state.hidden = state.hidden or state.doubt or Unknown(why, pipeline.span)
            return True
        flow.fork(state, pipeline.span, lambda twin: self.pipeline(pipeline, twin, tested), lambda twin: twin.status)
        return False

    def _background(self, command: AndOr, state: State) -> None:
        twin = state.copy()
        twin.failure = None
        noted = len(state.remarks)
        try:
            self.and_or(command._replace(background=False), twin)
        except StaysError as stays:
            state.background.extend(stays.run.servers)
            state.remarks.extend(stays.run.remarks)
            if not stays.run.servers:  # what holds up something else than a server holds up no start
                state.remarks[noted:] = [one for one in state.remarks[noted:] if one.kind not in _HOLDS_UP]
            if stays.run.servers:
                state.sent_away = command.span
            else:
                state.jobs += 1
                state.remarks.append(Remark("background-command", "runs in the background", command.span))
        except ExitsError:
            pass
        except UndecidedError as error:
            twin.doubt = error.why
        if twin.failure is not None and state.failure is None:
            state.failure, state.named = twin.failure, twin.named
        if twin.doubt is not state.doubt:
            state.hidden = state.hidden or twin.doubt

    def pipeline(self, pipeline: Pipeline, state: State, tested: bool = False) -> Status:
        """Run commands that are joined by `|`, each but a lone one in a shell of its own."""
        if len(pipeline.commands) == 1:
            self.command(pipeline.commands[0], state, tested or pipeline.negated)
        else:
            self._piped(pipeline, state)
        if pipeline.negated and state.status is not None:
            state.status = int(state.status == 0)
        if pipeline.negated and state.status_unset is not None:
            state.status_unset = int(state.status_unset == 0)
        return state.status

    def _piped(self, pipeline: Pipeline, state: State) -> None:
        running: list[Run] = []
        text: Value | None = None
        for command in pipeline.commands:
            twin = state.copy()
            twin.input = (
                text if command is pipeline.commands[0] else text or Unknown("what the pipe brings", pipeline.span)
            )
            text = output.of_command(self, command, state, text)
            try:
                self.command(command, twin, tested=True)
            except StaysError as stays:
                running.append(stays.run)
            except ExitsError as ends:
                twin.status = ends.status
            state.status, state.failure = twin.status, twin.failure or state.failure
            state.named, state.doubted, state.app = twin.named or state.named, twin.doubted, twin.app or state.app
            state.doubt = state.doubt or twin.doubt
        if running:
            servers = tuple(server for run in running for server in run.servers)
            raise StaysError(Run(servers, remarks=tuple(r for run in running for r in run.remarks)))

    def command(self, command: Command, state: State, tested: bool = False) -> Status:
        """Run one command."""
        state.notes.steps += 1
        if state.notes.steps > MAX_STEPS:
            raise UndecidedError(Unknown("the script runs more commands than this tool follows", command.span))
        state.doubted, state.status_unset = False, None
        handler = _HANDLERS[type(command)]
        try:
            state.status = handler(self, command, state, tested)
        except ExpansionError as error:
            state.failure = Failure("shell-syntax", error.message, error.span)
            raise ExitsError(2) from None
        if "e" in state.options and not tested and state.status and isinstance(command, Simple | Group):
            raise ExitsError(state.status)
        return state.status

    def simple(self, command: Simple, state: State, _tested: bool) -> Status:
        """Run a command of assignments, words and redirections."""
        expander = self.expander(state)
        state.previous, state.status = state.status, 0
        words = expander.words(command.words)
        if not words:
            self._assign(command.assignments, expander, state)
            failure = open_redirects(command.redirects, expander, state)
            return self._failed(failure, state) if failure else state.status
        before = state.input
        failure = open_redirects(command.redirects, expander, state)
        if failure is not None:
            return self._failed(failure, state)
        if command.redirects:
            written.keep_output(self, command, state)
        try:
            return self._call(words, command.assignments, state, command.span)
        finally:
            state.input = before

    def expander(self, state: State) -> Expander:
        """Return what expands words in a state."""
        return Expander(state, lambda part, where: output.of_substitution(self, part, where))

    def _failed(self, failure: Failure, state: State) -> Status:
        state.failure = failure
        return 2

    def _assign(self, assignments: tuple[Assignment, ...], expander: Expander, state: State) -> None:
        for assignment in assignments:
            if assignment.items is not None:
                items = tuple(expander.words(assignment.items))
                before = state.arrays.get(assignment.name, ()) if assignment.append else ()
                state.arrays[assignment.name] = (*before, *items)
                continue
            value = expander.value(assignment.value)
            if assignment.append:
                value = concat([expander.variable(assignment.name, assignment.span) or concat([]), value])
            state.assign(assignment.name, value)

    def _call(self, words: list[Word], assignments: tuple[Assignment, ...], state: State, span: Span) -> Status:
        name = words[0].text
        if name is not None and name in state.functions:
            return self._function(state.functions[name], words, state)
        inner = state
        if assignments:
            inner = state.copy()
            self._assign(assignments, self.expander(inner), inner)
            inner.exported |= {assignment.name for assignment in assignments}
        if name in ONLY_IN_BASH:
            state.notes.dialects_differ = True
            if not state.bash:
                state.failure = Failure("missing-program", f"sh (dash) has no command «{name}»", words[0].span)
                return 127
        if name is not None and name in BUILTINS:
            return BUILTINS[name](self, inner, words, span)
        return self.launch(words, inner, state)

    def _function(self, function: Function, words: list[Word], state: State) -> Status:
        outer, state.arguments = state.arguments, tuple(words[1:])
        state.notes.steps += 50
        try:
            return self.command(function.body, state)
        except ReturnsError as error:
            return error.status
        finally:
            state.arguments = outer

    def launch(self, words: list[Word], inner: State, state: State) -> Status:
        """Start a program with the variables of `inner` and note in `state` what becomes of it."""
        if words[0].text == "xargs":
            words = output.with_input(words, inner)
        elif inner.input is not None and output.reads_program(words):
            words = output.with_program(words, inner.input)
        launch = Launch(tuple(words), inner.environment, inner.folder)
        run = programs.on_files(launch, state.exists) or output.searched(launch, inner)
        run = run or state.context.follow(homes.localised(launch, state.context))
        flow.take_note_of_files(launch, run, state)
        written.keep_copies(launch, state)
        return flow.after(run, state)

    def group(self, command: Group, state: State, tested: bool) -> Status:
        """Run `{ … }` or `( … )`."""
        failure = open_redirects(command.redirects, self.expander(state), state)
        if failure is not None:
            return self._failed(failure, state)
        if not command.subshell:
            return self.block(command.body, state, tested)
        twin = state.copy()
        try:
            status = self.block(command.body, twin, tested)
        except ExitsError as ends:
            status = ends.status
        state.failure, state.named, state.app = twin.failure, twin.named, twin.app
        state.doubt, state.doubted = twin.doubt, twin.doubted
        return status

    def branches(self, command: syntax.If, state: State, tested: bool) -> Status:
        """Run `if`."""
        return self._branch(command, 0, state, tested)

    def _branch(self, command: syntax.If, index: int, state: State, tested: bool) -> Status:
        if index == len(command.branches):
            return self.block(command.otherwise, state, tested) if command.otherwise else 0
        condition, body = command.branches[index]
        status = self.block(condition, state, tested=True)
        state.failure = None if status is not None else state.failure
        if status is None:
            return flow.fork(
                state,
                command.span,
                lambda twin: self.block(body, twin, tested),
                lambda twin: self._branch(command, index + 1, twin, tested),
                second_first=_lone(condition) and state.status_unset == 1,
            )
        if status == 0:
            return self.block(body, state, tested)
        return self._branch(command, index + 1, state, tested)

    def define(self, command: Function, state: State, _tested: bool) -> Status:
        """Take note of a function."""
        state.functions[command.name] = command
        return 0

    def conditional(self, command: Conditional, state: State, _tested: bool) -> Status:
        """Work out `[[ … ]]`."""
        return conditional(command, self.expander(state), state)

    def calculation(self, command: Calculation, state: State, _tested: bool) -> Status:
        """Work out `((…))`."""
        return status_of(holds(self.expander(state).filled(command.text, command.span)))

    def loop(self, command: syntax.While, state: State, tested: bool) -> Status:
        """Run `while` or `until`."""
        return flow.loop(self, command, state, tested)

    def each(self, command: syntax.For, state: State, tested: bool) -> Status:
        """Run `for`."""
        return flow.each(self, command, state, tested)

    def choice(self, command: syntax.Case, state: State, tested: bool) -> Status:
        """Run `case`."""
        return flow.choice(self, command, state, tested)


def _lone(condition: syntax.Block) -> bool:
    """Whether a condition is one command, so that its status is the condition's."""
    return len(condition) == 1 and len(condition[0].steps) == 1


_HANDLERS: dict[type, Callable[..., Status]] = {
    Simple: Interpreter.simple,
    Group: Interpreter.group,
    syntax.If: Interpreter.branches,
    syntax.While: Interpreter.loop,
    syntax.For: Interpreter.each,
    syntax.Case: Interpreter.choice,
    Function: Interpreter.define,
    Conditional: Interpreter.conditional,
    Calculation: Interpreter.calculation,
}
