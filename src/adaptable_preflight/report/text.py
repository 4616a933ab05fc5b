"""The report for people: each finding with its line, what will run, and the checklist of the contract."""

from typing import Final, NamedTuple

from adaptable_preflight.clauses import Clause, Status
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report.escape import columns, log_safe, one_line, width
from adaptable_preflight.report.phrases import STATUS_WORDS, advised, conclusion, outcome, place, reason
from adaptable_preflight.source import Span

_LINE_WIDTH: Final = 160
"""Characters of a source line that are shown around what is underlined."""

_CODES: Final = late_pattern("\x1b\\[[0-9;]*m")
_BOLD, _DIM, _RED, _YELLOW, _BLUE, _GREEN, _CYAN = "1", "2", "1;31", "1;33", "1;34", "1;32", "36"
_COLOURS: Final = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW, Severity.NOTICE: _BLUE}
_SYMBOLS: Final[dict[Status, tuple[str, str]]] = {
    "met": ("✓", _GREEN),
    "violated": ("✗", _RED),
    "nothing-found": ("·", _DIM),
    "unknown": ("?", _YELLOW),
}


class Pen(NamedTuple):
    """Colours text and breaks its lines, or leaves it as it is."""

    colour: bool = False
    columns: int = 0
    """How wide the terminal is; 0: there is none, and lines stay whole."""

    def __call__(self, code: str, text: str) -> str:
        """Return the text in a colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def wrapped(self, text: str, indent: int) -> str:
        """Return the text with its lines broken at spaces; all but the first are indented."""
        if not self.columns:
            return text
        lines, room = [""], max(self.columns, indent + 30)
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines[-1] or not lines[1:] else f"{' ' * indent}{word}"
            if width(_CODES.sub("", longer)) <= room or not lines[-1].strip():
                lines[-1] = longer
            else:
                lines.append(" " * indent + word)
        return "\n".join(lines)[1:]


def render(run: Preflight, colour: bool = False, columns: int = 0) -> str:
    """Return the report; for a terminal in colour and broken at its width."""
    pen = Pen(colour, columns)
    blocks = [_finding(finding, run, pen) for finding in run.verdict.shown]
    blocks += [block for block in (_processes(run, pen), _checklist(run, pen)) if block]
    verdict = pen(_RED if run.verdict.failed else _GREEN, conclusion(run.verdict))
    return log_safe("\n\n".join([*blocks, verdict]) + "\n")


def _finding(finding: Finding, run: Preflight, pen: Pen) -> str:
    strong = _COLOURS[finding.severity]
    head = f"{pen(_BOLD, place(finding.span, columns=True))}: {pen(strong, f'{finding.severity}[{finding.rule}]')}"
    margin = " " * len(str(finding.span.line))
    told = pen.wrapped(f"{head}: {one_line(finding.message)}", len(margin) + 3)
    lines = [told, *_excerpt(finding.span, run, pen, strong)]
    if finding.advice:
        help_text = f"{margin} {pen(_DIM, '=')} {pen(_GREEN, 'help:')} {advised(finding)}"
        lines.append(pen.wrapped(help_text, len(margin) + 9))
    for related in finding.related:
        where = f"{pen(_BOLD, place(related.span, columns=True))}: " if related.span != finding.span else ""
        because = f"{margin} {pen(_DIM, '=')} {pen(_CYAN, 'because:')} {where}{one_line(related.message)}"
        lines.append(pen.wrapped(because, len(margin) + 12))
    return "\n".join(lines)


def _excerpt(span: Span, run: Preflight, pen: Pen, strong: str) -> list[str]:
    """Return the line with the span underlined; empty where the text stands in no file."""
    line = _line(span, run)
    if not line.strip():
        return []
    end = span.end_column if span.end_line == span.line else len(line.rstrip()) + 1
    shown, start, stop = _cropped(*columns(line, span.column, max(end, span.column)))
    bar, number = pen(_DIM, "|"), pen(_DIM, str(span.line))
    under = "^" * max(width(shown[start - 1 : stop - 1]), 1)
    gap = " " * width(shown[: start - 1])
    margin = " " * len(str(span.line))
    return [f"{margin} {bar}", f"{number} {bar} {shown}", f"{margin} {bar} {gap}{pen(strong, under)}"]


def _line(span: Span, run: Preflight) -> str:
    if not span.in_file:
        return run.deployment.settings.start_command.split("\n")[0]
    source = run.checkout.text(span.path)
    return source.line(span.line) if source is not None else ""


def _cropped(line: str, start: int, stop: int) -> tuple[str, int, int]:
    """Return the part of a long line around two columns, and where these are then."""
    stop = min(stop, start + _LINE_WIDTH)
    if len(line) <= _LINE_WIDTH:
        return line, start, stop
    first = max(0, min(start - 41, len(line) - _LINE_WIDTH))
    before = "…" if first else ""
    after = "…" if first + _LINE_WIDTH < len(line) else ""
    moved = len(before) - first
    return before + line[first : first + _LINE_WIDTH] + after, start + moved, min(stop + moved, _LINE_WIDTH + 2)


def _processes(run: Preflight, pen: Pen) -> str:
    rows = []
    for process in run.deployment.processes:
        if process.origin.chosen:
            where = pen(_DIM, f"({place(process.origin.span)})")
            rows.append(pen.wrapped(f"  {pen(_BOLD, one_line(process.name))}: {one_line(process.command)} {where}", 6))
            rows.append(pen.wrapped(f"    {outcome(process)}", 6))
    return "\n".join([pen(_BOLD, "What will run"), *rows]) if rows else ""


def _checklist(run: Preflight, pen: Pen) -> str:
    title = f"Pre-flight checklist for {run.deployment.platform.title}"
    return "\n".join([pen(_BOLD, title), *(_row(clause, pen) for clause in run.verdict.clauses)])


def _row(clause: Clause, pen: Pen) -> str:
    symbol, code = _SYMBOLS[clause.status]
    if clause.worst is not None and clause.worst < Severity.ERROR:
        symbol, code = "!", _COLOURS[clause.worst]
    places = list(dict.fromkeys(place(span) for span in clause.evidence))
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    evidence = pen(_DIM, f" ({', '.join(places[:3])}{more})") if places else ""
    status = pen(code, f"{symbol} {clause.id:<14} {STATUS_WORDS[clause.status]:<14}")
    return pen.wrapped(f"  {status} {one_line(reason(clause))}{evidence}", 34)
