"""Advice that names an option writes it as the place takes it where the finding stands."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]
APP = "from flask import Flask\napp = Flask(__name__)\n"
IMAGE = "FROM python:3.11\nWORKDIR /app\nCOPY . .\n"


@pytest.mark.parametrize(
    ("files", "where", "advice"),
    [
        ({"Procfile": "web: gunicorn app:app\n"}, "Procfile:1", "Add «--threads 4»."),
        (
            {"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": "workers = 1\n"},
            "gunicorn.conf.py:1",
            "Write «threads = 4» into gunicorn.conf.py.",
        ),
        (
            {"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": "timeout = 30\n"},
            "Procfile:1",
            "Write «threads = 4» into gunicorn.conf.py.",
        ),
        (
            {"Procfile": "web: gunicorn --workers 1 app:app\n", "gunicorn.conf.py": "timeout = 30\n"},
            "Procfile:1",
            "Add «--threads 4».",
        ),
        ({"Dockerfile": f"{IMAGE}CMD gunicorn app:app\n"}, "Dockerfile:4", "Add «--threads 4»."),
        (
            {"Dockerfile": f'{IMAGE}CMD ["gunicorn", "app:app"]\n'},
            "Dockerfile:4",
            'Add «"--threads", "4"» to the list.',
        ),
        (
            {"Dockerfile": f'{IMAGE}CMD ["gunicorn", \\\n  "--workers=1", "app:app"]\n'},
            "Dockerfile:5",
            'Add «"--threads", "4"» to the list.',
        ),
        ({"Dockerfile": f'{IMAGE}CMD ["sh", "-c", "gunicorn app:app"]\n'}, "Dockerfile:4", "Add «--threads 4»."),
        (
            {"Procfile": "web: sh start.sh\n", "start.sh": "exec gunicorn app:app\n"},
            "start.sh:1",
            "Add «--threads 4».",
        ),
        (
            {
                "Procfile": "web: uwsgi uwsgi.ini\n",
                "uwsgi.ini": "[uwsgi]\nhttp-socket = 0.0.0.0:$(PORT)\nprocesses = 1\nmodule = app:app\n",
            },
            "uwsgi.ini:3",
            "Write «enable-threads = true» and «threads = 4» into uwsgi.ini.",
        ),
        (
            {
                "Procfile": "web: python serve.py\n",
                "serve.py": "import os\nfrom http.server import HTTPServer, SimpleHTTPRequestHandler\n"
                "HTTPServer(('0.0.0.0', int(os.environ['PORT'])), SimpleHTTPRequestHandler).serve_forever()\n",
            },
            "serve.py:3",
            "Use «http.server.ThreadingHTTPServer».",
        ),
    ],
)
def test_threads(findings: Findings, files: dict[str, str], where: str, advice: str) -> None:
    (found,) = findings({"app.py": APP, **files}, rule="single-threaded")
    assert (f"{found.span.path}:{found.span.line}", found.advice) == (where, advice)


def test_a_variable_needs_a_shell(findings: Findings) -> None:
    files = {"app.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
    (found,) = findings({**files, "Dockerfile": f'{IMAGE}CMD ["uvicorn", "app:app"]\n'}, rule="loopback-bind")
    assert found.advice == (
        "Add «--host 0.0.0.0 --port $PORT», and write the command without the brackets and quotation marks of the "
        "list: only a shell puts a variable's value in."
    )


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("os.environ.get('IP')", "flask listens on 127.0.0.1 unless IP is set there"),
        ("os.environ.get('IP', '')", "flask listens on 127.0.0.1 unless IP is set there"),
        ("None", "flask listens by default on 127.0.0.1"),
    ],
)
def test_a_host_that_is_none_is_flasks_own(findings: Findings, host: str, says: str) -> None:
    code = f"import os\n{APP}if __name__ == '__main__':\n    app.run(host={host}, port=int(os.environ['PORT']))\n"
    (found,) = findings({"app.py": code, "Procfile": "web: python app.py\n"}, rule="loopback-bind")
    assert says in found.message


def test_an_app_is_read_though_its_command_cannot_be_told(findings: Findings) -> None:
    files = {
        "app.py": f"{APP}import sqlite3\nsqlite3.connect('data.db')\n",
        "requirements.txt": "flask\ngunicorn\nown\n",
    }
    for worker in ("own.Worker", "eventlet"):
        web = {"Procfile": f"web: gunicorn -k {worker} app:app\n"}
        (found,) = findings({**files, **web}, rule="file-database")
        assert str(found.severity) == "error"


@pytest.mark.parametrize(
    ("files", "command", "expected"),
    [
        ({}, "gunicorn -b 0.0.0.0:9000 app:app", "Listen on $PORT instead of 9000."),
        ({"gunicorn.conf.py": "bind = '0.0.0.0:9000'\n"}, "gunicorn app:app", 'Listen on os.environ["PORT"] instead'),
        (
            {"uwsgi.ini": "[uwsgi]\nhttp-socket = 0.0.0.0:9000\nmodule = app:app\n"},
            "uwsgi uwsgi.ini",
            "Listen on $(PORT) instead",
        ),
        ({}, '["gunicorn", "-b", "0.0.0.0:9000", "app:app"]', "Listen on $PORT (in a command without the brackets"),
    ],
)
def test_the_port(findings: Findings, files: dict[str, str], command: str, expected: str) -> None:
    (found,) = findings({"app.py": APP, **files}, command, rule="fixed-port")
    assert found.advice.startswith(expected)


@pytest.mark.parametrize(
    ("files", "command", "expected"),
    [
        ({}, "gunicorn -b unix:x.sock app:app", "Write «--bind 0.0.0.0:$PORT» instead."),
        (
            {"gunicorn.conf.py": "bind = 'unix:x.sock'\n"},
            "gunicorn app:app",
            'Write «bind = "0.0.0.0:" + os.environ["PORT"]» instead.',
        ),
    ],
)
def test_an_address_instead_of_a_socket(findings: Findings, files: dict[str, str], command: str, expected: str) -> None:
    (found,) = findings({"app.py": APP, **files}, command, rule="socket-bind")
    assert found.advice == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("gunicorn app:create_app", 'Write «"app:create_app()"», with the quotation marks where a shell reads it.'),
        ("gunicorn -k sync app:create_app", 'Write «"app:create_app()"», with'),
        ("waitress-serve --port=$PORT app:create_app", "Add «--call»."),
    ],
)
def test_how_a_factory_is_called(findings: Findings, command: str, expected: str) -> None:
    code = "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n"
    (found,) = findings({"app.py": code}, command, rule="uncalled-factory")
    assert found.advice.startswith(expected)


def test_an_option_and_its_value_in_one_element(findings: Findings) -> None:
    files = {"app.py": APP, "gunicorn.conf.py": "timeout = 30\n"}
    dockerfile = f'{IMAGE}CMD ["gunicorn", "-c gunicorn.conf.py", "app:app"]\n'
    (found,) = findings({**files, "Dockerfile": dockerfile}, rule="missing-script")
    assert found.advice == 'The blank is a part of the name: write «"-c", "gunicorn.conf.py"», as two elements.'
