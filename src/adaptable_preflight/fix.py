"""Edits → new text: applied from the end, so that positions stay true, and never where two overlap."""

from collections.abc import Iterable

from adaptable_preflight.finding import Edit, Finding
from adaptable_preflight.source import Source, Span


def safe_edits(findings: Iterable[Finding]) -> dict[str, tuple[Edit, ...]]:
    """Return the edits of all safe fixes by file; a fix that overlaps an earlier one is left out as a whole."""
    chosen: dict[str, list[Edit]] = {}
    for finding in findings:
        edits = finding.fix.edits if finding.fix is not None and finding.fix.safe else ()
        fresh = [edit for edit in edits if edit not in chosen.get(edit.span.path, ())]
        if any(_overlap(edit.span, other.span) for edit in fresh for other in chosen.get(edit.span.path, ())):
            continue
        for edit in fresh:
            if edit.span.in_file:
                chosen.setdefault(edit.span.path, []).append(edit)
    return {path: tuple(edits) for path, edits in chosen.items()}


def applied(source: Source, edits: Iterable[Edit]) -> str:
    """Return the file's text with the edits made.

    Raises ValueError where two of them overlap, or where one lies outside of the text.
    """
    text = source.text
    before = len(text) + 1
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        span = edit.span
        start, end = source.offset(span.line, span.column), source.offset(span.end_line, span.end_column)
        if start is None or end is None or end < start:
            raise ValueError(f"{span.path}:{span.line}: there is no such text")
        if end > before:
            raise ValueError(f"{span.path}:{span.line}: two edits overlap")
        text = text[:start] + edit.text + text[end:]
        before = start
    return text


def _overlap(one: Span, other: Span) -> bool:
    first, second = sorted((one, other))
    return (second.line, second.column) < (first.end_line, first.end_column) or first == second
