"""The examples that ship: one app that fails for three reasons of Adaptable's guide, and its repaired twin."""

from pathlib import Path

import pytest

from adaptable_preflight.cli import checked
from adaptable_preflight.settings import Given

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_the_failing_example_fails_for_three_reasons() -> None:
    verdict = checked(str(EXAMPLES / "failing"), ()).verdict
    assert verdict.failed
    assert {(f.rule, f.span.path, f.span.line, str(f.severity)) for f in verdict.shown} == {
        ("loopback-bind", "Procfile", 1, "error"),
        ("missing-server", "Procfile", 1, "error"),
        ("file-database", "app.py", 5, "error"),
    }


@pytest.mark.parametrize("platform", ["adaptable", "cloud-run", "heroku", "render"])
def test_the_repaired_example_passes_without_a_word(platform: str) -> None:
    verdict = checked(str(EXAMPLES / "repaired"), (Given("platform", platform, "here"),)).verdict
    assert verdict.shown == ()
    states = {clause.id: clause.status for clause in verdict.clauses}
    assert [states[name] for name in ("listen", "server", "concurrency")] == ["met", "met", "met"]
    assert set(states.values()) == {"met", "nothing-found"}
