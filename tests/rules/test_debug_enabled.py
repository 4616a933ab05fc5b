"""`debug-enabled`: debug mode in what is served, and not in what merely looks like it."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import debug_enabled

Says = Callable[..., tuple[Finding, ...]]

WSGI = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
)
DEV = "class Config:\n    DEBUG = False\nclass Dev(Config):\n    DEBUG = True\n"


@pytest.mark.parametrize(
    ("code", "severities"),
    [
        ("app.debug = True", ["warning"]),
        ("app.config['DEBUG'] = True", ["warning"]),
        ("app.config.update(DEBUG=False)", []),
        ("app.config['DEBUG'] = os.environ.get('DEBUG', False)", []),
        ("app.config['DEBUG'] = os.environ.get('DEBUG', 'True') == 'True'", ["warning"]),
        ("class Config:\n    DEBUG = False\nclass Dev(Config):\n    DEBUG = True\napp.config.from_object(Config)", []),
        ("class Config:\n    DEBUG = False\nclass Dev(Config):\n    DEBUG = True\napp.config.from_object(Dev)",
         ["warning"]),
        (f"{DEV}import requests\napp.config.from_object(Dev if requests.get('http://h').ok else Config)", ["notice"]),
        (f"{DEV}configs = {{'a': Dev, 'b': Config}}\napp.config.from_object(configs[os.environ['ENV']])", []),
        (f"{DEV}configs = {{'a': Dev, 'b': Config}}\napp.config.from_object(configs[os.environ.get('ENV', 'a')])",
         ["warning"]),
        (f"{DEV}from flask.helpers import get_debug_flag\napp.config.from_object(Dev if get_debug_flag() else Config)", []),
        ("from werkzeug.debug import DebuggedApplication\napp.wsgi_app = DebuggedApplication(app.wsgi_app, True)",
         ["error"]),
        ("if app.debug:\n    from werkzeug.debug import DebuggedApplication\n    DebuggedApplication(app)", []),
        ("from settings import debug\nif debug():\n    import werkzeug.debug as w; w.DebuggedApplication(app)", []),
        ("if __name__ == '__main__':\n    app.run(debug=True)", []),
    ],
)  # fmt: skip
def test_flask(says: Says, code: str, severities: list[str]) -> None:
    found = says(debug_enabled, {"app.py": f"import os\nfrom flask import Flask\napp = Flask(__name__)\n{code}\n"})
    assert [str(finding.severity) for finding in found] == severities


@pytest.mark.parametrize(
    ("settings", "severities"),
    [
        ("DEBUG = True", ["error"]),
        ("DEBUG = False", []),
        ("DEBUG = os.environ.get('DEBUG', True)", ["warning"]),
        ("DEBUG = os.environ.get('DEBUG') != 'False'", ["warning"]),
        ("DEBUG = os.environ.get('DEBUG', '') == '1'", []),
        ("DEBUG = os.environ.get('DEBUG', 'False')", ["error"]),
        ("DEBUG = os.environ.get('DEBUG', '0').strip()", ["error"]),
        ("DEBUG = os.environ.get('DEBUG', '')", []),
        ("DEBUG = int(os.environ.get('DEBUG', '0'))", []),
        ("from decouple import config\nDEBUG = config('DEBUG', default='False', cast=bool)", []),
        ("import environ\nenv = environ.Env()\nDEBUG = env.bool('DEBUG', default='False')", []),
        ("DEBUG = 'DYNO' not in os.environ", ["warning"]),
        ("DEBUG = int(os.environ.get('DEBUG', 0))", []),
        ("from decouple import config\nDEBUG = config('DEBUG', default=True, cast=bool)", ["warning"]),
        ("from decouple import config\nDEBUG = config('DEBUG', default=False, cast=bool)", []),
        ("DEBUG = True\nif 'DATABASE_URL' in os.environ:\n    DEBUG = False", []),
        ("DEBUG = True\nDEBUG = False", []),
        ("import django_heroku\nDEBUG = True\ndjango_heroku.settings(locals())", ["error"]),
    ],
)
def test_django(says: Says, settings: str, severities: list[str]) -> None:
    files = {"shop/__init__.py": "", "shop/wsgi.py": WSGI, "shop/settings.py": f"import os\n{settings}\n"}
    found = says(debug_enabled, files, "shop.wsgi")
    assert [str(finding.severity) for finding in found] == severities


@pytest.mark.parametrize(("argument", "count"), [("debug=True", 1), ("debug=False", 0), ("", 0)])
def test_fastapi(says: Says, argument: str, count: int) -> None:
    assert len(says(debug_enabled, {"app.py": f"from fastapi import FastAPI\napp = FastAPI({argument})\n"})) == count


def test_a_variable_of_the_settings_decides(says: Says) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/wsgi.py": WSGI,
        "shop/settings.py": "import os\nDEBUG = os.getenv('D', '1') == '1'",
    }
    assert says(debug_enabled, files, "shop.wsgi", environment=(("D", "0"),)) == ()


CONFIGS = """import os
from flask import Flask
class Development:
    DEBUG = True
class Production:
    DEBUG = False
CONFIGS = {"development": Development, "production": Production}
app = Flask(__name__)
app.config.from_object(CONFIGS[os.getenv("FLASK_CONFIG", "development")])
"""


def test_the_choice_by_default_is_where_it_is_reported(says: Says) -> None:
    found = says(debug_enabled, {"app.py": CONFIGS})
    assert [(f.span.line, str(f.severity)) for f in found] == [(9, "warning")]
    assert [related.span.line for related in found[0].related] == [4]
    assert says(debug_enabled, {"app.py": CONFIGS}, environment=(("FLASK_CONFIG", "production"),)) == ()


def test_a_choice_between_two_classes(says: Says) -> None:
    chosen = "Development if os.environ.get('FLASK_ENV', 'development') != 'production' else Production"
    code = CONFIGS.replace('CONFIGS[os.getenv("FLASK_CONFIG", "development")]', chosen)
    found = says(debug_enabled, {"app.py": code})
    assert [(f.span.line, str(f.severity)) for f in found] == [(9, "warning")]
    assert "unless FLASK_ENV is set" in found[0].message


def test_a_variable_of_the_image_turns_it_on(findings: Callable[..., tuple[Finding, ...]]) -> None:
    files = {
        "Dockerfile": "FROM python:3.11\nENV DEBUG True\nCOPY . .\nCMD gunicorn app:app\n",
        "app.py": "import os\nfrom flask import Flask\napp = Flask(__name__)\napp.debug = os.getenv('DEBUG') == 'True'\n",
    }
    found = findings(files, rule="debug-enabled")
    assert [(f.span.path, f.span.line) for f in found] == [("Dockerfile", 2)]


@pytest.mark.parametrize(
    ("command", "debug", "harms"),
    [
        ("runserver", True, ["see the code and the settings"]),
        ("runserver_plus", True, ["gets a console", "see the code and the settings"]),
        ("runserver", False, []),
        ("runserver_plus", False, []),
    ],
)
def test_only_the_debugger_of_werkzeug_has_a_console(
    findings: Says, command: str, debug: bool, harms: list[str]
) -> None:
    files = {
        "manage.py": "import os, sys\nfrom django.core.management import execute_from_command_line\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nexecute_from_command_line(sys.argv)\n",
        "shop/__init__.py": "",
        "shop/wsgi.py": WSGI,
        "shop/settings.py": f"DEBUG = {debug}\nALLOWED_HOSTS = ['*']\nWSGI_APPLICATION = 'shop.wsgi.application'\n",
        "requirements.txt": "django\ndjango-extensions\n",
    }
    found = findings(files, f"python manage.py {command} 0.0.0.0:$PORT", rule=debug_enabled.ID)
    assert len(found) == len(harms)
    assert all(harm in finding.message for harm, finding in zip(harms, found, strict=True))


def test_the_place_is_the_one_that_turns_it_on(says: Says) -> None:
    code = f"import odd\n{DEV}app.config.from_object(Dev)\nif odd.x():\n    app.config.from_object(Config)"
    (found,) = says(debug_enabled, {"app.py": f"from flask import Flask\napp = Flask(__name__)\n{code}\n"})
    assert found.span.line == 7


CHOSEN = {
    "config.py": "class Config:\n    DEBUG = False\nclass Dev(Config):\n    DEBUG = True\n",
    "web.py": (
        "import os\nfrom flask import Flask\napp = Flask(__name__)\n"
        'app.config.from_object("config." + os.environ.get("APP_SETTINGS", "Config"))\n'
    ),
}
RUN = '\nfrom web import app\nif __name__ == "__main__":\n    app.run(debug=app.config["DEBUG"])\n'


@pytest.mark.parametrize(
    "stands_in",
    [
        'os.environ.setdefault("APP_SETTINGS", "Dev")',
        'if not os.getenv("APP_SETTINGS"):\n    os.environ["APP_SETTINGS"] = "Dev"',
        'if "APP_SETTINGS" not in os.environ:\n    os.environ["APP_SETTINGS"] = "Dev"',
        'os.environ["APP_SETTINGS"] = os.environ.get("APP_SETTINGS", "Dev")',
        'os.environ["APP_SETTINGS"] = os.environ.get("APP_SETTINGS") or "Dev"',
    ],
)
def test_what_stands_in_for_a_variable_hangs_on_it(findings: Says, stands_in: str) -> None:
    files = {**CHOSEN, "run.py": f"import os\n{stands_in}{RUN}", "Procfile": "web: python run.py\n"}
    (found,) = findings(files, rule="debug-enabled")
    assert str(found.severity) == "warning"
    assert "unless APP_SETTINGS is set there" in found.message
    assert found.advice.startswith("Set APP_SETTINGS on Adaptable")
    assert [one.span.path for one in found.related] == ["config.py"]
    told = (("APP_SETTINGS", "Config"),)
    assert findings(files, rule="debug-enabled", environment=told) == ()


def test_what_the_code_sets_in_any_case_is_certain(findings: Says) -> None:
    fixed = 'import os\nos.environ.setdefault("APP_SETTINGS", "Config")\nos.environ["APP_SETTINGS"] = "Dev"'
    (found,) = findings({**CHOSEN, "run.py": fixed + RUN, "Procfile": "web: python run.py\n"}, rule="debug-enabled")
    assert str(found.severity) == "error"
    assert "unless" not in found.message
