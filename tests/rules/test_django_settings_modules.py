"""Settings modules that DJANGO_SETTINGS_MODULE chooses: where another one is, a finding about one hangs on the variable."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import debug_enabled, file_database, local_upload, missing_app, rejected_host

Says = Callable[..., tuple[Finding, ...]]

BASE = 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "project.urls"\nSECRET_KEY = "x"\n'
DEV = """\
from .base import *
DEBUG = True
ALLOWED_HOSTS = ["localhost"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
"""
PROD = """\
import dj_database_url
from .base import *
DEBUG = False
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": dj_database_url.config()}
STORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}
"""
UNLESS = "unless DJANGO_SETTINGS_MODULE is set there"


def project(
    files: dict[str, str], chosen: str = "dev", sets: str = 'os.environ.setdefault("{}", "{}")'
) -> dict[str, str]:
    """Return a project with a model that takes uploads."""
    line = sets.format("DJANGO_SETTINGS_MODULE", f"project.settings.{chosen}")
    return {
        "project/__init__.py": "",
        "project/urls.py": "urlpatterns = []\n",
        "project/wsgi.py": (
            f"import os\nfrom django.core.wsgi import get_wsgi_application\n{line}\n"
            "application = get_wsgi_application()\n"
        ),
        "shop/__init__.py": "",
        "shop/models.py": (
            "from django.db import models\nclass Paper(models.Model):\n    file = models.FileField(upload_to='papers')\n"
        ),
        "project/settings/__init__.py": "",
        "project/settings/base.py": BASE,
        **{f"project/settings/{name}.py": text for name, text in files.items()},
    }


RULES = (debug_enabled, file_database, local_upload, rejected_host)


@pytest.mark.parametrize("rule", RULES)
def test_what_another_settings_module_would_change_is_a_step_lower(says: Says, rule: object) -> None:
    (alone,) = says(rule, project({"dev": DEV}))
    (beside,) = says(rule, project({"dev": DEV, "prod": PROD}))
    assert str(alone.severity) == "error"
    assert UNLESS not in alone.message
    assert str(beside.severity) == "warning"
    assert UNLESS in beside.message


@pytest.mark.parametrize("rule", RULES)
def test_the_setting_chooses_the_other_module(says: Says, rule: object) -> None:
    told = (("DJANGO_SETTINGS_MODULE", "project.settings.prod"),)
    assert says(rule, project({"dev": DEV, "prod": PROD}), environment=told) == ()
    told = (("DJANGO_SETTINGS_MODULE", "project.settings.dev"),)
    (found,) = says(rule, project({"dev": DEV, "prod": PROD}), environment=told)
    assert str(found.severity) == "error"


def test_the_advice_names_the_variable(says: Says) -> None:
    (found,) = says(debug_enabled, project({"dev": DEV, "prod": PROD}))
    assert found.advice == "Set DJANGO_SETTINGS_MODULE on Adaptable and list it under `environment` in the settings."


@pytest.mark.parametrize(
    "files",
    [
        {"dev": DEV, "test": PROD},
        {"dev": DEV, "local_production": PROD},
        {"dev": DEV, "celery": "DEBUG = False\n"},
        {"dev": "from .prod import *\n" + DEV, "prod": PROD.replace("STORAGES", "OTHER")},
        {"dev": DEV, "prod": "from .base import *\nADMINS = []\n"},
    ],
    ids=["for tests", "for one machine", "no whole settings", "built upon", "sets nothing"],
)
def test_a_module_that_is_no_other_choice_changes_nothing(says: Says, files: dict[str, str]) -> None:
    (found,) = says(debug_enabled, project(files))
    assert str(found.severity) == "error"


def test_what_the_code_itself_chooses_stays(says: Says) -> None:
    files = project({"dev": DEV, "prod": PROD}, sets='os.environ["{}"] = "{}"')
    (found,) = says(debug_enabled, files)
    assert str(found.severity) == "error"


def test_the_module_for_what_is_deployed_is_no_worse_a_choice_than_another(says: Says) -> None:
    (found,) = says(debug_enabled, project({"production": DEV, "staging": PROD}, chosen="production"))
    assert str(found.severity) == "error"


def test_a_setting_that_both_take_from_a_third_module_does_not_hang_on_the_choice(says: Says) -> None:
    files = project({"dev": "from .base import *\nDEBUG = False\n", "prod": "from .base import *\nDEBUG = False\n"})
    files["project/settings/base.py"] += 'ALLOWED_HOSTS = ["localhost"]\n'
    (found,) = says(rejected_host, files)
    assert str(found.severity) == "error"


def test_modules_beside_each_other_with_settings_in_their_names(says: Says) -> None:
    files = project({"dev": DEV})
    files = {path: text.replace("settings.dev", "settings") for path, text in files.items() if "/settings/" not in path}
    files["project/settings.py"] = BASE + DEV.replace("from .base import *\n", "")
    (alone,) = says(debug_enabled, files)
    assert str(alone.severity) == "error"
    (found,) = says(debug_enabled, files | {"project/settings_heroku.py": "from .settings import *\nDEBUG = False\n"})
    assert str(found.severity) == "warning"


def test_a_default_that_is_not_there_hangs_on_the_variable(says: Says) -> None:
    (found,) = says(missing_app, project({"dev": DEV, "production": PROD}, chosen="prod"))
    assert str(found.severity) == "warning"
    assert UNLESS in found.message
    assert (found.span.path, found.span.line) == ("project/wsgi.py", 3)
    assert found.advice.startswith("Name a settings module that is there: project.settings.production or")


def test_a_default_that_is_not_there_is_certain_where_no_other_is(says: Says) -> None:
    (found,) = says(missing_app, project({}, chosen="prod"))
    assert str(found.severity) == "error"
    assert UNLESS not in found.message
    assert found.advice.startswith("Commit that module.")


def test_settings_that_only_work_from_another_folder_are_no_choice(says: Says) -> None:
    files = {f"web/{path}": text for path, text in project({"dev": f"{BASE}{DEV[20:]}"}).items()}
    del files["web/project/settings/base.py"]
    (found,) = says(missing_app, files, "web.project.wsgi:application")
    assert str(found.severity) == "error"
    assert found.advice.startswith("Start the server in «web», where")


@pytest.mark.parametrize(("chosen", "severity"), [("dev", "warning"), ("prod", "error")])
def test_a_default_that_fails_hangs_on_the_variable_unless_it_is_meant_to_be_deployed(
    says: Says, chosen: str, severity: str
) -> None:
    files = {"dev": DEV, "prod": PROD, chosen: f"{DEV}nope\n"}
    (found,) = says(missing_app, project(files, chosen=chosen))
    assert str(found.severity) == severity
    assert (UNLESS in found.message) == (severity == "warning")


def test_a_name_that_the_code_fixes_is_certain(says: Says) -> None:
    files = project({"dev": DEV, "prod": PROD}, chosen="production", sets='os.environ["{}"] = "{}"')
    (found,) = says(missing_app, files)
    assert str(found.severity) == "error"


def test_django_does_not_look_beside_the_file_that_names_the_settings(says: Says) -> None:
    files = project({"dev": DEV, "prod": PROD})
    files["project/wsgi.py"] = files["project/wsgi.py"].replace("project.settings", "settings")
    assert says(debug_enabled, files) == ()
    (found,) = says(missing_app, files)
    assert UNLESS in found.message
    assert "project.settings.prod or project.settings.dev" in found.advice
