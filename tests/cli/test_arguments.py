import pytest

from adaptable_preflight.arguments import UsageError, given, parse
from adaptable_preflight.settings import settings_of


def test_a_value_may_look_like_an_option_and_the_last_one_counts() -> None:
    arguments = parse(["check", "app", "--start-command", "-x", "--start-command=--y=1"], "1")
    assert (arguments.operand, arguments.last("start-command")) == ("app", "--y=1")
    assert arguments.all("start-command") == ("-x", "--y=1")


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        ([], "check, facts"),
        (["chekc"], "«check»"),
        (["check", "--platfrom", "x"], "«--platform»"),
        (["check", "--format", "jsno"], "«json»"),
        (["check", "--format"], "needs a value"),
        (["check", "a", "b"], "one argument too many"),
        (["explain"], "RULE is missing"),
        (["rules", "x"], "one argument too many"),
    ],
)
def test_what_cannot_be_understood_names_the_way_out(argv: list[str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse(argv, "1")


@pytest.mark.parametrize("argv", [["--help"], ["check", "--help"], ["facts", "x", "-h"], ["--version"]])
def test_help_is_an_answer(argv: list[str]) -> None:
    assert parse(argv, "1.2.3").text


def test_flags_become_settings() -> None:
    argv = [
        "check",
        "--port",
        "5000",
        "--environment",
        "A=1",
        "--environment",
        "B",
        "--allow",
        "app.py[dev-server] a demo",
    ]
    settings = settings_of(given(parse(argv, "1")))
    assert settings.port == 5000
    assert settings.environment == (("A", "1"), ("B", None))
    assert [(a.path, a.rule, a.reason) for a in settings.allow] == [("app.py", "dev-server", "a demo")]
