"""The driver of Django's database: from the engine, and from the URL that the platform gives."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import missing_driver, unverified_database_tls

Says = Callable[..., tuple[Finding, ...]]

WSGI = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'project.settings')\napplication = get_wsgi_application()\n"
)
SQLITE = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}\n"
FALLBACK = "'sqlite:///db.sqlite3'"


def project(settings: str, requirements: str = "") -> dict[str, str]:
    """Return a Django project whose settings take their database from a URL."""
    head = "import os\nimport dj_database_url\nimport environ\nenv = environ.Env()\n"
    declared = f"django\ngunicorn\ndj-database-url\ndjango-environ\n{requirements}"
    return {
        "project/__init__.py": "",
        "project/wsgi.py": WSGI,
        "project/settings.py": head + settings,
        "requirements.txt": declared,
    }


FROM_URL = [
    f"DATABASES = {{'default': dj_database_url.parse(os.environ.get('DATABASE_URL', {FALLBACK}))}}",
    "DATABASES = {'default': dj_database_url.parse(os.environ['DATABASE_URL'], conn_max_age=600)}",
    "DATABASES = {'default': dj_database_url.config()}",
    f"DATABASES = {{'default': dj_database_url.config(default={FALLBACK})}}",
    "DATABASES = {'default': env.db()}",
    f"DATABASES = {{'default': env.db('DATABASE_URL', default={FALLBACK})}}",
    SQLITE + "if os.environ.get('DATABASE_URL'):\n    DATABASES['default'] = dj_database_url.config()",
    SQLITE + "if 'DATABASE_URL' in os.environ:\n    DATABASES['default'] = dj_database_url.config()",
    SQLITE + "DATABASES['default'].update(dj_database_url.config(conn_max_age=500))",
    "import django_heroku\n" + SQLITE + "django_heroku.settings(locals())",
    "import django_heroku\n"
    + SQLITE
    + "django_heroku.settings(locals())\ndel DATABASES['default']['OPTIONS']['sslmode']",
    "DATABASES = {'default': dj_database_url.config()}\nDATABASES['default']['OPTIONS']['sslmode'] = 'verify-full'",
]


@pytest.mark.parametrize("settings", FROM_URL)
def test_the_url_of_the_platform_asks_for_a_driver(says: Says, settings: str) -> None:
    found = says(missing_driver, project(settings))
    assert [(str(f.severity), "postgresql" in f.message) for f in found] == [("error", True)]


@pytest.mark.parametrize("settings", FROM_URL)
@pytest.mark.parametrize("driver", ["psycopg2-binary", "psycopg[binary]", "django-heroku"])
def test_one_of_its_drivers_is_enough(says: Says, settings: str, driver: str) -> None:
    assert not says(missing_driver, project(settings, f"{driver}\n"))


@pytest.mark.parametrize("settings", FROM_URL)
@pytest.mark.parametrize("database", ["none", "mssql"])
def test_another_database_asks_for_none(says: Says, settings: str, database: str) -> None:
    assert not says(missing_driver, project(settings), database=database)


@pytest.mark.parametrize(
    ("settings", "driver"),
    [
        ("DATABASES = {'default': dj_database_url.config(env='SHOP_URL', default='sqlite:///db.sqlite3')}", ""),
        ("DATABASES = {'default': dj_database_url.parse('sqlite:///db.sqlite3')}", ""),
        ("DATABASES = {'default': dj_database_url.parse(f\"mysql://u:{os.environ['P']}@db.example.org/x\")}", "mysqlclient"),
        ("DATABASES = {'default': dj_database_url.config(engine='django.db.backends.mysql')}", "mysqlclient"),
        ("DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': os.environ['PGHOST']}}", "psycopg2-binary"),
        (SQLITE, ""),
        (SQLITE + "if os.environ.get('MY_OWN'):\n    DATABASES['default'] = dj_database_url.config()", ""),
    ],
)  # fmt: skip
def test_the_url_or_the_engine_names_the_driver(says: Says, settings: str, driver: str) -> None:
    found = says(missing_driver, project(settings))
    assert [f"«{driver}»" in f.message for f in found] == ([True] if driver else [])


def test_a_complete_lock_tells_what_comes_along(says: Says) -> None:
    """Some version of sqlalchemy-serializer brings psycopg2-binary; the one that is locked here does not."""
    locked = ("flask", "gunicorn", "sqlalchemy", "sqlalchemy-serializer")
    lines = ", ".join(f'"{name}": {{"version": "==1.4.1"}}' for name in locked)
    code = "import os\nfrom flask import Flask\nfrom sqlalchemy import create_engine\napp = Flask(__name__)\n"
    app = code + "create_engine(os.environ['DATABASE_URL'].replace('postgres:', 'postgresql:'))\n"
    pipfile = '[packages]\nflask = "*"\ngunicorn = "*"\nsqlalchemy = "<2.1"\nsqlalchemy-serializer = "*"\n'
    files = {"app.py": app, "Pipfile": pipfile}
    assert not says(missing_driver, files)
    assert says(missing_driver, {**files, "Pipfile.lock": f'{{"default": {{{lines}}}}}'})


REQUIRED = "DATABASES = {'default': dj_database_url.config(ssl_require=True)}\n"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [(REQUIRED, 1), (REQUIRED + "del DATABASES['default']['OPTIONS']['sslmode']\n", 0)],
)
def test_an_option_that_is_deleted_again(says: Says, settings: str, expected: int) -> None:
    assert len(says(unverified_database_tls, project(settings, "psycopg2\n"))) == expected
