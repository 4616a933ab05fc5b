"""Pins of Python that the builder ignores: what they leave of other findings, and what is advised instead."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Check = Callable[..., tuple[Finding, ...]]

APP = "from flask import Flask\n\napp = Flask(__name__)\n"


def small(requirements: str = "flask\ngunicorn\n", app: str = APP, **more: str) -> dict[str, str]:
    """Return a small app whose pin nobody looks at."""
    named = {name.replace("_txt", ".txt"): text for name, text in more.items()}
    return {"Procfile": "web: gunicorn app:app\n", "requirements.txt": requirements, "app.py": app, **named}


def severities(found: tuple[Finding, ...]) -> list[str]:
    return [str(f.severity) for f in found]


@pytest.mark.parametrize("pin", ["", "python-2.7.10\n", "python-3.9.2\n"])
def test_no_pin_makes_python_2_run(findings: Check, pin: str) -> None:
    """Python 2 is not offered, so that nobody can have set it; Python 3 of any version has no `urlparse`."""
    files = small(app="import urlparse\n" + APP, **({"runtime_txt": pin} if pin else {}))
    assert severities(findings(files, rule="removed-api")) == ["error"]


@pytest.mark.parametrize(
    ("pin", "expected", "unless"),
    [
        ("", "notice", ""),
        ("python-2.7.10", "notice", ""),
        ("python-3.9.2", "notice", "unless Python 3.9 is set on Adaptable"),
    ],
)
def test_a_pin_that_is_offered_lowers_what_rests_on_the_default(
    findings: Check, pin: str, expected: str, unless: str
) -> None:
    app = "from collections import Mapping\n" + APP
    (found,) = findings(small(app=app, **({"runtime_txt": pin} if pin else {})), rule="removed-api")
    assert str(found.severity) == expected
    assert unless in found.message


@pytest.mark.parametrize("pin", ["", "python-2.7.10", "python-3.9.2", "python-3.11.4"])
def test_a_pinned_package_that_breaks_is_told_with_any_pin(findings: Check, pin: str) -> None:
    files = small("flask\ngunicorn\ngreenlet==1.1.2\n", **({"runtime_txt": pin} if pin else {}))
    (found,) = findings(files, rule="incompatible-pins")
    assert str(found.severity) == "notice"
    assert ("unless Python 3.9" in found.message) is (pin == "python-3.9.2")
    assert not findings(files, rule="incompatible-pins", python_version="3.9.2")
    (sure,) = findings(files, rule="incompatible-pins", python_version="3.11")
    assert str(sure.severity) == "error"


def test_a_file_that_excludes_the_default_tells_which_may_be_set(findings: Check) -> None:
    pipfile = '[packages]\nflask = "*"\ngunicorn = "*"\n[requires]\npython_version = "{}"\n'
    app = "from collections import Mapping\n" + APP
    files = {"Procfile": "web: gunicorn app:app\n", "app.py": app}
    (offered,) = findings({**files, "Pipfile": pipfile.format("3.8")}, rule="removed-api")
    assert "unless Python 3.8" in offered.message
    (impossible,) = findings({**files, "Pipfile": pipfile.format("2.7")}, rule="removed-api")
    assert "unless another Python version is set" in impossible.message
    assert (str(offered.severity), str(impossible.severity)) == ("notice", "notice")


@pytest.mark.parametrize(
    ("pin", "settings", "advice"),
    [
        ("python-3.7.3", {}, 'to 3.7, and `python-version: "3.7"`'),
        ("python-2.7.10", {}, "offers no Python 2"),
        ("python-3.5.2", {}, "Delete runtime.txt, which nothing reads: Adaptable offers 3.6 to 3.11, and runs 3.11."),
        ("python-3.12.1", {}, "3.6 to 3.11: make the app run on 3.11."),
        ("python-3.9.2", {"python_version": "3.8"}, 'to 3.9, and `python-version: "3.9"`'),
    ],
)
def test_what_is_advised_is_offered(findings: Check, pin: str, settings: dict[str, str], advice: str) -> None:
    (found,) = findings(small(runtime_txt=pin), rule="unsupported-python", **settings)
    assert str(found.severity) == "notice"
    assert advice in found.advice


def test_a_python_that_is_older_than_all_is_only_wanted_for_a_pin(findings: Check) -> None:
    files = small("flask\ngunicorn\ngreenlet==1.0.0\n", runtime_txt="python-3.5.2")
    (found,) = findings(files, rule="unsupported-python")
    assert "make the app run on 3.6 and set that" in found.advice


def test_a_patch_in_the_settings_stands_for_its_version(findings: Check) -> None:
    assert not findings(small(), rule="unsupported-python", python_version="3.7.3")


def test_a_lost_pin_that_keeps_a_package_running_says_which(findings: Check) -> None:
    requirements = "flask\ngunicorn\ngreenlet==1.1.2\n"
    (found,) = findings(small(requirements, runtime_txt="python-3.9.2"), rule="unsupported-python")
    assert str(found.severity) == "notice"
    assert "«greenlet==1.1.2» does not run" in found.message
    assert [(one.span.path, one.span.line) for one in found.related] == [("requirements.txt", 3)]
    again = {**small(requirements, runtime_txt="python-3.9.2"), ".python-version": "3.9.2"}
    assert severities(findings(again, rule="unsupported-python")) == ["notice", "notice"]


@pytest.mark.parametrize(
    ("text", "columns"), [("python- 3.8.0", (1, 14)), ("Python 3.8", (1, 11)), ("x" * 60, (1, 61))]
)
def test_a_malformed_pin_is_shown_whole(findings: Check, text: str, columns: tuple[int, int]) -> None:
    (found,) = findings(small(runtime_txt=text), rule="unsupported-python")
    assert (found.span.column, found.span.end_column) == columns
    assert (f"«{text}»" if len(text) < 40 else "xxx…»") in found.message


@pytest.mark.parametrize(
    ("line", "lock", "expected"),
    [
        ('python_full_version = "3.8.10"', "", "notice"),
        ('python_full_version = "3.8.10"', '{"default": {"flask": {}, "gunicorn": {}}}', "error"),
        ('python_version = "3.8.10"', '{"default": {"flask": {}, "gunicorn": {}}}', "error"),
    ],
)
def test_an_exact_patch_in_a_pipfile(findings: Check, line: str, lock: str, expected: str) -> None:
    """With a lock Pipenv compares the versions, and no platform takes another patch than the newest."""
    pipfile = f'[packages]\nflask = "*"\ngunicorn = "*"\n\n[requires]\n{line}\n'
    files = {"Procfile": "web: gunicorn app:app\n", "app.py": APP, "Pipfile": pipfile}
    (found,) = findings({**files, **({"Pipfile.lock": lock} if lock else {})}, rule="unsupported-python")
    assert (str(found.severity), found.span.path, found.span.line) == (expected, "Pipfile", 6)
    assert 'Write «python_version = "3.8"»' in found.advice


@pytest.mark.parametrize(
    ("marker", "version", "expected"),
    [
        ('python_full_version == "3.10.8"', "3.11", "error"),
        ('python_full_version == "3.10.8"', "", "error"),
        ('python_version >= "3.8" and python_version < "3.9"', "3.11", "error"),
        ('python_version >= "3.8" and python_version < "3.9"', "", "notice"),
        ('python_version >= "3.8" and python_version < "4"', "", ""),
        ('sys_platform == "win32"', "", ""),
    ],
)
def test_a_file_of_which_no_line_is_for_the_python_that_runs(
    findings: Check, marker: str, version: str, expected: str
) -> None:
    requirements = f"flask==3.0.0 ; {marker}\ngunicorn==21.2.0 ; {marker}\ncolorama ; sys_platform == 'win32'\n"
    files = small(requirements, runtime_txt="python-3.10.8")
    found = findings(files, rule="", python_version=version)
    pins = [f for f in found if f.rule == "unsupported-python" and f.span.path == "requirements.txt"]
    assert [(str(f.severity), f.span.line) for f in pins] == ([(expected, 1)] if expected else [])
    told = {f.rule for f in found} & {"missing-server", "undeclared-import"}
    assert bool(told) == (marker[:3] == "sys")
