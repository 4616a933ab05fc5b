"""The rules about dependency files, on small repositories: what they find, and the look-alikes that stay silent."""

from collections.abc import Callable

import pytest
from tests.rules.apps import django

from adaptable_preflight.clauses import clauses
from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment

Check = Callable[..., tuple[Finding, ...]]

PROCFILE = "web: gunicorn app:app\n"
APP = "from flask import Flask\n\napp = Flask(__name__)\n"


def small(requirements: str, app: str = APP, **more: str) -> dict[str, str]:
    return {"Procfile": PROCFILE, "requirements.txt": requirements, "app.py": app, **more}


def seen(found: tuple[Finding, ...]) -> list[tuple[str, str, int]]:
    return [(str(f.severity), f.span.path, f.span.line) for f in found]


@pytest.mark.parametrize(
    ("files", "silent"),
    [
        ({"requirements.txt": "flask\n"}, False),
        ({"requirements.txt": "flask\ngunicorn\n"}, True),
        ({"requirements.txt": "flask\nGunicorn[gevent]==20.1\n"}, True),
        ({"requirements.txt": "flask\ngunicorn; sys_platform == 'win32'\n"}, False),
        ({"requirements.txt": "-r prod.txt\n", "prod.txt": "flask\ngunicorn\n"}, True),
        ({"requirements.txt": "flask\ngit+https://example.org/private.git\n"}, True),
        ({"Pipfile": '[packages]\nflask = "*"\n[dev-packages]\ngunicorn = "*"\n'}, False),
        ({"Pipfile": '[packages]\nflask = "*"\ngunicorn = "*"\n'}, True),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.9"\nflask = "*"\n[tool.poetry.group.dev.dependencies]\ngunicorn = "*"\n'}, False),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.9"\nflask = "*"\ngunicorn = "*"\n'}, True),
        ({"environment.yml": "dependencies:\n  - flask\n  - pip:\n    - gunicorn\n"}, True),
        ({"requirements.txt": "flask\nmlflow\n"}, True),
        ({"requirements.txt": "flask\nunheard-of-gunicorn-plugin\n"}, True),
    ],
)  # fmt: skip
def test_missing_server(findings: Check, files: dict[str, str], silent: bool) -> None:
    found = findings({"Procfile": PROCFILE, "app.py": APP, **files}, rule="missing-server")
    assert seen(found) == ([] if silent else [("error", "Procfile", 1)])


@pytest.mark.parametrize(
    ("requirements", "app", "silent"),
    [
        ("flask\n", APP, False),
        ("flask\ngunicorn\n", APP, True),
        ("flask\nwaitress\n", APP, True),
        ("flask\nmlflow\n", APP, True),
        ("flask\nunheard-of-gunicorn-plugin\n", APP, True),
        ("flask\n-r https://example.org/more.txt\n", APP, True),
        ("fastapi\ngunicorn\n", "from fastapi import FastAPI\napp = FastAPI()\n", False),
        ("fastapi[standard]\n", "from fastapi import FastAPI\napp = FastAPI()\n", True),
        ("flask\n", "print('a script')\n", True),
    ],
)
def test_no_start_command_could_name_a_server(findings: Check, requirements: str, app: str, silent: bool) -> None:
    found = findings({"requirements.txt": requirements, "app.py": app}, rule="missing-server")
    assert seen(found) == ([] if silent else [("warning", "requirements.txt", 1)])


@pytest.mark.parametrize(
    ("requirements", "line"),
    [
        ("flask==2.0\nclick==8.0\n", "gunicorn==23"),
        ("flask\nclick\n", "gunicorn"),
    ],
)
def test_the_line_to_add_has_the_files_style(findings: Check, requirements: str, line: str) -> None:
    (found,) = findings(small(requirements), rule="missing-server")
    assert found.fix is not None
    text = found.fix.edits[0].text
    assert text.startswith("gunicorn==") if "==" in line else text == "gunicorn\n"


def test_fastapi_standard_brings_uvicorn(findings: Check) -> None:
    files = {
        "Procfile": "web: uvicorn app:app --host 0.0.0.0 --port $PORT\n",
        "app.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    }
    assert findings({**files, "requirements.txt": "fastapi[standard]\n"}, rule="missing-server") == ()
    assert findings({**files, "requirements.txt": "fastapi\n"}, rule="missing-server") != ()


def test_a_dockerfile_that_installs_by_name(findings: Check) -> None:
    text = "FROM python:3.12-slim\nRUN pip install flask {}\nCOPY . .\nCMD gunicorn -b 0.0.0.0:$PORT app:app\n"
    assert findings({"Dockerfile": text.format("gunicorn"), "app.py": APP}, rule="missing-server") == ()
    assert len(findings({"Dockerfile": text.format(""), "app.py": APP}, rule="missing-server")) == 1


@pytest.mark.parametrize(
    ("requirements", "app", "severities"),
    [
        ("flask\ngunicorn\n", "import flask_cors\n" + APP, ["warning"]),
        ("flask\ngunicorn\nFlask-Cors\n", "import flask_cors\n" + APP, []),
        ("flask\ngunicorn\n", "try:\n    import flask_cors\nexcept ImportError:\n    flask_cors = None\n" + APP, []),
        ("flask\ngunicorn\n", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import flask_cors\n" + APP, []),
        ("flask\ngunicorn\n", "import werkzeug, jinja2, markupsafe, click, itsdangerous, blinker\n" + APP, []),
        ("flask\ngunicorn\n", "import os, sys, json, zoneinfo, asyncio\n" + APP, []),
        ("flask\ngunicorn\n", "import unheard_of_module\n" + APP, ["warning"]),
        ("flask\ngunicorn\nan-unheard-of-package\n", "import requests\n" + APP, []),
        ("flask\ngunicorn\nopencv-python\n", "import cv2\n" + APP, []),
        ("flask\ngunicorn\npsycopg2\n", "import psycopg2\n" + APP, []),
        ("flask\ngunicorn\nBootstrap-Flask\n", "import flask_bootstrap\n" + APP, []),
        ("flask\ngunicorn\n", "import yaml\n" + APP, ["warning"]),
        ("flask\ngunicorn\n", "import pkg_resources\n" + APP, []),
        ("flask\ngunicorn\n", APP + "@app.get('/')\ndef index():\n    import yaml\n    return yaml.dump({})\n", ["warning"]),
    ],
)  # fmt: skip
def test_undeclared_import(findings: Check, requirements: str, app: str, severities: list[str]) -> None:
    found = findings(small(requirements, app), rule="undeclared-import")
    assert [str(f.severity) for f in found] == severities


DJANGO = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\napp = get_wsgi_application()\n"
)


@pytest.mark.parametrize(
    ("requirements", "settings", "severities"),
    [
        ("django\ngunicorn\n", "INSTALLED_APPS = ['corsheaders']", ["warning"]),
        ("django\ngunicorn\n", "MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']", ["warning"]),
        ("django\ngunicorn\n", "INSTALLED_APPS = ['common']", ["warning"]),
        ("django\ngunicorn\n", "INSTALLED_APPS = ['common.apps.CommonConfig']", ["warning"]),
        ("django\ngunicorn\ndjango-cors-headers\n", "INSTALLED_APPS = ['corsheaders', 'django.contrib.auth']", []),
        ("django\ngunicorn\ndjango-unheard-of\n", "INSTALLED_APPS = ['common']", []),
        ("django\ngunicorn\ndjango-ckeditor\n", "INSTALLED_APPS = ['ckeditor', 'ckeditor_uploader']", []),
        ("django\ngunicorn\n", "import os\nINSTALLED_APPS = []\nif os.getenv('DEBUG'):\n    INSTALLED_APPS += ['common']", []),
        ("django\ngunicorn\n", ("import os\nINSTALLED_APPS = []\nif os.getenv('ENV', 'dev') == 'dev':\n"
         "    INSTALLED_APPS += ['common']"), []),
        ("django\ngunicorn\n", ("try:\n    import common\n    INSTALLED_APPS = ['common']\nexcept ImportError:\n"
         "    INSTALLED_APPS = []"), []),
    ],
)  # fmt: skip
def test_what_the_settings_of_django_name(
    findings: Check, requirements: str, settings: str, severities: list[str]
) -> None:
    files = {**small(requirements, DJANGO), "settings.py": settings}
    found = findings(files, rule="undeclared-import")
    assert [str(f.severity) for f in found] == severities


def test_an_app_beside_the_settings_is_named_by_its_place(findings: Check) -> None:
    files = {
        **small("django\ngunicorn\n", DJANGO.replace("'settings'", "'project.settings'")),
        "project/__init__.py": "",
        "project/settings.py": "INSTALLED_APPS = ['common']",
        "project/common/__init__.py": "",
    }
    (found,) = findings(files, rule="undeclared-import")
    assert (str(found.severity), found.advice) == ("error", "Write «project.common».")


def test_a_lock_makes_an_undeclared_import_an_error(findings: Check) -> None:
    lock = '{"default": {"flask": {"version": "==3.0.0"}, "gunicorn": {"version": "==23.0.0"}}, "develop": {}}'
    pipfile = '[packages]\nflask = "*"\ngunicorn = "*"\n'
    files = {"Procfile": PROCFILE, "Pipfile": pipfile, "Pipfile.lock": lock, "app.py": "import yaml\n" + APP}
    (found,) = findings(files, rule="undeclared-import")
    assert (str(found.severity), found.advice) == (
        "error",
        'Add the line «pyyaml = "*"» under [packages] of Pipfile. Then make the lock anew.',
    )


IMPORTING = "import flask_sqlalchemy, pandas, psycopg2\n"


@pytest.mark.parametrize(
    ("requirements", "severities"),
    [
        ("flask==2.0.3\ngunicorn\n", ["error"]),
        ("flask==2.0.3\nwerkzeug==2.0.3\ngunicorn\n", []),
        ("flask==2.0.3\nwerkzeug<3\ngunicorn\n", []),
        ("-c limits.txt\nflask==2.0.3\ngunicorn\n", []),
        ("flask<2.1\ngunicorn\n", ["warning"]),
        ("flask==2.2.5\nwerkzeug==3.0.3\ngunicorn\n", []),
        ("flask==3.0.0\ngunicorn\n", []),
        ("flask\ngunicorn\n", []),
        ("flask==2.0.3\ndash==2.3.0\ngunicorn\n", []),
        ("flask==2.2.5\nflask-sqlalchemy==2.5.1\nsqlalchemy==1.4.42\ngunicorn\n", []),
        ("flask==2.2.5\nflask-sqlalchemy==2.5.1\ngunicorn\n", ["error"]),
        ("flask\ngunicorn\npandas==1.5.3\n", ["error"]),
        ("flask\ngunicorn\npandas==1.5.3\nnumpy==1.24.0\n", []),
        ("flask\ngunicorn\nsklearn\n", ["warning"]),
        ("flask\ngunicorn\nsklearn==0.0.post10\n", ["error"]),
        ("flask\ngunicorn\nsklearn==0.0\n", []),
        ("flask\ngunicorn\nnumpy==1.17.4\npandas==0.25.3\n", ["notice"]),
        ("flask\ngunicorn\nnumpy==1.23.2\npandas==1.5.3\n", []),
        ("flask\ngunicorn\npsycopg2-binary==2.8.6\n", ["notice"]),
        ("flask\ngunicorn\nmarkupsafe==1.0\n", ["notice"]),
        ("flask\ngunicorn\nwerkzeug<2\n", ["warning"]),
        ("flask\ngunicorn\nwerkzeug<2\nmarkupsafe==2.0.1\n", []),
        (
            "flask\ngunicorn\nwerkzeug==0.11.15\nflask==0.12.2\njinja2==2.11.3\nmarkupsafe==2.0.1\nitsdangerous==1.1.0\n",
            [],
        ),
    ],
)
def test_incompatible_pins(findings: Check, requirements: str, severities: list[str]) -> None:
    files = small(requirements, IMPORTING + APP, **{"limits.txt": "werkzeug<3\n"})
    assert [str(f.severity) for f in findings(files, rule="incompatible-pins")] == severities


MIXED = "flask\ngunicorn\nflask-script==2.0.6\n"


@pytest.mark.parametrize(
    ("requirements", "app", "severities"),
    [
        (MIXED, APP, ["notice"]),
        (MIXED, "import flask_script\n" + APP, ["error"]),
        (MIXED, "import flask_script, importlib, os\nimportlib.import_module(os.environ['M'])\n" + APP, ["error"]),
        (MIXED, "import importlib, os\nimportlib.import_module(os.environ['M'])\n" + APP, ["warning"]),
        (MIXED, APP + "@app.get('/')\ndef index():\n    import flask_script\n    return ''\n", ["error"]),
        (MIXED, APP + "if __name__ == '__main__':\n    import flask_script\n", ["notice"]),
        (MIXED, "undefined_name\n" + APP, ["notice"]),
        (MIXED, APP + "print 'written for Python 2'\n", ["warning"]),
        ("flask\ngunicorn\npandas==1.5.3\n", "import seaborn\n" + APP, ["notice"]),
        ("flask\ngunicorn\nseaborn\npandas==1.5.3\n", "import seaborn\n" + APP, ["error"]),
        ("flask\ngunicorn\nsklearn\n", APP, ["warning"]),
        ("flask\ngunicorn\nflask-sqlalchemy==2.4.4\n", "import flask_sqlalchemy\n" + APP, ["error"]),
        ("flask\ngunicorn\nfastapi\npasslib[bcrypt]==1.7.4\n", "import fastapi\n" + APP, ["notice"]),
        ("flask\ngunicorn\nfastapi[test]\npasslib[bcrypt]==1.7.4\n", "import fastapi\n" + APP, ["error"]),
        ("flask\ngunicorn\nopenai==1.30.1\n", "import openai\nopenai.OpenAI()\n" + APP, ["error"]),
        (
            "flask\ngunicorn\nopenai==1.30.1\n",
            "import httpx, openai\nopenai.OpenAI(http_client=httpx.Client())\n" + APP,
            [],
        ),
    ],
)
def test_what_nothing_imports_does_not_stop_the_start(
    findings: Check, requirements: str, app: str, severities: list[str]
) -> None:
    found = findings(small(requirements, app), rule="incompatible-pins")
    assert [str(f.severity) for f in found] == severities


def test_what_nothing_imports_is_idle_without_a_start_command_too(findings: Check) -> None:
    files = {name: text for name, text in small(MIXED).items() if name != "Procfile"}
    (found,) = findings(files, rule="incompatible-pins")
    assert str(found.severity) == "notice"


@pytest.mark.parametrize(
    ("line", "module", "severities", "error"),
    [
        ("flask-wtf==0.14.3", "flask_wtf", ["error"], "safe_str_cmp"),
        ("flask-wtf==0.15.1", "flask_wtf", ["error"], "'Markup' from 'flask'"),
        ("flask-wtf==1.2.1", "flask_wtf", [], ""),
        ("passlib[bcrypt]", "passlib.hash", ["warning"], "72 bytes"),
        ("passlib[bcrypt]==1.7.4\nbcrypt==4.0.1", "passlib.hash", [], ""),
        ("psycopg2-binary==2.8.2", "psycopg2", ["error"], "the build from source fails"),
        ("psycopg2-binary==2.8.6", "psycopg2", ["error"], "SystemError"),
        ("motor==3.3.2", "motor.motor_asyncio", ["error"], "_QUERY_OPTIONS"),
        ("motor==3.3.2\npymongo<4.9", "motor.motor_asyncio", [], ""),
        ("flask-markdown==0.3", "flaskext.markdown", ["error"], "'Markup' from 'flask'"),
        ("scipy==1.8.0", "scipy", ["error"], "No matching distribution"),
        ("conda", "requests", ["warning"], "No matching distribution"),
        ("request==2019.4.13", "requests", ["error"], "No matching distribution"),
        ("conda==4.10.3", "requests", ["error"], "No matching distribution"),
        ("matplotlib==3.7.1", "matplotlib.pyplot", ["error"], "numpy.core.multiarray"),
        ("matplotlib==3.7.3", "matplotlib.pyplot", [], ""),
        ("markdown==2.6.6", "markdown", ["error"], "getiterator"),
        ("markdown==2.6.8", "markdown", [], ""),
        ("pymongo==2.8", "pymongo", ["error"], "use_2to3"),
        ("onnxruntime==1.14.1", "onnxruntime", ["error"], "no wheel"),
        ("onnxruntime==1.15.0", "onnxruntime", [], ""),
        ("beautifulsoup", "requests", ["warning"], "written for Python 2"),
        ("playsound", "playsound", [], ""),
        ("pillow==5.1.0", "PIL.Image", [], ""),
    ],
)
def test_pins_that_break(findings: Check, line: str, module: str, severities: list[str], error: str) -> None:
    files = small(f"flask\ngunicorn\n{line}\n", f"import {module}\n" + APP)
    found = findings(files, rule="incompatible-pins", python_version="3.11")
    assert [str(f.severity) for f in found] == severities
    assert all(error in f.message for f in found)


def test_an_old_eventlet_brings_its_own_resolver(findings: Check) -> None:
    for version, number in (("0.23.0", 0), ("0.25.2", 1)):
        files = small(f"flask\ngunicorn\neventlet=={version}\n", "import eventlet\n" + APP)
        assert len(findings(files, rule="incompatible-pins", python_version="3.9")) == number


def test_an_installed_app_of_django_is_imported(findings: Check) -> None:
    files = django(settings='INSTALLED_APPS = ["rest_framework"]') | {"Procfile": "web: gunicorn project.wsgi\n"}
    requirements = "django==3.2.25\ngunicorn\ndjangorestframework==3.10.3\n"
    (found,) = findings({**files, "requirements.txt": requirements}, rule="incompatible-pins")
    assert str(found.severity) == "error"


@pytest.mark.parametrize(
    ("requirements", "advice"),
    [
        ("flask\nflask-sqlalchemy==2.4.4\n", "Write «flask-sqlalchemy>=3»."),
        ("flask==2.2.5\nflask-sqlalchemy==2.5.1\n", "Write «sqlalchemy<2»."),
        ("flask==1.1.2\n", "Write «jinja2<3.1», «itsdangerous<2.1» and «werkzeug<2.1»."),
        ("flask==1.1.2\njinja2==3.0.3\nwerkzeug==1.0.1\n", "Write «itsdangerous<2.1»."),
        ("flask==0.12\n", "Write «jinja2<3.1», «itsdangerous<2.1» and «werkzeug<2.1»."),
        (
            "flask==1.0.2\njinja2==3.0.3\n",
            "Write «itsdangerous<2.1», «werkzeug<2.1» and «flask==1.0.4».",
        ),
        (
            "flask==1.1.2\njinja2==2.10\nitsdangerous==1.1.0\nwerkzeug==1.0.1\n",
            "Write «jinja2==2.11.3» and «markupsafe<2.1».",
        ),
    ],
)
def test_the_advice_for_a_line_mends_all_that_is_known_of_it(findings: Check, requirements: str, advice: str) -> None:
    files = small(requirements + "gunicorn\n", "import flask_sqlalchemy\n" + APP)
    found = findings(files, rule="incompatible-pins")
    assert {f.advice for f in found if "unless another Python" not in f.message} == {advice}


def test_what_the_default_python_breaks_is_a_notice_that_says_so(findings: Check) -> None:
    files = small("flask\ngunicorn\ngreenlet==0.4.15\n")
    (found,) = findings(files, rule="incompatible-pins")
    assert (str(found.severity), "unless another Python version is set on Adaptable" in found.message) == (
        "notice",
        True,
    )
    (found,) = findings(files, rule="incompatible-pins", python_version="3.11")
    assert (str(found.severity), "unless" in found.message) == ("error", False)
    (found,) = findings({**files, "runtime.txt": "python-3.8.12\n"}, rule="incompatible-pins")
    assert (str(found.severity), "unless Python 3.8 is set on Adaptable" in found.message) == ("notice", True)


def test_what_one_python_would_mend_is_said_once(findings: Check) -> None:
    files = small("flask\ngunicorn\nnumpy==1.17.4\npandas==0.25.3\npsycopg2-binary==2.8.6\n")
    (found,) = findings(files, rule="incompatible-pins")
    assert "(and 2 more of its pins), unless another Python version is set" in found.message
    assert len({found.span.line, *(related.span.line for related in found.related)}) == 3
    assert len(findings(files, rule="incompatible-pins", python_version="3.11")) == 3


def test_advice_for_an_old_jinja2_works_on_the_default_python(findings: Check) -> None:
    found = findings(
        small("flask==1.0.4\nwerkzeug==0.16.1\njinja2==2.10.1\nitsdangerous==1.1.0\ngunicorn\n"),
        rule="incompatible-pins",
    )
    assert {f.advice.split("»")[0] for f in found} == {"Write «jinja2==2.11.3"}


@pytest.mark.parametrize(
    ("line", "version", "severities"),
    [
        ("django==6.0.2", "", ["error"]),
        ("django==6.0.*", "", ["error"]),
        ("django>=6.0", "", ["warning"]),
        ("django>=5.2", "", []),
        ("django>=5.2,<6.1", "", []),
        ("django", "", []),
        ("django==5.2.8", "", []),
        ("django==6.0.2", "3.12", []),
        ("django==5.2.8", "3.9", ["error"]),
        ("django>=4.2", "3.9", []),
        ("numpy==2.3.5", "", []),
        ("numpy==2.3.5", "3.10", ["error"]),
        ("numpy<3", "3.10", []),
    ],
)
def test_a_package_that_wants_a_newer_python(findings: Check, line: str, version: str, severities: list[str]) -> None:
    """Pip passes over versions that exclude the Python, so that a bound which leaves others does not fail."""
    found = findings(small(f"flask\ngunicorn\n{line}\n"), rule="incompatible-pins", python_version=version)
    assert [str(f.severity) for f in found] == severities


@pytest.mark.parametrize(
    ("line", "platform", "severity"),
    [
        ("django==6.0.2", "adaptable", "error"),
        ("greenlet==1.0.0", "adaptable", "notice"),
        ("greenlet==1.0.0", "heroku", "error"),
        ("greenlet==1.1.2", "heroku", "notice"),
        ("greenlet==1.1.2", "railway", "notice"),
        ("wsgiref==0.1.2", "railway", "error"),
    ],
)
def test_what_no_python_of_the_platform_spares_is_an_error(
    findings: Check, line: str, platform: str, severity: str
) -> None:
    found = findings(small(f"flask\ngunicorn\n{line}\n"), rule="incompatible-pins", platform=platform)
    assert [str(f.severity) for f in found] == [severity]


def test_an_error_stands_beside_the_notice_of_what_another_python_spares(findings: Check) -> None:
    files = small("flask\ngunicorn\ndjango==6.0.2\nnumpy==1.17.4\n", **{"runtime.txt": "python-3.12.1\n"})
    found = findings(files, rule="incompatible-pins")
    assert [(str(f.severity), f.advice[:17]) for f in found] == [
        ("error", "Write «django<6»."),
        ("notice", "Write «numpy>=1.2"),
    ]


def test_what_python_itself_has_is_to_be_deleted(findings: Check) -> None:
    (found,) = findings(small("flask\ngunicorn\nwsgiref==0.1.2\n"), rule="incompatible-pins")
    assert (str(found.severity), found.advice[:16]) == ("error", "Delete the line:")


def test_numpy_2_is_no_matter_for_an_older_python(findings: Check) -> None:
    files = small("flask\ngunicorn\npandas==1.3.5\n")
    assert findings(files, rule="incompatible-pins", python_version="3.8") == ()
    pinned = findings({**files, "runtime.txt": "python-3.8.12\n"}, rule="incompatible-pins")
    assert [str(f.severity) for f in pinned] == ["notice"]
    assert all("unless Python 3.8 is set on Adaptable" in f.message for f in pinned)


@pytest.mark.parametrize(
    ("requirements", "app", "severities"),
    [
        ("flask\ngunicorn\n", "from flask import escape\n" + APP, ["error"]),
        ("flask>=2\ngunicorn\n", "from flask import escape\n" + APP, ["error"]),
        ("dash\nflask\ngunicorn\n", "from flask import escape\n" + APP, ["warning"]),
        ("flask\nflask-login==0.5.0\ngunicorn\n", "from flask import escape\n" + APP, ["warning"]),
        ("flask\nflask-login\ngunicorn\n", "from flask import escape\n" + APP, ["error"]),
        ("flask\nflask-of-nobody==0.1\ngunicorn\n", "from flask import escape\n" + APP, ["warning"]),
        ("flask\n-r https://example.org/more.txt\ngunicorn\n", "from flask import escape\n" + APP, ["warning"]),
        ("flask==3.0.0\ngunicorn\n", "from flask import escape\n" + APP, ["error"]),
        ("flask\nflask-jwt-extended==3.25.1\ngunicorn\n", "from flask import escape\n" + APP, []),
        ("flask\nflask-jwt-extended==3.25.1\nflask-sqlalchemy\ngunicorn\n",
         APP + "from flask_sqlalchemy import SQLAlchemy\nSQLAlchemy().create_all(app=app)\n", []),
        ("flask\nflask-jwt-extended==3.25.1\nwerkzeug\ngunicorn\n", "from werkzeug.urls import url_quote\n" + APP, []),
        ("flask\nflask-jwt-extended==4.6.0\ngunicorn\n", "from flask import escape\n" + APP, ["warning"]),
        ("flask==2.2.5\nwerkzeug==2.2.3\ngunicorn\n", "from flask import escape\n" + APP, []),
        ("flask\ngunicorn\n", "try:\n    from flask import escape\nexcept ImportError:\n    from markupsafe import escape\n" + APP, []),
        ("flask\ngunicorn\n", APP + "@app.before_first_request\ndef first():\n    pass\n", ["warning"]),
        ("flask==2.2.5\ngunicorn\n", APP + "@app.before_first_request\ndef first():\n    pass\n", []),
        ("flask\ngunicorn\n", "import urllib2\n" + APP, ["error"]),
        ("flask\ngunicorn\n", "import imp\n" + APP, []),
        ("flask\ngunicorn\nlangchain\n", "from langchain.llms import OpenAI\n" + APP, ["error"]),
        ("flask\ngunicorn\nlangchain\nrequests==2.31.0\n", "from langchain.llms import OpenAI\n" + APP, ["warning"]),
        ("flask\ngunicorn\nlangchain\nopenpyxl==3.1.2\n", "from langchain.llms import OpenAI\n" + APP, ["error"]),
        (
            "flask\ngunicorn\nlangchain\nlangchain-community\nnumpy<2.0\n",
            "from langchain.llms import OpenAI\n" + APP,
            ["warning"],
        ),
        ("fastapi\nflask\ngunicorn\n", "from pydantic import BaseSettings\n" + APP, ["warning"]),
        ("flask\ngunicorn\nstripe\n", "from stripe.error import CardError\n" + APP, ["error"]),
        ("flask\ngunicorn\nstripe<8\n", "from stripe.error import CardError\n" + APP, []),
        ("flask\ngunicorn\nnumpy\n", "import numpy as np\n" + APP + "zero = np.float(0)\n", ["error"]),
        ("flask\ngunicorn\nnumpy<1.24\n", "import numpy as np\n" + APP + "zero = np.float(0)\n", []),
        ("flask\ngunicorn\nnumpy\n", "import numpy as np\n" + APP + "if __name__ == '__main__':\n    zero = np.float(0)\n", []),
        ("flask\ngunicorn\nlangchain<0.3\n", "from langchain.llms import OpenAI\n" + APP, []),
        ("flask\ngunicorn\n", "from werkzeug.urls import url_quote\n" + APP, ["warning"]),
        (
            "flask\ngunicorn\nflask-sqlalchemy\n",
            APP + "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy(app)\ndb.create_all(app=app)\n",
            ["error"],
        ),
        (
            "flask\ngunicorn\n",
            APP + "from sqlalchemy import create_engine\nengine = create_engine('sqlite://', encoding='utf8')\n",
            [],
        ),
        (
            "flask\ngunicorn\nsqlalchemy\n",
            APP + "from sqlalchemy import create_engine\nengine = create_engine('sqlite://', encoding='utf8')\n",
            ["error"],
        ),
        (
            "flask\ngunicorn\n",
            APP + "from werkzeug.security import generate_password_hash\n@app.post('/')\ndef new():\n"
            "    return generate_password_hash('x', method='sha256')\n",
            ["warning"],
        ),
    ],
)  # fmt: skip
def test_removed_api(findings: Check, requirements: str, app: str, severities: list[str]) -> None:
    assert [str(f.severity) for f in findings(small(requirements, app), rule="removed-api")] == severities


def test_a_file_that_is_only_misplaced_may_pin_an_older_version(findings: Check) -> None:
    files = {"app.py": "from flask import escape\n" + APP, "Procfile": "web: gunicorn app:app\n"}
    assert findings(files, rule="removed-api")
    assert not findings({**files, "backend/requirements.txt": "flask==2.2.5\n"}, rule="removed-api")


@pytest.mark.parametrize(
    ("imported", "python", "platform", "severities"),
    [
        ("import tomllib", "3.9", "adaptable", ["error"]),
        ("import tomllib", "3.11", "adaptable", []),
        ("import tomllib", "", "adaptable", []),
        ("from typing import override", "", "adaptable", ["error"]),  # no Python 3.12 can be set there
        ("from typing import override", "", "heroku", []),
        ("try:\n    import tomllib\nexcept ImportError:\n    tomllib = None", "3.9", "adaptable", []),
        ("from zoneinfo import ZoneInfo", "3.8", "adaptable", ["error"]),
    ],
)
def test_what_python_has_not_yet(
    findings: Check, imported: str, python: str, platform: str, severities: list[str]
) -> None:
    files = small("flask\ngunicorn\n", f"{imported}\n{APP}")
    found = findings(files, rule="removed-api", python_version=python, platform=platform)
    assert [str(f.severity) for f in found] == severities
    assert all("it is there since 3." in f.message and "or a newer one" in f.advice for f in found)


PAGES = """from fastapi import FastAPI, Request
from fastapi.templating import Jinja2Templates
app = FastAPI()
pages = Jinja2Templates(directory="templates")
@app.get("/")
def index(request: Request):
    return pages.TemplateResponse({})
"""


@pytest.mark.parametrize(
    ("requirements", "arguments", "lines"),
    [
        ("fastapi\njinja2\n", "'index.html', {'request': request}", [7]),
        ("fastapi\njinja2\n", "name='index.html', context={'request': request}", [7]),
        ("fastapi\njinja2\n", "f'{request.url}.html', {'request': request}", []),
        ("fastapi\njinja2\n", "request, 'index.html', {}", []),
        ("fastapi\njinja2\n", "request=request, name='index.html'", []),
        ("fastapi==0.110.0\njinja2\n", "'index.html', {'request': request}", []),
        ("fastapi<0.110\njinja2\n", "'index.html', {'request': request}", []),
        ("fastapi\nstarlette<1\njinja2\n", "'index.html', {'request': request}", []),
    ],
)
def test_the_request_comes_first(findings: Check, requirements: str, arguments: str, lines: list[int]) -> None:
    found = findings({"requirements.txt": requirements, "app.py": PAGES.format(arguments)}, "uvicorn app:app")
    assert [f.span.line for f in found if f.rule == "removed-api"] == lines


def test_the_newest_version_of_an_old_python_may_still_have_the_name(findings: Check) -> None:
    files = small("flask\ngunicorn\n", "from flask import escape\n" + APP)
    (found,) = findings(files, rule="removed-api", python_version="3.7")
    assert str(found.severity) == "warning"


def test_nothing_is_met_where_the_import_of_the_app_ends(deployment: Callable[..., Deployment]) -> None:
    def states(app: str) -> set[str]:
        files = small("flask\ngunicorn\n", app)
        return {c.status for c in clauses(deployment(files), (), {}) if c.id in ("listen", "server")}

    assert states("from flask import escape\n" + APP) == {"unknown"}
    assert states(APP + "@app.get('/')\ndef index():\n    from flask import escape\n    return ''\n") == {"met"}


ENGINE = "import os\nfrom sqlalchemy import create_engine\nengine = create_engine({})\n" + APP


@pytest.mark.parametrize(
    ("requirements", "url", "severities"),
    [
        ("sqlalchemy==1.4.50\n", "'postgresql://u:p@db/x'", ["error"]),
        ("sqlalchemy==1.4.50\npsycopg2-binary\n", "'postgresql://u:p@db/x'", []),
        ("sqlalchemy\npsycopg2-binary\n", "'postgresql://u:p@db/x'", ["error"]),
        ("sqlalchemy<2.1\npsycopg2-binary\n", "'postgresql://u:p@db/x'", []),
        ("sqlalchemy\npsycopg[binary]\n", "'postgresql://u:p@db/x'", []),
        ("sqlalchemy\npsycopg2-binary\n", "'postgresql+psycopg2://u:p@db/x'", []),
        ("sqlalchemy\n", "'mysql+pymysql://u:p@db/x'", ["error"]),
        ("sqlalchemy\npymysql\n", "'mysql+pymysql://u:p@db/x'", []),
        ("sqlalchemy\n", "'sqlite:///x.db'", []),
        ("sqlalchemy\n", "os.environ['OTHER_URL']", []),
    ],
)
def test_missing_driver(findings: Check, requirements: str, url: str, severities: list[str]) -> None:
    files = small(f"flask\ngunicorn\n{requirements}", ENGINE.format(url))
    assert [str(f.severity) for f in findings(files, rule="missing-driver")] == severities


@pytest.mark.parametrize(
    ("files", "severities"),
    [
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.8"\ngunicorn = "*"\n'}, []),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "~3.9"\ngunicorn = "*"\n'}, ["notice"]),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"\ngunicorn = "*"\n'}, ["error"]),
        ({"requirements.txt": "gunicorn", "runtime.txt": "python-3.9.7"}, ["notice"]),
        ({"requirements.txt": "gunicorn", "runtime.txt": "Python 3.9.7"}, ["warning"]),
        ({"requirements.txt": "gunicorn", ".python-version": "3.11.2"}, []),
        ({"requirements.txt": "gunicorn", ".python-version": "my-shop"}, []),
        ({"requirements.txt": "gunicorn", "runtime.txt": "3.9.x"}, ["notice"]),
        ({"environment.yml": "dependencies: [python=3.9, gunicorn]\n"}, []),
        ({"environment.yml": "dependencies: [python=3.13, gunicorn]\n"}, []),
    ],
)
def test_unsupported_python(findings: Check, files: dict[str, str], severities: list[str]) -> None:
    found = findings({"Procfile": PROCFILE, "app.py": APP, **files}, rule="unsupported-python")
    assert [str(f.severity) for f in found] == severities


def test_a_python_that_the_platform_does_not_offer(findings: Check) -> None:
    (found,) = findings(small("gunicorn\n"), rule="unsupported-python", python_version="3.13")
    assert "3.6 to 3.11" in found.message


@pytest.mark.parametrize(
    ("line", "silent"),
    [
        ("flask @ file:///C:/work/flask", False), ("flask @ file:///tmp/build/flask", False), ("/srv/wheels/a.whl", False),
        ("a @ http://localhost:8080/a.zip", False), ("git+https://git.corp/team/a.git#egg=a", False),
        ("git+https://github.com/pallets/flask.git#egg=flask", True), ("./lib", True), ("flask @ https://example.org/f.whl", True),
    ],
)  # fmt: skip
def test_local_requirement(findings: Check, line: str, silent: bool) -> None:
    files = small(f"gunicorn\n{line}\n", **{"lib/setup.py": "from setuptools import setup\nsetup(name='lib')\n"})
    assert seen(findings(files, rule="local-requirement")) == ([] if silent else [("error", "requirements.txt", 2)])


LOCAL_VERSION = "gunicorn\ntorch==1.9.0+cpu\n"


@pytest.mark.parametrize(
    ("files", "silent"),
    [
        ({"requirements.txt": LOCAL_VERSION}, False),
        ({"requirements.txt": "gunicorn\nconda-package-handling==0+unknown\n"}, False),
        ({"requirements.txt": "gunicorn\ntorch==1.9.0+cpu; sys_platform == 'win32'\n"}, True),
        ({"requirements.txt": LOCAL_VERSION + "-f https://download.pytorch.org/whl/torch_stable.html\n"}, True),
        ({"requirements.txt": "--index-url=https://pypi.example.org/simple\n" + LOCAL_VERSION}, True),
        ({"requirements.txt": LOCAL_VERSION + "-r more.txt\n", "more.txt": "--find-links wheels\n"}, True),
        ({"Dockerfile": "FROM python:3.11\nCOPY . .\nRUN pip install -r requirements.txt\nCMD gunicorn app:app\n",
          "requirements.txt": LOCAL_VERSION}, False),
        ({"Dockerfile": "FROM python:3.11\nCOPY . .\nRUN pip install -r requirements.txt -f https://example.org\nCMD gunicorn app:app\n",
          "requirements.txt": LOCAL_VERSION}, True),
        ({"Dockerfile": "FROM python:3.11\nENV PIP_EXTRA_INDEX_URL=https://example.org\nCOPY . .\n"
                        "RUN pip install -r requirements.txt\nCMD gunicorn app:app\n",
          "requirements.txt": LOCAL_VERSION}, True),
    ],
)  # fmt: skip
def test_a_local_version_comes_from_no_public_index(findings: Check, files: dict[str, str], silent: bool) -> None:
    builder = {"builder": "dockerfile"} if "Dockerfile" in files else {}
    files = {"Procfile": PROCFILE, "app.py": APP, **files}
    assert bool(findings(files, rule="local-requirement", **builder)) is not silent


@pytest.mark.parametrize(
    ("line", "silent"),
    [
        ("pywin32==306", False),
        ("pywin32==306; sys_platform == 'win32'", True),
        ("pkg-resources==0.0.0", False),
        ("sqlite3", False),
        ("cv2", False),
        ("PIL==1.1", False),
        ("colorama", True),
    ],
)
def test_foreign_requirement(findings: Check, line: str, silent: bool) -> None:
    found = findings(small(f"gunicorn\n{line}\n"), rule="foreign-requirement")
    assert seen(found) == ([] if silent else [("error", "requirements.txt", 2)])


def test_what_git_ignores_and_the_start_needs(findings: Check) -> None:
    index = b"DIRC\0\0\0\2\0\0\0\1" + b"\0" * 62 + b"Procfile\0\0" + b"\0" * 62 + b"app.py\0\0"
    files: dict[str, str | bytes] = {**small("gunicorn\nflask\n"), ".gitignore": "*.txt\n", ".git/index": index}
    (found,) = findings(files, rule="ignored-file")
    assert (found.span.path, found.span.line) == (".gitignore", 1)
    assert "requirements.txt" in found.message


def test_a_pointer_instead_of_the_file(findings: Check) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n"
    files = small("flask\ngunicorn\n", "import helpers\n" + APP, **{"helpers.py": pointer})
    assert seen(findings(files, rule="ignored-file")) == [("warning", "helpers.py", 1)]


@pytest.mark.parametrize(
    ("more", "silent"),
    [
        ({"venv/pyvenv.cfg": "home = /usr\n"}, False),
        ({"tools/myenv/pyvenv.cfg": "home = /usr\n"}, False),
        ({"venv/pyvenv.cfg": "home = /usr\n", ".gitignore": "/venv\n"}, True),
        ({"venv/pyvenv.cfg": "home = /usr\n", "venv/.gitignore": "*\n"}, True),
        ({"venv/pyvenv.cfg": "home = /usr\n", ".git/HEAD": "ref: refs/heads/main\n"}, True),
    ],
)
def test_committed_virtualenv(findings: Check, more: dict[str, str], silent: bool) -> None:
    assert (findings(small("gunicorn\n", **more), rule="committed-virtualenv") == ()) is silent


@pytest.mark.parametrize(
    ("files", "path", "line", "severity", "says"),
    [
        ({"requirements.txt": "-r a.txt\n", "a.txt": "-r requirements.txt\n"}, "a.txt", 1, "error", "includes itself"),
        ({"requirements.txt": "flask\n-r gone.txt\n"}, "requirements.txt", 2, "error", "no file «gone.txt»"),
        ({"requirements.txt": b"\x7fELF\0\0\0"}, "requirements.txt", 1, "error", "NUL"),
        ({"requirements.txt": b"flask\n\xff\xfa\n"}, "requirements.txt", 2, "error", "UTF-8"),
        ({"requirements.txt": "flask\n=======\n"}, "requirements.txt", 2, "error", "merge"),
        ({"Pipfile": '[packages]\na = "*"\na = "*"\n'}, "Pipfile", 3, "error", "TOML"),
        ({"environment.yml": "a: &a [x]\nb: [*a\n"}, "environment.yml", 3, "error", "YAML"),
        (
            {
                "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.9"\nflask = "*"\n',
                "poetry.lock": "x = 1\n" * 2_000_000,
            },
            *("poetry.lock", 1, "notice", "larger than 2 MB"),
        ),
        (
            {
                "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.9"\nflask = "*"\n',
                "poetry.lock": "[[package]]\nname = 1.\n",
            },
            *("poetry.lock", 2, "error", "TOML"),
        ),
    ],
)
def test_unreadable_manifest(
    findings: Check, files: dict[str, str | bytes], path: str, line: int, severity: str, says: str
) -> None:
    (found,) = findings({"Procfile": PROCFILE, "app.py": APP, **files}, rule="unreadable-manifest")
    assert (found.span.path, found.span.line, str(found.severity)) == (path, line, severity)
    assert says in found.message
    assert found.advice


ASYNC = "from sqlalchemy.ext.asyncio import create_async_engine\n" + APP


@pytest.mark.parametrize(
    ("requirements", "app", "found"),
    [
        ("flask\ngunicorn\nsqlalchemy\nasyncpg\n", ASYNC, ["error"]),
        ("flask\ngunicorn\nsqlalchemy==2.1.9\nflask-sqlalchemy\n", ASYNC, ["error"]),
        ("flask\ngunicorn\nflask-sqlalchemy\n", ASYNC, ["error"]),
        ("flask\ngunicorn\nsqlalchemy[asyncio]\n", ASYNC, []),
        ("flask\ngunicorn\nsqlalchemy\ngevent\n", ASYNC, []),
        ("flask\ngunicorn\nsqlalchemy<2.1\n", ASYNC, []),
        ("flask\ngunicorn\nsqlalchemy~=2.0.30\n", ASYNC, []),
        ("flask\ngunicorn\nsqlalchemy\nsqlmodel\n", ASYNC, []),
        ("flask\ngunicorn\nsqlalchemy\nan-unheard-of-package\n", ASYNC, []),
        ("flask\ngunicorn\nsqlalchemy\n", "import sqlalchemy\n" + APP, []),
        ("gunicorn\nfastapi\n", "from starlette.middleware.sessions import SessionMiddleware\n", ["error"]),
        ("gunicorn\nfastapi\nitsdangerous\n", "from starlette.middleware.sessions import SessionMiddleware\n", []),
        ("gunicorn\nstarlette[full]\n", "from starlette.middleware.sessions import SessionMiddleware\n", []),
    ],
)
def test_what_only_an_extra_brings(findings: Check, requirements: str, app: str, found: list[str]) -> None:
    told = findings(small(requirements, app), rule="undeclared-import")
    assert [str(f.severity) for f in told if "needs" in f.message] == found


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"


@pytest.mark.parametrize(
    ("files", "place"),
    [
        (small(POINTER), "requirements.txt"),
        (small("-r base.txt\n", **{"base.txt": POINTER}), "base.txt"),
        ({"Procfile": PROCFILE, "app.py": APP, "Pipfile": POINTER}, "Pipfile"),
    ],
)
def test_a_dependency_file_that_is_a_pointer_of_git_lfs(findings: Check, files: dict[str, str], place: str) -> None:
    (found,) = (f for f in findings(files) if f.rule in ("unreadable-manifest", "ignored-file"))
    assert seen((found,)) == [("error", place, 1)]
    assert "Git LFS pointer" in found.message


STANDARD = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask", "gunicorn"]\n'


@pytest.mark.parametrize(
    ("text", "platform", "passed_over"),
    [
        (STANDARD, "adaptable", True),
        ("[tool.black]\nline-length = 99\n", "adaptable", True),
        ('[tool.poetry.dependencies]\nflask = "*"\ngunicorn = "*"\n', "adaptable", True),
        ('[tool.poetry.dependencies]\npython = "^3.9"\nflask = "*"\ngunicorn = "*"\n', "adaptable", False),
        (STANDARD + '[tool.poetry.dependencies]\npython = "^3.9"\n', "adaptable", False),
        (STANDARD, "azure", False),
    ],
)
def test_a_project_that_the_builder_passes_over(findings: Check, text: str, platform: str, passed_over: bool) -> None:
    files = {"Procfile": PROCFILE, "app.py": APP, "pyproject.toml": text}
    found = findings(files, "gunicorn app:app", rule="missing-manifest", platform=platform)
    assert [f.related[0].span.path for f in found] == ["pyproject.toml"] * passed_over
    assert all("[tool.poetry.dependencies]" in f.message and "not looked at" not in f.advice for f in found)
    beside = findings({**files, "requirements.txt": "flask\ngunicorn\n"}, rule="missing-manifest", platform=platform)
    assert beside == ()


def test_what_only_a_file_that_is_not_read_lists(findings: Check) -> None:
    files = {
        "Procfile": PROCFILE,
        "app.py": "import yaml\n" + APP,
        "Pipfile": '[packages]\nflask = "*"\n',
        "requirements.txt": "flask\ngunicorn==23.0.0\npyyaml\n",
    }
    for rule, line in (("missing-server", 2), ("undeclared-import", 3)):
        (found,) = findings(files, rule=rule)
        assert [(r.span.path, r.span.line) for r in found.related] == [("requirements.txt", line)]
        assert "is not read where Pipfile is" in found.related[0].message


def _image(base: str, install: str = "", builder: str = "") -> dict[str, str]:
    first = f"FROM {builder} AS builder\nCOPY . .\nRUN pip install -r requirements.txt\n" if builder else ""
    copy = "COPY --from=builder /usr/local /usr/local\n" if builder else ""
    run = "" if builder else "RUN pip install -r requirements.txt\n"
    text = f"{first}FROM {base}\n{install}COPY . .\n{copy}{run}CMD gunicorn --bind 0.0.0.0:$PORT app:app\n"
    return {"Dockerfile": text, "app.py": APP, "requirements.txt": "flask\ngunicorn\nmysqlclient\npsycopg2\n"}


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        (_image("python:3.11-slim"), [3, 4]),
        (_image("python:3.11"), []),
        (_image("python:3.11-slim", builder="python:3.11"), []),
        (_image("python:3.11-slim", builder="python:3.11-slim"), [3, 4]),
        (_image("registry.example.org/python-slim:3.11"), []),
        (_image("python:3.11-alpine", "RUN apk add mysql-dev postgresql16-dev\n"), []),
        (_image("python:3.11-slim", "RUN yum install -y postgresql-devel\n"), [3]),
    ],
)
def test_headers_that_an_image_may_hold(findings: Check, files: dict[str, str], lines: list[int]) -> None:
    assert [f.span.line for f in findings(files, rule="source-build")] == lines


def test_what_a_lock_lists_again_is_told_once(findings: Check) -> None:
    project = '[tool.poetry.dependencies]\npython = "^3.9"\nmysqlclient = "*"\n'
    files = {"pyproject.toml": project, "poetry.lock": '[[package]]\nname = "mysqlclient"\nversion = "2.2.0"\n'}
    image = "FROM python:3.11-slim\nCOPY . .\nRUN poetry install\nCMD gunicorn --bind 0.0.0.0:$PORT app:app\n"
    (found,) = findings({"Dockerfile": image, "app.py": APP, **files}, rule="source-build")
    assert found.span.path == "pyproject.toml"


@pytest.mark.parametrize(
    ("requirements", "severities"),
    [
        ("flask==2.3.2\nwerkzeug==2.2.3\n", ["error"]),
        ("flask\nwerkzeug==2.2.3\n", []),
        ("flask==2.3.2\nwerkzeug>=2.2.3\n", []),
        ("flask>=3.1\nwerkzeug<3.1\n", ["warning"]),
        ("flask==2.3.2\nwerkzeug==2.3.7\n", []),
        ("flask\nchannels==1.1.8\nasgiref==1.0.0\n", ["error"]),
        ("flask\ndjango==6.0.2\n", ["error"]),
        ("flask\ndjango>=6.0\n", ["warning"]),
        ("flask\ndjango\n", []),
        ("flask\ndjango>=5.0\n", []),
        ("flask\npandas-ta\n", ["warning"]),
    ],
)
def test_what_pip_refuses_to_install(findings: Check, requirements: str, severities: list[str]) -> None:
    found = findings(small(requirements + "gunicorn\n"), rule="incompatible-pins")
    assert [str(f.severity) for f in found] == severities
