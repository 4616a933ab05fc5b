"""Profiles of platforms: each loads, and decides which dependency file counts."""

import re
from collections.abc import Callable

import pytest

from adaptable_preflight import platforms
from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment

FILES = {"app.py": "from flask import Flask\napp = Flask(__name__)\n", "Procfile": "web: gunicorn app:app\n"}


@pytest.mark.parametrize("name", platforms.names())
def test_a_profile_is_dated_and_sourced(name: str) -> None:
    platform = platforms.load(name)
    assert platform.name == name
    for part in (platform.listen, platform.start, platform.runtime, platform.proxy, platform.database, platform.build):
        assert "http" in part.fact.source
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", part.fact.checked)
    assert platform.build.default_python in ("", *platform.build.python) or not platform.build.python


@pytest.mark.parametrize(
    ("platform", "files", "used"),
    [
        ("adaptable", ("Pipfile", "requirements.txt"), "Pipfile"),
        ("adaptable", ("requirements.txt", "pyproject.toml"), "requirements.txt"),
        ("railway", ("Pipfile", "requirements.txt"), "requirements.txt"),
        ("cloud-run", ("pyproject.toml", "requirements.txt"), "requirements.txt"),
        ("azure", ("pyproject.toml",), "pyproject.toml"),
    ],
)
def test_which_file_counts(
    deployment: Callable[..., Deployment], platform: str, files: tuple[str, ...], used: str
) -> None:
    made = deployment({**FILES, **dict.fromkeys(files, "")}, platform=platform)
    assert [m.path for m in made.installed.manifests if m.used] == [used]


@pytest.mark.parametrize(("platform", "silent"), [("adaptable", False), ("elastic-beanstalk", True), ("heroku", False)])
def test_a_server_that_the_platform_brings(
    findings: Callable[..., tuple[Finding, ...]], platform: str, silent: bool
) -> None:
    found = findings({**FILES, "requirements.txt": "flask\n"}, rule="missing-server", platform=platform)
    assert (found == ()) is silent


def test_heroku_wants_one_package_manager(findings: Callable[..., tuple[Finding, ...]]) -> None:
    files = {**FILES, "requirements.txt": "flask\ngunicorn\n", "poetry.lock": "", "pyproject.toml": ""}
    (found,) = findings(files, rule="unreadable-manifest", platform="heroku")
    assert "requirements.txt and poetry.lock" in found.message
    assert findings(files, rule="unreadable-manifest", platform="railway") == ()
