from pathlib import Path

import pytest

from tests.servers.starting import call, sockets, start


@pytest.mark.parametrize(
    ("options", "expected", "failure"),
    [
        ("", "::1:8000", None),
        ("--bind 0.0.0.0:$PORT", "0.0.0.0:$PORT", None),
        ("--bind localhost:80", "::1:80", None),
        ("--bind [::]:80", ":::80", None),
        ("--bind 0.0.0.0:port", "unix:0.0.0.0:port", None),
        ("--bind unix:web.sock", "unix:unix:web.sock", None),
        ("--bind :80", "0.0.0.0:80", "needs a host"),
        ("--bind 8000", "0.0.31.64:0", "needs a port"),
    ],
)
def test_binds(tmp_path: Path, options: str, expected: str, failure: str | None) -> None:
    run = start(tmp_path, f"python -m cheroot {options} app:app")
    assert sockets(run.servers[0]) == [expected]
    said = run.failure.message if run.failure is not None else ""
    assert (failure or "") in said
    assert bool(failure) == bool(said)


def test_the_command_does_not_look_into_the_working_directory(tmp_path: Path) -> None:
    assert start(tmp_path, "cheroot app:app").failure is not None
    assert start(tmp_path, "cheroot app:app", env={"PYTHONPATH": "."}).failure is None
    assert start(tmp_path, "python -m cheroot app:app").failure is None


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("Server(('0.0.0.0', 80), app)", ["0.0.0.0:80"]),
        ("Server(bind_addr=('localhost', 80), wsgi_app=app)", ["::1:80"]),
    ],
)
def test_calls(tmp_path: Path, made: str, expected: list[str]) -> None:
    run = call(tmp_path, "cheroot.wsgi.Server.start", "server.start()", made=made)
    assert run.failure is None
    assert sockets(run.servers[0]) == expected
