"""`missing-template`: where Flask looks for a template, and what keeps it open where it looks."""

from collections.abc import Callable

import pytest
from tests.rules.apps import django

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import missing_template

Says = Callable[..., tuple[Finding, ...]]

APP = """\
from flask import Flask, Blueprint, render_template
{top}
app = Flask({made})
@app.route("/")
def index():
    {body}
"""
RENDERS = 'return render_template("index.html")'


def app(top: str = "", made: str = "__name__", body: str = RENDERS) -> str:
    return APP.format(top=top, made=made, body=body)


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"app.py": app()}, 1),
        ({"app.py": app(), "templates/index.html": ""}, 0),
        ({"app.py": app(), "index.html": ""}, 1),
        ({"app.py": app(), "templates/Index.html": ""}, 1),
        ({"app.py": app(top="other = Flask(__name__)"), "templates/Index.html": ""}, 1),
        ({"app.py": app(top="o = Flask(__name__, template_folder='pages')"), "pages/index.html": ""}, 0),
        ({"app.py": app(made="__name__, template_folder='pages'"), "pages/index.html": ""}, 0),
        ({"app.py": app(made="__name__, template_folder='pages'"), "templates/index.html": ""}, 1),
        ({"app.py": app(body="return render_template('/sub/./x.html')"), "templates/sub/x.html": ""}, 0),
        ({"app.py": app(body="return render_template('sub\\\\\\\\x.html')"), "templates/sub/x.html": ""}, 1),
        ({"app.py": app("bp = Blueprint('b', __name__, template_folder='b')"), "b/index.html": ""}, 0),
        ({"app.py": app("bp = Blueprint('b', __name__)"), "b/index.html": ""}, 1),
        ({"app.py": app(made="'app'"), "templates/index.html": ""}, 0),
        ({"app.py": app(), "package.json": "{}"}, 0),
        ({"app.py": app(), "package.json": "{}", "Template/index.html": ""}, 1),
        ({"app.py": app(), "package.json": "{}", "src/index.html": "", "public/index.html": ""}, 0),
    ],
)
def test_where_flask_looks(says: Says, files: dict[str, str], count: int) -> None:
    assert len(says(missing_template, files)) == count


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": app(body="return render_template(name())", top="from library import name")},
        {"app.py": app(body="return render_template(['a.html', 'index.html'])")},
        {
            "app.py": app(
                body="try:\n        return render_template('index.html')\n    except Exception:\n        return ''"
            )
        },
        {"app.py": app(made="'elsewhere'")},
        {"app.py": app(made="__name__, template_folder=folder", top="from library import folder")},
        {"app.py": app(made="__name__, template_folder='../pages'")},
        {"app.py": app(made="__name__, root_path='/srv'")},
        {"app.py": app(top="from library import loader") + "app.jinja_loader = loader\n"},
        {"app.py": app(top="other = Flask('other')")},
        {"app.py": app(top="from library import folder\nbp = Blueprint('b', __name__, template_folder=folder)")},
        {"app.py": app(top="import flask_security", body="return render_template('security/login.html')")},
        {"app.py": app(), "package.json": "{}"},
        {"app.py": app(), ".gitmodules": ""},
        {"app.py": app().replace("@app.route", "from library import pages\napp.register_blueprint(pages)\n@app.route")},
        {"app.py": app(body="return ''") + "def never():\n    return render_template('never.html')\n"},
    ],
)
def test_what_keeps_it_open(says: Says, files: dict[str, str]) -> None:
    assert says(missing_template, files) == ()


def test_a_package_looks_beside_itself(says: Says) -> None:
    files = {"shop/__init__.py": app(), "templates/index.html": ""}
    assert len(says(missing_template, files, "shop:app")) == 1
    assert says(missing_template, {**files, "shop/templates/index.html": ""}, "shop:app") == ()
    factory = {"shop/__init__.py": "", "shop/web/__init__.py": app(made="'shop'"), "shop/templates/index.html": ""}
    assert says(missing_template, factory, "shop.web:app") == ()


def test_one_finding_for_each_module(says: Says) -> None:
    body = "return render_template('a.html') + render_template('b.html') + render_template('a.html')"
    (found,) = says(missing_template, {"app.py": app(body=body)})
    assert (found.span.line, len(found.related)) == (6, 1)


def test_a_folder_of_another_name_is_told(says: Says) -> None:
    (found,) = says(missing_template, {"app.py": app(), "Template/index.html": ""})
    assert found.message.endswith("the file is «Template/index.html», and Flask looks in «templates».")
    assert "template_folder" in found.advice


def test_a_drive_of_windows_is_no_folder_to_move_a_template_into(says: Says) -> None:
    made = "__name__, template_folder='D:/shop/templates'"
    (found,) = says(missing_template, {"app.py": app(made=made), "templates/index.html": ""})
    assert found.advice.startswith("Take template_folder out")


RENDER = "from django.shortcuts import render"


@pytest.mark.parametrize(
    ("body", "files", "count"),
    [
        ("return render(request, 'cart.html')", {"shop/templates/list.html": ""}, 1),
        ("return render(request, 'shop/cart.html')", {"shop/templates/shop/list.html": ""}, 1),
        ("return render(request, 'shop/cart.html')", {"shop/templates/shop/Cart.html": ""}, 1),
        ("return render(request, 'shop/cart.html')", {"shop/templates/shop/cart.html": ""}, 0),
        ("return render(request, 'cart.html')", {"pages/cart.html": ""}, 0),
        ("return render(request, 'account/login.html')", {"shop/templates/shop/list.html": ""}, 0),
        ("return render(request, 'cart.html')", {}, 0),
        ("return render(request, 'cart.html')", {"shop/templates/list.html": "", "web/package.json": "{}"}, 0),
        ("return render(request, ['a.html', 'b.html'])", {"shop/templates/list.html": ""}, 0),
        ("return render(request, f'{request.path}.html')", {"shop/templates/list.html": ""}, 0),
    ],
)
def test_templates_of_django(says: Says, body: str, files: dict[str, str | bytes], count: int) -> None:
    assert len(says(missing_template, django(body, RENDER, files=files))) == count


STARLETTE = (
    "from pathlib import Path\nfrom fastapi import FastAPI, Request\nfrom fastapi.templating import Jinja2Templates\n"
    "app = FastAPI()\npages = Jinja2Templates({})\n@app.get('/')\ndef index(request: Request):\n    return pages.TemplateResponse({})\n"
)


@pytest.mark.parametrize(
    ("folder", "response", "files", "said"),
    [
        ("directory='templates'", "request, 'a.html'", ["app/templates/a.html"], "looks in «templates»"),
        ("'templates'", "name='a.html', request=request", ["app/templates/a.html"], "looks in «templates»"),
        ("directory='templates'", "'a.html', {'request': request}", ["templates/A.html"], "the file is «templates/A.html»"),
        ("directory='templates'", "request, 'a.html'", ["templates/b.html"], "there is no «templates/a.html»"),
        ("directory='templates'", "request, 'a.html'", ["templates/a.html"], ""),
        ("directory='app/templates'", "request, 'a.html'", ["app/templates/a.html"], ""),
        ("directory=Path(__file__).parent / 'templates'", "request, 'a.html'", ["app/templates/a.html"], ""),
        ("directory=['other', 'templates']", "request, 'a.html'", ["templates/a.html"], ""),
        ("directory=FOLDER", "request, 'a.html'", ["templates/b.html"], ""),
        ("env=ENV", "request, 'a.html'", ["templates/b.html"], ""),
        ("directory='templates'", "request, name", ["templates/b.html"], ""),
    ],
)  # fmt: skip
def test_templates_of_starlette(
    findings: Callable[..., tuple[Finding, ...]], folder: str, response: str, files: list[str], said: str
) -> None:
    code = STARLETTE.format(folder, response)
    found = findings(
        {"app/main.py": code, **dict.fromkeys(files, "x")}, "uvicorn app.main:app", rule="missing-template"
    )
    assert [said in one.message for one in found] == ([True] if said else [])
