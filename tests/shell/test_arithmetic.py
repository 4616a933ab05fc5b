import pytest

from adaptable_preflight.read.shell.arithmetic import calculate


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("8000 + 1", 8001),
        (" 2 * (3 - 4) ", -2),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("7 / -2", -3),
        ("+5", 5),
        ("1 / 0", None),
        ("9**9**9**9", None),
        ("2 +", None),
        ("", None),
        ("1 + x", None),
        ("(" * 60 + "1" + ")" * 60, None),
    ],
)
def test_sums_of_integers_are_worked_out_as_in_c(text: str, result: int | None) -> None:
    assert calculate(text) == result
