from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report import github
from adaptable_preflight.source import START_COMMAND, Span

Run = Callable[..., Preflight]


def finding(
    line: int, message: str = "it is gone", severity: Severity = Severity.ERROR, path: str = "app.py"
) -> Finding:
    return Finding("unused-allow", severity, Span(path, line, 3, line, 7), message)


def commands(run: Preflight, prefix: str = "") -> list[str]:
    *lines, verdict = github.render(run, prefix).splitlines()
    assert verdict.startswith(("Pass: ", "Fail: "))
    return lines


TITLE = "title=unused-allow%3A An allow that no finding needs%2C or that gives no reason"
ADVICE = "%0AHelp: a\\nb"


def test_an_annotation_is_written_byte_for_byte(run: Run) -> None:
    made = Finding("unused-allow", Severity.WARNING, Span("a,b:c.py", 2, 3, 2, 7), "50% gone: x, y", "a\nb")
    assert commands(run({"a,b:c.py": "\n"}, made), "apps/web/") == [
        f"::warning {TITLE},file=apps/web/a%2Cb%3Ac.py,line=2,endLine=2,col=3,endColumn=7::50%25 gone: x, y{ADVICE}"
    ]


def test_columns_are_left_out_where_the_span_covers_lines_or_nothing(run: Run) -> None:
    several = Finding("unused-allow", Severity.ERROR, Span("a.py", 2, 3, 4, 1), "x")
    empty = Finding("unused-allow", Severity.ERROR, Span("a.py", 1, 1, 1, 1), "y")
    assert [line.partition("::")[2].partition(",file")[2] for line in commands(run({}, several, empty))] == [
        "=a.py,line=1,endLine=1::y",
        "=a.py,line=2,endLine=4::x",
    ]


def test_repeats_of_one_cause_are_one_annotation(run: Run) -> None:
    (line,) = commands(run({}, finding(3), finding(9), finding(5, path="b.py")), "web/")
    assert line.endswith("::it is gone%0AAlso in: web/app.py:9, web/b.py:5")
    assert ",file=web/app.py,line=3," in line


def test_each_level_keeps_to_ten_and_the_last_names_the_rest(run: Run) -> None:
    many = [finding(n, f"cause {n}") for n in range(1, 31)]
    many += [finding(n, f"cause {n}", Severity.NOTICE) for n in range(101, 111)]
    lines = commands(run({}, *many))
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 10 + ["::notice"] * 10
    assert lines[9] == (
        "::error title=21 more of level error::21 more errors stand in the summary of this job: "
        "GitHub shows 10 of a kind."
    )


@pytest.mark.parametrize("path", [START_COMMAND, "a\\b.py", "a\u202eb.py", "a\nb.py"])
def test_what_a_runner_cannot_place_is_named_in_the_message(run: Run, path: str) -> None:
    (line,) = commands(run({}, finding(1, path=path)))
    assert ",file=" not in line
    assert "%0AIn: " in line


def test_a_message_fits_into_what_the_runner_keeps(run: Run) -> None:
    (line,) = commands(run({}, finding(1, "x😀" * 5000)))
    message = line.rpartition("::")[2]
    assert len(message.encode("utf-16-le")) // 2 <= 4096
    assert message.endswith(" …")
