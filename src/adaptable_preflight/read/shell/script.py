"""Scripts: what becomes of one, read as sh (dash) and as bash do."""

from collections.abc import Callable

from adaptable_preflight.model import Environment, Failure, Remark, Run, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.shell.control import (
    ExitsError,
    LeavesLoopError,
    ReturnsError,
    StaysError,
    UndecidedError,
)
from adaptable_preflight.read.shell.excerpt import Excerpt
from adaptable_preflight.read.shell.interpreter import Interpreter
from adaptable_preflight.read.shell.plain import late
from adaptable_preflight.read.shell.state import Notes, State
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Unknown, Value


def run_script(
    excerpt: Excerpt,
    context: Context,
    env: Environment,
    folder: str = "",
    *,
    span: Span,
    dialect: str = "sh",
    name: Value | None = None,
    arguments: tuple[Word, ...] = (),
    options: frozenset[str] = frozenset(),
) -> Run:
    """Return what becomes of a script. `span` is the command that runs it; `name` and `arguments` are its `$0`, `$1` ….

    `dialect` is `bash`, or `sh`: then both readings are made, and where they differ the outcome is unknown.
    """

    def read(bash: bool, notes: Notes) -> Run:
        state = State(context, env, folder, bash, notes)
        state.name = name or Known("sh", span)
        state.arguments, state.options = arguments, set(options)
        run = _finish(lambda: Interpreter().read(excerpt, state), state, span)
        return run._replace(app=run.app or state.app, files=state.files)

    notes = Notes()
    run = read(dialect == "bash", notes)
    if dialect == "bash" or not notes.dialects_differ:
        return run
    other = read(True, Notes())
    if not _same(run, other):
        return _differs(run, other, span)
    return run._replace(files=_shared(run, other, span))


def _same(one: Run, other: Run) -> bool:
    failing = (one.failure is None) == (other.failure is None)
    return one.servers == other.servers and failing and one.unknown == other.unknown and one.status == other.status


def _shared(one: Run, other: Run, span: Span) -> dict[str, Value]:
    """Return what both readings write; what they write differently is not known."""
    why = "sh (dash) and bash write «{}» differently, and nothing tells which of them runs the script"
    paths = dict.fromkeys((*one.files, *other.files))
    same = {path for path in paths if one.files.get(path) == other.files.get(path)}
    return {path: one.files[path] if path in same else Unknown(why.format(path), span) for path in paths}


def _differs(one: Run, other: Run, span: Span) -> Run:
    message = "sh (dash) and bash read this command differently, and nothing tells which of them runs it"
    servers = one.servers or other.servers
    remark = Remark("shells-differ", message, span)
    return Run(servers, None, Unknown(message, span), (*one.remarks, remark), None)


def _finish(read: Callable[[], int | None], state: State, span: Span) -> Run:
    """Run a script to its end and say what is left."""
    try:
        status = read()
    except StaysError as stays:
        run = stays.run
        servers = (*run.servers, *state.background)
        remarks = tuple(dict.fromkeys([*state.remarks, *run.remarks]))
        unknown = run.unknown or state.hidden or late(remarks, servers)
        return Run(servers, None, unknown, remarks, app=run.app)
    except (ExitsError, ReturnsError) as ends:
        status = ends.status
    except LeavesLoopError:
        status = 0
    except UndecidedError as error:
        return Run((*error.servers, *state.background), None, error.why, tuple(state.remarks), None)
    except RecursionError:
        return Run(unknown=Unknown("the script calls itself too deep", span), status=None)
    return _ended(status, state, span)


def _ended(status: int | None, state: State, span: Span) -> Run:
    """Say what is left of a script that has come to its end."""
    remarks = tuple(dict.fromkeys(state.remarks))
    if state.background:
        detached = Remark(
            "detached", "the command ends while the server runs on in the background", state.sent_away or span
        )
        return Run(tuple(state.background), None, state.hidden, (*remarks, detached), status)
    unknown = state.doubt or state.hidden
    if unknown is not None and (state.failure is None or status is None):
        return Run((), None, unknown, remarks, status)
    if status == 0 and not state.named:
        return Run((), None, None, remarks, 0)
    failure = state.failure
    if failure is None and status not in (0, None):
        failure = Failure("ends", f"the command ends with the status {status}", span)
    return Run(state.named if failure is state.failure else (), failure, None, remarks, status)
