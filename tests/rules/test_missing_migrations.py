"""Models for which nothing makes tables."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]

SERVER = "import dj_database_url\nDATABASES = {'default': dj_database_url.config()}\n"
FILE = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}\n"
MODEL = "from django.db import models\nclass Item(models.Model):\n    name = models.TextField()\n"
MIGRATED = {"shop/migrations/__init__.py": "", "shop/migrations/0001_initial.py": ""}


def project(models: str = MODEL, apps: str = "['shop']", database: str = SERVER, **others: str) -> dict[str, str]:
    """Return a Django project with an app."""
    return {
        "project/__init__.py": "",
        "project/wsgi.py": (
            "import os\nfrom django.core.wsgi import get_wsgi_application\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'project.settings')\n"
            "application = get_wsgi_application()\n"
        ),
        "project/settings.py": f"INSTALLED_APPS = {apps}\n{database}",
        "shop/__init__.py": "",
        "shop/models.py": models,
        "manage.py": "",
        **{name.replace("__", "/"): text for name, text in others.items()},
    }


def said(findings: Findings, files: dict[str, str], command: str = "gunicorn project.wsgi") -> list[str]:
    return [str(finding.severity) for finding in findings(files, command, rule="missing-migrations")]


@pytest.mark.parametrize(
    ("files", "severities"),
    [
        (project(), ["warning"]),
        (project(apps="['shop.apps.ShopConfig']"), ["warning"]),
        (project() | MIGRATED, []),
        (project() | {"shop/migrations/__init__.py": ""}, ["warning"]),
        (project(apps="['other']"), []),
        (project(database=FILE), []),
        (project(database=f"{SERVER}MIGRATION_MODULES = {{'shop': 'elsewhere'}}\n"), []),
        (project(MODEL + "    class Meta:\n        abstract = True\n"), []),
        (project(MODEL + "    class Meta:\n        managed = False\n"), []),
        (project(MODEL + "    class Meta:\n        ordering = ['name']\n"), ["warning"]),
        (project("from django.contrib.auth.models import AbstractUser\nclass User(AbstractUser):\n    pass\n"), ["warning"]),
        (project("class Item:\n    pass\n"), []),
        (project() | {"build.sh": "python manage.py migrate\n"}, ["notice"]),
        (project() | {"tables.sql": "CREATE TABLE item"}, ["notice"]),
        (project(apps="['shop', 'club']") | {"club/__init__.py": "", "club/models.py": MODEL}, ["warning"]),
    ],
)  # fmt: skip
def test_apps(findings: Findings, files: dict[str, str], severities: list[str]) -> None:
    if "apps.ShopConfig" in files["project/settings.py"]:
        files["shop/apps.py"] = "from django.apps import AppConfig\nclass ShopConfig(AppConfig):\n    name = 'shop'\n"
    assert said(findings, files) == severities


def test_a_package_of_models(findings: Findings) -> None:
    files = project() | {"shop/models/__init__.py": "from .item import Item\n", "shop/models/item.py": MODEL}
    del files["shop/models.py"]
    assert said(findings, files) == ["warning"]
    assert said(findings, files | MIGRATED) == []


@pytest.mark.parametrize(
    ("step", "count"),
    [
        ("python manage.py migrate", 1),
        ("python manage.py makemigrations && python manage.py migrate", 1),
        ("python manage.py makemigrations shop && python manage.py migrate", 0),
        ("python manage.py migrate --run-syncdb", 0),
    ],
)
def test_commands(findings: Findings, step: str, count: int) -> None:
    assert len(said(findings, project(), f"{step} && gunicorn project.wsgi")) == count


def test_what_makemigrations_fills(findings: Findings) -> None:
    files = project() | {"shop/migrations/__init__.py": ""}
    assert said(findings, files, "python manage.py makemigrations && gunicorn project.wsgi") == []
