"""The deployment's processes: which command is chosen, and what becomes of it."""

from collections.abc import Callable

import pytest

from adaptable_preflight.model import Deployment, Tcp
from adaptable_preflight.value import text_of

APP = "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'']\n"
Deploy = Callable[..., Deployment]


def test_the_setting_replaces_every_web_process(deployment: Deploy) -> None:
    found = deployment({"Procfile": "web: flask run\nworker: celery -A x worker\n", "app.py": APP}, "gunicorn app:app")
    assert [(process.name, process.command) for process in found.processes] == [
        ("web", "gunicorn app:app"),
        ("worker", "celery -A x worker"),
    ]
    assert found.processes[0].outcome == "listens"


@pytest.mark.parametrize(
    ("command", "shell", "outcome"),
    [
        ('["gunicorn", "app:app"]', False, "listens"),
        ('["gunicorn", "-b", "0.0.0.0:$PORT", "app:app"]', False, "fails"),
        ("[ -f app.py ] && gunicorn app:app", True, "listens"),
        ("[[ -f app.py ]] && gunicorn app:app", True, "unknown"),
    ],
)
def test_exec_form_is_a_list_in_json(deployment: Deploy, command: str, shell: bool, outcome: str) -> None:
    (process,) = deployment({"app.py": APP}, command).processes
    assert (process.shell, process.outcome) == (shell, outcome)


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("gunicorn app:app", True),
        ("cd src && gunicorn web:app", True),
        ("sh run.sh", True),
        ("gunicorn none:app", False),
    ],
)
def test_the_app_is_looked_up_where_the_server_starts(deployment: Deploy, command: str, found: bool) -> None:
    files = {"app.py": APP, "src/web.py": APP, "run.sh": "cd src; exec gunicorn web:app"}
    (process,) = deployment(files, command).processes
    assert process.app is not None
    assert process.app.found is found
    assert process.outcome == ("listens" if found else "fails")


def test_a_closed_environment_holds_nothing_else(deployment: Deploy) -> None:
    (process,) = deployment({"app.py": APP}, "gunicorn -b 0.0.0.0:${PORT:-7} app:app", env={"A": "b"}).processes
    (bind,) = process.binds
    assert isinstance(bind, Tcp)
    assert text_of(bind.port) == "7"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"web:", b"web: \x00", b"::::", b"web: '", b"a" * 300_000])
def test_a_procfile_may_hold_anything(deployment: Deploy, data: bytes) -> None:
    for process in deployment({"Procfile": data}).processes:
        assert process.reason
