"""Wording that several reports share: counts, places, what a process does."""

from typing import Final

from adaptable_preflight.clauses import Clause, Status
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Bind, Descriptor, Process, Server, Tcp, Unix
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report.escape import one_line
from adaptable_preflight.source import START_COMMAND, Span
from adaptable_preflight.triage import Verdict
from adaptable_preflight.value import show

STATUS_WORDS: Final[dict[Status, str]] = {
    "met": "met",
    "violated": "violated",
    "nothing-found": "nothing found",
    "unknown": "unknown",
}


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: «1 error», «no errors», «2 errors»."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def counts(verdict: Verdict) -> str:
    """Return how many findings of each severity there are; errors are always named."""
    worst, *others = reversed(Severity)
    parts = [counted(verdict.count(worst), str(worst))]
    parts += [counted(verdict.count(each), str(each)) for each in others if verdict.count(each)]
    if verdict.silenced:
        parts.append(f"{len(verdict.silenced)} allowed")
    return ", ".join(parts)


def conclusion(verdict: Verdict) -> str:
    """Return the verdict in a few words."""
    open_clauses = sum(clause.status == "unknown" for clause in verdict.clauses)
    doubt = f"; {counted(open_clauses, 'clause')} could not be told" if open_clauses else ""
    return f"{'Fail' if verdict.failed else 'Pass'}: {counts(verdict)}{doubt}"


def in_a_file(span: Span, run: Preflight) -> Span:
    """Return a place in a file: what stands in none is shown at the app, or else at the first file there is."""
    if span.in_file:
        return span
    app = run.deployment.served_app
    path = app.path if app is not None else None
    return Span(path or next(iter(run.deployment.paths), "Procfile"), 1, 1, 1, 1)


def reason(clause: Clause) -> str:
    """Return what a checklist says of a clause: the findings themselves stand elsewhere, so their rules are enough."""
    return ", ".join(clause.rules) or clause.why


def place(span: Span, columns: bool = False) -> str:
    """Return where a span stands, as `path:line`."""
    path = "start command" if span.path == START_COMMAND else one_line(span.path)
    return f"{path}:{span.line}:{span.column}" if columns else f"{path}:{span.line}"


def advised(finding: Finding) -> str:
    """Return what to write instead; empty where there is nothing to write."""
    return one_line(finding.advice)


def outcome(process: Process) -> str:
    """Return what becomes of a process, in one line."""
    if process.outcome == "fails":
        return f"fails: {one_line(process.reason or 'it does not listen')}"
    if process.outcome == "unknown":
        return f"cannot be told: {one_line(process.reason or 'the command could not be followed')}"
    parts = [f"listens on {', '.join(map(_bind, process.opened)) or 'nothing that is known'}"]
    if process.server is not None:
        parts.append(_server(process.server))
    if process.app is not None:
        kind = f" ({process.app.framework})" if process.app.framework else ""
        parts.append(one_line(f"serves {process.app.name}{kind}"))
    return " · ".join(parts)


def _server(server: Server) -> str:
    workers = "workers unknown" if server.workers is None else counted(server.workers, "worker")
    threads = f" with {counted(server.threads, 'thread')}" if server.threads and server.threads > 1 else ""
    kind = f", {server.worker_class}" if server.worker_class else ""
    return one_line(f"{server.name} ({workers}{threads}{kind})")


def _bind(bind: Bind) -> str:
    if isinstance(bind, Tcp):
        return one_line(f"{show(bind.host)}:{show(bind.port)}")
    if isinstance(bind, Unix):
        return one_line(f"unix:{show(bind.path)}")
    if isinstance(bind, Descriptor):
        return f"descriptor {bind.number}"
    default = f"; {_bind(bind.otherwise)} where nobody sets {one_line(bind.variable)}" if bind.otherwise else ""
    return f"an unknown address{default}"
