"""`failing-health-check`: the path that the platform asks for, held against the app's routes."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]

FASTAPI = "from fastapi import APIRouter, FastAPI\nr = APIRouter(prefix='/v1')\napp = FastAPI()\n"
ROOT = "@app.get('/')\ndef root():\n    return {}\n"
IN_ROUTER = "@r.get('/health')\ndef health():\n    return {}\n"
FLASK = "from flask import Blueprint, Flask\napp = Flask(__name__)\nb = Blueprint('b', __name__, url_prefix='/v1')\n"
ON_BLUEPRINT = "@b.route('/health')\ndef health():\n    return {}\n"


@pytest.mark.parametrize(
    ("code", "path", "expected"),
    [
        (FASTAPI + ROOT, "/health", ["404"]),
        (FASTAPI + ROOT, "/", []),
        (FASTAPI + ROOT, "/docs", []),
        (FASTAPI + "@app.post('/health')\ndef h():\n    return {}\n", "/health", ["405"]),
        (FASTAPI + IN_ROUTER + "app.include_router(r)\n", "/health", ["404"]),
        (FASTAPI + IN_ROUTER + "app.include_router(r)\n", "/v1/health", []),
        (FASTAPI + IN_ROUTER + "app.include_router(r, prefix='/api')\n", "/v1/health", ["404"]),
        (FASTAPI + IN_ROUTER + "app.include_router(r, prefix='/api')\n", "/api/v1/health/", []),
        (FASTAPI + ROOT + IN_ROUTER, "/v1/health", ["404"]),  # nobody includes the router
        (FASTAPI + ROOT + "app.include_router(r, prefix=PREFIX)\n" + IN_ROUTER, "/health", []),
        (FASTAPI + ROOT + "app.mount('/health', other)\n", "/health/live", []),
        (FASTAPI + ROOT + "@app.get('/{name}')\ndef any(name):\n    return {}\n", "/health", []),
        (FASTAPI + ROOT + "@app.get('/{name}')\ndef any(name):\n    return {}\n", "/health/live", ["404"]),
        (FASTAPI + ROOT + "@app.middleware('http')\nasync def m(request, call_next):\n    return 1\n", "/health", []),
        (FASTAPI + ROOT + "class M: pass\napp.add_middleware(M)\n", "/health", []),
        (FLASK + "@app.route('/x')\ndef x():\n    return ''\n", "/health?full=1", ["404"]),
        (FLASK + ON_BLUEPRINT + "app.register_blueprint(b, url_prefix='/api')\n", "/api/health", []),
        (FLASK + ON_BLUEPRINT + "app.register_blueprint(b, url_prefix='/api')\n", "/v1/health", ["404"]),
        (FLASK + ON_BLUEPRINT + "app.register_blueprint(b)\n@app.errorhandler(404)\ndef e(x):\n    return ''\n", "/h", []),
        (FLASK + ON_BLUEPRINT + "from healthcheck import HealthCheck\nHealthCheck(app, '/h')\n", "/h", []),
    ],
)  # fmt: skip
def test_what_the_app_answers(findings: Findings, code: str, path: str, expected: list[str]) -> None:
    server = "uvicorn" if "fastapi" in code else "gunicorn"
    files = {"app.py": code, "railway.toml": f'[deploy]\nhealthcheckPath = "{path}"\n'}
    found = findings(files, f"{server} app:app", platform="railway", rule="failing-health-check")
    assert [status for one in found for status in ("404", "405") if status in one.message] == expected


@pytest.mark.parametrize(
    ("platform", "name", "text"),
    [
        ("render", "render.yaml", "services:\n- type: web\n  healthCheckPath: /health\n"),
        ("railway", "railway.json", '{"deploy": {"healthcheckPath": "/health"}}\n'),
        ("fly", "fly.toml", '[http_service]\ninternal_port = 1\n[[http_service.checks]]\npath = "/health"\n'),
    ],
)
def test_where_it_is_told(findings: Findings, platform: str, name: str, text: str) -> None:
    files = {"app.py": FLASK + "@app.route('/')\ndef x():\n    return ''\n", name: text}
    (found,) = findings(files, "gunicorn app:app", platform=platform, rule="failing-health-check")
    assert text.splitlines()[found.span.line - 1][found.span.column - 1 : found.span.end_column - 1] == "/health"
    assert findings(files, "gunicorn app:app", platform="adaptable", rule="failing-health-check") == ()


def test_an_app_that_is_not_known_whole(findings: Findings) -> None:
    files = {"app.py": f"import {'missing'}.routes\n{FLASK}", "railway.toml": '[deploy]\nhealthcheckPath = "/h"\n'}
    assert findings(files, "gunicorn app:app", platform="railway", rule="failing-health-check") == ()
