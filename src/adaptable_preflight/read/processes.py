"""From a candidate to a process: the command is followed to the sockets that it opens and the app that it serves."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Call, Environment, Failure, Installed, Launch, Process, Run
from adaptable_preflight.platforms import Platform
from adaptable_preflight.read import homes, servers
from adaptable_preflight.read.candidates import Candidate
from adaptable_preflight.read.context import Context, Python
from adaptable_preflight.read.database_variables import database_variables
from adaptable_preflight.read.python.engine import Engine
from adaptable_preflight.read.remedies import with_forms
from adaptable_preflight.read.servers.table import SERVERS
from adaptable_preflight.read.shell import run_script
from adaptable_preflight.read.start import follower, without_shell
from adaptable_preflight.settings import Settings
from adaptable_preflight.value import CHECKOUT, FromEnv, Known, Unknown, Value

Outcome = Literal["listens", "fails", "unknown"]

ALWAYS_SET = ("PATH", "HOME", "LANG")
"""Variables that every process has, whoever starts it."""


def environment(
    settings: Settings, platform: Platform, closed: Environment | None, imports_root: bool = False
) -> Environment:
    """Return the variables that the platform starts a process with; `closed`: only these and `ALWAYS_SET`.

    `imports_root`: whether the repository's root is on Python's path, unless somebody sets that.
    """
    variables: dict[str, Value] = {name: FromEnv(name) for name in ALWAYS_SET}
    if closed is not None:
        return closed._replace(variables={**variables, **closed.variables})
    variables |= database_variables(settings, platform)
    names = list(platform.variables)
    if platform.listen.port_variable:
        names.append(platform.listen.port_variable)
    variables |= {name: FromEnv(name) for name in names}
    variables |= {"PYTHONPATH": Known(CHECKOUT)} if imports_root else {}
    variables |= {n: FromEnv(n) if value is None else Known(value) for n, value in settings.environment}
    if settings.port is not None and platform.listen.port_variable:
        variables[platform.listen.port_variable] = Known(str(settings.port))
    return Environment(variables)


class Starts(Mapping[str, Callable[[Call, Environment], Run]]):
    """The calls that start a server, by their dotted names; a server's reader is imported when it is asked."""

    def __init__(self, context: Callable[[], Context]) -> None:
        self._context = context
        self._names = frozenset(name for entry in SERVERS for name in entry.calls)

    def __getitem__(self, name: str) -> Callable[[Call, Environment], Run]:
        reader = servers.call_reader(name)
        if reader is None:
            raise KeyError(name)
        return lambda call, env: reader(call, env, self._context())

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Site:
    """What all processes of one deployment share: the checkout, and the engine that has read its Python code."""

    def __init__(self, checkout: Checkout, installed: Installed, python: Python | None = None) -> None:
        self.checkout = checkout
        follow = follower(lambda: self.context)
        self.python: Python = python or Engine(checkout, Starts(lambda: self.context), follow, installed)
        self.context = Context(checkout, self.python, follow, installed=installed)


def process(candidate: Candidate, site: Site, env: Environment) -> Process:
    """Return what becomes of a candidate's command."""
    candidate = _by_folder(_as_hint(candidate, site.context.installed), site.checkout)
    site.context = site.context._replace(homes=candidate.homes, build=candidate.build)
    run = _run(candidate, site, candidate.environment(env))
    if candidate.without_code and _leads_into_repository(run):
        run = run._replace(failure=_without_code(candidate), unknown=None)
    elif candidate.place and run.failure is None and run.app is not None and run.app.path is not None:
        run = run._replace(failure=_elsewhere(candidate, run.app.path))
    run = _behind_front(run)
    outcome, reason, failure = _outcome(run, candidate)
    return Process(
        candidate.name,
        candidate.origin,
        candidate.command,
        candidate.script is not None,
        outcome,
        reason,
        tuple(map(with_forms, run.servers)),
        run.app,
        failure,
        run.remarks,
        run.unknown,
        candidate.variables,
    )


def _behind_front(run: Run) -> Run:
    """Leave open where the platform connects, where another server may stand in front of the app's."""
    front = next((remark for remark in run.remarks if remark.kind == "front-server"), None)
    return run if front is None else run._replace(unknown=run.unknown or Unknown(front.message, front.span))


def _as_hint(candidate: Candidate, installed: Installed) -> Candidate:
    """Return a Dockerfile's command as it counts where another builder makes the image: at the repository's root."""
    if not candidate.image or not candidate.chosen or installed.image is not None:
        return candidate
    return candidate._replace(folder="", problem="", without_code=False, merged={})


def _by_folder(candidate: Candidate, checkout: Checkout) -> Candidate:
    """Leave open what an image starts in a folder made of several ones, unless the checkout is seen as it has them."""
    asked = (path for path in candidate.merged if path.endswith(".py") or posixpath.basename(path) in candidate.command)
    if candidate.merged == checkout.laid_over or candidate.problem or not any(asked):
        return candidate
    return candidate._replace(problem="the image puts the code of several folders into the one that it starts in")


def _leads_into_repository(run: Run) -> bool:
    """Whether a command starts what stands in the repository, and not just what is installed."""
    return (run.app is not None and run.app.path is not None) or any(server.in_code for server in run.servers)


def _without_code(candidate: Candidate) -> Failure:
    why = "the image does not hold the repository, because no COPY and no ADD puts it there"
    advice = "Write «WORKDIR /app» and «COPY . .» in front of the first step that needs the repository's files."
    return Failure("missing-app", why, candidate.span, advice)


_SEARCHES = late_pattern(r"\bcd\b|chdir|app-dir|pythonpath|working-directory", re.IGNORECASE)
"""What lets a command look for modules elsewhere than in the working folder."""


def _elsewhere(candidate: Candidate, path: str) -> Failure | None:
    """Return that the file of the app stands elsewhere in the image than where the command looks for it."""
    told = any(name == "PYTHONPATH" for name, _ in candidate.variables) or _SEARCHES.search(candidate.command)
    start = f"{candidate.folder}/" if candidate.folder else ""
    if told or not path.startswith(start) or candidate.folder.startswith("/"):
        return None
    inner = path[len(start) :]
    found = [place for home, inside in candidate.homes if (place := _copied(path, home, inside)) is not None]
    wanted = posixpath.join(candidate.place, inner)
    if wanted in found:
        return None
    where = f"it stands in «{posixpath.dirname(found[0])}»" if found else "no COPY and no ADD puts it there"
    why = f"the image has no «{path}» in «{candidate.place}», where the command looks for the app: {where}"
    folder = wanted.removesuffix(f"/{inner}") or "/"
    advice = f"Copy the code to where the command runs, with «COPY . {folder}», or set WORKDIR to where it stands."
    return Failure("missing-app", why, candidate.span, advice)


def _copied(path: str, home: str, inside: str) -> str | None:
    """Return where a copy of a file or folder puts a file of the repository."""
    if path == inside:
        return home
    start = f"{inside}/" if inside else ""
    return posixpath.join(home, path[len(start) :]) if path.startswith(start) else None


def _run(candidate: Candidate, site: Site, env: Environment) -> Run:
    if candidate.problem:
        return Run(unknown=Unknown(candidate.problem, candidate.span))
    if candidate.script is None:
        launch = homes.localised(Launch(candidate.words, env, candidate.folder), site.context)
        return without_shell(launch, site.context)
    return run_script(candidate.script, site.context, env, candidate.folder, span=candidate.span)


def _outcome(run: Run, candidate: Candidate) -> tuple[Outcome, str | None, Failure | None]:
    if run.unknown is not None:
        return "unknown", run.unknown.why, run.failure
    if run.failure is not None:
        return "fails", run.failure.message, run.failure
    if run.servers:
        return "listens", None, None
    worker = next((remark for remark in run.remarks if remark.kind == "worker-program"), None)
    message = worker.message if worker else "the command ends, and nothing is left listening"
    span = worker.span if worker else candidate.span
    return "fails", message, Failure("ends", message, span)
