"""Flask, Werkzeug and the servers of the standard library."""

from pathlib import Path

import pytest

from tests.servers.starting import call, sockets, start

APP = {"app.py": ""}


@pytest.mark.parametrize(
    ("command", "files", "env", "expected"),
    [
        ("flask run", {}, {"PORT": "80"}, ["127.0.0.1:5000"]),
        ("flask run -h 0.0.0.0 -p $PORT", {}, {}, ["0.0.0.0:$PORT"]),
        ("flask run --host ''", {}, {}, ["0.0.0.0:5000"]),
        ("flask run --host :: --port 70000", {}, {}, [":::4464"]),
        ("flask run", {}, {"FLASK_RUN_HOST": "0.0.0.0", "FLASK_RUN_PORT": "80"}, ["0.0.0.0:80"]),
        ("flask run -p 81", {}, {"FLASK_RUN_PORT": "80"}, ["127.0.0.1:81"]),
        ("flask run", {".env": "FLASK_RUN_PORT=1", ".flaskenv": "FLASK_RUN_PORT=2"}, {}, ["127.0.0.1:1"]),
        ("flask -e prod.env run", {"prod.env": "FLASK_RUN_PORT=3", ".env": "FLASK_RUN_PORT=1"}, {}, ["127.0.0.1:3"]),
        ("flask run", {".flaskenv": "FLASK_RUN_PORT=${PORT}"}, {"PORT": "80"}, ["127.0.0.1:80"]),
        ("python -m flask run", {}, {}, ["127.0.0.1:5000"]),
        ("flask --debug --app app:app run", {}, {}, ["127.0.0.1:5000"]),
        ("python -m http.server 80", {}, {}, ["0.0.0.0:80"]),
        ("python -m http.server", {}, {"PORT": "80"}, ["0.0.0.0:8000"]),
        ("python -m http.server -b 127.0.0.1 -d public $PORT", {}, {}, ["127.0.0.1:$PORT"]),
    ],
)
def test_commands(
    tmp_path: Path, command: str, files: dict[str, str], env: dict[str, str], expected: list[str]
) -> None:
    assert sockets(start(tmp_path, command, APP | files, env).servers[0]) == expected


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("flask run -p=80", "not a valid int"),
        ("flask run 80", "unexpected extra argument"),
        ("flask run --app app", "no such option"),
        ("flask run --host [::]", "not an address"),
        ("flask run --key key.pem", "--cert beside"),
        ("flask run --cert cert.pem", "no certificate"),
        ("python -m http.server eighty", "not a port"),
    ],
)
def test_rejected_commands(tmp_path: Path, command: str, reason: str) -> None:
    run = start(tmp_path, command, APP | {"key.pem": ""})
    assert run.failure is not None
    assert reason in run.failure.message


def test_commands_that_serve_nothing_end(tmp_path: Path) -> None:
    assert not start(tmp_path, "flask routes", APP).servers
    assert not start(tmp_path, "flask db upgrade", APP).servers


@pytest.mark.parametrize(
    ("app", "files", "expected"),
    [
        ("src/web.py", {"src/web.py": ""}, ("web", "src")),
        ("src/web", {"src/web.py": ""}, ("web", "src")),
        ("pkg/web.py:site", {"pkg/__init__.py": "", "pkg/web.py": ""}, ("pkg.web", "")),
        ("pkg.web:site", {"pkg/__init__.py": "", "pkg/web.py": ""}, ("pkg.web", "")),
    ],
)
def test_the_app_of_a_path(tmp_path: Path, app: str, files: dict[str, str], expected: tuple[str, str]) -> None:
    app = app if ":" in app else f"{app}:app"
    target = start(tmp_path, f"flask --app {app} run", files).servers[0].target
    assert target is not None
    assert (target.module, target.folders[0]) == expected


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("flask.Flask.run", "app.run()", "127.0.0.1:5000"),
        ("flask.Flask.run", "app.run('0.0.0.0', 80)", "0.0.0.0:80"),
        ("flask.Flask.run", "app.run(host='', port='')", "127.0.0.1:5000"),
        ("flask.Flask.run", "app.run(port='8000')", "127.0.0.1:8000"),
        ("flask.Flask.run", "app.run(port=5000.0)", "127.0.0.1:5000"),
        ("werkzeug.serving.run_simple", "run_simple('localhost', 80, app)", "127.0.0.1:80"),
        ("werkzeug.serving.run_simple", "run_simple('unix://web.sock', 0, app)", "unix:web.sock"),
    ],
)
def test_calls(tmp_path: Path, name: str, code: str, expected: str) -> None:
    run = call(tmp_path, name, code)
    assert run.failure is None
    assert sockets(run.servers[0]) == [expected]


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("flask.Flask.run", "app.run(8080)", "wants text for the host"),
        ("flask.Flask.run", "app.run(processes=3)", "cannot be threaded"),
        ("flask.Flask.run", "app.run(reload=True)", "no argument «reload»"),
        ("flask.Flask.run", "app.run(ssl_context=('c.pem', 'k.pem'))", "no file «c.pem»"),
        ("werkzeug.serving.run_simple", "run_simple('localhost', '80', app)", "int(…) is missing"),
    ],
)
def test_calls_that_raise(tmp_path: Path, name: str, code: str, reason: str) -> None:
    run = call(tmp_path, name, code)
    assert run.failure is not None
    assert reason in run.failure.message


def test_app_run_does_nothing_under_the_flask_command(tmp_path: Path) -> None:
    assert not call(tmp_path, "flask.Flask.run", "app.run()", {"FLASK_RUN_FROM_CLI": "true"}).servers


def test_debug_and_tls_are_pointed_at(tmp_path: Path) -> None:
    server = call(tmp_path, "flask.Flask.run", "app.run(debug=True, ssl_context='adhoc')").servers[0]
    assert server.debug is not None
    assert server.reload is not None
    assert server.tls[0].column == len("app.run(debug=True, ") + 1


@pytest.mark.parametrize(
    ("made", "method", "expected"),
    [
        ("make_server('', 80, app)", "wsgiref.simple_server.make_server.serve_forever", "0.0.0.0:80"),
        ("HTTPServer(('', 80), Handler)", "http.server.HTTPServer.serve_forever", "0.0.0.0:80"),
        ("make_server('localhost', 80, app)", "werkzeug.serving.make_server.serve_forever", "127.0.0.1:80"),
    ],
)
def test_objects_that_serve(tmp_path: Path, made: str, method: str, expected: str) -> None:
    assert sockets(call(tmp_path, method, "server.serve_forever()", made=made).servers[0]) == [expected]
