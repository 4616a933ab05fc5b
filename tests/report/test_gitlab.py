import json
from collections.abc import Callable

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report import gitlab, junit
from adaptable_preflight.source import START_COMMAND, Span


def finding(line: int, path: str = "app.py", severity: Severity = Severity.ERROR) -> Finding:
    return Finding("unused-allow", severity, Span(path, line, 5, line, 9), f"cause {line}", "keep it")


def test_gitlab_gets_places_severities_and_marks_of_their_own(run: Callable[..., Preflight]) -> None:
    made = run(
        {"app.py": "a\na\n"},
        finding(1),
        finding(2, severity=Severity.NOTICE),
        finding(1, START_COMMAND),
        paths=("app.py",),
    )
    issues = json.loads(gitlab.render(made, "web/"))
    assert [(issue["severity"], issue["location"]) for issue in issues] == [
        ("critical", {"path": "web/app.py", "lines": {"begin": 1, "end": 1}}),
        ("critical", {"path": "web/app.py", "lines": {"begin": 1, "end": 1}}),
        ("info", {"path": "web/app.py", "lines": {"begin": 2, "end": 2}}),
    ]
    assert len({issue["fingerprint"] for issue in issues}) == 3


def test_junit_fails_by_what_makes_the_check_fail(run: Callable[..., Preflight]) -> None:
    found = (finding(1), finding(2, severity=Severity.WARNING))
    strict = junit.render(run({"app.py": "a\n"}, *found, settings={"fail_on": "warning"}))
    never = junit.render(run({"app.py": "a\n"}, *found, settings={"fail_on": "never"}))
    assert 'tests="11" failures="1" skipped="10"' in strict
    assert "app.py:2:5: warning[unused-allow]: cause 2 Help: keep it" in strict
    assert 'tests="10" failures="0"' in never
