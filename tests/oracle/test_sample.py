"""What the tool says of start commands that were really run."""

from tests.oracle.scoring import cases, score, summary


def test_no_case_makes_the_tool_fail() -> None:
    answers = score(cases())
    crashed = [(answer.case["id"], answer.said) for answer in answers if answer.result == "crash"]
    assert not crashed, summary(answers)
