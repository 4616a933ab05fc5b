"""What Django raises while it sets itself up: the order of imports, and settings that it refuses."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import missing_app

Says = Callable[..., tuple[Finding, ...]]

CHOICE = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")\n'
WSGI = f"import os\nfrom django.core.wsgi import get_wsgi_application\n{CHOICE}application = get_wsgi_application()\n"
MODELS = "from django.db import models\nclass Item(models.Model):\n    name = models.CharField(max_length=9)\n"
APPS = 'INSTALLED_APPS = ["django.contrib.auth", "shop"]\n'


def project(settings: str = "", wsgi: str = WSGI, **others: str) -> dict[str, str]:
    """Return a Django project with an app and its models."""
    return {
        "project/__init__.py": "",
        "project/wsgi.py": wsgi,
        "project/settings.py": f"import os\n{APPS}{settings}\n",
        "shop/__init__.py": "",
        "shop/models.py": MODELS,
        "shop/users.py": "from django.contrib.auth import get_user_model\nUser = get_user_model()\n",
        "requirements.txt": "django==5.2\ngunicorn\ndjango-allauth\n",
        **{name.replace("__", "/") + ".py": text for name, text in others.items()},
    }


def said(says: Says, files: dict[str, str]) -> list[tuple[str, int, str]]:
    """Return where and why the app cannot be loaded: the exception's kind."""
    found = says(missing_app, files)
    return [(f.span.path, f.span.line, f.message.split(" fails: ")[1].split(":")[0]) for f in found]


EARLY = "import os\nfrom django.core.wsgi import get_wsgi_application\n{}application = get_wsgi_application()\n"


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        (f"{CHOICE}from shop.models import Item\n", [("project/wsgi.py", 4, "AppRegistryNotReady")]),
        (f"from shop.models import Item\n{CHOICE}", [("project/wsgi.py", 3, "ImproperlyConfigured")]),
        (f"{CHOICE}import shop.users\n", [("project/wsgi.py", 4, "AppRegistryNotReady")]),
        (
            f"{CHOICE}from django.contrib.auth.models import User\n",
            [("project/wsgi.py", 4, "AppRegistryNotReady")],
        ),
        (f"{CHOICE}import django\ndjango.setup()\nfrom shop.models import Item\n", []),
        (f"{CHOICE}from configurations.wsgi import get_wsgi_application\nfrom shop.models import Item\n", []),
        (f"{CHOICE}try:\n    from shop.models import Item\nexcept Exception:\n    pass\n", []),
        (f"{CHOICE}if os.environ.get('EARLY'):\n    from shop.models import Item\n", []),
        (f"{CHOICE}from django.db import models\n", []),
    ],
)
def test_models_before_the_apps(says: Says, between: str, expected: list[tuple[str, int, str]]) -> None:
    assert said(says, project(wsgi=EARLY.format(between))) == expected


def test_models_behind_the_apps(says: Says) -> None:
    assert said(says, project(wsgi=f"{WSGI}from shop.models import Item\n")) == []


def test_the_dictionary_of_an_asgi_app_comes_too_late(says: Says) -> None:
    asgi = (
        "import os\nfrom channels.routing import ProtocolTypeRouter, URLRouter\n"
        f"from django.core.asgi import get_asgi_application\nimport shop.routing\n{CHOICE}"
        "application = ProtocolTypeRouter(\n"
        "    {'http': get_asgi_application(), 'websocket': URLRouter(shop.routing.urls)}\n)\n"
    )
    files = project(wsgi=asgi, shop__routing="from shop.models import Item\nurls = []\n")
    (found,) = says(missing_app, files)
    assert (found.span.path, found.span.line) == ("project/wsgi.py", 4)
    assert found.advice.startswith("Move it below the line that calls get_asgi_application()")


def test_settings_and_packages_that_lead_to_models(says: Says) -> None:
    expected = [("project/settings.py", 3, "AppRegistryNotReady")]
    assert said(says, project("from shop.models import Item")) == expected
    files = project() | {"shop/__init__.py": "from .models import Item\n"}
    assert said(says, files) == [("shop/__init__.py", 1, "AppRegistryNotReady")]
    assert said(says, project(shop__apps="from .models import Item\n")) == [("shop/apps.py", 1, "AppRegistryNotReady")]


def test_code_that_never_sets_django_up_is_not_judged(says: Says) -> None:
    assert said(says, project(wsgi="from shop.models import Item\ndef application(environ, start):\n    ...\n")) == []


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ("ALLOWED_HOSTS = '*'", 3),
        ("ALLOWED_HOSTS = ('example.org')", 3),
        ("ALLOWED_HOSTS = {'example.org'}", 3),
        ("ALLOWED_HOSTS = os.environ.get('HOSTS')", 3),
        ("ALLOWED_HOSTS = os.environ['HOSTS']", 3),
        ("ALLOWED_HOSTS = os.environ.get('HOSTS', '*').strip()", 3),
        ("ALLOWED_HOSTS = os.environ.get('HOSTS', '*').split(',')", None),
        ("ALLOWED_HOSTS = os.environ['HOSTS'].split(',')", None),
        ("ALLOWED_HOSTS = os.environ.get('HOSTS', ['*'])", None),
        ("from decouple import config, Csv\nALLOWED_HOSTS = config('HOSTS', cast=Csv())", None),
        ("from decouple import config\nALLOWED_HOSTS = config('HOSTS', cast=lambda v: v.split(','))", None),
        ("import environ\nenv = environ.Env()\nALLOWED_HOSTS = env.list('HOSTS')", None),
        ("import environ\nenv = environ.Env()\nALLOWED_HOSTS = env('HOSTS', cast=list)", None),
        ("ALLOWED_HOSTS = '*'\nimport django_heroku\ndjango_heroku.settings(locals())", None),
        ("DATABASES = {'default': {'ENGINE': 'django.db.backends.postgres', 'NAME': 'x'}}", 3),
        ("DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql_psycopg2', 'NAME': 'x'}}", None),
        ("DATABASES = {'default': {'ENGINE': 'mssql', 'NAME': 'x'}}", None),
        ("DATABASES = {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'x'}", 3),
        ("import dj_database_url\nDATABASES = {'default': dj_database_url.config()}", None),
        ("MIDDLEWARE = ['shop.middleware.Audit']", 3),
        ("MIDDLEWARE = ['shop.models.Audit']", 3),
        ("MIDDLEWARE = ['shop.models.Item']", None),
        ("MIDDLEWARE = ['other.middleware.Audit']", None),
        ("MIDDLEWARE = []\nif os.environ.get('AUDIT'):\n    MIDDLEWARE += ['shop.middleware.Audit']", None),
        ("INSTALLED_APPS += ['allauth', 'allauth.account']\nMIDDLEWARE = []", 4),
        ("INSTALLED_APPS += ['allauth.account']\nMIDDLEWARE = ['allauth.account.middleware.AccountMiddleware']", None),
        ("INSTALLED_APPS += ['allauth.socialaccount']\nMIDDLEWARE = []", None),
    ],
)
def test_settings_that_are_refused(says: Says, settings: str, line: int | None) -> None:
    found = [(path, at) for path, at, _ in said(says, project(settings))]
    assert found == ([] if line is None else [("project/settings.py", line)])


@pytest.mark.parametrize(("version", "count"), [("==4.1", 0), ("==4.2", 1), ("==5.0", 1), ("==5.1", 0), ("", 0)])
def test_old_and_new_names_of_a_storage(says: Says, version: str, count: int) -> None:
    files = project("STATICFILES_STORAGE = 'x.Storage'\nSTORAGES = {}")
    files["requirements.txt"] = f"django{version}\ngunicorn\n"
    assert len(says(missing_app, files)) == count


@pytest.mark.parametrize(("version", "count"), [("==0.54", 0), ("==0.56", 1), ("", 1), ("<0.55", 0), (">=0.50", 1)])
def test_the_middleware_that_allauth_asks_for(says: Says, version: str, count: int) -> None:
    files = project("INSTALLED_APPS += ['allauth', 'allauth.account']\nMIDDLEWARE = []")
    files["requirements.txt"] = f"django\ngunicorn\ndjango-allauth{version}\n"
    assert len(says(missing_app, files)) == count


def test_another_settings_module_may_be_right(says: Says) -> None:
    signs = "DEBUG = False\nALLOWED_HOSTS = {}\n"
    files = project(signs.format("'*'")) | {"project/prod.py": f"from .settings import *\n{signs.format(['*'])}"}
    (found,) = says(missing_app, files)
    assert str(found.severity) == "warning"
    assert "unless DJANGO_SETTINGS_MODULE is set there" in found.message
