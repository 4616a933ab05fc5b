import re
from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import App, Origin, Process, Server, Tcp
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report import text
from adaptable_preflight.source import START_COMMAND, Span
from adaptable_preflight.value import FromEnv, Known

Run = Callable[..., Preflight]


def on(path: str, line: int, column: int, end: int, message: str = "nobody can reach it", advice: str = "") -> Finding:
    return Finding("unused-allow", Severity.ERROR, Span(path, line, column, line, end), message, advice)


def test_a_finding_shows_its_place_its_line_and_the_way_out(run: Run) -> None:
    finding = on("Procfile", 1, 18, 27, advice="0.0.0.0:$PORT")._replace(
        related=(Related(Span("conf.py", 3, 1, 3, 5), "the file says so"),)
    )
    shown = text.render(run({"Procfile": "web: gunicorn -b 127.0.0.1:80 app\n"}, finding))
    assert shown.split("\n\n")[0].split("\n") == [
        "Procfile:1:18: error[unused-allow]: nobody can reach it",
        "  |",
        "1 | web: gunicorn -b 127.0.0.1:80 app",
        "  |                  ^^^^^^^^^",
        "  = help: 0.0.0.0:$PORT",
        "  = because: conf.py:3:1: the file says so",
    ]


@pytest.mark.parametrize(
    ("line", "column", "end", "excerpt"),
    [
        ("\tx = 1", 2, 3, ("    x = 1", "    ^")),
        ("名前 = 1", 4, 5, ("名前 = 1", "     ^")),
        ("a\x1b[2Jb = 1", 6, 7, ("a\\x1b[2Jb = 1", "        ^")),
        ("x", 1, 1, ("x", "^")),
        ("a = '\u202e'", 1, 2, ("a = '\\u202e'", "^")),
    ],
)
def test_the_underline_stands_below_the_text(
    run: Run, line: str, column: int, end: int, excerpt: tuple[str, str]
) -> None:
    lines = text.render(run({"a.py": line}, on("a.py", 1, column, end))).split("\n")
    assert (lines[2], lines[3]) == (f"1 | {excerpt[0]}", f"  | {excerpt[1]}")


def test_a_long_line_is_cut_around_what_is_meant(run: Run) -> None:
    line = "a" * 5000 + "HERE" + "b" * 5000
    lines = text.render(run({"a.py": line}, on("a.py", 1, 5001, 5005))).split("\n")
    assert len(lines[2]) < 200
    assert lines[2].index("HERE") == lines[3].index("^^^^")


def test_a_start_command_that_stands_in_no_file_is_shown(run: Run) -> None:
    shown = text.render(
        run({}, on(START_COMMAND, 1, 10, 12), settings={"start_command": "gunicorn -b x app"}, processes=())
    )
    assert shown.startswith("start command:1:10: error")
    assert "1 | gunicorn -b x app\n  |          ^^\n" in shown


def test_what_will_run_and_the_checklist_follow(run: Run) -> None:
    span = Span("Procfile", 1, 6, 1, 9)
    bind = Tcp(Known("0.0.0.0"), FromEnv("PORT"), span)
    server = Server("gunicorn", "wsgi", span, (bind,), 1, 4, parallel=4)
    process = Process(
        "web",
        Origin("procfile", span),
        "gunicorn --threads 4 app",
        True,
        "listens",
        servers=(server,),
        app=App("app", "application", False, True, framework="flask"),
    )
    shown = text.render(run({"Procfile": "web: x"}, processes=(process,)))
    assert "  web: gunicorn --threads 4 app (Procfile:1)\n" in shown
    assert (
        "    listens on 0.0.0.0:$PORT · gunicorn (1 worker with 4 threads) · serves app:application (flask)\n" in shown
    )
    assert "  ✓ listen         met            listens on 0.0.0.0:$PORT (Procfile:1)\n" in shown
    assert "  ? stateless      unknown" in shown
    assert shown.endswith("\nPass: no errors; 8 clauses could not be told\n")


def test_colour_is_only_around_the_text(run: Run) -> None:
    made = run({"a.py": "x = 1"}, on("a.py", 1, 1, 2))
    plain, coloured = text.render(made), text.render(made, colour=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31merror[unused-allow]\x1b[0m" in coloured


def test_lines_are_broken_at_the_width_of_a_terminal(run: Run) -> None:
    finding = on("a.py", 1, 1, 2, message="word " * 40 + "end", advice="other " * 30 + "end")
    made = run({"a.py": "x = 1"}, finding)
    shown = text.render(made, colour=True, columns=60)
    plain = re.sub("\x1b\\[[0-9;]*m", "", shown)
    assert max(map(len, plain.split("\n"))) <= 64
    assert "\n    word word" in plain
    assert "\n          other other" in plain
    assert " ".join(plain.split()) == " ".join(text.render(made).split())


def test_credentials_are_masked_and_columns_stay(run: Run) -> None:
    line = "URL = 'postgres://me:hunter22@db.example/x'; y = 1"
    shown = text.render(run({"a.py": line}, on("a.py", 1, 46, 47, message="it holds postgres://me:hunter22@db")))
    assert "hunter22" not in shown
    assert "1 | URL = 'postgres://me:********@db.example/x'; y = 1\n  |" + " " * 46 + "^" in shown


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("DATABASE_URL=postgres://me:s3cr3t-word@db/x gunicorn", "s3cr3t-word"),
        ("app.config['SECRET_KEY'] = 'a-long-secret'", "a-long-secret"),
        ('password="correct horse"', "correct horse"),
        ("token = 'ghp_" + "a1" * 18 + "'", "ghp_" + "a1" * 18),
        ("AWS = 'AKIAIOSFODNN7EXAMPLE'", "AKIAIOSFODNN7EXAMPLE"),
        ('{"api_key": "12345678"}', "12345678"),
    ],
)
def test_what_looks_like_a_credential_is_never_shown(run: Run, line: str, hidden: str) -> None:
    shown = text.render(run({"a.py": line}, on("a.py", 1, 1, 2, message=f"it says {line}", advice=line)))
    assert hidden not in shown
    assert "*" * len(hidden) in shown


@pytest.mark.parametrize(
    "line", ["url = f'postgres://{user}:{password}@{host}'", "key = os.environ['SECRET_KEY']", "a: b"]
)
def test_what_is_no_credential_is_shown(run: Run, line: str) -> None:
    assert f"1 | {line}" in text.render(run({"a.py": line}, on("a.py", 1, 1, 2)))
