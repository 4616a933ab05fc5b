"""Code that the Python which is certain to run cannot read or evaluate, though the one that runs here can."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.read.python.grammar import nested_string

Findings = Callable[..., tuple[Finding, ...]]
APP = "from flask import Flask\napp = Flask(__name__)\n"
MATCH = "match app.name:\n    case 'x':\n        pass\n"
UNION = "def view(name: str | None = None): ...\n"


@pytest.mark.parametrize(
    ("code", "python", "line", "why"),
    [
        (MATCH, "3.9", 3, "Pattern matching is only supported in Python 3.10"),
        (MATCH, "3.10", 0, ""),
        ("def later():\n    match 1:\n        case 1: ...\n", "3.8", 4, "Pattern matching"),
        ("try:\n    pass\nexcept* ValueError:\n    pass\n", "3.10", 3, "Exception groups"),
        (f"{MATCH}def broken(:\n", "3.9", 6, "Pattern matching"),
        ("x = (y := 1)\n", "3.7", 3, "Assignment expressions"),
        ("with (open('a')):\n    with (open('b')) as f:\n        pass\n", "3.8", 0, ""),
        (UNION, "3.9", 3, "unsupported operand type(s) for |"),
        (UNION, "3.10", 0, ""),
        (f"from library import later\n@later\ndef outer():\n    {UNION}", "3.9", 0, ""),
        ("class C:\n    name: 'str' = ''\n    other: str | None = None\n", "3.9", 5, "joined since 3.10"),
        ("def f():\n    x: int | None = None\nf()\n", "3.9", 0, ""),
        ("def f(x: 'str | None', y: Flags.a | Flags.b): ...\n", "3.9", 0, ""),
        ("def f(x: list[int]): ...\n", "3.8", 3, "'list' is not subscriptable"),
        ("def f(x: list[int]): ...\n", "3.9", 0, ""),
        ("from typing import List as list\ndef f(x: list[int]): ...\n", "3.8", 0, ""),
    ],
)
def test_what_an_older_python_refuses(findings: Findings, code: str, python: str, line: int, why: str) -> None:
    files = {
        "app.py": APP + code,
        "requirements.txt": "flask\ngunicorn\n",
        "Dockerfile": f"FROM python:{python}-slim\nCOPY . .\nRUN pip install -r requirements.txt\nCMD gunicorn app:app\n",
    }
    found = findings(files, rule="missing-app")
    assert [f.span.line for f in found] == [line] * bool(line)
    assert all(why in f.message and "or a newer one run the app" in f.advice for f in found)


def test_a_complaint_that_names_a_version_names_no_other(findings: Findings) -> None:
    files = {"Procfile": "web: gunicorn app:app\n", "requirements.txt": "flask\ngunicorn\n"}
    code = f"{APP}{MATCH}type Name = str\n"
    (found,) = findings({**files, "app.py": code}, rule="missing-app", python_version="3.9")
    assert "since" not in found.message


def test_only_a_python_that_is_certain_refuses(findings: Findings) -> None:
    files = {"Procfile": "web: gunicorn app:app\n", "requirements.txt": "flask\ngunicorn\n"}
    assert findings({**files, "app.py": APP + MATCH}, rule="missing-app") == ()
    assert findings({**files, "app.py": APP + UNION}, rule="missing-app", python_version="3.9") != ()
    newer = {**files, "app.py": APP + 'x = {"a": 1}\ny = f"{x["a"]}"\n'}
    assert [f.span.line for f in findings(newer, rule="missing-app")] == [4]  # no Python 3.12 can be set there
    assert findings(newer, rule="missing-app", platform="heroku") == ()
    for names in ("annotations", "(\n    annotations,\n)"):
        deferred = f"from __future__ import {names}\n{APP}{UNION}"
        assert findings({**files, "app.py": deferred}, rule="missing-app", python_version="3.9") == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('x = {"a": 1}\ny = f"{x["a"]}"\n', 2),
        ("x = f'{chr(10).join('\\n')}'\n", 1),
        ("x = 1\n\nz = f\"{'\\n'.join([])}\"\n", 3),
        ("x = f\"{y:\\t>10} {z['a']}\"\n", None),
        ("x = f'{{a}} {b!r:>{width}}' f\"{c['d']}\"\n", None),
        ("x = f'''{d[\"a\"]}'''\n# f\"{x[\"\n", None),
        ("x = 'f\"{a[\"'\n", None),
    ],
)
def test_strings_within_the_expressions_of_strings(text: str, line: int | None) -> None:
    assert nested_string(text) == line


def test_without_a_start_command_the_module_that_python_refuses_is_told(findings: Findings) -> None:
    broken = {"app.py": APP + "def broken(:\n", "requirements.txt": "flask\ngunicorn\n"}
    (found,) = findings(broken, rule="missing-app")
    assert (found.span.path, found.span.line) == ("app.py", 3)
    assert "No server can load the app: importing «app» fails: SyntaxError" in found.message
    assert findings({**broken, "main.py": APP}, rule="missing-app") == ()
