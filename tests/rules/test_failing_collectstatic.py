"""`collectstatic` that fails with the app's settings: in the start command, in a Dockerfile, by the builder."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]

SETTINGS = (
    "import os\nfrom pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n"
    "INSTALLED_APPS = ['django.contrib.staticfiles']\nSTATIC_URL = 'static/'\n"
)
ROOT = "STATIC_ROOT = BASE_DIR / 'staticfiles'\n"
COLLECT = "python manage.py collectstatic --noinput"
STORE = "{'BACKEND': '%s'}"


def project(settings: str, **others: str) -> dict[str, str]:
    """Return a Django project."""
    return {
        "shop/__init__.py": "",
        "shop/wsgi.py": (
            "import os\nfrom django.core.wsgi import get_wsgi_application\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
        ),
        "manage.py": (
            "import os, sys\nfrom django.core.management import execute_from_command_line\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nexecute_from_command_line(sys.argv)\n"
        ),
        "shop/settings.py": SETTINGS + settings,
        "requirements.txt": "django\ngunicorn\nwhitenoise\n",
        **others,
    }


@pytest.mark.parametrize(
    ("settings", "severities"),
    [
        ("", ["error"]),
        ("STATIC_ROOT = ''\n", ["error"]),
        (ROOT, []),
        ("STATIC_ROOT = os.environ.get('ROOT', 'static')\n", []),
        ("if os.environ.get('X'):\n    STATIC_ROOT = '/x'\n", []),
        ("STATICFILES_STORAGE = 'storages.backends.s3boto3.S3StaticStorage'\n", []),
        ("STATICFILES_STORAGE = 'whitenoise.storage.CompressedStaticFilesStorage'\n", ["error"]),
        (f"STORAGES = {{'staticfiles': {STORE % 'storages.backends.s3.S3Storage'}}}\n", []),
        (f"{ROOT}STORAGES = {{'default': {STORE % 'storages.backends.s3.S3Storage'}}}\n", ["error"]),
        (f"{ROOT}STATICFILES_DIRS = [BASE_DIR / 'staticfiles']\n", ["error"]),
        (f"{ROOT}STATICFILES_DIRS = [BASE_DIR / 'static']\n", []),
        (f"{ROOT}STATICFILES_DIRS = BASE_DIR / 'static'\n", ["error"]),
        ("import django_heroku\ndjango_heroku.settings(locals())\n", []),
        ("from unknown import *\n", []),
    ],
)
def test_settings(findings: Findings, settings: str, severities: list[str]) -> None:
    found = findings(project(settings), f"{COLLECT} && gunicorn shop.wsgi", rule="failing-collectstatic")
    assert [str(finding.severity) for finding in found] == severities


@pytest.mark.parametrize(
    ("command", "severities"),
    [
        (f"{COLLECT} && gunicorn shop.wsgi", ["error"]),
        (f"{COLLECT}; gunicorn shop.wsgi", ["warning"]),
        ("gunicorn shop.wsgi", []),
    ],
)
def test_start_commands(findings: Findings, command: str, severities: list[str]) -> None:
    found = findings(project(""), command, rule="failing-collectstatic")
    assert [str(finding.severity) for finding in found] == severities


@pytest.mark.parametrize(
    ("step", "count"),
    [
        (f"RUN {COLLECT}", 1),
        (f"RUN {COLLECT} || true", 0),
        (f"RUN {COLLECT} --settings shop.build", 0),
        ("RUN true", 0),
    ],
)
def test_dockerfiles(findings: Findings, step: str, count: int) -> None:
    image = f"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n{step}\n"
    files = project("", Dockerfile=f"{image}CMD gunicorn shop.wsgi --bind :$PORT\n")
    assert len(findings(files, rule="failing-collectstatic", platform="cloud-run")) == count


def test_builders(findings: Findings) -> None:
    files = project("", Procfile="web: gunicorn shop.wsgi\n")
    (found,) = findings(files, rule="failing-collectstatic", platform="heroku")
    assert str(found.severity) == "warning"
    off = (("DISABLE_COLLECTSTATIC", "1"),)
    assert findings(files, rule="failing-collectstatic", platform="heroku", environment=off) == ()
    assert findings(files, rule="failing-collectstatic", platform="render") == ()
