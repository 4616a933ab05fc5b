"""The build command and the folder that a platform's file tells."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
NEEDS = "flask\ngunicorn\n"


def render(command: str, folder: str = "", start: str = "gunicorn app:app") -> str:
    """Return a render.yaml with a web service."""
    lines = ["services:", "- type: web", f"  startCommand: {start}", *([f"  rootDir: {folder}"] if folder else [])]
    return "\n".join([*lines, *([f"  buildCommand: {command}"] if command else []), ""])


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({"render.yaml": render("pip install -r back/requirements.txt", start="cd back && gunicorn app:app")},
         "back/requirements.txt"),
        ({"render.yaml": render("pip install -r requirements.txt", "back")}, "back/requirements.txt"),
        ({"render.yaml": render("", "back")}, "back/requirements.txt"),
        ({"render.yaml": render("'cd back && pip install -r requirements.txt'", start="gunicorn --chdir back app:app")},
         "back/requirements.txt"),
        ({"render.yaml": render("|\n    pip install -U pip\n    pip install -r requirements.txt", "back")},
         "back/requirements.txt"),
        ({"render.yaml": render("./build.sh", "back"), "back/build.sh": "set -e\npip install -r requirements.txt\n"},
         "back/requirements.txt"),
        ({"render.yaml": render("pip install -r deps/all.txt", "back"), "back/deps/all.txt": NEEDS}, "back/deps/all.txt"),
    ],
)  # fmt: skip
def test_what_a_build_command_installs(
    deployment: Callable[..., Deployment],
    findings: Callable[..., tuple[Finding, ...]],
    files: dict[str, str],
    path: str,
) -> None:
    files = {"back/app.py": FLASK, "back/requirements.txt": NEEDS, **files}
    found = deployment(files, platform="render").installed
    assert next(manifest.path for manifest in found.manifests if manifest.used) == path
    wrong = {"missing-manifest", "missing-server", "undeclared-import"}
    assert wrong.isdisjoint(one.rule for one in findings(files, platform="render"))


def test_a_file_that_is_not_where_the_command_looks(findings: Callable[..., tuple[Finding, ...]]) -> None:
    files = {"back/app.py": FLASK, "back/requirements.txt": NEEDS}
    files["render.yaml"] = render("pip install -r requirements.txt", start="gunicorn --chdir back app:app")
    (found,) = findings(files, platform="render", rule="missing-manifest")
    assert "«back/requirements.txt» is not looked at" in found.advice
