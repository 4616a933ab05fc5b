"""`from library import *`: whose names they are, and what an object that nobody can tell may do."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment

Deploy = Callable[..., Deployment]
Findings = Callable[..., tuple[Finding, ...]]

SERVES = "app = Flask(__name__)\nif __name__ == '__main__':\n    app.run(host='0.0.0.0', port=5000)\n"


def started(app: str, **more: str) -> dict[str, str]:
    return {"Procfile": "web: python app.py\n", "requirements.txt": "flask\nsqlalchemy\n", "app.py": app, **more}


@pytest.mark.parametrize(
    "files",
    [
        started(f"from flask import *\n{SERVES}"),
        started(f"from flask import *\nfrom sqlalchemy import *\n{SERVES}"),
        started(f"from base import *\n{SERVES}", **{"base.py": "from flask import *\nlimit = 3\n"}),
    ],
)
def test_the_framework_is_found_behind_a_star(deployment: Deploy, findings: Findings, files: dict[str, str]) -> None:
    web = deployment(files).web
    assert web is not None and (web.outcome, web.server and web.server.name) == ("listens", "flask")
    assert [found.span.line for found in findings(files, rule="fixed-port")] == [files["app.py"].count("\n")]


def test_a_name_of_several_libraries_is_nobodys(deployment: Deploy) -> None:
    code = deployment(started(f"from flask import *\nfrom sqlalchemy import *\nthing()\n{SERVES}")).code
    assert not [call.name for call in code.calls if call.name.endswith("thing")]


def test_what_is_not_known_may_serve(deployment: Deploy) -> None:
    files = started("import flask\nserver = flask.helpers()[0]\nif __name__ == '__main__':\n    server.run()\n")
    web = deployment(files).web
    assert web is not None and web.outcome == "unknown"
