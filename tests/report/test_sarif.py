import json
from collections.abc import Callable
from typing import Any

from adaptable_preflight.finding import Edit, Finding, Fix, Related, Severity
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report import sarif
from adaptable_preflight.rules import RULES
from adaptable_preflight.source import START_COMMAND, Span

Run = Callable[..., Preflight]


def finding(line: int, path: str = "app.py") -> Finding:
    return Finding("unused-allow", Severity.WARNING, Span(path, line, 5, line, 9), "it is gone", "keep it")


def log(run: Preflight, prefix: str = "") -> Any:
    (only,) = json.loads(sarif.render(run, prefix))["runs"]
    return only


def marks(run: Preflight) -> list[str]:
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in log(run)["results"]]


def test_every_rule_brings_its_page(run: Run) -> None:
    rules = log(run({}))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.ID for rule in RULES]
    assert all(rule["help"]["markdown"].startswith(f"# {rule['id']}\n") for rule in rules)
    assert all(rule["shortDescription"]["text"].endswith(".") for rule in rules)


def test_a_result_names_its_rule_and_its_place_in_the_repository(run: Run) -> None:
    related = (Related(Span("a b.py", 3, 1, 3, 2), "because"),)
    fix = Fix((Edit(Span("app.py", 2, 5, 2, 9), "x"),))
    (result,) = log(run({}, finding(2)._replace(related=related, fix=fix)), "apps/ü/")["results"]
    assert RULES[result["ruleIndex"]].ID == result["ruleId"] == "unused-allow"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "apps/%C3%BC/app.py"
    assert place["region"] == {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 9}
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "apps/%C3%BC/a%20b.py"
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": "x"}


def test_a_fingerprint_survives_moved_lines_and_tells_repeats_apart(run: Run) -> None:
    before = marks(run({"app.py": "a\n    x = 1\n    x = 1\n"}, finding(2), finding(3)))
    after = marks(run({"app.py": "a\n\n\nb\n  x = 1\n  x = 1\n"}, finding(5), finding(6)))
    other = marks(run({"app.py": "a\n    x = 2\n"}, finding(2)))
    assert before == after
    assert len(set(before)) == 2
    assert other[0] not in before


def test_what_stands_in_no_file_is_shown_in_one_that_exists(run: Run) -> None:
    (result,) = log(run({"app.py": ""}, finding(1, START_COMMAND), paths=("app.py",)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "app.py"


def test_what_is_allowed_is_left_out(run: Run) -> None:
    text = "# preflight: allow[unused-allow] why\nx = 1\n"
    made = run({"app.py": text}, finding(2))
    assert len(made.verdict.silenced) == 1
    assert log(made)["results"] == []
