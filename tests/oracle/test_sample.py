"""What the tool says of start commands that were really run."""

from tests.oracle.scoring import cases, score, summary

ACCURACY, COVERAGE = 0.99, 0.95
"""The least that a sample may show. One case of the sample is about four thousandths."""


def test_the_tool_is_right_where_it_commits_itself_and_seldom_does_not() -> None:
    answers = score(cases())
    crashed = [(answer.case["id"], answer.said) for answer in answers if answer.result == "crash"]
    assert not crashed
    committed = [answer for answer in answers if answer.result != "unknown"]
    wrong = [answer.case["id"] for answer in committed if answer.result == "wrong"]
    assert 1 - len(wrong) / len(committed) >= ACCURACY, f"{wrong}\n{summary(answers)}"
    assert len(committed) / len(answers) >= COVERAGE, summary(answers)


def test_the_number_of_workers_agrees() -> None:
    compared = [answer.workers for answer in score(cases()) if answer.workers is not None]
    assert sum(compared) / len(compared) >= ACCURACY
