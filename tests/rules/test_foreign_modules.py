"""Modules that need Windows or a display, where the import of the app reaches them."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.knowledge.tables import foreign_modules
from adaptable_preflight.rules import foreign_requirement

Says = Callable[..., tuple[Finding, ...]]

FLASK = "import os, sys, platform\nfrom flask import Flask\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import winsound", ["warning"]),
        ("import win32com.client", ["warning"]),
        ("import pyautogui\nimport pyautogui as gui", ["warning"]),
        ("from pynput.keyboard import Key", ["warning"]),
        ("import pygetwindow as gw\nimport pywhatkit", ["warning", "warning"]),
        ("@app.route('/')\ndef index():\n    import pyautogui\n    return ''", ["notice"]),
        ("if os.name == 'nt':\n    import winsound", []),
        ("if sys.platform == 'win32':\n    import winsound", []),
        ("if sys.platform.startswith('win'):\n    import msvcrt", []),
        ("if platform.system() == 'Windows':\n    import winsound", []),
        ("try:\n    import pyautogui\nexcept Exception:\n    pyautogui = None", []),
        ("if __name__ == '__main__':\n    import pyautogui", []),
        ("def play():\n    import winsound", []),
        ("import pyttsx3, pyjokes", []),
    ],
)
def test_a_module_that_fails_in_a_container(says: Says, code: str, expected: list[str]) -> None:
    found = says(foreign_requirement, {"app.py": f"{FLASK}{code}\n"})
    assert [str(f.severity) for f in found] == expected


def test_a_module_of_the_repository_has_the_name(says: Says) -> None:
    assert not says(foreign_requirement, {"app.py": f"{FLASK}import winsound\n", "winsound.py": ""})


def test_a_display_that_somebody_sets(says: Says) -> None:
    files = {"app.py": f"{FLASK}import pyautogui\n"}
    assert not says(foreign_requirement, files, environment=(("DISPLAY", ":99"),))
    image = "FROM python:3.11\nRUN apt-get install -y xvfb\nCOPY . .\nCMD gunicorn app:app\n"
    assert not says(foreign_requirement, {**files, "Dockerfile": image}, builder="dockerfile")


def test_the_table_is_whole() -> None:
    assert all(
        row.needs in ("Windows", "Windows or macOS", "a display") and row.error for row in foreign_modules().values()
    )
