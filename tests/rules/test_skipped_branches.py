"""A value that another branch would replace rests on the condition, and so does what is said of it."""

from collections.abc import Callable

import pytest

from adaptable_preflight.model import Deployment

WSGI = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
)


@pytest.mark.parametrize(
    ("settings", "variables"),
    [
        ("DEBUG = True", []),
        ("DEBUG = True\nif 'RENDER' in os.environ:\n    DEBUG = False", ["RENDER"]),
        ("if os.environ.get('LIVE'):\n    DEBUG = False\nelse:\n    DEBUG = True", ["LIVE", "LIVE"]),
        ("from shop.base import *", ["BASE"]),
        ("DEBUG = True\nif os.environ.get('OTHER'):\n    NAME = 'x'", []),
    ],
)
def test_the_condition_is_noted(deployment: Callable[..., Deployment], settings: str, variables: list[str]) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/wsgi.py": WSGI,
        "shop/base.py": "import os\nDEBUG = True\nif os.environ.get('BASE'):\n    DEBUG = False\n",
        "shop/settings.py": f"import os\n{settings}\n",
    }
    found = deployment(files, "gunicorn shop.wsgi").code.settings
    debug = next(setting for setting in found if setting.name == "DEBUG")
    assert [name for guard in debug.guards for name in guard.variables] == variables
    assert all(guard.assumed for guard in debug.guards)
