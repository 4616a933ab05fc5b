"""Django's static files: who needs them, who serves them, and whether there are any to serve."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import local_upload, removed_api, unserved_static

Says = Callable[..., tuple[Finding, ...]]
Findings = Callable[..., tuple[Finding, ...]]

NOISE = "MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\n"
COLLECTED = f"{NOISE}STATIC_ROOT = BASE_DIR / 'staticfiles'\n"
STORAGE = "'whitenoise.storage.CompressedManifestStaticFilesStorage'"
HEROKU = "MIDDLEWARE = []\nimport django_heroku\ndjango_heroku.settings(locals())"
ROUTE = (
    "from django.conf import settings\nfrom django.conf.urls.static import static\n"
    "urlpatterns += static(settings.STATIC_URL, document_root={})\n"
)
MANAGE = (
    "from django.core.management import execute_from_command_line\nimport sys\nexecute_from_command_line(sys.argv)\n"
)
COLLECT = "python manage.py collectstatic --noinput"
S3 = "'storages.backends.s3boto3.S3Boto3Storage'"


def project(settings: str, routes: str = "", **others: str) -> dict[str, str]:
    """Return a Django project with the admin."""
    return {
        "shop/__init__.py": "",
        "shop/wsgi.py": (
            "import os\nfrom django.core.wsgi import get_wsgi_application\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
        ),
        "shop/settings.py": (
            "import os\nfrom pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n"
            "ROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = ['django.contrib.admin', 'django.contrib.staticfiles']\n"
            f"STATIC_URL = 'static/'\n{settings}\n"
        ),
        "shop/urls.py": (
            "from django.contrib import admin\nfrom django.urls import path, re_path\n"
            f"urlpatterns = [path('admin/', admin.site.urls)]\n{routes}"
        ),
        "manage.py": MANAGE,
        **{name.replace("__", "/").replace("_dot_", "."): text for name, text in others.items()},
    }


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("MIDDLEWARE = []", 1),
        (f"{NOISE}WHITENOISE_USE_FINDERS = True", 0),
        (f"{NOISE}WHITENOISE_USE_FINDERS = os.environ.get('FIND', '0') == '1'", 1),
        (NOISE, 1),
        (f"{NOISE}DEBUG = True", 0),
        (f"{NOISE}DEBUG = os.environ.get('DEBUG', 'True') == 'True'", 0),
        (f"{NOISE}DEBUG = os.environ.get('DEBUG', 'False') == 'True'", 1),
        (f"{NOISE}WHITENOISE_AUTOREFRESH = True", 1),
        (f"{NOISE}WHITENOISE_ROOT = BASE_DIR / 'build'", 0),
        ("MIDDLEWARE = ['shop.StaticMiddleware']", 0),
        ("MIDDLEWARE = []\nSTATIC_URL = 'https://cdn.example.com/static/'", 0),
        ("MIDDLEWARE = []\nSTATICFILES_STORAGE = 'storages.backends.s3boto3.S3Boto3Storage'", 0),
        ("MIDDLEWARE = []\nSTORAGES = {'staticfiles': {'BACKEND': 'storages.backends.s3.S3Storage'}}", 0),
        (f"MIDDLEWARE = []\nSTATICFILES_STORAGE = {STORAGE}", 1),
        (f"MIDDLEWARE = []\nSTORAGES = {{'staticfiles': {{'BACKEND': {STORAGE}}}}}", 1),
        ("MIDDLEWARE = []\nimport json\nSTORAGES = json.loads(os.environ['STORAGES'])", 0),
        ("MIDDLEWARE = []\nINSTALLED_APPS = ['django.contrib.admin']", 0),
    ],
)
def test_who_serves_static_files(says: Says, settings: str, count: int) -> None:
    assert len(says(unserved_static, project(settings), "shop.wsgi")) == count


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        (COLLECTED, 1),
        (f"{NOISE}STATIC_ROOT = 'staticfiles'", 1),
        ("MIDDLEWARE = []\nMIDDLEWARE.insert(0, 'whitenoise.middleware.WhiteNoiseMiddleware')\nSTATIC_ROOT = 'x'", 1),
        (HEROKU, 1),
        (f"DEBUG = True\n{HEROKU}", 0),
        (f"{COLLECTED}DEBUG = True", 0),
        (f"{NOISE}STATIC_ROOT = os.environ.get('ROOT', 'x')", 0),
        (f"{NOISE}STATIC_ROOT = '/var/www/static'", 0),
        (f"{NOISE}STATIC_ROOT = BASE_DIR / 'assets'", 0),
        (f"{COLLECTED}from django.core.management import call_command\ncall_command('collectstatic')", 0),
        (f"{COLLECTED}import subprocess\nsubprocess.run(['python', 'manage.py', 'collectstatic'])", 0),
    ],
)
def test_whitenoise_over_a_folder_that_nothing_fills(says: Says, settings: str, count: int) -> None:
    files = project(settings, assets__shop_dot_css="")
    assert len(says(unserved_static, files, "shop.wsgi")) == count


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("gunicorn shop.wsgi", 1),
        (f"{COLLECT} && gunicorn shop.wsgi", 0),
        ("sh start.sh", 0),
        ("make run", 0),
        ("make static run", 0),
        ("make serve", 1),
        ("prepare-everything && gunicorn shop.wsgi", 0),
    ],
)
def test_a_start_command_that_collects(findings: Findings, command: str, count: int) -> None:
    makefile = f"run: static\n\tgunicorn shop.wsgi\nstatic:\n\t{COLLECT}\nserve:\n\tgunicorn shop.wsgi\n"
    files = project(COLLECTED, start_dot_sh=f"{COLLECT}\nexec gunicorn shop.wsgi\n", Makefile=makefile)
    assert len(findings(files, command, rule="unserved-static")) == count


@pytest.mark.parametrize(
    ("platform", "count"), [("adaptable", 1), ("cloud-run", 1), ("heroku", 0), ("azure", 0), ("render", 0)]
)
def test_a_builder_that_collects(findings: Findings, platform: str, count: int) -> None:
    files = project(COLLECTED)
    found = findings(files, "gunicorn shop.wsgi", rule="unserved-static", platform=platform)
    assert len(found) == count


def test_a_builder_whose_commands_are_kept_elsewhere(findings: Findings) -> None:
    found = findings(project(COLLECTED), "gunicorn shop.wsgi", rule="unserved-static", builder="nixpacks")
    assert found == ()


def test_a_release_process_has_a_disk_of_its_own(findings: Findings) -> None:
    files = project(COLLECTED, Procfile=f"release: {COLLECT}\nweb: gunicorn shop.wsgi\n")
    assert len(findings(files, rule="unserved-static")) == 1


@pytest.mark.parametrize(
    ("step", "count"),
    [("pip install gunicorn", 1), (f"pip install gunicorn && {COLLECT}", 0), ("./build.sh", 0), ("npm run build", 0)],
)
def test_a_dockerfile_that_collects(findings: Findings, step: str, count: int) -> None:
    dockerfile = f"FROM python:3.11\nCOPY . .\nRUN {step}\nCMD gunicorn shop.wsgi\n"
    files = project(COLLECTED, Dockerfile=dockerfile, build_dot_sh=COLLECT)
    assert len(findings(files, rule="unserved-static")) == count


@pytest.mark.parametrize(
    ("storage", "harm"),
    [("", "404 Not Found"), (f"STORAGES = {{'staticfiles': {{'BACKEND': {STORAGE}}}}}", "500 Internal Server Error")],
)
def test_what_an_empty_folder_does(says: Says, storage: str, harm: str) -> None:
    (found,) = says(unserved_static, project(f"{COLLECTED}{storage}"), "shop.wsgi")
    assert harm in found.message
    assert (found.span.path, found.span.line) == ("shop/settings.py", 8)


@pytest.mark.parametrize(
    ("settings", "root", "count"),
    [
        ("DEBUG = True", "'assets'", 0),
        ("DEBUG = False", "'assets'", 1),
        ("DEBUG = True", "'nowhere'", 1),
        ("DEBUG = True", "settings.STATIC_ROOT", 1),
        ("DEBUG = True\nSTATIC_ROOT = BASE_DIR / 'nowhere'", "settings.STATIC_ROOT", 1),
        ("DEBUG = True\nSTATIC_ROOT = BASE_DIR / 'assets'", "settings.STATIC_ROOT", 0),
        ("DEBUG = True", "os.environ['ROOT']", 0),
    ],
)
def test_a_route_that_only_serves_in_debug_mode(says: Says, settings: str, root: str, count: int) -> None:
    files = project(f"MIDDLEWARE = []\n{settings}", f"import os\n{ROUTE.format(root)}", assets__shop_dot_css="")
    assert len(says(unserved_static, files, "shop.wsgi")) == count


def test_a_storage_that_a_variable_turns_on_leaves_a_doubt(says: Says) -> None:
    chosen = f"MIDDLEWARE = []\nif 'USE_S3' in os.environ:\n    STORAGES = {{'staticfiles': {{'BACKEND': {S3}}}}}"
    (found,) = says(unserved_static, project(chosen), "shop.wsgi")
    assert str(found.severity) == "notice"


@pytest.mark.parametrize(("root", "count"), [("settings.STATIC_ROOT", 1), ("'assets'", 0)])
def test_a_route_that_always_serves(says: Says, root: str, count: int) -> None:
    route = (
        "from django.conf import settings\nfrom django.views.static import serve\n"
        f"urlpatterns += [re_path('static/(?P<path>.*)', serve, {{'document_root': {root}}})]\n"
    )
    files = project("MIDDLEWARE = []\nSTATIC_ROOT = BASE_DIR / 'nowhere'", route, assets__shop_dot_css="")
    assert len(says(unserved_static, files, "shop.wsgi")) == count


def test_static_files_that_nobody_needs(says: Says) -> None:
    files = project("MIDDLEWARE = []") | {"shop/urls.py": "urlpatterns = []\n"}
    assert says(unserved_static, files, "shop.wsgi") == ()
    assert len(says(unserved_static, files | {"static/shop.css": ""}, "shop.wsgi")) == 1


@pytest.mark.parametrize(
    ("requirement", "count"),
    [("django==5.2.8", 1), ("Django>=5.1", 1), ("django==5.0.9", 0), ("django>=4.2", 0), ("django", 0), ("", 0)],
)
def test_storages_by_settings_that_django_reads_no_more(says: Says, requirement: str, count: int) -> None:
    old = f"MIDDLEWARE = []\nSTATICFILES_STORAGE = {S3}\nDEFAULT_FILE_STORAGE = {S3}\nINSTALLED_APPS += ['shop']"
    model = "from django.db import models\nclass Item(models.Model):\n    picture = models.ImageField()\n"
    files = project(old, shop__models_dot_py=model, requirements_dot_txt=f"{requirement}\ngunicorn\n")
    assert len(says(unserved_static, files, "shop.wsgi")) == count
    assert len(says(local_upload, files, "shop.wsgi")) == count
    found = says(removed_api, files, "shop.wsgi")
    assert [(str(f.severity), f.span.line) for f in found] == [("notice", 8), ("notice", 9)][: 2 * count]


def test_uploads_are_told_of_at_the_setting_that_django_reads_no_more(says: Says) -> None:
    old = f"MIDDLEWARE = []\nDEFAULT_FILE_STORAGE = {S3}\nINSTALLED_APPS += ['shop']"
    model = "from django.db import models\nclass Item(models.Model):\n    picture = models.ImageField()\n"
    files = project(old, shop__models_dot_py=model, requirements_dot_txt="django==5.2.8\n")
    (found,) = says(local_upload, files, "shop.wsgi")
    assert (found.span.path, found.span.line) == ("shop/settings.py", 8)
    assert found.message.startswith("Django 5.1 and newer do not read DEFAULT_FILE_STORAGE.")
    assert "STORAGES = {" in found.advice
    assert [one.span.path for one in found.related] == ["shop/models.py"]


def test_a_setting_that_a_variable_decides_on_is_shown_where_it_stands(says: Says) -> None:
    old = f"import os\nif os.environ.get('S3'):\n    DEFAULT_FILE_STORAGE = {S3}\nMIDDLEWARE = []"
    (found,) = says(removed_api, project(old, requirements_dot_txt="django==5.2.8\n"), "shop.wsgi")
    assert (found.span.line, found.span.column) == (9, 5)


def test_an_asgi_app_around_django_may_serve_the_folder(says: Says) -> None:
    files = project("MIDDLEWARE = []\nSTATIC_ROOT = BASE_DIR / 'static'")
    assert len(says(unserved_static, files, "shop.wsgi")) == 1
    around = "from fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\n"
    files["main.py"] = f"{around}from shop.wsgi import application\n"
    assert says(unserved_static, files, "main:app") == ()


def test_an_old_setting_beside_the_new_one(says: Says) -> None:
    both = f"MIDDLEWARE = []\nSTATICFILES_STORAGE = {S3}\nSTORAGES = {{'staticfiles': {{'BACKEND': {S3}}}}}"
    files = project(both, requirements_dot_txt="django==5.2.8\n")
    assert says(removed_api, files, "shop.wsgi") == ()
    assert says(unserved_static, files, "shop.wsgi") == ()


@pytest.mark.parametrize(
    ("settings", "command", "platform", "expected"),
    [
        (HEROKU, "gunicorn shop.wsgi", "adaptable", ["notice"]),
        (HEROKU.replace("django_heroku", "django_on_heroku"), "gunicorn shop.wsgi", "adaptable", ["notice"]),
        (HEROKU, f"{COLLECT} && gunicorn shop.wsgi", "adaptable", []),
        (HEROKU, "gunicorn shop.wsgi", "heroku", []),
        (HEROKU.replace("locals()", "locals(), staticfiles=False"), "gunicorn shop.wsgi", "adaptable", ["warning"]),
    ],
)
def test_what_django_heroku_sets_up(
    findings: Findings, settings: str, command: str, platform: str, expected: list[str]
) -> None:
    found = findings(project(settings), command, rule="unserved-static", platform=platform)
    assert [str(finding.severity) for finding in found] == expected


def test_what_django_heroku_sets_up_is_collected_into_the_repository(findings: Findings) -> None:
    files = project(HEROKU, staticfiles__staticfiles_dot_json="{}")
    assert findings(files, "gunicorn shop.wsgi", rule="unserved-static") == ()
