"""The clauses of a deployment whose start command the platform does not read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import lay_out

from adaptable_preflight import platforms
from adaptable_preflight.checkout import Checkout
from adaptable_preflight.preflight import preflight
from adaptable_preflight.settings import Settings

APP = "from flask import Flask\napp = Flask(__name__)\n"
LINE = "web: gunicorn --threads 4 app:app\n"
DOCKERFILE = 'FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "--threads", "4", "app:app"]\n'


@pytest.fixture
def statuses(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Return a function from files to the status of each clause."""

    def make(files: dict[str, str | bytes]) -> dict[str, str]:
        files = {"app.py": APP, "requirements.txt": "flask\ngunicorn\n", **files}
        checkout = Checkout(str(lay_out(tmp_path, files)))
        found = preflight(checkout, Settings(), platforms.load("adaptable"))
        return {clause.id: clause.status for clause in found.verdict.clauses}

    return make


@pytest.mark.parametrize(
    ("files", "listen", "server", "concurrency"),
    [
        ({"Procfile": LINE}, "met", "met", "met"),
        ({"Procfile": LINE.encode("utf-16")}, "unknown", "violated", "unknown"),
        ({"Procfile": f"\ufeff{LINE}"}, "unknown", "violated", "unknown"),
        ({"Procfile": f"\ufeffworker: python jobs.py\n{LINE}", "jobs.py": ""}, "met", "violated", "met"),
        ({"procfile": LINE}, "unknown", "violated", "unknown"),
        ({"Procfile": LINE.replace(":", "", 1)}, "unknown", "violated", "unknown"),
        ({"Procfile": LINE.encode("utf-16"), "Dockerfile": DOCKERFILE}, "met", "violated", "met"),
    ],
)
def test_a_process_that_does_not_run_meets_nothing(
    statuses: Callable[..., dict[str, str]],
    files: dict[str, str | bytes],
    listen: str,
    server: str,
    concurrency: str,
) -> None:
    found = statuses(files)
    assert (found["listen"], found["server"], found["concurrency"]) == (listen, server, concurrency)


SCRIPT = "web: streamlit run app.py --server.port $PORT --server.address 0.0.0.0\n"
PAGE = "import streamlit as st\nst.write('x')\n"
PAGES = "import os\nfrom nicegui import ui\nui.run(host='0.0.0.0', port=int(os.environ['PORT']), reload=False)\n"


@pytest.mark.parametrize(
    ("files", "server"),
    [
        ({"app.py": PAGE, "Procfile": SCRIPT, "requirements.txt": "streamlit\n"}, "met"),
        ({"app.py": PAGE, "Procfile": SCRIPT, "requirements.txt": "flask\n"}, "violated"),
        ({"app.py": "def page(:\n", "Procfile": SCRIPT, "requirements.txt": "streamlit\n"}, "unknown"),
        ({"page.py": PAGE, "Procfile": SCRIPT.replace("app.py", "none.py")}, "violated"),
        (
            {"app.py": PAGE, "Procfile": SCRIPT.replace("app.py", "$SCRIPT"), "requirements.txt": "streamlit\n"},
            "unknown",
        ),
        ({"app.py": PAGES, "Procfile": "web: python app.py\n", "requirements.txt": "nicegui\n"}, "met"),
    ],
)
def test_a_server_that_takes_no_app_object_serves_a_script(
    statuses: Callable[..., dict[str, str]], files: dict[str, str | bytes], server: str
) -> None:
    assert statuses(files)["server"] == server


@pytest.mark.parametrize(
    ("code", "proxy", "stateless", "says"),
    [
        (APP, "nothing-found", "nothing-found", False),
        (f"import os, importlib\n{APP}importlib.import_module(os.environ['X'])\n", "nothing-found", "unknown", True),
        (f"{APP}import broken\n", "unknown", "unknown", True),
        (f"{APP}raise ValueError\n", "unknown", "unknown", True),
        (f"{APP}try:\n    import broken\nexcept SyntaxError:\n    pass\n", "nothing-found", "unknown", True),
        ("def app(:\n", "unknown", "unknown", True),
    ],
)
def test_code_that_was_not_read_is_not_hidden(
    tmp_path: Path, code: str, proxy: str, stateless: str, says: bool
) -> None:
    files = {"app.py": code, "broken.py": "x = (\n", "requirements.txt": "flask\ngunicorn\n", "Procfile": LINE}
    checkout = Checkout(str(lay_out(tmp_path, files)))
    found = preflight(checkout, Settings(), platforms.load("adaptable")).verdict.clauses
    judged = {clause.id: clause for clause in found}
    assert (judged["proxy"].status, judged["stateless"].status) == (proxy, stateless)
    assert ("not all code could be followed" in judged["proxy"].why) == says
    assert bool(judged["proxy"].evidence) == says
