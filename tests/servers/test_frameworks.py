"""`manage.py runserver` and `fastapi run`: the commands that find their app by themselves, in whole repositories."""

from collections.abc import Callable

import pytest

from adaptable_preflight.model import Deployment

MANAGE = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
PROJECT = {
    "manage.py": MANAGE,
    "site_/__init__.py": "",
    "site_/settings.py": "DEBUG = True\nALLOWED_HOSTS = []\nINSTALLED_APPS = []\nROOT_URLCONF = 'site_.urls'\n",
    "site_/urls.py": "urlpatterns = []\n",
}
FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"


def binds(deployment: Deployment) -> list[tuple[object, object]]:
    """Return hosts and ports of the web process."""
    assert deployment.web is not None
    return [(bind.host.value, bind.port.value) for bind in deployment.web.binds]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("runserver", ("127.0.0.1", 8000)),
        ("runserver 80", ("127.0.0.1", 80)),
        ("runserver 0:80", ("0.0.0.0", 80)),
        ("runserver [::]:80", ("::", 80)),
        ("runserver -6", ("::1", 8000)),
        ("runserver localhost:80 --noreload", ("127.0.0.1", 80)),
    ],
)
def test_runserver(deployment: Callable[..., Deployment], arguments: str, expected: tuple[str, int]) -> None:
    made = deployment(PROJECT, f"python manage.py {arguments}", {})
    assert made.web is not None
    assert made.web.outcome == "listens"
    assert binds(made) == [expected]


@pytest.mark.parametrize(
    ("arguments", "files", "reason"),
    [
        ("runserver :80", {}, "not a valid port number"),
        ("runserver 0.0.0.0", {}, "not a valid port number"),
        ("runserver 0.0.0.0 80", {}, "unrecognized"),
        ("runserver web:80", {}, "not an address"),
        ("runserver", {"site_/settings.py": "DEBUG = False\nALLOWED_HOSTS = []\n"}, "no ALLOWED_HOSTS"),
        ("runserver", {"site_/settings.py": "raise RuntimeError('no')\n"}, "RuntimeError"),
        ("runserver", {"site_/urls.py": "raise RuntimeError('urls')\n"}, "urls"),
        ("migrate", {}, "nothing is left listening"),
    ],
)
def test_runserver_that_fails(
    deployment: Callable[..., Deployment], arguments: str, files: dict[str, str], reason: str
) -> None:
    web = deployment(PROJECT | files, f"python manage.py {arguments}", {}).web
    assert web is not None
    assert web.outcome == "fails"
    assert reason in (web.reason or "")


@pytest.mark.parametrize(
    ("command", "files", "env", "expected"),
    [
        ("fastapi run", {"main.py": FASTAPI}, {}, ("0.0.0.0", 8000)),
        ("fastapi run", {"app/main.py": FASTAPI, "app/__init__.py": ""}, {"PORT": "80"}, ("0.0.0.0", 80)),
        ("fastapi run --port 81", {"api.py": FASTAPI}, {"PORT": "80"}, ("0.0.0.0", 81)),
        ("fastapi dev src/web.py", {"src/web.py": FASTAPI}, {"PORT": "80"}, ("127.0.0.1", 80)),
        ("fastapi run -e main:app", {"main.py": FASTAPI}, {}, ("0.0.0.0", 8000)),
    ],
)
def test_fastapi(
    deployment: Callable[..., Deployment],
    command: str,
    files: dict[str, str],
    env: dict[str, str],
    expected: tuple[str, int],
) -> None:
    made = deployment(files, command, env)
    assert made.web is not None
    assert made.web.outcome == "listens", made.web.reason
    assert binds(made) == [expected]


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        ("fastapi run", {"server.py": FASTAPI}, "finds no app"),
        ("fastapi run main:app", {"main.py": FASTAPI}, "no file «main:app»"),
        ("fastapi run", {"main.py": "app = 1\n"}, "no app in «main.py»"),
        ("fastapi run --app nope", {"main.py": FASTAPI}, "nope"),
        ("fastapi run main.py -e main:app", {"main.py": FASTAPI}, "without a path"),
    ],
)
def test_fastapi_that_finds_no_app(
    deployment: Callable[..., Deployment], command: str, files: dict[str, str], reason: str
) -> None:
    web = deployment(files, command, {}).web
    assert web is not None
    assert web.outcome == "fails"
    assert reason in (web.reason or "")


SOCKETIO = """
from flask import Flask
from flask_socketio import SocketIO
app = Flask(__name__)
socketio = SocketIO(app)
if __name__ == "__main__":
    socketio.run(app, host="0.0.0.0", port=80)
"""


@pytest.mark.parametrize(
    ("requirements", "outcome"),
    [
        ("flask\nflask-socketio", "fails"),
        ("flask\nflask-socketio\neventlet", "listens"),
        ("flask\nflask-socketio\ngevent", "listens"),
        ("flask\nflask-socketio==5.2.0", "listens"),
        ("flask\nflask-socketio\n-r elsewhere.txt", "unknown"),
    ],
)
def test_what_is_installed_decides_whether_socketio_serves(
    deployment: Callable[..., Deployment], requirements: str, outcome: str
) -> None:
    made = deployment({"app.py": SOCKETIO, "requirements.txt": f"{requirements}\n"}, "python app.py", {})
    assert made.web is not None
    assert made.web.outcome == outcome
    assert binds(made) == [("0.0.0.0", 80)]


@pytest.mark.parametrize(
    ("guard", "arguments", "outcome"),
    [
        ("__name__ == '__main__'", "", "fails"),
        ("__name__ == '__main__'", "reload=False", "listens"),
        ("__name__ in {'__main__', '__mp_main__'}", "", "listens"),
    ],
)
def test_the_reloader_of_nicegui_has_to_reach_the_call(
    deployment: Callable[..., Deployment], guard: str, arguments: str, outcome: str
) -> None:
    program = f"from nicegui import ui\nif {guard}:\n    ui.run({arguments})\n"
    made = deployment({"app.py": program}, "python app.py", {})
    assert made.web is not None
    assert made.web.outcome == outcome


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("demo.launch(server_name='0.0.0.0')", "listens"),
        ("demo.queue().launch(server_name='0.0.0.0')", "listens"),
        ("demo.launch(server_name='0.0.0.0', server_port=os.environ['PORT'])", "fails"),
        ("demo.launch(server_name='::')", "fails"),
        ("demo.launch(prevent_thread_lock=True)", "unknown"),
    ],
)
def test_gradio(deployment: Callable[..., Deployment], code: str, outcome: str) -> None:
    program = f"import os\nimport gradio as gr\ndemo = gr.Interface(lambda x: x, 'text', 'text')\n{code}\n"
    made = deployment({"app.py": program}, "python app.py", {"PORT": "80"})
    assert made.web is not None
    assert made.web.outcome == outcome


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("host='', port=80", ("127.0.0.1", 80)),
        ("host='localhost', port=80", ("127.0.0.1", 80)),
        ("host='::', port=80, fast=True", ("::", 80)),
        ("workers=0", None),
        ("port='80'", None),
    ],
)
def test_sanic(deployment: Callable[..., Deployment], arguments: str, expected: tuple[str, int] | None) -> None:
    program = f"from sanic import Sanic\napp = Sanic('x')\nif __name__ == '__main__':\n    app.run({arguments})\n"
    made = deployment({"app.py": program}, "python app.py", {})
    assert made.web is not None
    if expected is None:
        assert made.web.outcome == "fails"
    else:
        assert binds(made) == [expected]
