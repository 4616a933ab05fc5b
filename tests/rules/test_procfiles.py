"""`extra-process` and `misnamed-procfile`: what a line of a Procfile was meant to be; `unproven-bind`: what to tell."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding, Severity

Findings = Callable[..., tuple[Finding, ...]]
APP = "from flask import Flask\napp = Flask(__name__)\n"
WEB = "web: gunicorn app:app\n"


@pytest.mark.parametrize(
    ("text", "severity", "advice"),
    [
        (f"{WEB}worker: celery -A app worker\n", Severity.WARNING, "Run it as a service of its own"),
        (f"{WEB}postdeploy: python ps.py\n", Severity.NOTICE, "Run it in front of the server"),
        (f"{WEB}ps: scale web=1\n", Severity.NOTICE, "Delete the line."),
        (f"{WEB}ps:scale web=1\n", Severity.NOTICE, "Delete the line."),
        (f"{WEB}config: set KEY=1\n", Severity.NOTICE, "Delete the line."),
        (f"{WEB}scale: heroku ps:scale web=1\n", Severity.NOTICE, "Delete the line."),
        (f"{WEB}scale: python scale.py\n", Severity.WARNING, "Run it as a service of its own"),
        (f"{WEB}ps: python ps.py\n", Severity.WARNING, "Run it as a service of its own"),
        (f"{WEB}worker: gunicorn --threads 4 app:app\n", Severity.WARNING, "Delete the line: «web» serves the same"),
        (f"{WEB}admin: gunicorn other:app\n", Severity.WARNING, "It starts a web server too: deploy that as an app"),
        (f"{WEB}check: python manage.py check\n", Severity.NOTICE, "It ends by itself: run it by hand"),
        (f"{WEB}bot: python manage.py runbot\n", Severity.WARNING, "Run it as a service of its own"),
    ],
)
def test_what_to_do_about_a_line_beside_web(findings: Findings, text: str, severity: Severity, advice: str) -> None:
    files = {"app.py": APP, "other.py": APP, "scale.py": "", "ps.py": "", "Procfile": text}
    (found,) = findings(files, rule="extra-process")
    assert (found.severity, found.advice[: len(advice)]) == (severity, advice)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("wep: gunicorn app:app\n", "Write «web:» instead of «wep:»."),
        ("Web: python app.py\n", "Write «web:» instead of «Web:»."),
        ("worker: python bot.py\n", "Add a line «web: command»."),
        ("worker: gunicorn app:app\n", "Write «web:» instead of «worker:»."),
        ("a: gunicorn app:app\nb: gunicorn app:app\n", "Add a line «web: command»."),
        ("web gunicorn app:app\n", "Write «web: gunicorn app:app»."),
        ("web : gunicorn app:app\n", "Write «web: gunicorn app:app»."),
        ("heroku ps:scale web=1\n", "Delete the line: it is a command for Heroku's command line."),
    ],
)
def test_what_a_procfile_without_web_should_say(findings: Findings, text: str, advice: str) -> None:
    found = findings({"app.py": APP, "bot.py": "", "Procfile": text})
    assert next(f.advice for f in found if f.rule == "misnamed-procfile") == advice
    assert not [f for f in found if f.rule == "extra-process" and "name the process" in f.advice]


@pytest.mark.parametrize(
    ("command", "message", "advice"),
    [
        (
            "node server.js",
            "what «node» does is not known",
            "This check cannot follow the start any further. If the app",
        ),
        ("serve-it app:app", "what «serve-it» does is not known", "This check cannot follow the start any further"),
        (
            "gunicorn -b $ADDRESS app:app",
            "$ADDRESS",
            "Write the address into the start command («--bind 0.0.0.0:$PORT»)",
        ),
    ],
)
def test_what_to_tell_where_the_address_is_not_known(
    findings: Findings, command: str, message: str, advice: str
) -> None:
    (found,) = findings({"app.py": APP}, command, rule="unproven-bind")
    assert found.advice.startswith(advice)
    assert message in found.message


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("Procfile", "web guniccorn app:app\n", "Procfile:1:5"),
        ("procfile", "web  guniccorn app:app\n", "procfile:1:6"),
        ("Procfile.txt", "web: guniccorn app:app\n", "Procfile.txt:1:6"),
        ("Procfile", "web guniccorn app:app\nweb: gunicorn app:app\n", ""),
    ],
)
def test_what_is_meant_is_judged_though_nothing_starts_from_it(
    findings: Findings, name: str, text: str, told: str
) -> None:
    found = findings({"app.py": APP, "requirements.txt": "flask\ngunicorn\n", name: text}, rule="invalid-start-command")
    assert [f"{f.span.path}:{f.span.line}:{f.span.column}" for f in found] == [told][: len(told)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"<<<<<<< HEAD\n{WEB}=======\n{WEB}>>>>>>> main\n", [(1, "a conflict of a merge was not resolved.")]),
        (f"{WEB}worker: python a.py\n{WEB}", [(1, "«web» stands on line 3 again, and only the last one counts.")]),
        (f"{WEB}worker: python a.py\nsome words\n", []),
        (WEB, []),
    ],
)
def test_what_is_wrong_with_a_procfile_that_starts_something(
    findings: Findings, text: str, told: list[tuple[int, str]]
) -> None:
    found = findings({"app.py": APP, "Procfile": text}, rule="misnamed-procfile")
    assert [(f.span.line, f.message.partition("»: ")[2]) for f in found] == told
    assert findings({"app.py": APP, "Procfile": text}, "gunicorn app:app", rule="misnamed-procfile") == ()


LOCAL = "web: cd geo && pip install . && cd ../api && uvicorn main:app --host 0.0.0.0 --port $PORT\n"
IN_FOLDER = {
    "api/main.py": "from geo import helper\nfrom fastapi import FastAPI\napp = FastAPI()\n",
    "geo/setup.py": "",
    "geo/geo/__init__.py": "",
    "geo/geo/helper.py": "",
    "requirements.txt": "fastapi\nuvicorn\n",
}


@pytest.mark.parametrize(
    ("files", "followed"),
    [
        ({"api/Procfile": LOCAL}, True),
        ({"api/Procfile": LOCAL, "api/requirements.txt": "fastapi\nuvicorn\n"}, False),
        ({"api/Procfile": LOCAL, "Procfile": "web: uvicorn api.main:app\n"}, False),
    ],
)
def test_a_procfile_in_a_folder_is_read_as_the_whole_repositorys(
    findings: Findings, files: dict[str, str], followed: bool
) -> None:
    found = findings({**IN_FOLDER, **files})
    assert ([f.span.path for f in found if f.rule == "slow-start-command"] == ["api/Procfile"]) is followed
    assert not [f for f in found if f.rule in ("undeclared-import", "missing-app") and "Procfile" not in files]


def test_both_faults_of_a_misnamed_procfile_are_told_at_once(findings: Findings) -> None:
    (found,) = findings({"app.py": APP, "procfile": "web gunicorn app:app\n"}, rule="misnamed-procfile")
    assert found.message.endswith("its name is not «Procfile», and «web» has no colon.")
    assert found.advice == "Name it «Procfile», and write «web: gunicorn app:app»."
