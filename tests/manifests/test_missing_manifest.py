"""A repository without a dependency file where the builder looks: what is named, and what is pointed at."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Check = Callable[..., tuple[Finding, ...]]

APP = "from flask import Flask\n{}\napp = Flask(__name__)\n"
PROCFILE = {"Procfile": "web: gunicorn app:app\n"}
SETUP = "from setuptools import setup\nsetup(name='shop', install_requires=['flask'])\n"


def only(findings: Check, files: dict[str, str]) -> Finding:
    (found,) = findings(files, rule="missing-manifest")
    return found


@pytest.mark.parametrize(
    ("imported", "text", "named"),
    [
        ("", SETUP, True),
        ("", "import distutils.core\ndistutils.core.setup(name='shop')\n", True),
        ("import setup", "def setup(app):\n    app.secret_key = 'x'\nsetup(object())\n", False),
        ("import setup", "import setuptools\nDEBUG = True\n", False),
        ("import setup", SETUP, False),
    ],
)
def test_a_setup_py_counts_where_it_is_one(findings: Check, imported: str, text: str, named: bool) -> None:
    found = only(findings, {**PROCFILE, "app.py": APP.format(imported), "setup.py": text})
    assert ("«setup.py» is not looked at" in found.advice) is named


def test_another_file_is_named_where_setup_py_is_none(findings: Check) -> None:
    files = {**PROCFILE, "app.py": APP.format("import setup"), "setup.py": "X = 1\n", "requirement.txt": "flask\n"}
    assert only(findings, files).advice.startswith("Rename «requirement.txt», which is not looked at")


def test_the_server_is_named_beside_the_framework(findings: Check) -> None:
    found = only(findings, {**PROCFILE, "app.py": APP.format("")})
    assert "lists «flask» and «gunicorn» and" in found.advice


@pytest.mark.parametrize(("framework", "server"), [("flask", "gunicorn"), ("fastapi", "uvicorn")])
def test_the_server_of_the_offer_is_named_too(findings: Check, framework: str, server: str) -> None:
    made = {"flask": "Flask(__name__)", "fastapi": "FastAPI()"}[framework]
    name = made.partition("(")[0]
    found = only(findings, {"app.py": f"from {framework} import {name}\n\napp = {made}\n"})
    assert f"lists «{framework}» and «{server}» and" in found.advice


def test_a_server_that_the_app_starts_itself_is_named_once(findings: Check) -> None:
    app = APP.format("import os") + "app.run(host='0.0.0.0', port=int(os.environ['PORT']))\n"
    assert "lists «flask» and whatever" in only(findings, {"Procfile": "web: python app.py\n", "app.py": app}).advice


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("requirments.txt", True),
        ("Requirements.txt", True),
        ("requriements.txt", True),
        ("requirements-prod.txt", True),
        ("requirements", True),
        ("required_reading.md", False),
        ("requests.log", False),
        ("notes.txt", False),
    ],
)
def test_a_file_that_is_meant_to_be_one_is_named(findings: Check, name: str, meant: bool) -> None:
    files = {
        "Procfile": "web: gunicorn app:app\n",
        "app.py": "from flask import Flask\napp = Flask(__name__)\n",
        name: "",
    }
    found = only(findings, files)
    assert (f"Rename «{name}»" in found.advice) is meant
    assert [related.span.path for related in found.related] == [name] * meant


def test_of_several_files_the_usual_one_is_named(findings: Check) -> None:
    app = {"api/app.py": APP.format(""), "api/requirements-dev.txt": "pytest\n", "api/requirements.txt": "flask\n"}
    assert "«api/requirements.txt» is not looked at" in only(findings, app).advice


@pytest.mark.parametrize(
    ("others", "named"),
    [
        ({"requirements-dev.txt": "pre-commit==3.0\n", "site/requirements.txt": "flask\n"}, "site/requirements.txt"),
        ({"client/setup.py": SETUP.replace("flask", "requests"), "requirements/common.txt": "flask\n"}, "requirements/common.txt"),
        ({"other/requirements.txt": "flask\n", "site/api/requirements.txt": "flask\n"}, "site/api/requirements.txt"),
        ({"site/pyproject.toml": "[project]\n", "site/poetry.lock": 'name = "flask"\n'}, "site/pyproject.toml"),
        ({"requirements-dev.txt": "pre-commit==3.0\n"}, ""),
    ],
)  # fmt: skip
def test_the_file_that_holds_what_the_app_needs_is_named(findings: Check, others: dict[str, str], named: str) -> None:
    advice = only(findings, {"site/api/app.py": APP.format(""), **others}).advice
    assert f"«{named}» is not looked at" in advice if named else "not looked at" not in advice


PROJECT = '[project]\nname = "shop"\nrequires-python = ">=3.12"\ndependencies = ["flask", "gunicorn"]\n'
IMAGE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install .\n"


def test_a_dockerfile_whose_command_stands_elsewhere_makes_the_image(findings: Check) -> None:
    compose = "services:\n  web:\n    build: .\n    command: gunicorn -b 0.0.0.0:$PORT app:app\n"
    files = {"app.py": APP.format(""), "pyproject.toml": PROJECT, "Dockerfile": IMAGE}
    told = {one.rule for one in (*findings(files), *findings({**files, "docker-compose.yml": compose}))}
    assert told.isdisjoint({"missing-manifest", "unsupported-python", "missing-server"})


def test_a_dockerfile_that_lost_is_named(findings: Check) -> None:
    files = {"app.py": APP.format(""), "pyproject.toml": PROJECT, "Dockerfile": f"{IMAGE}CMD gunicorn app:app\n"}
    (found,) = findings({**files, "Procfile": "web: gunicorn app:app\n"}, rule="missing-manifest")
    assert "`builder: dockerfile`" in found.advice


def test_a_dockerfile_that_installs_nothing_of_the_repository_is_no_sign(findings: Check) -> None:
    image = "FROM python:3.12\nCOPY . .\nRUN pip install pipenv\n"
    files = {"app.py": APP.format(""), "requirements.txt": "flask\ngunicorn\n", "Dockerfile": image}
    assert findings(files, rule="undeclared-import") == ()
