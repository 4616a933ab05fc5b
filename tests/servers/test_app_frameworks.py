"""Streamlit, CherryPy, Flask-SocketIO, Sanic, Gradio and NiceGUI."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adaptable_preflight.model import Deployment, Tcp
from adaptable_preflight.value import Unknown, show
from tests.servers.starting import call, sockets, start

APP = {"app.py": ""}
CONFIG = {".streamlit/config.toml": '[server]\nport = 7000\naddress = "127.0.0.1"\n'}


@pytest.mark.parametrize(
    ("command", "files", "env", "expected"),
    [
        ("streamlit run app.py", APP, {"PORT": "80"}, ":::8501"),
        ("streamlit run app.py --server.port $PORT --server.address 0.0.0.0", APP, {}, "0.0.0.0:$PORT"),
        ("streamlit run app.py", APP, {"STREAMLIT_SERVER_PORT": "81"}, ":::81"),
        ("streamlit run app.py", APP | CONFIG, {}, "127.0.0.1:7000"),
        ("streamlit run app.py --server.port=82 -- --x", APP | CONFIG, {}, "127.0.0.1:82"),
        ("python -m streamlit run .", {"streamlit_app.py": ""}, {}, ":::8501"),
    ],
)
def test_streamlit(tmp_path: Path, command: str, files: dict[str, str], env: dict[str, str], expected: str) -> None:
    run = start(tmp_path, command, files, env)
    assert run.failure is None
    assert sockets(run.servers[0]) == [expected]


_HERE_DOCUMENT = "mkdir -p ~/.streamlit\ncat > ~/.streamlit/config.toml <<EOF\n[server]\nport = $PORT\nEOF\n"
_APPENDED = """echo "[server]" > ~/.streamlit/config.toml; echo "port = ${PORT:-8000}" >> ~/.streamlit/config.toml"""
_ESCAPES = """echo "[server]\\nheadless = true\\nport = $PORT\\n" > ~/.streamlit/config.toml"""
_FORMAT = """printf '[server]\\nport = %s\\n' "$PORT" > ~/.streamlit/config.toml"""


@pytest.mark.parametrize(
    ("command", "files", "expected"),
    [
        ("bash setup.sh && streamlit run app.py", {"setup.sh": _HERE_DOCUMENT}, ":::$PORT"),
        ("sh setup.sh && streamlit run app.py", {"setup.sh": _FORMAT}, ":::$PORT"),
        ("sh setup.sh && streamlit run app.py", {"setup.sh": _APPENDED}, ":::${PORT:-8000}"),
        ("bash setup.sh && streamlit run app.py", {"setup.sh": _ESCAPES}, ":::8501"),  # no TOML: passed over
        ("bash setup.sh && streamlit run app.py", {"setup.sh": _ESCAPES.replace("echo", "echo -e")}, ":::$PORT"),
        ("sh setup.sh && streamlit run app.py", {"setup.sh": _ESCAPES}, "unknown"),  # dash and bash differ
        ("sh setup.sh && streamlit run app.py", {"setup.sh": _HERE_DOCUMENT} | CONFIG, "127.0.0.1:7000"),
        (
            "cp c.toml ~/.streamlit/config.toml && streamlit run app.py",
            {"c.toml": "[server]\nport = 7001\n"},
            ":::7001",
        ),
        ("cp config.toml ~/.streamlit/ && streamlit run app.py", {"config.toml": "[server]\nport = 7001\n"}, ":::7001"),
        ("python x.py > ~/.streamlit/config.toml; streamlit run app.py", {"x.py": ""}, "unknown"),
    ],
)
def test_streamlit_after_its_configuration_was_written(
    deployment: Callable[..., Deployment], command: str, files: dict[str, str], expected: str
) -> None:
    (process,) = deployment(APP | files, command).processes
    (bind,) = process.servers[0].binds
    assert isinstance(bind, Tcp)
    assert expected == ("unknown" if isinstance(bind.port, Unknown) else f"{show(bind.host)}:{show(bind.port)}")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("streamlit run none.py", "no script «none.py»"),
        ("streamlit run app.txt", "Python files alone"),
        ("streamlit run app.py --port 80", "no such option"),
        ("streamlit run app.py --server.port web", "not a valid int"),
        ("streamlit run app.py --server.sslCertFile c.pem", "a certificate and a key together"),
    ],
)
def test_streamlit_that_fails(tmp_path: Path, command: str, reason: str) -> None:
    run = start(tmp_path, command, APP | {"app.txt": "", "c.pem": ""})
    assert run.failure is not None
    assert reason in run.failure.message


@pytest.mark.parametrize(
    ("name", "code", "env", "expected"),
    [
        ("flask_socketio.SocketIO.run", "socketio.run(app, allow_unsafe_werkzeug=True)", {}, "127.0.0.1:5000"),
        (
            "flask_socketio.SocketIO.run",
            "socketio.run(app, '0.0.0.0', 80, allow_unsafe_werkzeug=True)",
            {},
            "0.0.0.0:80",
        ),
        ("sanic.Sanic.run", "run(host='0.0.0.0', port=80, single_process=True)", {}, "0.0.0.0:80"),
        ("gradio.Blocks.launch", "launch()", {}, "127.0.0.1:7860"),
        ("gradio.Blocks.launch", "launch()", {"GRADIO_SERVER_NAME": "0.0.0.0"}, "0.0.0.0:7860"),
        ("gradio.Interface.launch", "launch(server_name='0.0.0.0', server_port=80)", {}, "0.0.0.0:80"),
        ("nicegui.ui.run", "run()", {}, "0.0.0.0:8080"),
        ("cherrypy.quickstart", "quickstart(root)", {}, "127.0.0.1:8080"),
        ("cherrypy.quickstart", "quickstart(root, '/', {'global': {'server.socket_port': 80}})", {}, "127.0.0.1:80"),
    ],
)
def test_calls(tmp_path: Path, name: str, code: str, env: dict[str, str], expected: str) -> None:
    run = call(tmp_path, name, code, env)
    assert (run.failure, run.unknown) == (None, None)
    assert sockets(run.servers[0]) == [expected]


def test_a_cherrypy_configuration_that_is_computed_is_unknown(deployment: Callable[..., Deployment]) -> None:
    code = (
        "import cherrypy, os\n"
        "cherrypy.config.update({'server.socket_host': '0.0.0.0', 'server.socket_port': int(os.environ['PORT'])})\n"
        "cherrypy.quickstart(object())\n"
    )
    web = deployment({"app.py": code}, "python app.py", {"PORT": "80"}).web
    assert web is not None
    assert web.outcome == "unknown"


def test_socketio_refuses_werkzeug_without_a_terminal(tmp_path: Path) -> None:
    made = "SocketIO(app, async_mode='threading')"
    run = call(tmp_path, "flask_socketio.SocketIO.run", "socketio.run(app)", made=made)
    assert run.failure is not None
    allowed = "socketio.run(app, allow_unsafe_werkzeug=True)"
    assert call(tmp_path, "flask_socketio.SocketIO.run", allowed, made=made).failure is None


def test_sanic_without_a_guard_starts_itself_in_its_workers(tmp_path: Path) -> None:
    assert call(tmp_path, "sanic.Sanic.run", "app.run()").failure is not None
