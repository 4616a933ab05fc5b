"""Log files that a configuration opens when the app is imported, in folders that git does not keep."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import missing_file

Says = Callable[..., tuple[Finding, ...]]

WSGI = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")\napplication = get_wsgi_application()\n'
)
TABLE = "{'version': 1, 'handlers': {'file': {'class': 'logging.%s', 'filename': %s%s}}}"
INSIDE = "BASE_DIR / 'logs' / 'debug.log'"


def project(settings: str, **others: str) -> dict[str, str]:
    """Return a Django project."""
    head = "import os\nfrom pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n"
    return {
        "project/__init__.py": "",
        "project/wsgi.py": WSGI,
        "project/settings.py": f"{head}{settings}\n",
        **{name.replace("__", "/"): text for name, text in others.items()},
    }


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("LOGGING = " + TABLE % ("FileHandler", INSIDE, ""), 1),
        ("LOGGING = " + TABLE % ("handlers.RotatingFileHandler", INSIDE, ""), 1),
        ("LOGGING = " + TABLE % ("FileHandler", INSIDE, ", 'delay': True"), 0),
        ("LOGGING = " + TABLE % ("FileHandler", "BASE_DIR / 'debug.log'", ""), 0),
        ("LOGGING = " + TABLE % ("FileHandler", "BASE_DIR / 'project' / 'debug.log'", ""), 0),
        ("LOGGING = " + TABLE % ("StreamHandler", INSIDE, ""), 0),
        ("os.makedirs(BASE_DIR / 'logs', exist_ok=True)\nLOGGING = " + TABLE % ("FileHandler", INSIDE, ""), 0),
        ("LOGGING_CONFIG = None\nLOGGING = " + TABLE % ("FileHandler", INSIDE, ""), 0),
        ("LOGGING = {}", 0),
    ],
)
def test_the_handlers_of_django(says: Says, settings: str, count: int) -> None:
    found = says(missing_file, project(settings))
    assert [str(finding.severity) for finding in found] == ["error"] * count


def test_a_folder_that_is_committed(says: Says) -> None:
    files = project("LOGGING = " + TABLE % ("FileHandler", INSIDE, "")) | {"logs/.gitkeep": ""}
    assert says(missing_file, files) == ()


def test_a_condition_of_the_setting(says: Says) -> None:
    table = TABLE % ("FileHandler", INSIDE, "")
    assert says(missing_file, project(f"if os.environ.get('LOGS'):\n    LOGGING = {table}")) == ()
    (found,) = says(missing_file, project(f"if not os.environ.get('PLAIN'):\n    LOGGING = {table}"))
    assert str(found.severity) == "warning"


def test_a_configuration_of_the_code(says: Says) -> None:
    table = TABLE % ("FileHandler", "'logs/app.log'", "")
    code = (
        f"import logging.config\nfrom flask import Flask\nlogging.config.dictConfig({table})\napp = Flask(__name__)\n"
    )
    assert len(says(missing_file, {"app.py": code})) == 1
