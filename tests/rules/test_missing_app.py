"""`missing-app`: the advice fits the cause, and names what is there."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]
FLASK = "from flask import Flask\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"
WSGI = "def application(environ, start_response):\n    return []\n"
FACTORY = "from flask import Flask\ndef create_app(name):\n    return Flask(name)\n"
EMPTY = "from flask import Flask\ndef create_app():\n    Flask(__name__)\n"


@pytest.mark.parametrize(
    ("files", "command", "advice"),
    [
        (
            {"site/shop/wsgi.py": WSGI},
            "gunicorn shop.wsgi",
            "Add «--chdir site»: site/shop/wsgi.py is found from there.",
        ),
        ({"back/main.py": FASTAPI}, "uvicorn main:app", "Add «--app-dir back»: back/main.py is found from there."),
        ({"back/main.py": FASTAPI}, "hypercorn main:app", "Write «cd back && » in front of the command."),
        ({"web/app.py": FLASK}, "cd other; gunicorn app:app", "Add «--chdir ../web»: web/app.py is found from there."),
        (
            {"a/app.py": FLASK, "b/app.py": FLASK},
            "gunicorn app:app",
            "If the app is the one in a/app.py, write «a.app:app».",
        ),
        ({"server.py": FLASK}, "gunicorn app:app", "Write «server:app»."),
        ({"main.py": FACTORY.replace("name", "")}, "gunicorn app:app", 'Write «"main:create_app()"».'),
        (
            {"real/wsgi.py": FLASK.replace("app =", "application =")},
            "gunicorn maf.real.wsgi:application",
            "Write «real.wsgi:application».",
        ),
        ({"shop/wsgi.py": WSGI}, "gunicorn shop.wsgi.application", "Write «shop.wsgi:application»."),
        ({"app.py": FLASK}, "gunicorn app.py:app", "Write «app:app»."),
        ({"shop/main.py": FASTAPI}, "uvicorn shop/main:app", "Write «shop.main:app»."),
        ({"app.py": FLASK}, "gunicorn app:application", "Write «app:app»."),
        ({"app.py": FLASK.replace("app =", "site =")}, "gunicorn app:app", "Write «app:site»."),
        ({"app.py": FLASK}, "gunicorn", "Name the app, «app:app», or start it with «gunicorn --bind 0.0.0.0:$PORT"),
        (
            {"app.py": FACTORY},
            "gunicorn 'app:create_app()'",
            "Pass the arguments that it needs, or give them defaults.",
        ),
        ({"app.py": EMPTY}, "gunicorn 'app:create_app()'", "Let it return the app that it makes."),
        ({"app.py": f"{FLASK}nope\n"}, "gunicorn app:app", "Import or define «nope» before line 3 of app.py uses it."),
        (
            {"app.py": f"from .x import y\n{FLASK}"},
            "gunicorn app:app",
            "Write the import in line 1 of app.py without the",
        ),
        (
            {"app.py": f"raise ValueError('no')\n{FLASK}"},
            "gunicorn app:app",
            "Correct line 1 of app.py: whoever imports",
        ),
        ({"app.py": f"{FLASK}nope\n"}, "python app.py", "Import or define «nope» before line 3 of app.py uses it."),
        ({"app.py": "def f(:\n"}, "gunicorn app:app", "Correct the line; «python -m py_compile app.py» tells"),
        (
            {"app.py": f"import b\n{FLASK}", "b.py": "from app import app\n"},
            "gunicorn app:app",
            "Break the circle: move",
        ),
        ({"app.py": FLASK}, "uwsgi --http :80 --wsgi-file app.py", "The app is called «app» there: tell"),
        ({"a/web.py": WSGI}, "uwsgi --http :80 --wsgi-file web.py", "The app is in a/web.py: write that file's path"),
        ({"README.md": ""}, "gunicorn app:app", "Name the app that is there as MODULE:OBJECT"),
    ],
)
def test_the_advice_fits_the_cause(findings: Findings, files: dict[str, str], command: str, advice: str) -> None:
    (found,) = findings({**files, "other/x.txt": "", "requirements.txt": "flask\n"}, command, rule="missing-app")
    assert found.advice.startswith(advice)
    assert "MODULE:OBJECT" not in found.advice or files == {"README.md": ""}


@pytest.mark.parametrize(
    ("files", "line", "text"),
    [
        ({"app.py": FLASK}, "web: gunicorn app:application\n", "app:app"),
        ({"app.py": FLASK}, "web: gunicorn app\n", "app:app"),
        ({"shop/wsgi.py": WSGI}, "web: gunicorn shop.wsgi.application\n", "shop.wsgi:application"),
        ({"site/app.py": FLASK}, "web: gunicorn app:app\n", None),
        ({"a/api.py": FLASK, "b/api.py": FLASK}, "web: gunicorn x:app\n", None),
        ({"app.py": FLASK + "other = Flask(__name__)\n"}, "web: gunicorn app:application\n", None),
        ({"app.py": f"{FLASK}nope\n"}, "web: gunicorn app:application\n", None),
    ],
)
def test_one_certain_replacement_is_a_fix(
    findings: Findings, files: dict[str, str], line: str, text: str | None
) -> None:
    (found,) = findings({**files, "Procfile": line}, rule="missing-app")
    assert (found.fix.edits[0].text if found.fix else None) == text
    assert found.fix is None or not found.fix.safe


@pytest.mark.parametrize("name", ["__path__", "__spec__", "__dict__", "__class__", "__annotations__", "__sizeof__"])
def test_a_module_has_what_python_gives_every_one(findings: Findings, name: str) -> None:
    files = {"shop/__init__.py": "", "app.py": f"import shop\nprint(shop.{name})\n{FLASK}", "requirements.txt": "flask"}
    assert findings(files, "gunicorn app:app", rule="missing-app") == ()
    files["app.py"] = f"import shop\nprint(shop.path)\n{FLASK}"
    assert len(findings(files, "gunicorn app:app", rule="missing-app")) == 1


def test_uwsgi_does_not_look_beside_the_file_that_it_loads(findings: Findings) -> None:
    files = {"src/web.py": f"import beside\n{WSGI}", "src/beside.py": "", "requirements.txt": "uwsgi\n"}
    command = "uwsgi --http :80 --wsgi-file src/web.py"
    assert len(findings(files, command, rule="undeclared-import")) == 1
    assert not findings(files, f"{command} --pythonpath src", rule="undeclared-import")


@pytest.mark.parametrize(("step", "expected"), [("python -m venv /app/venv", 0), ("pip install uwsgi", 1)])
def test_a_virtual_environment_that_the_image_makes(findings: Findings, step: str, expected: int) -> None:
    dockerfile = f"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN {step}\nCMD uwsgi u.ini\n"
    ini = "[uwsgi]\nhttp = :80\nvirtualenv = %d/venv\nwsgi-file = web.py\n"
    files = {"Dockerfile": dockerfile, "u.ini": ini, "web.py": WSGI}
    assert len(findings(files, rule="missing-script")) == expected


SERVE = "CMD gunicorn -b 0.0.0.0:$PORT shop.web:application\n"
IMAGE = f"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN {{step}}\n{SERVE}"
BACKEND = '[build-system]\nrequires = ["hatchling"]\n'
BUILT = "FROM python:3.12 AS b\nWORKDIR /app\nCOPY . .\nRUN {step}\nFROM python:3.12\n{copy}" + SERVE
VENV = "COPY --from=b /app/.venv /app/.venv\n"


@pytest.mark.parametrize(
    ("dockerfile", "place", "project", "expected"),
    [
        (IMAGE.format(step="pip install ."), "src", "", 0),
        (IMAGE.format(step="pip install -e ."), "src", "", 0),
        (IMAGE.format(step="pip install -r requirements.txt"), "src", "", 0),
        (IMAGE.format(step="pip install gunicorn"), "src", "", 1),
        (IMAGE.format(step="pip install ."), "lib", "", 1),
        (IMAGE.format(step="pip install ."), "lib", '[tool.setuptools.packages.find]\nwhere = ["lib"]\n', 0),
        (IMAGE.format(step="pip install ."), "lib", '[tool.setuptools]\npackage-dir = {"" = "lib"}\n', 0),
        (
            IMAGE.format(step="pip install ."),
            "lib",
            '[tool.hatch.build.targets.wheel]\npackages = ["lib/shop"]\n',
            0,
        ),
        (
            IMAGE.format(step="poetry install"),
            "lib",
            '[tool.poetry]\npackages = [{ include = "shop", from = "lib" }]\n',
            0,
        ),
        (IMAGE.format(step="poetry install --no-root"), "src", "", 1),
        (IMAGE.format(step="uv sync"), "src", BACKEND, 0),
        (IMAGE.format(step="uv sync"), "src", "", 1),
        (IMAGE.format(step="uv sync --no-install-project"), "src", BACKEND, 1),
        (BUILT.format(step="uv sync --no-editable", copy=VENV), "src", BACKEND, 0),
        (BUILT.format(step="uv sync", copy=VENV), "src", BACKEND, 1),
        (BUILT.format(step="uv sync", copy="WORKDIR /app\nCOPY --from=b /app /app\n"), "src", BACKEND, 0),
    ],
)
def test_a_project_that_is_installed(
    findings: Findings, dockerfile: str, place: str, project: str, expected: int
) -> None:
    files = {
        "Dockerfile": dockerfile,
        "pyproject.toml": f'{project}[project]\nname = "shop"\nversion = "1"\n',
        "requirements.txt": "-e .\n",
        f"{place}/shop/__init__.py": "",
        f"{place}/shop/web.py": WSGI,
    }
    assert len(findings(files, rule="missing-app", builder="dockerfile")) == expected


def test_a_project_whose_setup_py_names_the_folder_of_its_packages(findings: Findings) -> None:
    setup = (
        'from setuptools import find_packages, setup\nsetup(package_dir={"": "lib"}, packages=find_packages("lib"))\n'
    )
    files = {"setup.py": setup, "requirements.txt": "./\n", "lib/shop.py": WSGI}
    assert not findings(files, "gunicorn shop:application", rule="missing-app")


@pytest.mark.parametrize(
    "import_", ["from ._version import version", "from shop import _version", "import shop._version"]
)
@pytest.mark.parametrize(
    ("project", "text"),
    [
        ("pyproject.toml", '[tool.setuptools_scm]\nversion_file = "src/shop/_version.py"\n'),
        ("pyproject.toml", '[tool.hatch.build.hooks.vcs]\nversion-file = "src/shop/_version.py"\n'),
        ("src/setup.py", "from setuptools import setup\nsetup(use_scm_version={'write_to': 'shop/_version.py'})\n"),
    ],
)
def test_a_module_that_the_build_writes_is_not_missing(
    findings: Findings, import_: str, project: str, text: str
) -> None:
    files = {"src/shop/__init__.py": f"{import_}\n{FLASK}", "requirements.txt": "flask\ngunicorn\n"}
    assert findings({**files, project: text}, "gunicorn --chdir src shop:app", rule="missing-app") == ()
    (found,) = findings({**files, project: "\n"}, "gunicorn --chdir src shop:app", rule="missing-app")
    assert "_version" in found.message


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os\nname = os.envron['HOME']\n", "module 'os' has no attribute 'envron'"),
        ("import datetime\nnow = datetime.now()\n", "module 'datetime' has no attribute 'now'"),
        ("import os.path\nfolder = os.path.dirnme(__file__)\n", "module 'os.path' has no attribute 'dirnme'"),
        ("import os\nname = getattr(os, 'envron', None)\n", ""),
        ("import os\ntry:\n    os.startfil\nexcept AttributeError:\n    pass\n", ""),
        ("import os\nos.extra = 1\nvalue = os.extra\n", ""),
        ("import time\nclock = time.clock\n", ""),
        ("import os, sys\nif len(sys.argv) > 9:\n    os.envron\n", ""),
        ("import urllib\nquote = urllib.parse.quote\n", ""),
    ],
)
def test_a_module_of_python_has_just_its_names(findings: Findings, code: str, message: str) -> None:
    found = findings({"app.py": FLASK + code}, "gunicorn app:app", rule="missing-app")
    assert [message in one.message for one in found] == [True] * bool(message)


DASH = "import dash\napp = dash.Dash(__name__)\nserver = app.server\n"
SOCKETIO = FLASK + "from flask_socketio import SocketIO\nsockets = SocketIO(app)\n"


@pytest.mark.parametrize(
    ("code", "target", "requirements", "count"),
    [
        (DASH, "app:app", "dash==2.18.2\n", 1),
        (DASH, "app:app", "dash<3\n", 1),
        (DASH, "app:app", "dash\n", 0),
        (DASH, "app:app", "dash==3.1.0\n", 0),
        (DASH, "app:server", "dash==2.18.2\n", 0),
        (SOCKETIO, "app:sockets", "flask\nflask-socketio\n", 1),
        (SOCKETIO, "app:app", "flask\nflask-socketio\n", 0),
    ],
)
def test_what_a_library_puts_around_an_app_may_not_be_one(
    findings: Findings, code: str, target: str, requirements: str, count: int
) -> None:
    files = {"app.py": code, "requirements.txt": requirements}
    found = findings(files, f"gunicorn {target}", rule="missing-app")
    assert ["is not callable: the WSGI app is " in one.message for one in found] == [True] * count


def test_a_package_in_front_of_the_module_that_was_meant(findings: Callable[..., tuple[Finding, ...]]) -> None:
    files = {"app.py": "from flask import Flask\napp = Flask(__name__)\n", "app/__init__.py": ""}
    (found,) = findings(files, "gunicorn app:app", rule="missing-app")
    assert found.advice == "Rename «app.py» or the folder beside it: Python takes the package «app/» for both."


def test_a_module_in_front_of_the_package_that_it_imports(findings: Callable[..., tuple[Finding, ...]]) -> None:
    files = {"flask.py": "from flask import Flask\napp = Flask(__name__)\n"}
    (found,) = findings(files, "gunicorn flask:app", rule="missing-app")
    assert found.advice.startswith("Rename flask.py")


def test_the_app_is_in_a_module_of_the_package_that_is_found(findings: Callable[..., tuple[Finding, ...]]) -> None:
    files = {"backend/app/__init__.py": "", "backend/app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
    (found,) = findings(files, "uvicorn app:app", rule="missing-app")
    assert "main:app" in found.advice


@pytest.mark.parametrize("again", ["raise", "raise error"])
def test_an_exception_that_is_raised_again_is_told_where_it_was_raised_first(findings: Findings, again: str) -> None:
    code = f"from flask import Flask\ntry:\n    raise ValueError('boom')\nexcept ValueError as error:\n    {again}\napp = Flask(__name__)\n"
    (found,) = findings({"app.py": code}, "gunicorn app:app", rule="missing-app")
    assert (found.span.line, "ValueError: boom" in found.message) == (3, True)
