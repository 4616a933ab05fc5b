"""The report for people: each finding with its line, then the checklist of the contract."""

from adaptable_preflight.finding import Finding
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report.escape import columns, log_safe, one_line
from adaptable_preflight.source import Span


def render(run: Preflight) -> str:
    """Return the report."""
    blocks = [_finding(finding, run) for finding in run.verdict.shown]
    return log_safe("\n\n".join([*blocks, _checklist(run)]) + "\n")


def _finding(finding: Finding, run: Preflight) -> str:
    span = finding.span
    place = f"{one_line(span.path)}:{span.line}:{span.column}"
    lines = [f"{place}: {finding.severity}[{finding.rule}] {one_line(finding.message)}", *_excerpt(span, run)]
    if finding.advice:
        lines.append(f"  = write: {one_line(finding.advice)}")
    lines += [f"  = {one_line(r.span.path)}:{r.span.line}: {one_line(r.message)}" for r in finding.related]
    return "\n".join(lines)


def _excerpt(span: Span, run: Preflight) -> list[str]:
    source = run.checkout.text(span.path)
    if source is None:
        return []
    line = source.line(span.line)
    end = span.end_column if span.end_line == span.line else len(line) + 1
    shown, start, stop = columns(line, span.column, end)
    margin = " " * len(str(span.line))
    return [f" {span.line} | {shown}", f" {margin} | {' ' * (start - 1)}{'^' * max(stop - start, 1)}"]


def _checklist(run: Preflight) -> str:
    lines = [f"Contract of {run.deployment.platform.title}"]
    lines += [f"  {c.id:<14}{c.status:<15}{one_line(c.why)}" for c in run.verdict.clauses]
    return "\n".join(lines)
