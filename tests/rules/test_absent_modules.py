"""Modules that are imported and that nothing brings: what shows it, and what leaves it open."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from adaptable_preflight import platforms
from adaptable_preflight.checkout import Checkout
from adaptable_preflight.clauses import clauses
from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment
from adaptable_preflight.preflight import preflight
from adaptable_preflight.settings import Settings

Check = Callable[..., tuple[Finding, ...]]
Make = Callable[..., Deployment]

APP = "from flask import Flask\n\napp = Flask(__name__)\n"
CONFIG = {"app.py": "from config import Config\n" + APP}


def small(**more: str) -> dict[str, str]:
    files = {name.replace("__dot__", ".").replace("__slash__", "/"): text for name, text in more.items()}
    return {"Procfile": "web: gunicorn app:app\n", "requirements.txt": "flask\ngunicorn\n", "app.py": APP, **files}


def server(deployment: Deployment) -> str:
    return next(c.status for c in clauses(deployment, (), {}) if c.id == "server")


PACKAGE = {
    "Procfile": "web: gunicorn pkg.app:app\n",
    "requirements.txt": "flask\ngunicorn\n",
    "pkg/__init__.py": "",
    "pkg/app.py": "from helpers import work\n" + APP,
    "pkg/helpers.py": "def work(): ...\n",
}


def test_a_module_beside_the_importing_file_is_found_by_python_2_only(findings: Check) -> None:
    (found,) = findings(PACKAGE, rule="undeclared-import")
    assert (str(found.severity), found.span.path, found.span.line) == ("error", "pkg/app.py", 1)
    assert found.advice == "Write `from pkg.helpers import …`."


@pytest.mark.parametrize(
    "more",
    [
        {"pkg/app.py": "import sys, os\nsys.path.append(os.path.dirname(__file__))\nfrom helpers import work\n" + APP},
        {"pkg/app.py": "import os, sys\nsys.path.insert(0, os.environ['LIB'])\nfrom helpers import work\n" + APP},
        {"pkg/app.py": "import sys\nsys.path += ['pkg']\nfrom helpers import work\n" + APP},
        {"pkg/app.py": "try:\n    from helpers import work\nexcept ImportError:\n    from .helpers import work\n" + APP},
        {"pkg/app.py": "import os\nif os.environ.get('X'):\n    import nothing\nelse:\n    import helpers\n" + APP},
        {"Procfile": "web: gunicorn --pythonpath pkg pkg.app:app\n"},
        {"Procfile": "web: PYTHONPATH=pkg gunicorn pkg.app:app\n"},
        {"Procfile": "web: cd pkg && gunicorn app:app\n"},
        {"requirements.txt": "flask\ngunicorn\n-e .\n", "setup.py": "from setuptools import setup\nsetup(name='x')\n"},
        {"requirements.txt": "flask\ngunicorn\nhelpers\n"},
        {"requirements.txt": "flask\ngunicorn\npython-helpers\n"},
        {".gitmodules": '[submodule "helpers"]\n\tpath = helpers\n\turl = https://example.org/helpers\n'},
        {"helpers.so": "", "pkg/app.py": "import helpers\n" + APP},
        {"Dockerfile": "FROM python:2.7\nRUN pip install flask gunicorn\nCOPY . .\nCMD gunicorn pkg.app:app\n", "Procfile": ""},
    ],
)  # fmt: skip
def test_the_module_path_may_be_another(findings: Check, more: dict[str, str]) -> None:
    assert findings({**PACKAGE, **more}, rule="undeclared-import") == ()


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({".gitignore": "*.pyc\nconfig.py\n"}, [(".gitignore", 2)]),
        ({".gitignore": "config*\n!config.md\n"}, [(".gitignore", 1)]),
        ({"app.py": f"import env\n{APP}", ".gitignore": "env/\nenv.py\n"}, [(".gitignore", 2)]),
        ({"config.example.py": "KEY = ''\n"}, []),
        ({"config.py.template": "KEY = ''\n"}, []),
        ({"example_config.py": "KEY = ''\n"}, []),
    ],
)
def test_a_module_that_only_its_author_has(findings: Check, more: dict[str, str], place: list[tuple[str, int]]) -> None:
    (found,) = findings({**small(), **CONFIG, **more}, rule="ignored-file")
    assert (str(found.severity), found.span.path, found.span.line) == ("error", "app.py", 1)
    assert [(related.span.path, related.span.line) for related in found.related] == place
    assert "os.environ" in found.advice


@pytest.mark.parametrize(
    "more",
    [
        {".gitignore": "config.py\n", "config.py": "class Config: ...\n"},
        {".gitignore": "*.py\n!app.py\n"},
        {".gitignore": "config.json\n"},
        {".gitignore": "config.py\n", "app.py": "try:\n    import config\nexcept ImportError:\n    config = None\n" + APP},
        {".gitignore": "config.py\n", "requirements.txt": "flask\ngunicorn\nconfig\n"},
        {".gitignore": "config.py\n", "Procfile": "web: cp config.example.py config.py && gunicorn app:app\n"},
    ],
)  # fmt: skip
def test_a_module_that_is_there_or_made(findings: Check, more: dict[str, str]) -> None:
    assert findings({**small(), **CONFIG, **more}, rule="ignored-file") == ()


def test_an_allow_in_a_gitignore_is_read_also_where_nothing_is_missing(
    repository: Callable[[Mapping[str, str]], Path],
) -> None:
    root = repository(small(**{".gitignore": "# preflight: allow[ignored-file] mine\nconfig.py\n"}))
    shown = preflight(Checkout(str(root)), Settings(), platforms.load("adaptable")).verdict.shown
    assert [f.span.path for f in shown if f.rule == "unused-allow"] == [".gitignore"]


@pytest.mark.parametrize(
    ("requirements", "severities", "status"),
    [
        ("flask\ngunicorn\n", ["warning"], "unknown"),
        ("flask\ngunicorn\nan-unheard-of-package\n", [], "unknown"),
        ("flask\ngunicorn\npyzzz-settings\n", [], "met"),
        ("flask\ngunicorn\nzzz_settings\n", [], "met"),
    ],
)
def test_a_module_that_nobody_has_heard_of(
    deployment: Make, findings: Check, requirements: str, severities: list[str], status: str
) -> None:
    files = {**small(), "requirements.txt": requirements, "app.py": "from zzz_settings import X\n" + APP}
    assert [str(f.severity) for f in findings(files, rule="undeclared-import")] == severities
    assert server(deployment(files)) == status


def test_a_project_in_a_folder_may_build_the_module(findings: Check) -> None:
    setup = (
        "from setuptools import Extension, setup\nsetup(name='fast', ext_modules=[Extension('zzz_fast', ['a.c'])])\n"
    )
    files = {**small(), "requirements.txt": "./cpp\nflask\ngunicorn\n", "app.py": "import zzz_fast\n" + APP}
    assert findings({**files, "cpp/setup.py": setup}, rule="undeclared-import") == ()


def test_a_module_in_another_folder(findings: Check) -> None:
    files = {**small(), "app.py": "from core import x\n" + APP, "backend/core/__init__.py": "x = 1\n"}
    (found,) = findings(files, rule="undeclared-import")
    assert (str(found.severity), "«backend/core» is not" in found.message) == ("warning", True)


def test_what_is_beside_a_program_counts_for_its_modules_too(findings: Check) -> None:
    files = {
        "backend/main.py": "from flask import Flask\nfrom web.pages import bp\napp = Flask(__name__)\napp.register_blueprint(bp)\n",
        "backend/web/__init__.py": "",
        "backend/web/pages/__init__.py": "from flask import Blueprint\nfrom store.disk import keep\n"
        "bp = Blueprint('b', __name__)\n@bp.post('/')\ndef add():\n    return keep()\n",
        "backend/store/__init__.py": "",
        "backend/store/disk.py": "def keep():\n    open('x.txt', 'a').write('x')\n    return ''\n",
        "requirements.txt": "flask\ngunicorn\n",
    }
    told = {(f.rule, f.span.path) for f in findings(files, "gunicorn backend.main:app")}
    assert {("undeclared-import", "backend/main.py"), ("local-write", "backend/store/disk.py")} <= told


def test_a_library_is_not_its_namesake_beside(findings: Check) -> None:
    files = {
        "shop/__init__.py": "from shop.celery import app as jobs\nfrom flask import Flask\napp = Flask(__name__)\n",
        "shop/celery.py": "from celery import Celery\napp = Celery('shop')\n",
        "requirements.txt": "flask\ngunicorn\n",
    }
    assert "missing-app" not in {finding.rule for finding in findings(files, "gunicorn shop:app")}


def test_what_python_2_found_beside_is_read_all_the_same(findings: Check) -> None:
    files = {
        "web/__init__.py": "from flask import Flask\nfrom settings import URL\nimport redis\n"
        "from flask_sqlalchemy import SQLAlchemy\napp = Flask(__name__)\n"
        "app.config['SQLALCHEMY_DATABASE_URI'] = URL\ndb = SQLAlchemy(app)\n",
        "web/settings.py": "URL = 'sqlite:///data.db'\n",
        "web/redis.py": "raise RuntimeError\n",
        "requirements.txt": "flask\nflask-sqlalchemy\nredis\ngunicorn\n",
    }
    told = {(f.rule, f.span.path, f.span.line) for f in findings(files, "gunicorn web:app")}
    assert {("undeclared-import", "web/__init__.py", 2), ("file-database", "web/settings.py", 1)} <= told
    assert not [rule for rule, *_ in told if rule == "missing-app"]


@pytest.mark.parametrize(
    "requirements", ["flask\ngunicorn\naiogram\n", "flask\ngunicorn\n-r https://example.org/more.txt\n"]
)
def test_a_file_beside_is_not_meant_where_something_installed_may_be(findings: Check, requirements: str) -> None:
    files = {
        "web/__init__.py": "from aiogram import Bot\nfrom flask import Flask\napp = Flask(__name__)\n",
        "web/aiogram.py": "x = 1\n",
        "requirements.txt": requirements,
    }
    assert not [f for f in findings(files, "gunicorn web:app") if f.rule in ("undeclared-import", "missing-app")]


def test_an_app_with_dependency_files_of_its_own_is_built_from_its_folder(findings: Check) -> None:
    files = {"requirements.txt": "gunicorn\nblack\n", "site/shop/app.py": "import redis\n" + APP}
    own = {"site/requirements.txt": "flask\nredis\n"}
    assert findings(files, rule="undeclared-import")
    assert not findings({**files, **own}, rule="undeclared-import")
    root = {"requirements.txt": "-r site/requirements.txt\nblack\n", "site/requirements.txt": "flask\n"}
    assert findings({**files, **root}, rule="undeclared-import")


def test_the_importing_file_is_not_what_its_import_means(findings: Check) -> None:
    files = {
        "requirements.txt": "flask\n",
        "app.py": "import proj.celery\nfrom flask import Flask\napp = Flask(__name__)\n",
        "proj/__init__.py": "",
        "proj/celery.py": "from celery import Celery\n",
    }
    assert not [f for f in findings(files, "flask run") if "not beside" in f.message]


AROUND = {
    "requirements.txt": "flask\n",
    "src/__init__.py": "",
    "src/inner.py": "x = 1\n",
    "src/main.py": "from src.inner import x\nfrom flask import Flask\napp = Flask(__name__)\napp.run(host='0.0.0.0')\n",
}


@pytest.mark.parametrize(
    ("platform", "command", "environment", "said"),
    [
        ("render", "python src/main.py", (), True),
        ("render", "python -m src.main", (), False),
        ("render", "PYTHONPATH=. python src/main.py", (), False),
        ("render", "python src/main.py", (("PYTHONPATH", "/opt/somewhere"),), False),
        ("heroku", "python src/main.py", (), False),
    ],
)
def test_the_folder_around_the_file(
    findings: Callable[..., tuple[Finding, ...]],
    platform: str,
    command: str,
    environment: tuple[tuple[str, str], ...],
    said: bool,
) -> None:
    found = findings(AROUND, command, rule="undeclared-import", platform=platform, environment=environment)
    assert [one.span.line for one in found] == ([1] if said else [])
