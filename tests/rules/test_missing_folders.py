"""`missing-file`: folders that have to be there when the app is imported."""

from collections.abc import Callable
from typing import Any

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment
from adaptable_preflight.rules import missing_file

Says = Callable[..., tuple[Finding, ...]]

FASTAPI = (
    "import logging, os\nfrom pathlib import Path\nfrom fastapi import FastAPI\n"
    "from fastapi.staticfiles import StaticFiles\napp = FastAPI()\n"
)
MOUNT = "app.mount('/static', StaticFiles(directory='static'), name='static')\n"
HERE = "HERE = os.path.dirname(os.path.abspath(__file__))\n"


def severities(says: Says, code: str, **files: str) -> list[str]:
    found = says(missing_file, {"app.py": FASTAPI + code, **{k.replace("__", "/"): v for k, v in files.items()}})
    return [one.severity.name.lower() for one in found]


@pytest.mark.parametrize(
    "code",
    [
        MOUNT,
        HERE + "app.mount('/s', StaticFiles(directory=os.path.join(HERE, 'static')))\n",
        "names = os.listdir('static')\n",
        "logging.basicConfig(filename='logs/app.log')\n",
        "handler = logging.FileHandler('logs/app.log')\n",
        "with open('out/state.txt', 'w') as file:\n    file.write('')\n",
        "Path('out/state.txt').write_text('')\n",
        "os.makedirs('other', exist_ok=True)\n" + MOUNT,
        "page = open('static/index.html').read() if False else ''\n" + MOUNT,
    ],
)
def test_a_folder_that_is_not_there(says: Says, code: str) -> None:
    assert severities(says, code) == ["error"]


@pytest.mark.parametrize(
    "code",
    [
        "os.makedirs('static', exist_ok=True)\n" + MOUNT,
        "os.makedirs('static/uploads', exist_ok=True)\n" + MOUNT,
        "Path('static').mkdir(exist_ok=True)\n" + MOUNT,
        HERE + "os.makedirs(os.path.join(HERE, 'static'), exist_ok=True)\n" + MOUNT,
        "for name in os.environ['FOLDERS'].split():\n    os.makedirs(name)\n" + MOUNT,
        "os.system('python build.py')\n" + MOUNT,
        "from library import build\nbuild('static')\n" + MOUNT,
        "if os.path.isdir('static'):\n    " + MOUNT,
        "try:\n    " + MOUNT + "except RuntimeError:\n    pass\n",
        MOUNT.replace("'static')", "'static', check_dir=False)"),
        "logging.basicConfig(filename='app.log')\n",
        "handler = logging.FileHandler('logs/app.log', delay=True)\n",
        "handler = logging.FileHandler('/var/log/app.log')\n",
        "@app.get('/')\ndef index():\n    return os.listdir('static')\n",
    ],
)
def test_a_folder_that_may_be_there(says: Says, code: str) -> None:
    assert severities(says, code) == []


def test_what_git_or_a_build_puts_into_the_image(says: Says) -> None:
    assert severities(says, MOUNT, **{"static__.gitkeep": ""}) == []
    assert severities(says, MOUNT, **{"frontend__package.json": "{}"}) == []
    assert severities(says, MOUNT, **{".gitmodules": ""}) == []


@pytest.mark.parametrize(
    ("script", "count"),
    [
        ("mkdir -p static\nexec gunicorn app:app -k uvicorn.workers.UvicornWorker\n", 0),
        ("curl -o x.zip https://example.org/x\nexec gunicorn app:app -k uvicorn.workers.UvicornWorker\n", 0),
        ("mkdir -p logs\nexec gunicorn app:app -k uvicorn.workers.UvicornWorker\n", 1),
    ],
)
def test_what_the_start_command_makes_before(
    deployment: Callable[..., Deployment], script: str, count: int, **_: Any
) -> None:
    made = deployment({"app.py": FASTAPI + MOUNT, "start.sh": script}, "sh start.sh")
    assert len(tuple(missing_file.check(made))) == count


def test_a_file_that_the_start_command_writes_is_there(deployment: Callable[..., Deployment]) -> None:
    code = FASTAPI + "key = open('key.json').read()\n"
    script = 'echo "$KEY" > key.json\nexec gunicorn app:app -k uvicorn.workers.UvicornWorker\n'
    assert tuple(missing_file.check(deployment({"app.py": code, "start.sh": script}, "sh start.sh"))) == ()


@pytest.mark.parametrize(("step", "expected"), [("RUN mkdir /app/static\n", []), ("RUN pip install x\n", ["warning"])])
def test_a_dockerfile_may_make_it(deployment: Callable[..., Deployment], step: str, expected: list[str]) -> None:
    text = f"FROM python:3.12\nWORKDIR /app\nCOPY . .\n{step}CMD uvicorn app:app --host 0.0.0.0 --port $PORT\n"
    made = deployment({"app.py": FASTAPI + MOUNT, "Dockerfile": text}, "")
    assert [one.severity.name.lower() for one in missing_file.check(made)] == expected
