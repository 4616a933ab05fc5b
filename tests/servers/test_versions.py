"""The dependency files choose the version of a server, and with it what the server takes."""

from collections.abc import Callable

import pytest

from adaptable_preflight.model import Deployment

APP = "from flask import Flask\napp = Flask(__name__)\n"
DASH = (
    "import dash\napp = dash.Dash(__name__)\nif __name__ == '__main__':\n    app.run_server(host='0.0.0.0', port=80)\n"
)


@pytest.mark.parametrize(
    ("requirements", "command", "outcome"),
    [
        ("gunicorn==23.0.0\neventlet", "gunicorn -k eventlet app:app", "listens"),
        ("gunicorn~=25.0\neventlet", "gunicorn -k eventlet app:app", "listens"),
        ("gunicorn<26\neventlet", "gunicorn -k gunicorn.workers.geventlet.EventletWorker app:app", "listens"),
        ("gunicorn\neventlet", "gunicorn -k eventlet app:app", "fails"),
        ("gunicorn>=20\neventlet", "gunicorn -k eventlet app:app", "fails"),
        ("gunicorn==26.0.0\neventlet", "gunicorn -k eventlet app:app", "fails"),
        ("gunicorn==20.1.0\neventlet==0.33.3", "gunicorn -k eventlet app:app", "fails"),
        ("gunicorn==20.1.0\neventlet==0.30.2", "gunicorn -k eventlet app:app", "listens"),
        ("gunicorn==23.0.0", "gunicorn -k asgi app:app", "fails"),
        ("gunicorn==22.0.0", "gunicorn --http-parser fast app:app", "fails"),
        ("gunicorn", "gunicorn --http-parser fast app:app", "listens"),
        ("gunicorn==22.0.0", "gunicorn --tolerate-dangerous-framing app:app", "listens"),
        ("gunicorn", "gunicorn --tolerate-dangerous-framing app:app", "fails"),
        ("gunicorn==19.10.0", "gunicorn app:app.wsgi_app", "listens"),
        ("gunicorn==19.10.0", "gunicorn 'app:[app][0]'", "unknown"),
        ("gunicorn==20.0.4", "gunicorn app:app.wsgi_app", "fails"),
    ],
)
def test_gunicorn_is_as_old_as_its_pin(
    deployment: Callable[..., Deployment], requirements: str, command: str, outcome: str
) -> None:
    made = deployment({"app.py": APP, "requirements.txt": f"flask\n{requirements}\n"}, command, {})
    assert made.web is not None
    assert made.web.outcome == outcome


@pytest.mark.parametrize(("pin", "outcome"), [("dash", "fails"), ("dash==2.18.2", "listens"), ("dash<3", "listens")])
def test_dash_had_run_server_before_3(deployment: Callable[..., Deployment], pin: str, outcome: str) -> None:
    made = deployment({"app.py": DASH, "requirements.txt": f"{pin}\n"}, "python app.py", {})
    assert made.web is not None
    assert made.web.outcome == outcome


@pytest.mark.parametrize(("python", "outcome"), [("3.13", "fails"), ("3.14", "listens")])
def test_the_file_server_speaks_tls_since_python_3_14(
    deployment: Callable[..., Deployment], python: str, outcome: str
) -> None:
    image = f"FROM python:{python}\nWORKDIR /app\nCOPY . .\nCMD python -m http.server --tls-cert cert.pem 80\n"
    made = deployment({"Dockerfile": image, "cert.pem": ""}, "", {})
    assert made.web is not None
    assert made.web.outcome == outcome
