"""The rules of clause `proxy`: what the app believes of the proxies in front, and where that decides something."""

from collections.abc import Callable
from types import ModuleType

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import (
    fixed_proxy_depth,
    https_redirect_loop,
    missing_proxy_fix,
    spoofable_client_ip,
)

Says = Callable[..., tuple[Finding, ...]]

FLASK = "from flask import *\nfrom flask import Flask, jsonify, redirect, render_template, request, url_for\nimport os\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import FastAPI, Request\nimport os\napp = FastAPI()\n"
FIX = "from werkzeug.middleware.proxy_fix import ProxyFix\napp.wsgi_app = ProxyFix(app.wsgi_app, x_for=2)\n"
VIEW = "@app.route('/')\ndef index():\n"
WSGI = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
)
URLS = "from django.urls import path\nfrom shop import views\nurlpatterns = [path('', views.index)]\n"


def django(settings: str, views: str = "def index(request):\n    return None\n") -> dict[str, str]:
    """Return a small Django project."""
    settings = f"import os\nROOT_URLCONF = 'shop.urls'\n{settings}\n"
    return {
        "shop/__init__.py": "",
        "shop/wsgi.py": WSGI,
        "shop/settings.py": settings,
        "shop/urls.py": URLS,
        "shop/views.py": views,
    }


def severities(says: Says, rule: ModuleType, code: str, **settings: object) -> list[str]:
    return [str(finding.severity) for finding in says(rule, {"app.py": code}, **settings)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("    return request.remote_addr\n", ["warning"]),
        ("    return request.headers.get('X-Forwarded-For', request.remote_addr)\n", []),
        ("    return redirect(url_for('index', _external=True))\n", ["notice"]),
        ("    return redirect(url_for('index', _external=True, _scheme='https'))\n", []),
        ("    return oauth.google.authorize_redirect(url_for('index', _external=True))\n", ["warning"]),
        ("    return url_for('index')\n", []),
        ("    return jsonify(next=request.host_url + 'next')\n", ["notice"]),
        ("    return jsonify({'next': [f'{request.url_root}next']})\n", ["notice"]),
        ("    return jsonify(next=request.url_root.rstrip('/') + '/next')\n", ["notice"]),
        ("    return jsonify(next=request.host_url.rstrip('/') + url_for('index'))\n", ["notice"]),
        ("    return jsonify(next=(request.host_url or request.url_root) + 'next')\n", ["notice"]),
        ("    return render_template('page.html', here=request.base_url)\n", ["notice"]),
        ("    return oauth.google.authorize_redirect(request.url_root + 'callback')\n", ["warning"]),
        ("    return oauth.google.authorize_redirect(redirect_uri=f'{request.host_url}callback')\n", ["warning"]),
        ("    return jsonify(next=request.url_root.replace('http://', 'https://') + 'next')\n", []),
        ("    app.logger.info('%s', request.base_url + 'x')\n    print(f'{request.base_url} is here')\n", []),
        ("    return str(request.host_url == 'http://shop.example/')\n", []),
        ("    if request.args['next'].startswith(request.host_url):\n        return ''\n", []),
        (
            (
                "    from urllib.parse import urljoin, urlparse\n"
                "    mine = urlparse(urljoin(request.host_url, request.args['next']))\n"
                "    return str(mine.netloc == urlparse(request.host_url).netloc)\n"
            ),
            [],
        ),
    ],
)
def test_missing_proxy_fix_in_flask(says: Says, code: str, expected: list[str]) -> None:
    oauth = "from authlib.integrations.flask_client import OAuth\noauth = OAuth(app)\n"
    assert severities(says, missing_proxy_fix, f"{FLASK}{oauth}{VIEW}{code}") == expected
    assert severities(says, missing_proxy_fix, f"{FLASK}{oauth}{FIX}{VIEW}{code}") == []
    own = "from shop import ReverseProxied\napp.wsgi_app = ReverseProxied(app.wsgi_app)\n"
    assert severities(says, missing_proxy_fix, f"{FLASK}{oauth}{own}{VIEW}{code}") == []


def test_missing_proxy_fix_in_fastapi(says: Says) -> None:
    code = f"{FASTAPI}@app.get('/')\ndef index(request: Request):\n    return request.client.host\n"
    assert severities(says, missing_proxy_fix, code) == ["warning"]
    added = (
        "from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware\n"
        "app.add_middleware(ProxyHeadersMiddleware, trusted_hosts='*')\n"
    )
    assert severities(says, missing_proxy_fix, code + added) == []


def test_missing_proxy_fix_in_django(says: Says) -> None:
    views = "def index(request):\n    return request.META['REMOTE_ADDR']\n"
    found = says(missing_proxy_fix, django("", views), "shop.wsgi")
    assert [(f.span.path, f.span.line) for f in found] == [("shop/views.py", 2)]
    forwarded = (
        "def index(request):\n    return request.META.get('HTTP_X_FORWARDED_FOR') or request.META['REMOTE_ADDR']\n"
    )
    assert says(missing_proxy_fix, django("", forwarded), "shop.wsgi") == ()


CHECKED = (
    "INSTALLED_APPS = ['django.contrib.admin', 'django.contrib.auth']\n"
    "MIDDLEWARE = ['django.middleware.security.SecurityMiddleware', 'django.middleware.csrf.CsrfViewMiddleware']\n"
)


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        (CHECKED, 1),
        (f"{CHECKED}CSRF_TRUSTED_ORIGINS = []", 1),
        (f"{CHECKED}CSRF_TRUSTED_ORIGINS = ['http://localhost:3000', 'https://shop.herokuapp.com']", 1),
        (f"{CHECKED}CSRF_TRUSTED_ORIGINS = ['https://shop.adaptable.app']", 0),
        (f"{CHECKED}CSRF_TRUSTED_ORIGINS = ['https://*.shop.example']", 0),
        (f"{CHECKED}CSRF_TRUSTED_ORIGINS = ['https://*.adaptable.app']", 0),
        (f"{CHECKED}CSRF_TRUSTED_ORIGINS = ['shop.adaptable.app', 'shop.example']", 1),
        (f"{CHECKED}CSRF_TRUSTED_ORIGINS = ['https://shop.adaptable.app/']", 1),
        (f"{CHECKED}CSRF_TRUSTED_ORIGINS = [os.environ['EXTERNAL_URL']]", 0),
        (f"{CHECKED}CSRF_TRUSTED_ORIGINS = os.getenv('URLS').split() if os.getenv('URLS') else []", 0),
        (f"{CHECKED}SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')", 0),
        (f"{CHECKED}INSTALLED_APPS = ['rest_framework']", 0),
        (f"{CHECKED}MIDDLEWARE = ['django.middleware.security.SecurityMiddleware']", 0),
    ],
)
def test_forms_that_django_refuses(says: Says, settings: str, count: int) -> None:
    found = says(missing_proxy_fix, django(settings), "shop.wsgi")
    assert [(str(f.severity), f.span.path, f.span.line, f.span.column) for f in found] == [
        ("warning", "shop/settings.py", 4, 65)
    ] * count


def test_uwsgi_takes_the_scheme_from_whoever_tells_it(findings: Callable[..., tuple[Finding, ...]]) -> None:
    counts = [
        len(findings(django(CHECKED), command, rule="missing-proxy-fix"))
        for command in ("uwsgi --http-socket :$PORT --module shop.wsgi", "gunicorn shop.wsgi")
    ]
    assert counts == [0, 1]


@pytest.mark.parametrize(
    ("requirement", "count"), [("django==3.2.25", 0), ("django<4", 0), ("django==4.0", 1), ("django", 1)]
)
def test_only_newer_versions_compare_the_origin(says: Says, requirement: str, count: int) -> None:
    files = django(CHECKED) | {"requirements.txt": f"{requirement}\ngunicorn\n"}
    assert len(says(missing_proxy_fix, files, "shop.wsgi")) == count


@pytest.mark.parametrize(
    ("platform", "severity"),
    [
        ("adaptable", "warning"),
        ("cloud-run", "warning"),
        ("fly", "warning"),
        ("railway", "warning"),
        ("azure", "notice"),
    ],
)
def test_where_the_proxies_of_a_platform_stand(
    findings: Callable[..., tuple[Finding, ...]], platform: str, severity: str
) -> None:
    (found,) = findings(django(CHECKED), "gunicorn shop.wsgi", rule="missing-proxy-fix", platform=platform)
    assert str(found.severity) == severity


@pytest.mark.parametrize(
    ("option", "platform", "count"),
    [
        ("", "adaptable", 1),
        ("", "fly", 1),
        ("", "heroku", 0),
        ("", "elastic-beanstalk", 0),
        (" --forwarded-allow-ips='*'", "adaptable", 0),
        (" --forwarded-allow-ips=127.0.0.1", "adaptable", 1),
    ],
)
def test_servers_that_believe_the_proxy_of_the_platform(
    findings: Callable[..., tuple[Finding, ...]], option: str, platform: str, count: int
) -> None:
    command = f"gunicorn shop.wsgi{option}"
    assert len(findings(django(CHECKED), command, rule="missing-proxy-fix", platform=platform)) == count


def test_what_to_write_for_forms(says: Says) -> None:
    (here,) = says(missing_proxy_fix, django(CHECKED), "shop.wsgi")
    assert 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")' in here.advice
    assert 'CSRF_TRUSTED_ORIGINS = ["https://" + os.environ["EXTERNAL_HOSTNAME"]]' in here.advice
    (there,) = says(missing_proxy_fix, django(CHECKED), "shop.wsgi", platform="cloud-run")
    assert 'CSRF_TRUSTED_ORIGINS = ["https://the-name-of-the-app.run.app"]' in there.advice
    assert [(str(found.severity), "loopback" in found.message) for found in (here, there)] == [
        ("warning", True),
        ("warning", False),
    ]


@pytest.mark.parametrize(("worker", "count"), [("", 1), (" -k uvicorn.workers.UvicornWorker", 0)])
def test_gunicorn_itself_takes_no_address_from_the_headers(
    findings: Callable[..., tuple[Finding, ...]], worker: str, count: int
) -> None:
    code = f"{FLASK}{VIEW}    return request.remote_addr\n"
    command = f"gunicorn app:app --forwarded-allow-ips=10.0.0.1{worker}"
    assert len(findings({"app.py": code}, command, rule="missing-proxy-fix")) == count


@pytest.mark.parametrize(
    ("arguments", "count"),
    [("x_for=1", 1), ("", 1), ("x_for=2", 0), ("x_for=int(os.environ['ADAPTABLE_TRUST_PROXY_DEPTH'])", 0)],
)
def test_fixed_proxy_depth(says: Says, arguments: str, count: int) -> None:
    code = FIX.replace("x_for=2", arguments).replace(", )", ")")
    assert severities(says, fixed_proxy_depth, FLASK + code) == ["notice"] * count
    assert severities(says, fixed_proxy_depth, FLASK + code, platform="cloud-run") == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("    return request.headers['X-Forwarded-For'].split(',')[0]\n", 1),
        ("    return request.headers.get('X-Forwarded-For', '').split(',')[0].strip()\n", 1),
        ("    return request.headers.getlist('X-Forwarded-For')[0]\n", 1),
        ("    return request.access_route[0]\n", 1),
        ("    return request.headers['X-Forwarded-For'].split(',')[-1]\n", 0),
        ("    return request.headers.get('x-forwarded-proto', '').split(',')[0].strip()\n", 0),
        ("    return request.headers.get('X-Forwarded-Host', '').split(',')[0].strip()\n", 0),
        ("    return request.headers['Forwarded'].split(',')[0]\n", 1),
        ("    return request.headers['Accept'].split(',')[0]\n", 0),
        ("    return request.remote_addr\n", 0),
    ],
)
def test_spoofable_client_ip(says: Says, code: str, count: int) -> None:
    assert severities(says, spoofable_client_ip, FLASK + VIEW + code) == ["warning"] * count


def test_spoofable_client_ip_in_django_and_by_proxy_fix(says: Says) -> None:
    views = "def index(request):\n    return request.META.get('HTTP_X_FORWARDED_FOR').split(',')[0]\n"
    assert len(says(spoofable_client_ip, django("", views), "shop.wsgi")) == 1
    code = FIX.replace("x_for=2", "x_for=2, x_prefix=1, x_port=0")
    assert severities(says, spoofable_client_ip, FLASK + code) == ["warning"]


@pytest.mark.parametrize(
    ("option", "view", "count"),
    [
        (" --forwarded-allow-ips='*'", "request.client.host", 1),
        (" --forwarded-allow-ips='*'", "request.url", 0),
        (" --forwarded-allow-ips=10.0.0.1", "request.client.host", 0),
        ("", "request.client.host", 0),
    ],
)
def test_a_server_that_believes_everybody(
    findings: Callable[..., tuple[Finding, ...]], option: str, view: str, count: int
) -> None:
    code = f"{FASTAPI}@app.get('/')\ndef index(request: Request):\n    return {view}\n"
    found = findings({"app.py": code}, f"uvicorn app:app --host 0.0.0.0{option}", rule="spoofable-client-ip")
    assert len(found) == count


SECURE = "MIDDLEWARE = ['django.middleware.security.SecurityMiddleware']\n"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (f"{SECURE}SECURE_SSL_REDIRECT = True", ["error"]),
        ("SECURE_SSL_REDIRECT = True", []),
        (f"{SECURE}SECURE_SSL_REDIRECT = False", []),
        (f"{SECURE}SECURE_SSL_REDIRECT = os.environ.get('SSL') == '1'", []),
        (f"{SECURE}SECURE_SSL_REDIRECT = os.environ.get('SSL', True)", ["warning"]),
        (f"{SECURE}SECURE_SSL_REDIRECT = 'DATABASE_URL' in os.environ", ["error"]),
        (f"{SECURE}DEBUG = False\nSECURE_SSL_REDIRECT = not DEBUG", ["error"]),
        (f"{SECURE}SECURE_SSL_REDIRECT = True\nSECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')", []),
        (f"{SECURE}if not os.environ.get('DEBUG'):\n    SECURE_SSL_REDIRECT = True", ["warning"]),
    ],
)
def test_redirect_loop_in_django(says: Says, settings: str, expected: list[str]) -> None:
    found = says(https_redirect_loop, django(settings), "shop.wsgi")
    assert [str(finding.severity) for finding in found] == expected


def test_a_server_that_is_not_known_may_know_the_scheme(findings: Callable[..., tuple[Finding, ...]]) -> None:
    settings = f"{SECURE}SECURE_SSL_REDIRECT = True"
    found = findings(django(settings), "some-server shop.wsgi", rule="https-redirect-loop")
    assert [finding for finding in found if finding.severity > 2] == []


HOOK = "@app.before_request\ndef secure():\n    if not request.is_secure:\n"
GO = "        return redirect(request.url.replace('http://', 'https://', 1))\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (HOOK + GO, ["error"]),
        (HOOK + GO + FIX, []),
        (HOOK.replace("not request.is_secure", "request.headers.get('X-Forwarded-Proto') == 'http'") + GO, []),
        (HOOK.replace("not request.is_secure", "'DYNO' in os.environ") + GO, []),
        ("from flask_talisman import Talisman\nTalisman(app)\n", []),
        ("from flask_sslify import SSLify\nSSLify(app)\n", []),
        (VIEW + "    return redirect(request.url.replace('http://', 'https://', 1))\n", []),
    ],
)
def test_redirect_loop_in_flask(says: Says, code: str, expected: list[str]) -> None:
    assert severities(says, https_redirect_loop, FLASK + code) == expected


def test_redirect_loop_in_fastapi(says: Says) -> None:
    code = (
        f"{FASTAPI}from fastapi.middleware.httpsredirect import HTTPSRedirectMiddleware\n"
        "app.add_middleware(HTTPSRedirectMiddleware)\n"
    )
    assert severities(says, https_redirect_loop, code) == ["error"]


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("", {"requirements.txt": "fastapi\n"}),
        ("./serve app:app", {}),
        ("uvicorn app:app --host 0.0.0.0", {}),
    ],
)
def test_what_to_write_for_apps_that_asgi_servers_serve(
    findings: Callable[..., tuple[Finding, ...]], command: str, files: dict[str, str]
) -> None:
    code = f"{FASTAPI}@app.get('/')\ndef index(request: Request):\n    return request.client.host\n"
    (found,) = findings({"app.py": code, **files}, command, rule="missing-proxy-fix")
    assert "--proxy-headers --forwarded-allow-ips" in found.advice


@pytest.mark.parametrize(
    ("command", "advice"),
    [
        ("gunicorn -k uvicorn.workers.UvicornWorker app:app", ": --forwarded-allow-ips="),
        ("hypercorn app:app", "Wrap the app: uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware(app"),
    ],
)
def test_what_each_server_knows_of_proxies(
    findings: Callable[..., tuple[Finding, ...]], command: str, advice: str
) -> None:
    code = f"{FASTAPI}@app.get('/')\ndef index(request: Request):\n    return request.client.host\n"
    (found,) = findings({"app.py": code}, command, rule="missing-proxy-fix")
    assert advice in found.advice


@pytest.mark.parametrize("command", ["", "./serve shop.wsgi", "gunicorn shop.wsgi"])
def test_what_to_write_for_addresses_in_django(findings: Callable[..., tuple[Finding, ...]], command: str) -> None:
    views = "def index(request):\n    return request.META.get('HTTP_X_FORWARDED_FOR').split(',')[0]\n"
    files = django("", views) | {
        "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
    }
    (found,) = findings(files, command, rule="spoofable-client-ip")
    assert found.advice.startswith('Take the entry that the proxies added: request.META["HTTP_X_FORWARDED_FOR"]')
