"""Uses of libraries that need a distribution which nothing installs: what is found, and the look-alikes."""

from collections.abc import Callable

import pytest
from tests.rules.apps import django

from adaptable_preflight.clauses import clauses
from adaptable_preflight.finding import Finding
from adaptable_preflight.knowledge.needs import File, needs, needs_of
from adaptable_preflight.model import Deployment
from adaptable_preflight.read.manifests.pep508 import normalised
from adaptable_preflight.rules import RULES

Check = Callable[..., tuple[Finding, ...]]

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import FastAPI, APIRouter, Depends\napp = FastAPI()\n"
HANDLER = FLASK + "@app.route('/')\ndef show():\n    "
FORM = "from fastapi import Form\n" + FASTAPI + "@app.post('/')\ndef send(name: str = Form(...)):\n    return name\n"
EMAIL = "from pydantic import BaseModel, EmailStr\n" + FASTAPI + "class User(BaseModel):\n    email: EmailStr\n"


def flask(code: str, *requirements: str, imports: str = "") -> dict[str, str]:
    told = "\n".join(("flask", "gunicorn", *requirements))
    return {"Procfile": "web: gunicorn app:app", "requirements.txt": f"{told}\n", "app.py": f"{imports}\n{code}\n"}


def fastapi(code: str, *requirements: str) -> dict[str, str]:
    told = "\n".join(requirements or ("fastapi", "uvicorn"))
    return {"Procfile": "web: uvicorn app:app --host 0.0.0.0", "requirements.txt": f"{told}\n", "app.py": code}


def seen(found: tuple[Finding, ...]) -> list[str]:
    return [f"{one.severity} {one.span.line}: {one.advice.partition('«')[2].partition('»')[0]}" for one in found]


@pytest.mark.parametrize(
    ("code", "line", "needed"),
    [
        (FORM, 5, "python-multipart"),
        (
            FASTAPI + "from fastapi import UploadFile\n@app.post('/')\ndef f(x: UploadFile): ...\n",
            5,
            "python-multipart",
        ),
        (FASTAPI + "import fastapi\n@app.post('/')\ndef f(x: list[fastapi.UploadFile]): ...\n", 5, "python-multipart"),
        (
            FASTAPI + "from typing import Annotated\nfrom fastapi import Form\n@APIRouter().post('/')\n"
            "def f(x: Annotated[str, Form()]): ...\n",
            6,
            "python-multipart",
        ),
        (
            FASTAPI + "from fastapi.security import OAuth2PasswordRequestForm as Login\n@app.post('/')\n"
            "async def f(x: Login = Depends()): ...\n",
            5,
            "python-multipart",
        ),
        (
            FASTAPI + "from fastapi import File\ndef g(x=File()): ...\n@app.post('/')\ndef f(x=Depends(g)): ...\n",
            4,
            "python-multipart",
        ),
        (EMAIL, 5, "email-validator"),
        (EMAIL.replace("email: EmailStr", "email: EmailStr | None = None"), 5, "email-validator"),
        (FASTAPI + "import pydantic\n@app.get('/')\ndef f(x: pydantic.EmailStr): ...\n", 5, "email-validator"),
        (FASTAPI + "from fastapi.templating import Jinja2Templates\nt = Jinja2Templates('pages')\n", 4, "jinja2"),
    ],
)
def test_what_fails_when_a_fastapi_app_is_imported(findings: Check, code: str, line: int, needed: str) -> None:
    assert seen(findings(fastapi(code), rule="undeclared-import")) == [f"error {line}: {needed}"]


@pytest.mark.parametrize(
    ("code", "requirements"),
    [
        (FORM, ("fastapi[standard]",)),
        (FORM, ("fastapi[all]",)),
        (FORM, ("fastapi", "uvicorn", "python-multipart")),
        (FORM, ("fastapi==0.111.0", "uvicorn")),
        (FORM, ("fastapi", "uvicorn", "gradio")),
        (FORM, ("fastapi", "uvicorn", "-r https://example.org/more.txt")),
        (EMAIL, ("fastapi", "uvicorn", "pydantic[email]")),
        (EMAIL, ("fastapi", "uvicorn", "email_validator")),
        (EMAIL.replace("(BaseModel)", ""), ("fastapi", "uvicorn")),
        (FASTAPI + "from pydantic import EmailStr\ndef f(x: EmailStr): ...\n", ("fastapi", "uvicorn")),
        (FASTAPI + "from fastapi import Form\ndef f(x=Form()): ...\n", ("fastapi", "uvicorn")),
        (FASTAPI + "from typing import Form\n@app.get('/')\ndef f(x=Form()): ...\n", ("fastapi", "uvicorn")),
        (f"try:\n    {'    '.join(FORM.splitlines(keepends=True))}\nexcept RuntimeError:\n    pass\n{FASTAPI}", ("fastapi", "uvicorn")),
    ],
)  # fmt: skip
def test_what_does_not(findings: Check, code: str, requirements: tuple[str, ...]) -> None:
    assert seen(findings(fastapi(code, *requirements), rule="undeclared-import")) == []


SOUP = "from bs4 import BeautifulSoup"


@pytest.mark.parametrize(
    ("code", "requirements", "found"),
    [
        (HANDLER + "return BeautifulSoup('<a>', 'lxml').text", ("beautifulsoup4",), ["warning 6: lxml"]),
        (HANDLER + "return BeautifulSoup('<a>', features='xml').text", ("beautifulsoup4",), ["warning 6: lxml"]),
        (FLASK + "page = BeautifulSoup('<a>', 'html5lib')", ("beautifulsoup4",), ["error 4: html5lib"]),
        (HANDLER + "return BeautifulSoup('<a>', 'html.parser').text", ("beautifulsoup4",), []),
        (HANDLER + "return BeautifulSoup('<a>', 'lxml').text", ("beautifulsoup4", "lxml"), []),
        (HANDLER + "return BeautifulSoup('<a>', kind).text", ("beautifulsoup4",), []),
        (HANDLER + "try:\n        BeautifulSoup('', 'lxml')\n    except Exception:\n        pass", ("beautifulsoup4",), []),
        (HANDLER + "return BeautifulSoup('<a>', 'lxml').text", ("beautifulsoup4", "an-unheard-of-package"), ["notice 6: lxml"]),
        (FLASK + "if __name__ == '__main__':\n    BeautifulSoup('<a>', 'lxml')", ("beautifulsoup4",), []),
        (HANDLER + "return BeautifulSoup('<a>', 'lxml').text", (), ["warning 1: beautifulsoup4"]),
    ],
)  # fmt: skip
def test_what_depends_on_an_argument(
    findings: Check, code: str, requirements: tuple[str, ...], found: list[str]
) -> None:
    assert seen(findings(flask(code, *requirements, imports=SOUP), rule="undeclared-import")) == found


ASYNC = FLASK + "@app.route('/')\nasync def show(): ...\n"


@pytest.mark.parametrize(
    ("code", "requirements", "found"),
    [
        (ASYNC, (), ["warning 5: asgiref"]),
        (ASYNC, ("django",), []),
        (ASYNC.replace("async ", ""), (), []),
        (ASYNC.replace("async", "@unheard.of\nasync"), ("unheard",), []),
        (ASYNC.replace("flask", "quart").replace("Flask", "Quart"), ("quart",), []),
    ],
)
def test_coroutine_functions_of_flask(
    findings: Check, code: str, requirements: tuple[str, ...], found: list[str]
) -> None:
    assert seen(findings(flask(code, *requirements), rule="undeclared-import")) == found


@pytest.mark.parametrize(
    ("requirements", "found"),
    [
        (("flask-wtf", "wtforms==3.0.1"), ["error 4: email-validator==2.3.0"]),
        (("flask-wtf",), ["warning 4: email-validator"]),
        (("flask-wtf", "wtforms==2.2.1"), []),
        (("flask-wtf[email]",), []),
        (("wtforms[email]",), []),
    ],
)
def test_versions_decide_when_it_fails(findings: Check, requirements: tuple[str, ...], found: list[str]) -> None:
    code = FLASK + "rules = [Email()]"
    told = findings(
        flask(code, *requirements, imports="from wtforms.validators import Email"), rule="undeclared-import"
    )
    assert [one.partition("==")[0] for one in seen(told)] == [one.partition("==")[0] for one in found]


def test_each_distribution_is_told_once_where_it_weighs_most(findings: Check) -> None:
    code = HANDLER + "return BeautifulSoup('', 'lxml')\n\npage = BeautifulSoup('', 'xml')\n"
    (found,) = findings(flask(code, "beautifulsoup4", imports=SOUP), rule="undeclared-import")
    assert (str(found.severity), found.span.line) == ("error", 8)
    assert [(other.span.line, other.message) for other in found.related] == [(6, "so does this")]


@pytest.mark.parametrize(
    ("files", "status"),
    [
        (fastapi(FORM), "unknown"),
        (fastapi(FORM, "fastapi", "uvicorn", "python-multipart"), "met"),
        (flask(HANDLER + "return BeautifulSoup('', 'lxml')", "beautifulsoup4", imports=SOUP), "met"),
        (flask(FLASK, imports="import flask_cors"), "unknown"),
    ],
)
def test_the_server_clause_does_not_promise_what_the_import_refuses(
    deployment: Callable[..., Deployment], files: dict[str, str], status: str
) -> None:
    made = deployment(files)
    found = tuple(finding for rule in RULES for finding in rule.check(made))
    told = clauses(made, found, {rule.ID: rule.CLAUSE for rule in RULES})
    assert next(clause.status for clause in told if clause.id == "server") == status


@pytest.mark.parametrize("file", ["needs.txt", "language_data.txt"])
def test_every_row_can_be_read_and_says_what_it_needs(file: File) -> None:
    for need in needs(file):
        assert set(need.ways) <= {"import", "call", "setting", "base", "field", "parameter", "async"}
        assert all((need.needed, need.package, need.kind, need.names, not need.covers("")))
        assert need.package not in need.needed
        assert file != "needs.txt" or all(name == normalised(name) for name in (need.package, *need.needed))


def test_a_module_stands_for_what_is_in_it() -> None:
    assert needs_of("needs.txt", "import", "starlette.middleware.sessions.SessionMiddleware")
    assert not needs_of("needs.txt", "import", "starlette.middleware.sessionstore")


PANDAS = HANDLER.replace("    ", "    table = pandas.read_csv('x.csv')\n    ")


@pytest.mark.parametrize(
    ("code", "requirements", "found"),
    [
        ("pandas.read_excel('x.xlsx')", (), ["openpyxl"]),
        ("pandas.read_excel(request.files['x'])", (), ["openpyxl"]),
        ("pandas.read_excel('x.xls')", ("openpyxl",), ["xlrd"]),
        ("pandas.read_excel('x.xlsx', engine='calamine')", (), []),
        ("pandas.read_excel(request.files['x'])", ("xlrd",), []),
        ("pandas.read_excel(f'{name}.xlsx')", ("xlrd",), ["openpyxl"]),
        ("table.groupby('a').sum().to_excel('y.xlsx')", (), ["openpyxl"]),
        ("table.to_excel('y.xlsx')", ("xlsxwriter",), []),
        ("pandas.ExcelWriter('y.xlsx', engine='xlsxwriter')", ("openpyxl",), ["xlsxwriter"]),
        ("with pandas.ExcelWriter('y', engine='odf') as kept: table.to_excel(kept)", (), []),
        ("table['a'].plot.bar()", (), ["matplotlib"]),
        ("table['a'].plot(backend='plotly')", (), []),
        ("table.plot()", ("seaborn",), []),
        ("table.to_markdown()", (), ["tabulate"]),
        ("table.to_parquet('y')", ("fastparquet",), []),
        ("pandas.read_html('x')", (), ["lxml"]),
        ("table.to_csv('y.csv')", (), []),
    ],
)
def test_what_pandas_reads_writes_and_draws(
    findings: Check, code: str, requirements: tuple[str, ...], found: list[str]
) -> None:
    files = flask(PANDAS + code, "pandas", *requirements, imports="import pandas")
    assert seen(findings(files, rule="undeclared-import")) == [f"warning 7: {name}" for name in found]


CACHE = "from flask_caching import Cache\n"


@pytest.mark.parametrize(
    ("code", "requirements", "found"),
    [
        (CACHE + FLASK + "app.config['CACHE_TYPE'] = 'RedisCache'\nCache(app)", ("flask-caching",), ["error 5: redis"]),
        (CACHE + FLASK + "Cache(app, config={'CACHE_TYPE': 'RedisCache'})", ("flask-caching",), ["error 5: redis"]),
        (CACHE + FLASK + "Cache(app, config={'CACHE_TYPE': 'NullCache'})", ("flask-caching",), []),
        (CACHE + FLASK + "Cache(app, config={'CACHE_TYPE': 'RedisCache'})", ("flask-caching", "redis"), []),
        (
            "import os\nfrom celery import Celery\n" + FLASK
            + "tasks = Celery('x', broker=os.getenv('BROKER', 'redis://localhost'))",
            ("celery",),
            ["warning 6: celery[redis]"],
        ),
        ("from celery import Celery\n" + FLASK + "Celery('x', broker='redis://x')", ("celery[redis]",), []),
        ("from celery import Celery\n" + FLASK + "Celery('x', broker='amqp://x')", ("celery",), []),
        (
            "from flask_marshmallow import Marshmallow\n" + FLASK
            + "ma = Marshmallow(app)\nclass Shown(ma.SQLAlchemyAutoSchema): ...",
            ("flask-marshmallow",),
            ["error 6: marshmallow-sqlalchemy"],
        ),
        ("import jwt\n" + HANDLER + "return jwt.encode({}, KEY, algorithm='RS256')", ("pyjwt",), ["warning 7: cryptography"]),
        ("import jwt\n" + HANDLER + "return jwt.encode({}, KEY, algorithm='HS256')", ("pyjwt",), []),
        ("import jwt\n" + HANDLER + "return jwt.encode({}, KEY, 'ES256')", ("pyjwt[crypto]",), []),
    ],
)  # fmt: skip
def test_what_settings_and_addresses_ask_for(
    findings: Check, code: str, requirements: tuple[str, ...], found: list[str]
) -> None:
    assert seen(findings(flask(code, *requirements), rule="undeclared-import")) == found


HASHING = "from passlib.context import CryptContext\nkept = CryptContext(schemes=['bcrypt'])\n"


@pytest.mark.parametrize(("python", "found"), [("3.12", []), ("3.13", ["warning 8: bcrypt<5"])])
def test_python_itself_may_do_what_is_needed(findings: Check, python: str, found: list[str]) -> None:
    """Until 3.12 passlib takes Python's own `crypt` for bcrypt."""
    files = flask(HASHING + HANDLER + "return kept.hash('x')", "passlib")
    assert seen(findings(files, rule="undeclared-import", python_version=python)) == found


SOCKET = FASTAPI + "@app.websocket('/live')\nasync def live(socket): ...\n"


@pytest.mark.parametrize(
    ("command", "requirements", "found"),
    [
        ("uvicorn app:app --host 0.0.0.0", ("fastapi", "uvicorn"), ["warning 3: websockets"]),
        ("uvicorn app:app --host 0.0.0.0", ("fastapi", "uvicorn[standard]"), []),
        ("uvicorn app:app --host 0.0.0.0", ("fastapi", "uvicorn", "wsproto"), []),
        ("hypercorn app:app", ("fastapi", "hypercorn", "uvicorn"), []),
        ("gunicorn -k uvicorn.workers.UvicornWorker app:app", ("fastapi", "gunicorn", "uvicorn"), ["warning 3: websockets"]),
    ],
)  # fmt: skip
def test_what_only_one_server_needs(
    findings: Check, command: str, requirements: tuple[str, ...], found: list[str]
) -> None:
    told = findings(fastapi(SOCKET, *requirements), command, rule="undeclared-import")
    assert [one for one in seen(told) if "websockets" in one] == found


@pytest.mark.parametrize(
    ("requirements", "found"),
    [
        ("flask\ngunicorn\ngevent\n", ["packaging"]),
        ("flask\ngunicorn[gevent]\n", []),
        ("flask\ngunicorn==23.0.0\ngevent==24.11.1\n", []),
        ("flask\ngunicorn==20.1.0\ngevent==22.10.2\n", []),
        ("flask\ngunicorn\ngevent\nlimits\n", []),
    ],
)
def test_what_the_worker_class_for_gevent_imports(findings: Check, requirements: str, found: list[str]) -> None:
    """`gunicorn.workers.ggevent` imports packaging, which gunicorn needs by itself in 21.0 to 26.0 only."""
    files = {"Procfile": "web: gunicorn -k gevent app:app", "requirements.txt": requirements, "app.py": FLASK}
    told = findings(files, rule="missing-worker-class")
    assert [one.advice.partition("«")[2].partition("»")[0] for one in told] == found


@pytest.mark.parametrize(
    ("requirement", "found"),
    [
        ("dash", ["warning 1: dash-core-components"]),
        ("dash>=2.0", ["warning 1: dash-core-components"]),
        ("dash==2.18.2", []),
        ("dash<3", []),
        ("dash\ndash-core-components", []),
        ("dash==3.0.0", ["warning 1: dash-core-components"]),
    ],
)
def test_what_only_older_versions_bring(findings: Check, requirement: str, found: list[str]) -> None:
    """Dash 2 needs the distributions of its old modules, Dash 3 does not."""
    code = "import dash\napp = dash.Dash()\nserver = app.server"
    files = flask(code, requirement, imports="import dash_core_components") | {"Procfile": "web: gunicorn app:server"}
    told = seen(findings(files, rule="undeclared-import"))
    assert [one.partition("==")[0].partition(">=")[0] for one in told] == found


def test_a_base_image_may_hold_what_a_server_needs(findings: Check) -> None:
    image = "FROM {}\nWORKDIR /app\nCOPY . .\nRUN pip install fastapi uvicorn\nCMD uvicorn app:app --host 0.0.0.0\n"
    plain = {"Dockerfile": image.format("python:3.12"), "app.py": SOCKET}
    holding = {"Dockerfile": image.format("tiangolo/uvicorn-gunicorn-fastapi:python3.11"), "app.py": SOCKET}
    assert len(findings(plain, rule="undeclared-import")) == 1
    assert findings(holding, rule="undeclared-import") == ()


ALLAUTH = "INSTALLED_APPS = ['allauth.account', 'allauth.socialaccount', 'allauth.socialaccount.providers.google']"


@pytest.mark.parametrize(
    ("requirement", "advice"),
    [
        (
            "django-allauth",
            "Ask for «django-allauth[socialaccount]» where «django-allauth» stands among the dependencies.",
        ),
        ("django-allauth[socialaccount]", ""),
        ("django-allauth==0.54.0", ""),
        ("django-allauth\nrequests", ""),
    ],
)
def test_an_extra_of_what_is_declared_is_what_to_ask_for(findings: Check, requirement: str, advice: str) -> None:
    files = django(settings=ALLAUTH) | {"requirements.txt": f"django\ngunicorn\n{requirement}\n"}
    told = findings(files, rule="undeclared-import")
    assert [one.advice for one in told if "providers" in one.message] == ([advice] if advice else [])


SENT = "from fastapi import Request\n" + FASTAPI + "@app.post('/')\nasync def send(request: Request):\n    {}\n"


@pytest.mark.parametrize(
    ("body", "requirements", "found"),
    [
        ("return await request.form()", ("fastapi", "uvicorn"), ["warning 6: python-multipart"]),
        ("return await request.json()", ("fastapi", "uvicorn"), []),
        ("return await request.form()", ("fastapi", "uvicorn", "python-multipart"), []),
        ("import requests; requests.get('x', proxies={'https': 'socks5://x'})", ("fastapi", "uvicorn", "requests"), ["warning 6: pysocks"]),
        ("import requests; requests.get('x', proxies={'https': 'http://x'})", ("fastapi", "uvicorn", "requests"), []),
    ],
)  # fmt: skip
def test_what_a_handler_calls(findings: Check, body: str, requirements: tuple[str, ...], found: list[str]) -> None:
    assert seen(findings(fastapi(SENT.format(body), *requirements), rule="undeclared-import")) == found


def test_what_a_back_end_of_django_storages_needs(findings: Check) -> None:
    stored = "STORAGES = {'default': {'BACKEND': 'storages.backends.s3.S3Storage'}}"
    for declared, found in (("", ["boto3"]), ("boto3\n", [])):
        files = django(settings=stored) | {"requirements.txt": f"django\ngunicorn\ndjango-storages\n{declared}"}
        told = findings(files, rule="undeclared-import")
        assert [one.advice.partition("«")[2].partition("»")[0] for one in told] == found


@pytest.mark.parametrize(
    ("requirements", "found"),
    [
        (("celery", "redis"), ["celery[redis]"]),
        (("celery[redis]",), []),
        (("celery==5.4.0", "redis"), []),
        (("celery", "redis", "limits"), []),
        (("celery", "redis", "an-unheard-of-package"), []),
        (("celery",), ["celery[redis]"]),
    ],
)
def test_what_a_queue_in_redis_needs_since_celery_57(
    findings: Check, requirements: tuple[str, ...], found: list[str]
) -> None:
    """kombu 5.7 needs packaging by its extra `redis` only, and imports it for each such queue."""
    code = "from celery import Celery\n" + FLASK + "queue = Celery('x', broker='redis://x')"
    told = findings(flask(code, *requirements), rule="undeclared-import")
    assert sorted(one.advice.partition("«")[2].partition("»")[0] for one in told) == found


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("pandas.DataFrame.plot", "matplotlib"),
        ("pandas.read_csv.groupby.agg.plot.bar", "matplotlib"),
        ("pandas.plot", ""),
        ("pandas.DataFrame.plotted", ""),
        ("langchain_community.document_loaders.pdf.PyPDFLoader.load_and_split", "pypdf"),
        ("langchain_community.document_loaders.PyPDFLoader", ""),
        ("pandas" + ".plot" * 30_000 + ".x" * 30_000 + "y", "matplotlib"),
    ],
)
def test_names_with_stars(name: str, needed: str) -> None:
    assert [need.needed[0] for need in needs_of("needs.txt", "call", name)] == ([needed] if needed else [])


def test_long_names_are_looked_up_in_one_pass(findings: Check) -> None:
    chain = "fastapi" + ".a" * 900
    fields = "".join(f"    e{index}: {chain}\n" for index in range(50))
    code = f"import fastapi\nfrom pydantic import BaseModel\n{FASTAPI}class Long(BaseModel):\n{fields}"
    assert findings(fastapi(code), rule="undeclared-import") == ()
