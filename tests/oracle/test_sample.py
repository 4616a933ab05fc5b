"""What the tool says of start commands that were really run."""

from pathlib import Path

import pytest

from tests.oracle.scoring import SAMPLE, cases, score, summary

FILES = [SAMPLE, SAMPLE.with_name("shell_cases.jsonl")]
"""Start commands of every kind, and commands and scripts that try the shell and what stands in front of a server."""

ACCURACY, COVERAGE = 0.99, 0.9
"""The least that a sample may show. One case of the sample is about four thousandths."""


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_the_tool_is_right_where_it_commits_itself_and_seldom_does_not(file: Path) -> None:
    answers = score(cases(file))
    crashed = [(answer.case["id"], answer.said) for answer in answers if answer.result == "crash"]
    assert not crashed
    committed = [answer for answer in answers if answer.result != "unknown"]
    wrong = [answer.case["id"] for answer in committed if answer.result == "wrong"]
    assert 1 - len(wrong) / len(committed) >= ACCURACY, f"{wrong}\n{summary(answers)}"
    assert len(committed) / len(answers) >= COVERAGE, summary(answers)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_the_number_of_workers_agrees(file: Path) -> None:
    compared = [answer.workers for answer in score(cases(file)) if answer.workers is not None]
    assert sum(compared) / len(compared) >= ACCURACY
