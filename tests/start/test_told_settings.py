"""What a platform's own file sets on the platform."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]

APP = "import os\nfrom flask import Flask\nkey = os.environ['KEY']\napp = Flask(__name__)\n"
RENDER = "services:\n- type: web\n  startCommand: gunicorn app:app\n  envVars:\n  - {}\n"


@pytest.mark.parametrize(
    ("platform", "name", "text", "said"),
    [
        ("render", "render.yaml", RENDER.format("key: KEY\n    value: a"), False),
        ("render", "render.yaml", RENDER.format("key: KEY\n    sync: false"), False),
        ("render", "render.yaml", RENDER.format("key: OTHER\n    value: a"), True),
        ("render", "render.yaml", RENDER.format("fromGroup: all"), True),
        ("fly", "fly.toml", "[env]\nKEY = 'a'\n[processes]\nweb = 'gunicorn app:app'\n", False),
        ("app-engine", "app.yaml", "runtime: python312\nentrypoint: gunicorn app:app\nenv_variables:\n  KEY: a\n", False),
        ("adaptable", "render.yaml", RENDER.format("key: KEY\n    value: a"), True),
    ],
)  # fmt: skip
def test_the_variables_of_the_file(findings: Findings, platform: str, name: str, text: str, said: bool) -> None:
    found = findings({"app.py": APP, name: text}, platform=platform, rule="required-variable")
    assert bool(found) is said


@pytest.mark.parametrize(
    ("told", "port", "rules"),
    [
        ("internal_port = 5000", "-b 0.0.0.0:5000", []),
        ("internal_port = 5000", "-b 0.0.0.0:8080", ["fixed-port"]),
        ("", "-b 0.0.0.0:8080", []),
        ("internal_port = 8080\n[env]\nPORT = '8080'", "", []),
        ("internal_port = 8080", "", ["loopback-bind"]),
    ],
)
def test_where_fly_connects(findings: Findings, told: str, port: str, rules: list[str]) -> None:
    files = {"app.py": "from flask import Flask\napp = Flask(__name__)\n", "fly.toml": f"[http_service]\n{told}\n"}
    files["Dockerfile"] = f"FROM python:3.12\nRUN pip install flask gunicorn\nCOPY . .\nCMD gunicorn {port} app:app\n"
    found = {one.rule for one in findings(files, platform="fly")}
    assert sorted(found & {"fixed-port", "loopback-bind"}) == rules


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("fromDatabase: {name: db, property: connectionString}", True),
        ("value: postgresql+psycopg2://a:b@db.example.com/d", False),
    ],
)
def test_the_databases_own_variable_stays_what_it_is(findings: Findings, told: str, said: bool) -> None:
    app = "import os, sqlalchemy\nfrom flask import Flask\nsqlalchemy.create_engine(os.environ['DATABASE_URL'])\n"
    files = {"app.py": f"{app}app = Flask(__name__)\n", "render.yaml": RENDER.format(f"key: DATABASE_URL\n    {told}")}
    files["requirements.txt"] = "flask\ngunicorn\nsqlalchemy\npsycopg2-binary\n"
    assert bool(findings(files, platform="render", rule="postgres-scheme")) is said
