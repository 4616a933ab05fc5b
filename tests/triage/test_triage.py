from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from adaptable_preflight import platforms
from adaptable_preflight.checkout import Checkout
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Code, Deployment, Gap, Origin, Process, Server
from adaptable_preflight.rules import RULES, Rule
from adaptable_preflight.settings import Allow, Settings, SettingsError
from adaptable_preflight.source import Span
from adaptable_preflight.triage import Verdict, judge


class Named:
    """A rule of which only the constants matter."""

    CLAUSE, SUMMARY = "stateless", ""

    def __init__(self, rule: str, severity: Severity) -> None:
        self.ID, self.SEVERITY = rule, severity

    def check(self, deployment: Deployment, /) -> Any:
        return iter(())


KNOWN: tuple[Rule, ...] = (*RULES, Named("file-database", Severity.ERROR), Named("local-cache", Severity.WARNING))
PROCFILE = Span("Procfile", 1, 6, 1, 9)
WEB = Process("web", Origin("procfile", PROCFILE), "x", True)
LOST = Process("web", Origin("dockerfile", Span("Dockerfile", 3, 1, 3, 9), chosen=False), "y", True)


def at(line: int, rule: str = "file-database", path: str = "app.py", **fields: Any) -> Finding:
    return Finding(rule, Severity.ERROR, Span(path, line, 1, line, 4), "gone", **fields)


@pytest.fixture
def verdict(repository: Callable[[Mapping[str, str]], Path]) -> Callable[..., Verdict]:
    def make(files: Mapping[str, str], *findings: Finding, **settings: Any) -> Verdict:
        severities = settings.pop("severities", {})
        process = settings.pop("process", WEB)
        code = settings.pop("code", Code())
        platform = platforms.load("adaptable")._replace(severities=severities)
        processes = (process,) if process else ()
        deployment = Deployment(platform, Settings(**settings), processes, code=code)
        checkout = Checkout(str(repository(files)))
        for path in files:
            checkout.read(path)
        return judge(findings, deployment, checkout, KNOWN)

    return make


def test_the_worst_comes_first_and_each_line_is_told_once(verdict: Callable[..., Verdict]) -> None:
    warning = at(1, "local-cache")._replace(severity=Severity.WARNING)
    seen = verdict({}, warning, at(9), at(2), at(9)._replace(severity=Severity.NOTICE)).shown
    assert [(f.rule, f.span.line, str(f.severity)) for f in seen] == [
        ("file-database", 2, "error"),
        ("file-database", 9, "error"),
        ("local-cache", 1, "warning"),
    ]


def test_what_a_lost_start_command_would_do_is_a_notice_that_says_so(verdict: Callable[..., Verdict]) -> None:
    (finding,) = verdict({}, at(3, process=LOST)).shown
    assert (finding.severity, finding.message) == (
        Severity.NOTICE,
        "If the platform starts from Dockerfile: gone",
    )


def test_what_a_misnamed_file_would_start_weighs_no_more_than_its_name(verdict: Callable[..., Verdict]) -> None:
    warning = at(4, "local-cache", process=LOST)._replace(severity=Severity.WARNING)
    shown = verdict({}, at(3, process=LOST), warning, at(5), process=LOST).shown
    assert [(f.span.line, str(f.severity)) for f in shown] == [(5, "error"), (3, "warning"), (4, "warning")]


def test_what_compose_starts_is_a_notice_where_nothing_else_starts_anything(verdict: Callable[..., Verdict]) -> None:
    compose = LOST._replace(origin=LOST.origin._replace(kind="compose"))
    shown = verdict({}, at(3, process=compose), process=compose).shown
    assert [str(f.severity) for f in shown] == ["notice"]


def test_one_of_several_servers_that_nobody_can_choose_between_is_lowered(verdict: Callable[..., Verdict]) -> None:
    two = (Server("flask", "dev", PROCFILE), Server("flask", "dev", PROCFILE))
    undecided = WEB._replace(outcome="unknown", servers=two)
    shown = verdict({}, at(3, process=undecided), at(4, process=WEB), process=undecided).shown
    assert [(f.span.line, str(f.severity)) for f in shown] == [(4, "error"), (3, "warning")]


def test_the_chosen_start_command_outweighs_the_lost_one_on_the_same_line(verdict: Callable[..., Verdict]) -> None:
    (finding,) = verdict({}, at(3, process=LOST), at(3, process=WEB)).shown
    assert (finding.severity, finding.message) == (Severity.ERROR, "gone")


def test_without_a_start_command_findings_about_code_are_lowered(verdict: Callable[..., Verdict]) -> None:
    rules = ("missing-start-command", "undeclared-import")
    found = verdict({}, at(1), at(1, path="Dockerfile"), *(at(1, rule) for rule in rules), process=None).shown
    assert {(f.rule, f.span.path): str(f.severity) for f in found} == {
        ("file-database", "app.py"): "warning",
        ("file-database", "Dockerfile"): "error",
        ("missing-start-command", "app.py"): "error",
        ("undeclared-import", "app.py"): "error",
    }


def test_a_gap_lowers_what_rests_on_an_absence(verdict: Callable[..., Verdict]) -> None:
    gaps = Code(gaps=(Gap(PROCFILE, "imported by a name that is made at run time"),))
    found = verdict({}, at(1, from_absence=True), at(2), code=gaps).shown
    assert [(f.span.line, str(f.severity)) for f in found] == [(2, "error"), (1, "warning")]


@pytest.mark.parametrize(
    ("override", "seen"),
    [
        ("warning", ["warning", "notice"]),
        ("notice", ["notice", "notice"]),
        ("off", []),
        ("error", ["error", "warning"]),
    ],
)
def test_a_platform_moves_a_rule(verdict: Callable[..., Verdict], override: str, seen: list[str]) -> None:
    doubtful = at(2)._replace(severity=Severity.WARNING)
    shown = verdict({}, at(1), doubtful, severities={"file-database": override}).shown
    assert [str(f.severity) for f in shown] == seen


@pytest.mark.parametrize(
    "text",
    [
        "db()  # preflight: allow[file-database] a demo",
        "# preflight: allow[file-database] a demo\ndb()",
        "# preflight: allow[local-cache, file-database] a demo\n# and a word more\ndb()",
    ],
)
def test_a_comment_allows_on_its_line_and_the_next(verdict: Callable[..., Verdict], text: str) -> None:
    judged = verdict({"app.py": text}, at(text.count("\n") + 1))
    assert not judged.shown
    assert not judged.failed
    (silenced,) = judged.silenced
    assert silenced.by == "app.py:1: a demo"
    assert next(c for c in judged.clauses if c.id == "stateless").status == "violated"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("db()  # preflight: allow[file-database] a demo\ndb()", 2),
        ("# preflight: allow[local-cache] a demo\ndb()", 2),
        ("# preflight: allow[file-database]\ndb()", 2),
        ("x = '# preflight: allow[file-database] a demo'", 1),
        ("# preflight: allow[file-database] a demo\nx = 1\ndb()", 3),
    ],
)
def test_other_lines_other_rules_text_and_no_reason_allow_nothing(
    verdict: Callable[..., Verdict], text: str, line: int
) -> None:
    assert "file-database" in [f.rule for f in verdict({"app.py": text}, at(line)).shown]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1  # preflight: allow[file-database] a demo", "not needed"),
        ("x = 1  # preflight: allow[file-database]", "no reason"),
    ],
)
def test_an_unused_allow_is_reported(verdict: Callable[..., Verdict], text: str, says: str) -> None:
    (finding,) = verdict({"app.py": text}).shown
    assert (finding.rule, finding.span.line, finding.span.column) == ("unused-allow", 1, 8)
    assert says in finding.message


def test_an_entry_allows_by_path(verdict: Callable[..., Verdict]) -> None:
    entry = Allow("src/*.py", "file-database", "tests only", PROCFILE)
    judged = verdict({}, at(1, path="src/a/b.py"), at(1), allow=(entry,))
    assert [f.span.path for f in judged.shown] == ["app.py"]
    assert [s.by for s in judged.silenced] == ["Procfile:1: tests only"]
    assert [f.rule for f in verdict({}, allow=(entry,)).shown] == ["unused-allow"]


@pytest.mark.parametrize("given", ["entry", "comment"])
def test_an_allow_of_a_rule_that_does_not_exist_is_a_mistake(verdict: Callable[..., Verdict], given: str) -> None:
    entries = (Allow("a", "file-databse", "r", PROCFILE),) if given == "entry" else ()
    files = {"app.py": "# preflight: allow[file-databse] r"} if given == "comment" else {}
    with pytest.raises(SettingsError, match=r":1: .*«file-databse».*«file-database»"):
        verdict(files, allow=entries)


@pytest.mark.parametrize(
    ("fail_on", "failed"), [("error", False), ("warning", True), ("notice", True), ("never", False)]
)
def test_the_verdict_looks_at_what_is_shown(verdict: Callable[..., Verdict], fail_on: str, failed: bool) -> None:
    assert verdict({}, at(1)._replace(severity=Severity.WARNING), fail_on=fail_on).failed is failed


def test_a_lost_start_command_violates_no_clause(verdict: Callable[..., Verdict]) -> None:
    judged = verdict({}, at(1, process=LOST))
    assert next(c for c in judged.clauses if c.id == "stateless").status == "unknown"
