"""What is said of an import beside requirements of which it is not known what they bring along."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.knowledge.tables import share_bringing

Check = Callable[..., tuple[Finding, ...]]

WSGI = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
)
DJANGO = {"shop/__init__.py": "", "shop/settings.py": "SECRET_KEY = 'x'\n", "shop/wsgi.py": WSGI}
SERVED = {
    "django": ("shop.wsgi", DJANGO),
    "flask": ("app:app", {"app.py": "from flask import Flask\napp = Flask(__name__)\n"}),
    "fastapi": ("app:app -k uvicorn.workers.UvicornWorker", {"app.py": "from fastapi import FastAPI\napp = FastAPI()\n"}),
}  # fmt: skip


def of_framework(findings: Check, framework: str, requirements: str) -> list[str]:
    target, files = SERVED[framework]
    declared = {"Procfile": f"web: gunicorn {target}\n", "requirements.txt": f"gunicorn\nuvicorn\n{requirements}\n"}
    found = findings({**declared, **files}, rule="undeclared-import")
    return [str(f.severity) for f in found if f"«{framework}" in f.message]


@pytest.mark.parametrize("framework", SERVED)
@pytest.mark.parametrize(
    ("requirements", "expected"),
    [
        ("an-unheard-of-package", ["warning"]),
        ("SpeechRecognition\npyttsx3\npsutil\npyjokes\npyautogui\nwikipedia\nan-unheard-of-package", ["warning"]),
        ("an-unheard-of-{0}-package", []),
        ("an-unheard-of-package\n{0}", []),
    ],
)
def test_the_framework_that_is_served(findings: Check, framework: str, requirements: str, expected: list[str]) -> None:
    assert of_framework(findings, framework, requirements.format(framework)) == expected


def test_a_package_that_is_known_to_bring_the_framework(findings: Check) -> None:
    assert of_framework(findings, "flask", "pywhatkit\nan-unheard-of-package") == []
    assert of_framework(findings, "flask", "functions-framework\nan-unheard-of-package") == []


@pytest.mark.parametrize(
    ("imported", "strangers", "expected"),
    [
        ("cv2", 1, ["notice"]),
        ("cv2", 10, ["notice"]),
        ("PIL", 1, ["notice"]),
        ("PIL", 10, []),
        ("requests", 1, []),
        ("requests", 0, ["warning"]),
    ],
)
def test_the_more_brings_it_the_more_has_to_be_known(
    findings: Check, imported: str, strangers: int, expected: list[str]
) -> None:
    lines = "".join(f"unheard-of-{number}\n" for number in range(strangers))
    app = f"import {imported}\nfrom flask import Flask\napp = Flask(__name__)\n"
    files = {"Procfile": "web: gunicorn app:app\n", "requirements.txt": f"flask\ngunicorn\n{lines}", "app.py": app}
    found = findings(files, rule="undeclared-import")
    assert [str(f.severity) for f in found] == expected
    assert all(("is known to bring it (of" in f.message) is bool(strangers) for f in found)


def test_what_is_brought_often() -> None:
    assert share_bringing(("opencv-python",)) < share_bringing(("pillow",)) < share_bringing(("requests",)) < 1
    assert share_bringing(("an-unheard-of-package",)) == 0
