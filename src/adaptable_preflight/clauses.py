"""The ten clauses of the contract and what the facts say of each: met, violated, nothing found, or unknown.

Met is said only where the facts prove it. Where no rule found anything and nothing is missing, nothing was found.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from adaptable_preflight.facts.removed_names import gone
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.listening import Socket, sockets
from adaptable_preflight.model import Deployment, Process, Server
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, show, text_of, unknown_part, variables

CLAUSES = (
    "listen",
    "server",
    "concurrency",
    "stateless",
    "no-background",
    "no-tls",
    "proxy",
    "database",
    "startup",
    "build",
)

TITLES = {
    "listen": "listens for HTTP on the platform's address and port",
    "server": "a production server serves an app that exists",
    "concurrency": "more than one request at a time",
    "stateless": "nothing that matters on local disk or in memory",
    "no-background": "no work outside of requests",
    "no-tls": "plain HTTP, TLS ends at the platform",
    "proxy": "trusts the proxies in front, and no more",
    "database": "connects to the platform's database as it demands",
    "startup": "listens in time",
    "build": "the dependencies are declared and can be installed",
}

NEVER_VIOLATES = frozenset({"unproven-bind", "missing-start-command", "unreadable-file", "unused-allow"})
"""Rules that say what could not be told; their clause stays unknown."""

_NEED_ALL_CODE = frozenset({"stateless", "no-background", "no-tls", "database"})
"""Clauses of which nothing is known as long as any code is not; of the others it is said what was not read."""

Status = Literal["met", "violated", "nothing-found", "unknown"]


class Clause(NamedTuple):
    """What is known about one clause, with the places that show it."""

    id: str
    status: Status
    why: str
    evidence: tuple[Span, ...] = ()
    rules: tuple[str, ...] = ()
    """The rules that found it violated."""
    worst: Severity | None = None
    """The severity of the worst of their findings."""


def clauses(deployment: Deployment, findings: tuple[Finding, ...], clause_of: Mapping[str, str]) -> tuple[Clause, ...]:
    """Return all ten clauses in order. `findings`: shown and silenced; `clause_of`: the clause of each rule."""
    violations: dict[str, list[Finding]] = {}
    for finding in findings:
        lost = finding.process is not None and not finding.process.origin.chosen
        if finding.rule not in NEVER_VIOLATES and not lost:
            violations.setdefault(clause_of.get(finding.rule, ""), []).append(finding)
    ended = next((finding for finding in findings if finding.ends_start), None)
    return tuple(
        _violated(clause, violations[clause]) if clause in violations else _unviolated(clause, deployment, ended)
        for clause in CLAUSES
    )


def _violated(clause: str, findings: list[Finding]) -> Clause:
    worst = max(findings, key=lambda f: f.severity)
    spans = tuple(dict.fromkeys(finding.span for finding in findings))
    return Clause(
        clause, "violated", worst.message, spans, tuple(dict.fromkeys(f.rule for f in findings)), worst.severity
    )


def _unviolated(clause: str, deployment: Deployment, ended: Finding | None) -> Clause:
    """Return what is known of a clause that no rule found violated; `ended`: a finding about the import of the app."""
    if clause in ("listen", "server", "concurrency"):
        return _started(clause, deployment, ended)
    if clause == "build":
        return _build(deployment)
    code = deployment.code
    if not code.modules:
        return Clause(clause, "unknown", "no code of the app could be followed")
    gaps = tuple(gap.span for gap in code.gaps)[:5]
    missed = ""
    if code.gaps or not code.complete:
        why = code.gaps[0].why if code.gaps else "not all code that the app imports could be read"
        missed = f"not all code could be followed: {why}"
    if missed and (clause in _NEED_ALL_CODE or _import_fails(deployment)):
        return Clause(clause, "unknown", missed, gaps)
    if clause == "no-tls" and (web := deployment.web) is not None and web.outcome == "listens" and web.server:
        return Clause(clause, "met", f"{web.server.name} is started without TLS", (web.server.span,))
    count = len(code.modules)
    where = f"in {count} module{'s' if count > 1 else ''} that the app imports"
    return Clause(clause, "nothing-found", f"{where}; {missed}" if missed else where, gaps)


def _import_fails(deployment: Deployment) -> bool:
    """Whether importing the app, or running its file, ends for certain before all of its code is there."""
    app, web = deployment.offered, deployment.web
    failure = web.failure if web is not None and web.failure is not None else app.failure if app is not None else None
    return failure is not None and failure.kind in ("app-error", "bad-syntax", "ends")


def _build(deployment: Deployment) -> Clause:
    used = [manifest for manifest in deployment.installed.manifests if manifest.used]
    if not used:
        return Clause("build", "unknown", "no dependency file was found")
    spans = tuple(Span(manifest.path, 1, 1, 1, 1) for manifest in used)
    if not deployment.installed.known:
        return Clause("build", "unknown", "not everything that is installed could be read", spans)
    count = len(deployment.installed.requirements)
    return Clause("build", "nothing-found", f"in {count} requirement{'s' if count != 1 else ''}", spans)


_WORST_FIRST: tuple[Status, ...] = ("violated", "unknown", "nothing-found", "met")


def _started(clause: str, deployment: Deployment, ended: Finding | None) -> Clause:
    """Judge what the start command decides; of several web processes the worst counts."""
    chosen = [p for p in deployment.web_processes if p.origin.chosen and p.origin.kind != "found-app"]
    if not chosen:
        void = next((misfit for misfit in deployment.misfits if misfit.voids), None)
        why = "no start command was found" if void is None else f"nothing is started from «{void.path}»: {void.why}"
        return Clause(clause, "unknown", why, () if void is None else (void.span,))
    judged = [_of_process(clause, process, deployment, ended) for process in chosen]
    return min(judged, key=lambda found: _WORST_FIRST.index(found.status))


def _of_process(clause: str, process: Process, deployment: Deployment, ended: Finding | None) -> Clause:
    span = process.origin.span
    if process.outcome == "unknown":
        return Clause(clause, "unknown", process.reason or "the start command could not be followed", (span,))
    server = process.server
    if server is None:
        return Clause(clause, "unknown", process.reason or "no server was found in the start command", (span,))
    if clause == "concurrency":
        return _concurrency(server)
    absent = next((each for each in deployment.absent if each.one.phase == "import"), None)
    if absent is not None:
        why = f"the app imports «{absent.one.module}», and nothing shows that it is there"
        return Clause(clause, "unknown", why, (absent.one.span,))
    removed = next((each for each in gone(deployment) if each.at_import), None)
    if removed is not None:
        why = f"the app imports «{removed.name}», which the {removed.row.package} that is installed has no more"
        return Clause(clause, "unknown", why, (removed.one.span,))
    if ended is not None:
        return Clause(clause, "unknown", f"the import of the app may end early: {ended.rule}", (ended.span,))
    if process.outcome == "fails":
        return Clause(clause, "unknown", f"the start command fails: {process.reason or 'it does not listen'}", (span,))
    return _listen(process, deployment) if clause == "listen" else _server(process, server, deployment)


def _concurrency(server: Server) -> Clause:
    if server.parallel is None:
        why = f"how many requests {server.name} handles at one time could not be worked out"
        return Clause("concurrency", "unknown", why, (server.span,))
    if server.parallel <= 1:
        return Clause("concurrency", "unknown", f"{server.name} handles one request at a time", (server.span,))
    many = "many requests" if server.parallel > 100 else f"{server.parallel} requests"
    return Clause("concurrency", "met", f"{server.name} handles {many} at one time", (server.span,))


def _listen(process: Process, deployment: Deployment) -> Clause:
    found = list(sockets(process, deployment))
    for socket in found:
        if _fits(socket, deployment):
            bind, names = socket.bind, " or ".join(socket.hangs_on)
            by = f"; {process.server.name} does so by itself" if bind.implied and process.server else ""
            unless = f", as long as nobody sets {names}" if names else ""
            why = f"listens on {show(socket.host)}:{show(bind.port)}{by}{unless}"
            return Clause("listen", "met", why, (bind.span,))
    known = [socket.bind for socket in found if not unknown_part(socket.bind.port)]
    why = f"listens on {show(known[0].host)}:{show(known[0].port)}" if known else "where it listens is not known"
    return Clause("listen", "unknown", why, tuple(bind.span for bind in process.binds) or (process.origin.span,))


def _fits(socket: Socket, deployment: Deployment) -> bool:
    """Whether a socket is proven to be where the platform connects."""
    bind = socket.bind
    if text_of(socket.host) != deployment.platform.listen.host:
        return False
    listen, fixed = deployment.platform.listen, deployment.settings.port
    if text_of(bind.port) is not None:
        wanted = fixed if fixed is not None else None if listen.port_variable else listen.port
        return text_of(bind.port) == str(wanted)
    if not isinstance(bind.port, FromEnv):
        return False
    given = {*deployment.platform.variables, *(name for name, _ in deployment.settings.environment)}
    first = next((name for name in variables(bind.port) if name in given), "")
    return first == listen.port_variable


def _server(process: Process, server: Server, deployment: Deployment) -> Clause:
    if server.interface == "dev":
        return Clause("server", "unknown", f"{server.name} is a development server", (server.span,))
    app = process.app
    if app is None or app.found is None:
        why = app.why if app is not None and app.why else "the app object could not be followed"
        if app is not None or server.script not in deployment.code.modules:
            return Clause("server", "unknown", why, (server.span,))
    evidence, missing = _packages(server, deployment)
    if missing:
        return Clause("server", "unknown", f"nothing shows that {missing} is installed", (server.span,))
    places = (*evidence, *([app.span] if app is not None and app.span else []))
    served = app.name if app is not None else server.script
    return Clause("server", "met", f"{server.name} is installed and serves {served}", places)


def _packages(server: Server, deployment: Deployment) -> tuple[tuple[Span, ...], str]:
    """Return where the server's packages are declared, and the name of the first one that is not."""
    spans = []
    for package in server.packages:
        if package.name in deployment.installed.supplied:
            continue
        if presence(deployment.installed, package.name, package.extra).installed is not True:
            return (), package.name
        spans += [r.span for r in deployment.installed.requirements if r.name == package.name and r.installed][:1]
    return tuple(spans), "" if server.packages else server.name
