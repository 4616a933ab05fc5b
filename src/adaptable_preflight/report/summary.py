"""The job summary: GitHub Markdown that stays correct whatever the checked files contain.

Text of the repository is written as character references inside HTML, so that it is no markup, mention, link,
emoji or formula. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from adaptable_preflight.clauses import TITLES, Clause, Status
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.fix import applied, safe_edits
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report.escape import columns, log_safe, markdown, one_line
from adaptable_preflight.report.phrases import STATUS_WORDS, advised, conclusion, counted, outcome, reason
from adaptable_preflight.source import START_COMMAND, Span

LIMIT: Final = 900_000
"""Bytes; GitHub drops a summary of more than 1 MiB as a whole."""

_ICONS: Final[dict[Status, str]] = {"met": "✅", "violated": "❌", "nothing-found": "➖", "unknown": "🟡"}
_LEVELS: Final = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTICE: "ℹ️"}


def render(run: Preflight, prefix: str = "", tree: str = "") -> str:
    """Return the summary.

    `prefix`: the checked folder, seen from the repository's root. `tree`: the URL below which the files of this
    commit are shown; without it places are no links.
    """
    write = _Writer(run, prefix, tree)
    text = "\n".join([*write.head(), ""])
    size = len(text.encode())
    findings = list(write.findings())
    for index, (block, _) in enumerate(findings):
        size += len(block.encode()) + 1
        if size > LIMIT:
            rest = sum(count for _, count in findings[index:])
            return log_safe(f"{text}\n**{counted(rest, 'more finding')}** would not fit here: see the JSON report.\n")
        text += block + "\n"
    diff = write.fixes()
    return log_safe(text + diff if size + len(diff.encode()) < LIMIT else text)


class _Writer:
    """Writes the parts for one run."""

    def __init__(self, run: Preflight, prefix: str, tree: str) -> None:
        self.run = run
        self.prefix = prefix
        self.tree = tree

    def head(self) -> Iterator[str]:
        """Yield the verdict, what will run, and the checklist."""
        verdict, platform = self.run.verdict, self.run.deployment.platform
        yield f"## {'❌' if verdict.failed else '✅'} Pre-flight for {markdown(platform.title)}"
        yield f"\n**{markdown(conclusion(verdict))}**"
        for process in self.run.deployment.processes:
            if process.origin.chosen:
                yield f"\n**{markdown(process.name)}** {self.place(process.origin.span)}"
                yield f"<pre>{_code(process.command)}</pre>"
                yield markdown(outcome(process))
        yield "\n### Checklist\n"
        yield from map(self.clause, verdict.clauses)

    def clause(self, clause: Clause) -> str:
        """Return one line of the checklist."""
        places = list(dict.fromkeys(map(self.place, clause.evidence)))
        more = f" and {len(places) - 3} more" if len(places) > 3 else ""
        evidence = f" · {', '.join(places[:3])}{more}" if places else ""
        icon = _LEVELS[clause.worst] if clause.worst is not None else _ICONS[clause.status]
        head = f"{icon} **{clause.id}**: {markdown(TITLES[clause.id])}"
        return f"- {head}<br>*{STATUS_WORDS[clause.status]}*: {markdown(one_line(reason(clause)))}{evidence}"

    def findings(self) -> Iterator[tuple[str, int]]:
        """Yield the findings by process and file, each block with how many findings it holds."""
        groups: dict[tuple[str, str], list[Finding]] = {}
        for finding in self.run.verdict.shown:
            process = finding.process.name if finding.process is not None else ""
            groups.setdefault((process, finding.span.path), []).append(finding)
        if groups:
            yield "\n### Findings", 0
        for (process, path), found in groups.items():
            name = "Start command" if path == START_COMMAND else f"<code>{_code(path)}</code>"
            yield f"\n#### {name}{f' ({markdown(process)})' if process else ''}", 0
            for finding in found:
                yield self.finding(finding), 1

    def finding(self, finding: Finding) -> str:
        """Return one finding with its line and what to write instead."""
        lines = [
            f"\n{_LEVELS[finding.severity]} **{finding.rule}** {self.place(finding.span)}: {markdown(finding.message)}"
        ]
        excerpt = self.excerpt(finding.span)
        if excerpt:
            lines.append(excerpt)
        if finding.advice:
            lines.append(f"\n💡 {markdown(advised(finding))}")
        lines += [f"\n↳ {self.place(each.span)}: {markdown(each.message)}" for each in finding.related]
        return "\n".join(lines)

    def excerpt(self, span: Span) -> str:
        """Return the line with the span in bold; empty where the text stands in no file."""
        source = self.run.checkout.text(span.path) if span.in_file else None
        line = source.line(span.line) if source is not None else ""
        if not line.strip() or len(line) > 400:
            return ""
        end = span.end_column if span.end_line == span.line else len(line) + 1
        shown, start, stop = columns(line, span.column, max(end, span.column))
        before, inside, after = shown[: start - 1], shown[start - 1 : stop - 1], shown[stop - 1 :]
        return f"<pre>{markdown(before)}<b>{markdown(inside)}</b>{markdown(after)}</pre>"

    def place(self, span: Span) -> str:
        """Return where a span stands, as a link where there is something to link to."""
        if not span.in_file:
            return "start command" if span.path == START_COMMAND else markdown(span.path)
        shown = f"<code>{_code(f'{span.path}:{span.line}')}</code>"
        if not self.tree:
            return shown
        path = quote((self.prefix + span.path).encode("utf-8", "surrogateescape"))
        last = f"-L{span.end_line}" if span.end_line > span.line else ""
        return f'<a href="{self.tree}/{path}#L{span.line}{last}">{shown}</a>'

    def fixes(self) -> str:
        """Return the safe fixes as one diff; empty where there are none."""
        from difflib import unified_diff

        lines: list[str] = []
        for path, edits in sorted(safe_edits(self.run.verdict.shown).items()):
            source = self.run.checkout.text(path)
            if source is not None:
                before, after = source.text.splitlines(), applied(source, edits).splitlines()
                name = one_line(self.prefix + path)
                lines += unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")
        if not lines:
            return ""
        shown = [one_line(line.replace("\t", "    ")) for line in lines]
        fence = "`" * max(3, 1 + max(_longest_run(line) for line in shown))
        return "\n".join(["\n### Safe fixes\n", f"{fence}diff", *shown, fence, ""])


def _code(text: str) -> str:
    return markdown(one_line(text))


def _longest_run(line: str) -> int:
    longest = run = 0
    for character in line:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
