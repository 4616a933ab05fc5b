"""`missing-secret-key`, and `required-variable` where the key is a variable."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import missing_secret_key, required_variable

Says = Callable[..., tuple[Finding, ...]]

HEAD = "import os\nfrom flask import Flask, flash, session\napp = Flask(__name__)\n"
VIEW = "@app.route('/')\ndef index():\n    {}\n    return ''\n"
FORM = (
    "from flask_wtf import FlaskForm\nfrom wtforms import StringField\n"
    "class Search(FlaskForm):\n    word = StringField()\n"
)


def count(says: Says, code: str, **files: str) -> int:
    found = says(missing_secret_key, {"app.py": code, **{f"{name}.py": text for name, text in files.items()}})
    return len(found)


@pytest.mark.parametrize(
    "use",
    ["session['x'] = 1", "session.pop('x')", "session.clear()", "session.permanent = True", "flash('done')"],
)
def test_what_changes_the_session_needs_a_key(says: Says, use: str) -> None:
    assert count(says, HEAD + VIEW.format(use)) == 1


@pytest.mark.parametrize(
    "top",
    [
        "app.config['SECRETKEY'] = 'x'\n",
        "app.secret_key = ''\n",
        "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy(app)\n",
        "print(app)\n",
    ],
)
def test_what_sets_no_key(says: Says, top: str) -> None:
    assert count(says, HEAD + top + VIEW.format("flash('done')")) == 1


@pytest.mark.parametrize(
    "top",
    [
        "app.secret_key = 'x'\n",
        "app.config['SECRET_KEY'] = os.environ.get('KEY')\n",
        "app.config.update(SECRET_KEY='x')\n",
        "app.config.from_object('config')\n",
        "app.config.from_pyfile('local.cfg', silent=True)\n",
        "app.config.from_prefixed_env()\n",
        "app.config.update(**load())\n",
        "for name in os.environ:\n    app.config[name] = os.environ[name]\n",
        "from flask_session import Session\nSession(app)\n",
        "from dynaconf import FlaskDynaconf\nFlaskDynaconf(app)\n",
        "from nowhere import configure\nconfigure(app)\n",
        "setattr(app, 'secret_key', 'x')\n",
        "app.session_interface = object()\n",
    ],
)
def test_what_may_set_a_key(says: Says, top: str) -> None:
    top = top.replace("load()", "__import__('x').y")
    assert count(says, HEAD + top + VIEW.format("flash('done')"), config="SECRET_KEY = 'x'\n") == 0


@pytest.mark.parametrize("use", ["session.get('x')", "'x' in session", "print(session)"])
def test_reading_the_session_needs_no_key(says: Says, use: str) -> None:
    assert count(says, HEAD + VIEW.format(use)) == 0


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (HEAD + FORM + VIEW.format("Search()"), 1),
        (HEAD + FORM + VIEW.format("Search(meta={'csrf': False})"), 0),
        (HEAD + FORM + "    class Meta:\n        csrf = False\n" + VIEW.format("Search()"), 0),
        (HEAD + "app.config['WTF_CSRF_ENABLED'] = False\n" + FORM + VIEW.format("Search()"), 0),
        (HEAD + FORM + VIEW.format("pass"), 0),
    ],
)
def test_forms_with_a_token_need_a_key(says: Says, code: str, expected: int) -> None:
    assert count(says, code) == expected


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("app.secret_key = os.environ.get('KEY')\n", 1),
        ("app.config['SECRET_KEY'] = os.getenv('KEY')\n", 1),
        ("app.config['SECRET_KEY'] = os.getenv('KEY', 'x')\n", 0),
        ("app.secret_key = os.getenv('KEY') or 'x'\n", 0),
    ],
)
def test_a_key_that_nobody_is_known_to_set(says: Says, top: str, expected: int) -> None:
    code = HEAD + top + VIEW.format("flash('done')")
    assert len(says(required_variable, {"app.py": code})) == expected
    assert says(required_variable, {"app.py": code}, environment=(("KEY", None),)) == ()
    assert says(required_variable, {"app.py": HEAD + top}) == ()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("os.environ.get('KEY')", 1),
        ("os.getenv('KEY', '')", 1),
        ("os.getenv('KEY', 'x')", 0),
        ("os.getenv('KEY') or 'x'", 0),
        ("'x'", 0),
    ],
)
def test_django_refuses_an_empty_key(says: Says, key: str, expected: int) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/settings.py": f"import os\nSECRET_KEY = {key}\n",
        "shop/wsgi.py": "import os\nfrom django.core.wsgi import get_wsgi_application\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings'\napplication = get_wsgi_application()\n",
    }
    found = says(required_variable, files, "shop.wsgi")
    assert len(found) == expected
    assert all("it is the secret key" in one.message for one in found)
