"""Every page of a rule is a test: its failing examples are reported where it says, and its passing ones are not."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from adaptable_preflight import platforms
from adaptable_preflight.checkout import Checkout
from adaptable_preflight.finding import Finding
from adaptable_preflight.fix import applied
from adaptable_preflight.preflight import preflight
from adaptable_preflight.rules import RULES, page
from adaptable_preflight.settings import settings_of
from adaptable_preflight.settings_file import given

HEADINGS = (
    *("What it finds", "Why it fails on deploy", "Fails", "Passes"),
    *("Fix", "When to allow it", "References"),
)
_FENCE = re.compile(r"^(`{3,})(\S+) (\S+)\n(.*?)^\1$\n?", re.MULTILINE | re.DOTALL)
_REPORTED = re.compile(r"^> ([^:\n]+):(\d+): (.+)$", re.MULTILINE)


class Example(NamedTuple):
    """A tiny repository, and where the rule reports what in it."""

    files: tuple[tuple[str, str], ...]
    reported: tuple[tuple[str, int, str], ...]


def examples(section: str) -> Iterator[Example]:
    """Yield the repositories of a section: fences that only blank lines part belong together."""
    at = 0
    files: list[tuple[str, str]] = []
    for fence in _FENCE.finditer(section):
        between = section[at : fence.start()]
        if files and between.strip():
            yield Example(tuple(files), _reported(between))
            files = []
        files.append((fence[3], fence[4]))
        at = fence.end()
    if files:
        yield Example(tuple(files), _reported(section[at:]))


def _reported(text: str) -> tuple[tuple[str, int, str], ...]:
    return tuple((path, int(line), start) for path, line, start in _REPORTED.findall(text))


def sections(text: str) -> dict[str, str]:
    """Return the text below each heading of the second level; a `#` within a fence is no heading."""
    found: dict[str, str] = {}
    fenced = [range(*match.span()) for match in _FENCE.finditer(text)]
    marks = [m for m in re.finditer(r"^## (.+)\n", text, re.MULTILINE) if not any(m.start() in f for f in fenced)]
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        found[mark[1]] = text[mark.end() : following.start() if following else len(text)]
    return found


def cases(heading: str) -> list[object]:
    return [
        pytest.param(rule.ID, example, id=f"{rule.ID}-{number}")
        for rule in RULES
        for number, example in enumerate(examples(sections(page(rule)).get(heading, "")), 1)
    ]


def lay_out(folder: Path, example: Example) -> Path:
    for name, text in example.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if text.startswith("#!"):
            path.chmod(0o755)
    return folder


def found(folder: Path, rule: str) -> list[Finding]:
    settings = settings_of(given(Checkout(str(folder))))
    run = preflight(Checkout(str(folder), settings.exclude), settings, platforms.load(settings.platform))
    return [finding for finding in run.verdict.shown if finding.rule == rule]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.ID)
def test_a_page_has_all_headings_and_both_kinds_of_examples(rule: object) -> None:
    text = page(rule)  # type: ignore[arg-type]
    parts = sections(text)
    assert text.startswith(f"# {rule.ID}\n")  # type: ignore[attr-defined]
    assert tuple(parts) == HEADINGS
    assert all(body.strip() for body in parts.values())
    failing = list(examples(parts["Fails"]))
    assert failing
    assert all(example.reported for example in failing)
    assert list(examples(parts["Passes"]))


@pytest.mark.parametrize(("rule", "example"), cases("Fails"))
def test_what_fails_is_reported_and_its_fix_repairs_it(rule: str, example: Example, tmp_path: Path) -> None:
    folder = lay_out(tmp_path, example)
    findings = found(folder, rule)
    seen = sorted((f.span.path, f.span.line, f.message) for f in findings)
    wanted = sorted(example.reported)
    assert len(seen) == len(wanted), seen
    for (path, line, message), (wanted_path, wanted_line, start) in zip(seen, wanted, strict=True):
        assert (path, line) == (wanted_path, wanted_line)
        assert message.startswith(start)
    for finding in findings:
        _repair(folder, finding)
    if findings and all(finding.fix is not None for finding in findings):
        assert found(folder, rule) == []


def _repair(folder: Path, finding: Finding) -> None:
    edits = finding.fix.edits if finding.fix is not None else ()
    for path in {edit.span.path for edit in edits}:
        source = Checkout(str(folder)).text(path)
        assert source is not None
        (folder / path).write_text(applied(source, [edit for edit in edits if edit.span.path == path]))


@pytest.mark.parametrize(("rule", "example"), cases("Passes"))
def test_what_passes_is_not_reported(rule: str, example: Example, tmp_path: Path) -> None:
    assert found(lay_out(tmp_path, example), rule) == []
