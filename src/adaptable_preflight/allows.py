"""Findings that somebody accepts: `# preflight: allow[rule] reason` on or above the line, or an entry of the settings.

An allow without a reason counts for nothing, and one that nothing needs is a finding itself.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.finding import Finding
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.rules import unused_allow
from adaptable_preflight.settings import Allow, SettingsError, nearest
from adaptable_preflight.source import Source, Span

_COMMENT = late_pattern(r"[#;][ \t]*preflight:[ \t]*allow\[([^\]\n]*)\][ \t]*([^\n\r]*)")
_MARK = "preflight:"


class Silenced(NamedTuple):
    """A finding that somebody allowed, and by what."""

    finding: Finding
    by: str


class _Comment(NamedTuple):
    rules: tuple[str, ...]
    reason: str
    span: Span
    lines: range
    """The lines whose findings it allows."""

    def allows(self, finding: Finding) -> bool:
        """Whether it is meant for the finding."""
        near = finding.span.path == self.span.path and (
            finding.span.line in self.lines or finding.span.end_line in self.lines
        )
        return near and finding.rule in self.rules and bool(self.reason)


def silence(
    findings: tuple[Finding, ...], entries: tuple[Allow, ...], checkout: Checkout, rules: tuple[str, ...]
) -> tuple[tuple[Finding, ...], tuple[Silenced, ...]]:
    """Return what is left of the findings, with the allows that are not used, and what was silenced.

    Raises SettingsError where an allow names a rule that does not exist.
    """
    for entry in entries:
        _demand(entry.rule, entry.span, rules)
    for finding in findings:
        checkout.text(finding.span.path)  # a file may be judged by its name alone, and hold a comment all the same
    comments = [comment for source in checkout.sources() for comment in _comments(source, rules)]
    shown: list[Finding] = []
    silenced: list[Silenced] = []
    used: set[Allow | _Comment] = set()
    for finding in findings:
        by = _allowed_by(finding, entries, comments)
        used.update(by)
        if by:
            silenced.append(Silenced(finding, _said(by[0])))
        else:
            shown.append(finding)
    every: tuple[Allow | _Comment, ...] = (*entries, *comments)
    unused = (each for each in every if each not in used)
    shown += [unused_allow.finding(each.span, _rules_of(each), each.reason) for each in unused]
    return tuple(shown), tuple(silenced)


def _allowed_by(finding: Finding, entries: Iterable[Allow], comments: Iterable[_Comment]) -> list[Allow | _Comment]:
    by_entry = [entry for entry in entries if entry.rule == finding.rule and _matches(finding.span.path, entry.path)]
    return [*by_entry, *(comment for comment in comments if comment.allows(finding))]


def _matches(path: str, pattern: str) -> bool:
    from fnmatch import fnmatchcase

    return fnmatchcase(path, pattern)


def _rules_of(allow: Allow | _Comment) -> tuple[str, ...]:
    return (allow.rule,) if isinstance(allow, Allow) else allow.rules


def _said(allow: Allow | _Comment) -> str:
    return f"{allow.span.path}:{allow.span.line}: {allow.reason}"


def _demand(rule: str, span: Span, rules: tuple[str, ...]) -> None:
    if rule not in rules:
        raise SettingsError(f"{span.path}:{span.line}: there is no rule «{rule}»{nearest(rule, rules)}", span)


def _comments(source: Source, rules: tuple[str, ...]) -> Iterator[_Comment]:
    if _MARK not in source.text:
        return
    comment_lines = _python_comments(source) if source.path.endswith(".py") else None
    for match in _COMMENT.finditer(source.text):
        span = source.span(match.start(), match.start() + len(match[0].rstrip()))
        if comment_lines is not None and span.line not in comment_lines:
            continue
        named = tuple(name.strip() for name in match[1].split(",") if name.strip())
        for rule in named:
            _demand(rule, span, rules)
        yield _Comment(named, match[2].strip(), span, _meant(source, span))


def _meant(source: Source, span: Span) -> range:
    """Return the comment's own line; a comment alone on its line means the next line that holds more than a comment."""
    if source.line(span.line)[: span.column - 1].strip():
        return range(span.line, span.line + 1)
    line = span.line + 1
    while source.line(line).lstrip().startswith(("#", ";")):
        line += 1
    return range(span.line, line + 1)


def _python_comments(source: Source) -> frozenset[int] | None:
    """Return the lines with a comment; None where the file is no Python, so that nothing can be told."""
    import io
    import tokenize

    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source.text).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    return frozenset(token.start[0] for token in tokens if token.type == tokenize.COMMENT)
