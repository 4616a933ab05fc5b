from pathlib import Path

import pytest

from tests.servers.starting import call, sockets, start


@pytest.mark.parametrize(
    ("command", "env", "expected"),
    [
        ("uvicorn main:app", {"PORT": "5000"}, ["127.0.0.1:8000"]),
        ("uvicorn main:app --host 0.0.0.0 --port $PORT", {}, ["0.0.0.0:$PORT"]),
        ("uvicorn main:app --host '' --port 80", {}, ["0.0.0.0:80", ":::80"]),
        ("uvicorn main:app --host localhost", {}, ["127.0.0.1:8000", "::1:8000"]),
        ("uvicorn main:app --host localhost --workers 2", {}, ["127.0.0.1:8000"]),
        ("uvicorn main:app --port 70000", {}, ["127.0.0.1:4464"]),
        ("uvicorn main:app --uds web.sock --port 80", {}, ["unix:web.sock"]),
        ("uvicorn main:app", {"UVICORN_HOST": "::", "UVICORN_PORT": "9"}, [":::9"]),
        ("uvicorn main:app --port 8", {"UVICORN_PORT": "9"}, ["127.0.0.1:8"]),
        ("uvicorn main:app", {"UVICORN_PORT": ""}, ["127.0.0.1:8000"]),
        ("python -m uvicorn main:app --port=8", {}, ["127.0.0.1:8"]),
    ],
)
def test_binds(tmp_path: Path, command: str, env: dict[str, str], expected: list[str]) -> None:
    run = start(tmp_path, command, env=env)
    assert (run.failure, run.unknown) == (None, None)
    assert sockets(run.servers[0]) == expected


@pytest.mark.parametrize(
    ("command", "env", "reason"),
    [
        ("uvicorn main:app --bind 0.0.0.0:80", {}, "no such option"),
        ("uvicorn main:app --hos 0.0.0.0", {}, "no such option"),
        ("uvicorn main:app -p 80", {}, "no such option"),
        ("uvicorn main:app --port eighty", {}, "not a valid int"),
        ("uvicorn main:app --port", {}, "requires an argument"),
        ("uvicorn main:app --host [::]", {}, "not an address"),
        ("uvicorn main:app --host 0.0.0.0:80", {}, "not an address"),
        ("uvicorn main:app --port 70000 --workers 2", {}, "not between"),
        ("uvicorn", {}, "argument is missing"),
        ("uvicorn a:b c:d", {}, "unexpected extra argument"),
        ("uvicorn main", {}, "module:attribute"),
        ("uvicorn main:app --ssl-keyfile key.pem", {}, "needs a certificate"),
        ("uvicorn main:app", {"WEB_CONCURRENCY": ""}, "number of workers"),
        ("uvicorn main:app --uds run/web.sock", {}, "does not exist"),
        ("uvicorn main:app --env-file prod.env", {}, "does not exist"),
        ("uvicorn main:app --loop fast", {}, "no loop «fast»"),
        ("uvicorn main:app --http fast", {}, "no http «fast»"),
        ("uvicorn main:app --http2", {}, "zttp"),
        ("uvicorn main:app --header X", {}, "no header"),
    ],
)
def test_failures(tmp_path: Path, command: str, env: dict[str, str], reason: str) -> None:
    run = start(tmp_path, command, env=env)
    assert run.failure is not None
    assert reason in run.failure.message
    assert run.servers[0].name == "uvicorn"


@pytest.mark.parametrize(
    ("options", "env", "workers"),
    [
        ("", {}, 1),
        ("--workers 3", {}, 3),
        ("", {"WEB_CONCURRENCY": "4"}, 4),
        ("", {"UVICORN_WORKERS": "2", "WEB_CONCURRENCY": "4"}, 2),
        ("--reload --workers 3", {}, 1),
    ],
)
def test_workers(tmp_path: Path, options: str, env: dict[str, str], workers: int) -> None:
    assert start(tmp_path, f"uvicorn main:app {options}", env=env).servers[0].workers == workers


def test_an_env_file_comes_too_late_for_options_but_not_for_the_workers(tmp_path: Path) -> None:
    files = {"prod.env": "UVICORN_PORT=9\nWEB_CONCURRENCY=5\n"}
    server = start(tmp_path, "uvicorn main:app --env-file prod.env", files).servers[0]
    assert sockets(server) == ["127.0.0.1:8000"]
    assert server.workers == 5


def test_app_dir_takes_the_place_of_the_working_directory(tmp_path: Path) -> None:
    by_command = start(tmp_path, "uvicorn main:app --app-dir src").servers[0].target
    by_module = start(tmp_path, "python -m uvicorn main:app --app-dir src").servers[0].target
    assert by_command is not None
    assert by_module is not None
    assert (by_command.folders, by_module.folders) == (("src",), ("src", ""))


@pytest.mark.parametrize(
    ("code", "expected", "failure"),
    [
        ("uvicorn.run(app, host='0.0.0.0', port=80)", ["0.0.0.0:80"], None),
        ("uvicorn.run(app)", ["127.0.0.1:8000"], None),
        ("uvicorn.run('main:app', host=None, port='80')", ["0.0.0.0:80", ":::80"], None),
        ("uvicorn.run(app, workers=2)", ["127.0.0.1:8000"], "needs the app as text"),
        ("uvicorn.run('main:app', reload=True)", ["127.0.0.1:8000"], "no __main__ guard"),
        ("uvicorn.run(app, bind='0.0.0.0')", ["127.0.0.1:8000"], "no argument «bind»"),
        ("uvicorn.run(app, '0.0.0.0', 80)", ["127.0.0.1:8000"], "by keyword"),
        ("uvicorn.run(app, log_level='LOUD')", ["127.0.0.1:8000"], "no log level"),
    ],
)
def test_calls(tmp_path: Path, code: str, expected: list[str], failure: str | None) -> None:
    run = call(tmp_path, "uvicorn.run", code)
    assert sockets(run.servers[0]) == expected
    assert (failure is None) == (run.failure is None)
    assert failure is None or (run.failure is not None and failure in run.failure.message)
