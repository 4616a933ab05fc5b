"""Rules about what the start command starts, and how many requests that handles."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding, Severity

FILES = {
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n\n\ndef create_app():\n    return app\n",
    "main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    "crlf.sh": "gunicorn app:app\r\n",
    "broken.sh": "#!/bin/sh\r\ngunicorn app:app\r\n",
}
Find = Callable[..., tuple[Finding, ...]]


@pytest.mark.parametrize(
    ("rule", "command", "severity"),
    [
        ("invalid-start-command", "gunicorn app:create_app()", Severity.ERROR),
        ("invalid-start-command", "gunicorn --port 1 app:app", Severity.ERROR),
        ("invalid-start-command", "'gunicorn app:app'", Severity.ERROR),
        ("invalid-start-command", "./app.py", Severity.ERROR),
        ("missing-script", "sh none.sh", Severity.ERROR),
        ("missing-script", "python none.py", Severity.ERROR),
        ("missing-script", "cd none && gunicorn app:app", Severity.ERROR),
        ("detached-server", "gunicorn app:app &", Severity.ERROR),
        ("detached-server", "gunicorn -D app:app", Severity.ERROR),
        ("reload-in-production", "gunicorn --reload app:app", Severity.WARNING),
        ("crlf-script", "./broken.sh", Severity.ERROR),
        ("crlf-script", "sh crlf.sh", Severity.WARNING),
        ("missing-app", "gunicorn app:none", Severity.ERROR),
        ("missing-app", "gunicorn none:app", Severity.ERROR),
        ("missing-app", "gunicorn app:site.app", Severity.ERROR),
        ("uncalled-factory", "gunicorn app:create_app", Severity.ERROR),
        ("interface-mismatch", "gunicorn main:app", Severity.ERROR),
        ("interface-mismatch", "uvicorn app:app --host 0.0.0.0 --port $PORT", Severity.ERROR),
        ("single-threaded", "gunicorn app:app", Severity.WARNING),
        ("single-threaded", "gunicorn -k gthread app:app", Severity.WARNING),
        ("ignored-threads", "gunicorn -k gevent --threads 4 app:app", Severity.WARNING),
        ("too-many-workers", "gunicorn -w 20 app:app", Severity.WARNING),
        ("slow-start-command", "pip install -r r.txt && gunicorn app:app", Severity.WARNING),
        ("slow-start-command", "sleep 20; gunicorn app:app", Severity.WARNING),
        ("slow-start-command", "while ! nc -z db 5432; do sleep 1; done; gunicorn app:app", Severity.WARNING),
        ("slow-start-command", "flask db upgrade && gunicorn app:app", Severity.NOTICE),
    ],
)
def test_found(findings: Find, rule: str, command: str, severity: Severity) -> None:
    (found,) = findings(FILES, command, rule=rule)
    assert found.severity == severity
    assert found.message
    assert found.advice


@pytest.mark.parametrize(
    ("rule", "command"),
    [
        ("invalid-start-command", 'gunicorn "app:create_app()"'),
        ("invalid-start-command", "gunicorn -b '0.0.0.0:$PORT' app:app"),
        ("missing-script", "gunicorn app:app"),
        ("missing-script", "j2 settings.j2 -o conf.py && gunicorn -c conf.py app:app"),
        ("missing-script", "python app.py --out=conf.py && gunicorn -c conf.py app:app"),
        ("missing-script", "gunicorn $OPTS app:app"),
        ("single-threaded", "gunicorn $OPTS app:app"),
        ("detached-server", "gunicorn app:app & wait"),
        ("detached-server", "gunicorn app:app & wait $!"),
        ("detached-server", "celery -A app worker & gunicorn app:app"),
        ("reload-in-production", "gunicorn app:app"),
        ("crlf-script", "gunicorn app:app"),
        ("missing-app", "gunicorn app:app"),
        ("missing-app", "gunicorn main:app"),
        ("uncalled-factory", "gunicorn 'app:create_app()'"),
        ("interface-mismatch", "gunicorn app:app"),
        ("interface-mismatch", "gunicorn -k uvicorn.workers.UvicornWorker main:app"),
        ("interface-mismatch", "hypercorn app:app -b 0.0.0.0:$PORT"),
        ("single-threaded", "gunicorn --threads 2 app:app"),
        ("single-threaded", "gunicorn -w 2 app:app"),
        ("single-threaded", "gunicorn -k gevent app:app"),
        ("single-threaded", "uvicorn main:app --host 0.0.0.0 --port $PORT"),
        ("ignored-threads", "gunicorn --threads 4 app:app"),
        ("too-many-workers", "gunicorn -w 2 app:app"),
        ("slow-start-command", "sleep 1; gunicorn app:app"),
        ("slow-start-command", "(while true; do sleep 3600; done) & gunicorn app:app"),
        ("slow-start-command", "gunicorn app:app"),
    ],
)
def test_passed_over(findings: Find, rule: str, command: str) -> None:
    assert findings(FILES, command, rule=rule) == ()


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("gunicorn -k aiohttp.GunicornWebWorker served:make", 0),
        ("gunicorn -k aiohttp.GunicornWebWorker served:plain", 1),
        ("gunicorn served:make", 1),
    ],
)
def test_aiohttp_awaits_a_coroutine_function(findings: Find, command: str, count: int) -> None:
    made = "    return web.Application()\n"
    code = f"from aiohttp import web\nasync def make():\n{made}def plain():\n{made}"
    assert len(findings({"served.py": code}, command, rule="uncalled-factory")) == count


def test_a_missing_start_command_offers_one(findings: Find) -> None:
    (found,) = findings({"app.py": FILES["app.py"]}, rule="missing-start-command")
    assert "gunicorn --bind 0.0.0.0:$PORT --threads 4 app:app" in found.advice
    assert (found.span.path, found.severity) == ("app.py", Severity.NOTICE)
    assert findings({"app.py": "x = 1\n"}, rule="missing-start-command") == ()


def test_an_app_that_nothing_starts_and_that_cannot_be_imported(findings: Find) -> None:
    files = {"app.py": "from flask import Flask\nfrom models import User\napp = Flask(__name__)\n"}
    broken = findings({**files, "models.py": "from app import app\nUser = 1\n"})
    assert ("missing-app", "models.py") in [(f.rule, f.span.path) for f in broken]
    assert findings({**files, "models.py": "User = 1\n"}, rule="missing-app") == ()


def test_a_file_that_may_be_no_app_is_not_said_to_be_broken(findings: Find) -> None:
    files = {"src/app.py": "from flask import Flask\nimport other\nother.name\napp = Flask(__name__)\n"}
    assert findings({**files, "other.py": "", "src/other.py": "name = 1"}, rule="missing-app") == ()


DOCKERFILE = 'FROM python:3.11\nCOPY . /code\nWORKDIR /code\nCMD ["gunicorn", "app:app"]\n'


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({"procfile": "web: gunicorn app:app\n"}, "procfile"),
        ({"Procfile.txt": "web: gunicorn app:app\n"}, "Procfile.txt"),
        ({"deploy/Procfile": "web: gunicorn app:app\n"}, "deploy/Procfile"),
        ({"Procfile": "Web: gunicorn app:app\n"}, "Procfile"),
        ({"Procfile": "worker: celery worker\n"}, "Procfile"),
        ({"Procfile": "\ufeffweb: gunicorn app:app\n"}, "Procfile"),
        ({"Procfile": "web: gunicorn app:app\n".encode("utf-16")}, "Procfile"),
        ({"dockerfile": DOCKERFILE}, "dockerfile"),
        ({"DockerFile": DOCKERFILE}, "DockerFile"),
    ],
)
def test_a_procfile_that_is_not_taken(findings: Find, files: dict[str, str], path: str) -> None:
    found = findings({**FILES, **files}, rule="misnamed-procfile")
    assert [each.span.path for each in found] == [path]


def test_a_dockerfile_of_another_name_is_followed_for_what_it_may_be(findings: Find) -> None:
    files = {**FILES, "dockerfile": DOCKERFILE, "gunicorn.conf.py": "bind = '127.0.0.1:8000'\n"}
    (found,) = findings(files, rule="loopback-bind")
    assert found.span.path == "gunicorn.conf.py"
    assert found.process is not None
    assert not found.process.origin.chosen
    (found,) = findings(files, rule="misnamed-procfile")
    assert found.severity is Severity.NOTICE
    assert findings({**files, "Dockerfile": DOCKERFILE}, rule="misnamed-procfile") == ()


def test_a_dockerfile_that_docker_does_not_take_is_a_warning(findings: Find) -> None:
    files = {**FILES, "DOCKERFILE": DOCKERFILE}
    (found,) = findings(files, rule="misnamed-procfile")
    assert found.severity is Severity.WARNING
    assert findings({**files, "Procfile": "web: gunicorn app:app"}, rule="misnamed-procfile") == ()


@pytest.mark.parametrize("name", ["Procfile.dev", "Procfile.windows", "examples.md", "Profile.py"])
def test_a_procfile_of_another_tool(findings: Find, name: str) -> None:
    assert findings({**FILES, name: "web: flask run\n"}, rule="misnamed-procfile") == ()


def test_the_procfile_of_an_app_in_a_folder_of_its_own_is_a_notice(findings: Find) -> None:
    files = {
        "api/Procfile": "web: gunicorn app:app\n",
        "api/requirements.txt": "flask\n",
        "examples/Procfile": "web: x\n",
    }
    (found,) = findings({**FILES, **files}, rule="misnamed-procfile")
    assert (found.span.path, found.severity) == ("api/Procfile", Severity.NOTICE)


def test_nothing_is_misnamed_where_another_file_tells_the_command(findings: Find) -> None:
    files = {**FILES, "Procfile": "web: gunicorn app:app\nnonsense\n", "procfile": "web: x\n"}
    assert findings(files, rule="misnamed-procfile") == ()
    assert findings({**FILES, "procfile": "web: x\n"}, "gunicorn app:app", rule="misnamed-procfile") == ()


def test_processes_that_the_platform_does_not_run(findings: Find) -> None:
    procfile = "web: gunicorn app:app\nworker: celery worker\nrelease: flask db upgrade\n"
    found = findings({**FILES, "Procfile": procfile}, rule="extra-process")
    assert [(each.span.line, each.severity) for each in found] == [(2, Severity.WARNING), (3, Severity.NOTICE)]


CONFIG = "import os, multiprocessing as m\n{}\n"


@pytest.mark.parametrize(
    ("command", "config", "expected"),
    [
        ("gunicorn app:app", 'workers = int(os.environ.get("WEB_CONCURRENCY", "1"))', ["single-threaded"]),
        ("gunicorn app:app", 'workers = int(os.getenv("WORKERS") or 1)', ["single-threaded"]),
        ("gunicorn app:app", 'workers = int(os.environ.get("WEB_CONCURRENCY", 4))', []),
        ("gunicorn app:app", 'workers = int(os.environ.get("WEB_CONCURRENCY", 20))', ["too-many-workers"]),
        ("gunicorn app:app", 'threads = int(os.environ.get("THREADS", "4"))', []),
        ("gunicorn app:app", 'threads = int(os.environ.get("THREADS", "1"))', ["single-threaded"]),
        ("gunicorn app:app", 'workers = int(os.environ.get("W", m.cpu_count()))', ["too-many-workers"]),
        ("gunicorn app:app", "workers = m.cpu_count() * 2 + 1", ["too-many-workers"]),
        ("gunicorn -w ${WORKERS:-1} app:app", "", ["single-threaded"]),
        ("gunicorn -w $WORKERS app:app", "", []),
        ("uvicorn --workers ${WORKERS:-2} app:app", "", []),
        ("uvicorn --workers ${WORKERS:-20} app:app", "", ["too-many-workers"]),
    ],
)
def test_a_number_that_a_variable_tells_counts_as_its_default(
    findings: Find, command: str, config: str, expected: list[str]
) -> None:
    files = {**FILES, "gunicorn.conf.py": CONFIG.format(config)}
    found = [f.rule for rule in ("single-threaded", "too-many-workers") for f in findings(files, command, rule=rule)]
    assert found == expected


def test_a_number_that_the_platform_is_told_is_not_known(findings: Find) -> None:
    files = {**FILES, "gunicorn.conf.py": CONFIG.format('workers = int(os.environ.get("WORKERS", "1"))')}
    for rule in ("single-threaded", "too-many-workers"):
        assert findings(files, "gunicorn app:app", rule=rule, environment=(("WORKERS", None),)) == ()
