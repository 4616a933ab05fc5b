"""A web server that may stand in front of the app in the same container, and processes that somebody scales."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]

APP = {"app.py": "from flask import Flask\napp = Flask(__name__)\n"}
GUNICORN = "gunicorn --threads 4 --bind 127.0.0.1:8000 app:app"


@pytest.mark.parametrize(
    ("command", "rules"),
    [
        (GUNICORN, ["fixed-port", "loopback-bind"]),
        (f"nginx && {GUNICORN}", ["unproven-bind"]),
        (f"service nginx start && {GUNICORN}", ["unproven-bind"]),
        (f"systemctl start apache2 && {GUNICORN}", ["unproven-bind"]),
        (f"service cron start && {GUNICORN}", ["fixed-port", "loopback-bind"]),
    ],
)
def test_what_may_stand_in_front(findings: Findings, command: str, rules: list[str]) -> None:
    about = {"fixed-port", "loopback-bind", "unproven-bind"}
    found = findings({**APP, "Procfile": f"web: {command}\n"}, platform="cloud-run")
    assert sorted(finding.rule for finding in found if finding.rule in about) == rules


@pytest.mark.parametrize(("platform", "severity"), [("heroku", "notice"), ("adaptable", "warning")])
def test_other_processes_of_a_procfile(findings: Findings, platform: str, severity: str) -> None:
    procfile = {"Procfile": "web: gunicorn app:app\nworker: python worker.py\n", "worker.py": "print(1)\n"}
    (found,) = findings({**APP, **procfile}, rule="extra-process", platform=platform)
    assert str(found.severity) == severity
    assert ("heroku ps:scale worker=1" in found.advice) == (platform == "heroku")


def test_no_port_is_usual_on_heroku(findings: Findings) -> None:
    files = {**APP, "Procfile": "web: gunicorn --bind 0.0.0.0:8000 app:app\n"}
    (found,) = findings(files, rule="fixed-port", platform="heroku")
    assert str(found.severity) == "error"
