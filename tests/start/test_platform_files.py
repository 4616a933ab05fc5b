"""Start commands in the files of platforms."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

Deploy = Callable[..., Deployment]
Find = Callable[..., tuple[Finding, ...]]


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("render.yaml", "services:\n  - type: web\n    startCommand: gunicorn app:app\n", 3),
        ("app.yaml", "runtime: python312\nentrypoint: gunicorn app:app\n", 2),
        ("railway.toml", '[deploy]\nstartCommand = "gunicorn app:app"\n', 2),
        ("railway.json", '{"deploy": {\n"startCommand": "gunicorn app:app"}}', 2),
        ("nixpacks.toml", '[start]\ncmd = "gunicorn app:app"\n', 2),
        ("fly.toml", '[processes]\napp = "gunicorn app:app"\n', 2),
        (".do/app.yaml", "services:\n- name: a\n  run_command: |\n    gunicorn app:app\n", 4),
        ("apprunner.yaml", "run:\n  command: gunicorn app:app\n", 2),
        ("heroku.yml", "run:\n  web: gunicorn app:app\n", 2),
    ],
)
def test_the_command_is_found_with_its_place(deployment: Deploy, path: str, text: str, line: int) -> None:
    (process,) = deployment({path: text}).web_processes
    assert (process.command.strip(), process.origin.kind, process.origin.chosen) == (
        "gunicorn app:app",
        "platform-file",
        True,
    )
    assert (process.origin.span.path, process.origin.span.line) == (path, line)
    assert process.server is not None
    assert process.server.span.line == line


@pytest.mark.parametrize(
    ("platform", "image", "served"),
    [
        ("heroku", "{dockerfile: Dockerfile, target: production}", "gunicorn"),
        ("heroku", "Dockerfile", "flask"),
        ("adaptable", "{dockerfile: Dockerfile, target: production}", "flask"),
    ],
)
def test_the_stage_of_an_image_that_heroku_builds(deployment: Deploy, platform: str, image: str, served: str) -> None:
    dockerfile = "FROM python:3.12 AS Production\nCOPY . .\nCMD gunicorn app:app\nFROM production\nCMD flask run\n"
    files = {"heroku.yml": f"build:\n  docker:\n    web: {image}\n", "Dockerfile": dockerfile}
    (process,) = deployment(files, platform=platform).web_processes
    assert process.server is not None
    assert (process.server.name, process.origin.kind, process.origin.chosen) == (served, "dockerfile", True)


def test_compose_is_for_development(deployment: Deploy) -> None:
    found = deployment({"compose.yaml": "services:\n  web:\n    build: .\n    command: flask run\n"})
    assert found.web is None
    assert [process.origin.kind for process in found.web_processes] == ["compose"]


@pytest.mark.parametrize("text", ["services: [", "services:\n - startCommand: {a: b}\n", "a: &x [*x]\n", "\t", ""])
def test_unreadable_files_are_passed_over(deployment: Deploy, text: str) -> None:
    assert deployment({"render.yaml": text, "fly.toml": text, "railway.json": text}).processes == ()


BROKEN = "services:\n  - type: web\n   name: x\n    startCommand: gunicorn app:app\n"


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("render.yaml", BROKEN, 3),
        ("docker-compose.yml", "services: {\n  web: [\n", 3),
        ("railway.json", '{\n"deploy": {"startCommand": gunicorn}}', 2),
        ("fly.toml", '[processes]\napp = "gunicorn\n', 2),
    ],
)
def test_a_file_of_no_valid_format_is_said_to_be_unreadable(findings: Find, path: str, text: str, line: int) -> None:
    files = {"app.py": "from flask import Flask\napp = Flask(__name__)\n", path: text}
    (found,) = findings(files, rule="unreadable-file")
    assert (found.span.path, found.span.line, found.severity) == (path, line, Severity.NOTICE)
    assert findings(files, "gunicorn app:app", rule="unreadable-file") == ()


def test_the_file_of_the_chosen_platform_weighs_more(findings: Find) -> None:
    (found,) = findings({"render.yaml": BROKEN}, rule="unreadable-file", platform="render")
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    "files",
    [
        {"docker-compose.yml": "services: {", "Procfile": "web: gunicorn app:app"},
        {"app.yaml": "kind: Service\n---\nkind: Deployment\n"},
        {"other.yaml": "services: {"},
    ],
)
def test_a_file_that_no_start_command_is_looked_for_in_is_not_read(findings: Find, files: dict[str, str]) -> None:
    assert findings(files, rule="unreadable-file") == ()


DOCKERFILE = "FROM python:3.12-slim\nWORKDIR /srv\nRUN pip install fastapi uvicorn alembic\nCOPY backend/ .\nCMD uvicorn main:app\n"
API = {"backend/main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "Dockerfile": DOCKERFILE}


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        ("uvicorn main:app --host 0.0.0.0 --port $PORT", "unexpanded-port"),
        ("cd backend && uvicorn main:app --host 0.0.0.0 --port $PORT", "invalid-start-command"),
        ("alembic upgrade head && uvicorn main:app --host 0.0.0.0 --port 80", "invalid-start-command"),
        ("sh -c 'exec uvicorn main:app --host 0.0.0.0 --port $PORT'", ""),
    ],
)
def test_no_shell_runs_the_command_that_railway_puts_in_place_of_an_images(
    findings: Find, command: str, rule: str
) -> None:
    found = findings({**API, "railway.toml": f'[deploy]\nstartCommand = "{command}"\n'}, platform="railway")
    errors = [one for one in found if one.severity is Severity.ERROR and one.span.path == "railway.toml"]
    assert [one.rule for one in errors] == ([rule] if rule else [])
    assert all("sh -c '" in one.advice for one in errors)


def test_a_shell_runs_the_command_of_what_railways_own_builder_makes(deployment: Deploy) -> None:
    text = '[build]\nbuilder = "RAILPACK"\n[deploy]\nstartCommand = "cd backend && uvicorn main:app --port $PORT"\n'
    web = deployment({**API, "railway.toml": text}, platform="railway").web
    assert web is not None
    assert (web.shell, web.outcome) == (True, "listens")
