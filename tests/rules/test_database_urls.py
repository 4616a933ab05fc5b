"""What happens to the database's URL and its parts on the way to the library."""

from collections.abc import Callable
from types import ModuleType

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import undecoded_database_url, unquoted_database_url, unverified_database_tls

Says = Callable[..., tuple[Finding, ...]]

FLASK = (
    "import os, ssl, psycopg2\nfrom urllib.parse import urlparse, unquote, quote_plus\nfrom flask import Flask\n"
    "from sqlalchemy import create_engine, URL\napp = Flask(__name__)\nurl = os.environ['DATABASE_URL']\n"
)
WSGI = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
)


def django(databases: str) -> dict[str, str]:
    """Return a small Django project."""
    head = "import os\nfrom urllib.parse import urlparse, unquote\nurl = urlparse(os.environ['DATABASE_URL'])\n"
    return {"shop/__init__.py": "", "shop/wsgi.py": WSGI, "shop/settings.py": f"{head}DATABASES = {databases}\n"}


def severities(says: Says, rule: ModuleType, code: str, **settings: object) -> list[str]:
    return [str(finding.severity) for finding in says(rule, {"app.py": f"{FLASK}{code}\n"}, **settings)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("psycopg2.connect(url, sslmode='require')", ["warning"]),
        ("psycopg2.connect(url, sslmode='verify-full')", []),
        ("psycopg2.connect(url)", []),
        ("os.environ['PGSSLMODE'] = 'require'\npsycopg2.connect(url)", ["warning"]),
        ("os.environ['PGSSLMODE'] = 'verify-full'\npsycopg2.connect(url)", []),
        ("psycopg2.connect(url + '&sslmode=disable')", ["error"]),
        ("psycopg2.connect('postgresql://localhost/x?sslmode=disable')", []),
        ("create_engine(url, connect_args={'sslmode': 'prefer'})", ["warning"]),
        ("create_engine(url, connect_args={'connect_timeout': 3})", []),
        ("create_engine(url.replace('postgres://', 'postgresql+pg8000://'))", ["error"]),
        ("create_engine(url.replace('postgres://', 'postgresql+pg8000://'), connect_args={'ssl_context': True})", []),
        ("import asyncpg\nasyncpg.connect(url, ssl='require')", ["warning"]),
        ("import asyncpg\nasyncpg.connect(url, ssl=False)", ["error"]),
        (("import asyncpg\nc = ssl.create_default_context()\nc.check_hostname = False\n"
         "c.verify_mode = ssl.CERT_NONE\nasyncpg.connect(url, ssl=c)"), ["warning"]),
        ("import pymysql\npymysql.connect(host=os.environ['H'], ssl='require')", []),
        ("if app.debug:\n    pass\nif 'LOCAL' in os.environ:\n    psycopg2.connect(url, sslmode='disable')", []),
    ],
)  # fmt: skip
def test_tls(says: Says, code: str, expected: list[str]) -> None:
    assert severities(says, unverified_database_tls, code) == expected


def test_tls_on_a_platform_that_does_not_demand_it(says: Says) -> None:
    assert (
        severities(says, unverified_database_tls, "psycopg2.connect(url, sslmode='require')", platform="cloud-run")
        == []
    )


@pytest.mark.parametrize(
    ("databases", "expected"),
    [
        (("{'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': url.hostname,"
         " 'OPTIONS': {'sslmode': 'require'}}}"), ["warning"]),
        ("{'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': url.hostname}}", []),
    ],
)  # fmt: skip
def test_tls_in_django(says: Says, databases: str, expected: list[str]) -> None:
    found = says(unverified_database_tls, django(databases), "shop.wsgi")
    assert [str(finding.severity) for finding in found] == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("import django_heroku\ndjango_heroku.settings(locals())", ["notice"]),
        ("import django_heroku\ndjango_heroku.settings(locals(), databases=False)", []),
        ("import django_on_heroku\ndjango_on_heroku.settings(locals())", ["notice"]),
        ("import django_on_heroku\ndjango_on_heroku.settings(locals(), db_ssl_required=False)", []),
    ],
)
def test_tls_by_helpers_of_settings(says: Says, call: str, expected: list[str]) -> None:
    found = says(unverified_database_tls, django(f"{{}}\nMIDDLEWARE = []\n{call}"), "shop.wsgi", database="postgres")
    assert [str(finding.severity) for finding in found] == expected
    assert all("dj_database_url" in finding.advice for finding in found)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("u = urlparse(url)\npsycopg2.connect(host=u.hostname, password=u.password)", ["warning"]),
        ("u = urlparse(url)\npsycopg2.connect(host=u.hostname, password=unquote(u.password))", []),
        ("u = urlparse(url)\npsycopg2.connect(host=u.hostname, password=os.environ['PGPASSWORD'])", []),
        ("u = urlparse(url)\ncreate_engine(f'postgresql://{u.username}:{u.password}@{u.hostname}/d')", []),
        ("u = urlparse(os.environ.get('OTHER', ''))\npsycopg2.connect(password=u.password)", []),
        ("import re\nm = re.match('postgres://(.*?):(.*?)@', url)\npsycopg2.connect(password=m.group(2))", ["warning"]),
        ("import dj_database_url\nd = dj_database_url.parse(url)\npsycopg2.connect(password=d['PASSWORD'])", []),
        ("psycopg2.connect(password=url.split(':')[2].split('@')[0], host='h.example.com')", ["warning"]),
    ],
)
def test_undecoded(says: Says, code: str, expected: list[str]) -> None:
    assert severities(says, undecoded_database_url, code) == expected


def test_undecoded_in_django(says: Says) -> None:
    databases = "{'default': {'ENGINE': 'django.db.backends.postgresql', 'PASSWORD': url.password}}"
    found = says(undecoded_database_url, django(databases), "shop.wsgi")
    assert [(f.span.path, f.span.line) for f in found] == [("shop/settings.py", 3)]
    assert (
        says(undecoded_database_url, django(databases.replace("url.password", "unquote(url.password)")), "shop.wsgi")
        == ()
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("create_engine('postgresql://{}:{}@h/d'.format(os.environ['PGUSER'], os.environ['PGPASSWORD']))", ["warning"]),
        ("create_engine('postgresql://%s:%s@h/d' % (os.environ['PGUSER'], os.environ['PGPASSWORD']))", ["warning"]),
        ("create_engine(f\"postgresql://u:{quote_plus(os.environ['PGPASSWORD'])}@h/d\")", []),
        ("create_engine(f\"postgresql://u:{os.environ['MY_PASSWORD']}@h/d\")", ["notice"]),
        ("create_engine(f\"postgresql://u:p@{os.environ['PGHOST']}/d\")", []),
        ("create_engine(URL.create('postgresql', password=os.environ['PGPASSWORD']))", []),
        ("create_engine(url.replace('postgres://', 'postgresql://') + '?sslmode=verify-full')", ["warning"]),
        ("create_engine(url.replace('postgres://', 'postgresql://'))", []),
    ],
)
def test_unquoted(says: Says, code: str, expected: list[str]) -> None:
    assert severities(says, unquoted_database_url, code) == expected
