"""The files and variables from which a Flask app takes its configuration."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]
FLASK = "import json\nfrom flask import Flask\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    ("code", "files", "rules"),
    [
        ("app.config.from_pyfile('config.py')", {}, {"missing-file"}),
        ("app.config.from_pyfile('config.py')", {"config.py": "A = 1\n"}, set()),
        ("app.config.from_pyfile('config.py')", {"instance/config.py": "A = 1\n"}, set()),
        ("app.config.from_pyfile('config.py', silent=True)", {}, set()),
        ("try:\n    app.config.from_pyfile('config.py')\nexcept FileNotFoundError:\n    pass", {}, set()),
        ("app.config.from_file('config.json', load=json.load)", {}, {"missing-file"}),
        ("app.config.from_file('config.json', load=json.load, silent=True)", {}, set()),
        ("app.config.from_json('config.json')", {}, {"missing-file"}),
        ("app.config.from_envvar('SETTINGS')", {}, {"required-variable"}),
        ("app.config.from_envvar('SETTINGS', silent=True)", {}, set()),
    ],
)
def test_what_an_app_cannot_do_without(findings: Findings, code: str, files: dict[str, str], rules: set[str]) -> None:
    found = findings({"app.py": f"{FLASK}{code}\n", **files}, "gunicorn app:app")
    assert {one.rule for one in found} & {"missing-file", "required-variable"} == rules
