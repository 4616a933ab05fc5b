"""Annotations as workflow commands, for a runner's log. The escapes are those of `@actions/core`.

A runner keeps ten annotations of each level and step; what does not fit is named in the last one.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report.escape import log_safe, one_line
from adaptable_preflight.report.phrases import advised, conclusion, counted, place
from adaptable_preflight.source import Span

PER_LEVEL: Final = 10
_MESSAGE_UNITS: Final = 4000
"""The runner cuts a message at 4,096 UTF-16 units; a character takes at most two."""
_PLACES: Final = 20
"""Further places that one annotation names."""


class Annotation(NamedTuple):
    """One annotation; `span` is None where it belongs to no file."""

    level: Severity
    title: str
    message: str
    span: Span | None = None


def render(run: Preflight, prefix: str = "") -> str:
    """Return the annotations, one a line, and the verdict. `prefix`: the checked folder, seen from the workspace."""
    return "".join(f"{line}\n" for line in (*map(command, annotations(run, prefix)), log_safe(conclusion(run.verdict))))


def annotations(run: Preflight, prefix: str = "") -> Iterator[Annotation]:
    """Yield what to annotate, worst first: repeats of one cause are one, and each level keeps within its limit."""
    from adaptable_preflight.rules import RULES

    summaries = {rule.ID: rule.SUMMARY for rule in RULES}
    causes: dict[tuple[str, str, Severity], list[Finding]] = {}
    for finding in run.verdict.shown:
        causes.setdefault((finding.rule, finding.message, finding.severity), []).append(finding)
    for level in reversed(Severity):
        merged = [_merged(group, summaries, prefix) for group in causes.values() if group[0].severity == level]
        yield from _limited(merged, level)


def _merged(group: list[Finding], summaries: dict[str, str], prefix: str) -> Annotation:
    finding, *others = (each._replace(span=_seen_from(each.span, prefix)) for each in group)
    span = finding.span if finding.span.in_file else None
    lines = [finding.message]
    if finding.advice:
        lines.append(f"Help: {advised(finding)}")
    if span is None or not _can_be_named(span.path):
        lines.append(f"In: {place(finding.span)}")
        span = None
    if others:
        more = f" and {len(others) - _PLACES} more" if len(others) > _PLACES else ""
        lines.append(f"Also in: {', '.join(place(other.span) for other in others[:_PLACES])}{more}")
    title = f"{finding.rule}: {summaries[finding.rule].rstrip('.')}"
    return Annotation(finding.severity, title, "\n".join(map(one_line, lines)), span)


def _seen_from(span: Span, prefix: str) -> Span:
    return span._replace(path=prefix + span.path) if span.in_file else span


def _can_be_named(path: str) -> bool:
    """Whether a runner takes the path as it is; it turns backslashes, and shows control characters to nobody."""
    return path.isprintable() and "\\" not in path and not path.startswith("/")


def _limited(found: list[Annotation], level: Severity) -> Iterable[Annotation]:
    if len(found) <= PER_LEVEL:
        return found
    rest = len(found) - PER_LEVEL + 1
    message = f"{counted(rest, f'more {level}')} stand in the summary of this job: GitHub shows {PER_LEVEL} of a kind."
    return [*found[: PER_LEVEL - 1], Annotation(level, f"{rest} more of level {level}", message)]


def command(annotation: Annotation) -> str:
    """Return the workflow command of an annotation."""
    properties = {"title": one_line(annotation.title)[:200]}
    span = annotation.span
    if span is not None:
        properties |= {"file": span.path, "line": str(span.line), "endLine": str(span.end_line)}
        if span.line == span.end_line and span.column < span.end_column:  # a runner drops columns of several lines
            properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{annotation.level} {listed}::{_data(log_safe(_cut(annotation.message)))}"


def _cut(message: str) -> str:
    return message if len(message) <= _MESSAGE_UNITS // 2 else message[: _MESSAGE_UNITS // 2] + " …"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
