"""`missing-app`: what Flask and Flask-SQLAlchemy refuse when the app is imported, and what they take."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import missing_app

Findings = Callable[..., tuple[Finding, ...]]

APP = "from flask import Blueprint, Flask, current_app, g, request, session, url_for\napp = Flask(__name__)\n"
BLUEPRINT = APP + "pages = Blueprint('pages', __name__)\n"
DATABASE = APP + (
    "from flask_sqlalchemy import SQLAlchemy\n"
    "app.config['SQLALCHEMY_DATABASE_URI'] = 'postgresql+psycopg://x'\n"
    "db = SQLAlchemy(app)\n"
    "class User(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
)
BARE = "def checked(view):\n    def wrapper(*given):\n        return view(*given)\n    return wrapper\n"
WRAPPED = BARE.replace("    def w", "    @wraps(view)\n    def w")
NAMED = BARE.replace("    return wrapper", "    wrapper.__name__ = view.__name__\n    return wrapper")
TWO = "@app.route('/')\n@checked\ndef one():\n    return ''\n@app.route('/b')\n@checked\ndef two():\n    return ''\n"
VIEW = "class View(MethodView):\n    def get(self):\n        return ''\n"


def at_import(says: Findings, code: str, requirements: str = "flask\ngunicorn\nflask-sqlalchemy\n") -> list[str]:
    """Return the messages about an app, without their beginning, which is always the same."""
    found = says(missing_app, {"app.py": code, "requirements.txt": requirements})
    return [one.message.removeprefix("gunicorn cannot load the app: importing «app» fails: ") for one in found]


SAME_NAME = "AssertionError: View function mapping is overwriting an existing endpoint function: "


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (
            APP + "@app.route('/')\ndef index():\n    return ''\n@app.post('/b')\ndef index():\n    return ''\n",
            "index",
        ),
        (
            APP + "def one():\n    return ''\ndef two():\n    return ''\n"
            "app.add_url_rule('/', 'x', one)\napp.add_url_rule('/b', endpoint='x', view_func=two)\n",
            "x",
        ),
        (APP + BARE + TWO, "wrapper"),
        (
            "from flask.views import MethodView\n" + APP + VIEW + "app.add_url_rule('/', view_func=View.as_view('v'))\n"
            "app.add_url_rule('/b', view_func=View.as_view('v'))\n",
            "v",
        ),
        (
            BLUEPRINT + "@pages.route('/')\ndef a():\n    return ''\n@pages.route('/b')\ndef a():\n    return ''\n"
            "app.register_blueprint(pages)\n",
            "pages.a",
        ),
    ],
)
def test_two_views_cannot_have_one_name(says: Findings, code: str, name: str) -> None:
    assert at_import(says, code) == [SAME_NAME + name + "."]


@pytest.mark.parametrize(
    "code",
    [
        APP
        + "@app.route('/')\n@app.route('/b')\ndef index():\n    return ''\napp.add_url_rule('/c', view_func=index)\n",
        APP + "@app.route('/')\ndef a():\n    return ''\n@app.route('/b', endpoint='b')\ndef a():\n    return ''\n",
        "from functools import wraps\n" + APP + WRAPPED + TWO,
        APP + NAMED + TWO,
        "from somewhere import checked\n" + APP + TWO.replace("one", "two"),
        "from flask.views import MethodView\n" + APP + VIEW + "view = View.as_view('v')\n"
        "app.add_url_rule('/', view_func=view)\napp.add_url_rule('/b', view_func=view)\n",
        "import sys\n" + APP + "if len(sys.argv) > 7:\n    @app.route('/')\n    def a():\n        return ''\n"
        "@app.route('/')\ndef a():\n    return ''\n",
        BLUEPRINT + "@pages.route('/')\ndef a():\n    return ''\n@app.route('/')\ndef a():\n    return ''\n"
        "app.register_blueprint(pages)\n",
        BLUEPRINT + "@pages.route('/')\ndef a():\n    return ''\n@pages.route('/b')\ndef a():\n    return ''\n",
    ],
)
def test_the_same_view_twice_or_names_that_differ_are_fine(says: Findings, code: str) -> None:
    assert at_import(says, code) == []


def test_a_decorator_that_hides_the_names_is_told_to_keep_them(says: Findings) -> None:
    [found] = says(missing_app, {"app.py": APP + BARE + TWO, "requirements.txt": "flask\n"})
    assert found.advice.startswith("Put «@functools.wraps(…)» over «wrapper»")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "app.register_blueprint(pages)\n@pages.route('/')\ndef a():\n    return ''\n",
            "AssertionError: The setup method 'route' can no longer be called on the blueprint 'pages'.",
        ),
        (
            "app.register_blueprint(pages)\napp.register_blueprint(pages)\n",
            "ValueError: The name 'pages' is already registered for this blueprint.",
        ),
        (
            "app.register_blueprint(pages)\napp.register_blueprint(Blueprint('pages', __name__))\n",
            "ValueError: The name 'pages' is already registered for a different blueprint.",
        ),
    ],
)
def test_blueprints_are_registered_once_and_then_complete(says: Findings, code: str, message: str) -> None:
    assert at_import(says, BLUEPRINT + code) == [message]
    assert at_import(says, BLUEPRINT + code, "flask==2.0.3\n") == []


def test_a_blueprint_has_a_name_for_each_registration(says: Findings) -> None:
    code = "app.register_blueprint(pages)\napp.register_blueprint(pages, name='more', url_prefix='/more')\n"
    assert at_import(says, BLUEPRINT + code) == []
    assert at_import(says, BLUEPRINT + "app.register_blueprint(pages)\nFlask('b').register_blueprint(pages)\n") == []


@pytest.mark.parametrize(
    ("code", "context"),
    [
        (DATABASE + "db.create_all()\n", "application"),
        (DATABASE + "db.session.add(User())\n", "application"),
        (DATABASE + "names = [user.name for user in User.query.all()]\n", "application"),
        (DATABASE + "connection = db.engine.connect()\n", "application"),
        (APP + "key = current_app.config['KEY']\n", "application"),
        (APP + "g.user = None\n", "application"),
        (APP + "home = url_for('index')\n", "application"),
        (APP + "word = request.args.get('q')\n", "request"),
        (APP + "session['count'] = 0\n", "request"),
    ],
)
def test_there_is_no_context_when_the_app_is_imported(says: Findings, code: str, context: str) -> None:
    assert at_import(says, code) == [f"RuntimeError: Working outside of {context} context."]


@pytest.mark.parametrize(
    "code",
    [
        DATABASE + "with app.app_context():\n    db.create_all()\n    current_app.logger.info(db.engine)\n",
        DATABASE + "app.app_context().push()\ndb.create_all()\n",
        DATABASE + "context = app.test_request_context()\ncontext.push()\nword = request.args.get('q')\n",
        DATABASE + "try:\n    db.create_all()\nexcept Exception:\n    pass\n",
        DATABASE + "from somewhere import context\nwith context(app):\n    db.create_all()\n",
        DATABASE + "@app.route('/')\ndef index():\n    db.session.add(User())\n    return request.args.get('q')\n",
        DATABASE.replace("(app)\n", "(app, session_options={'scopefunc': id})\n") + "db.session.add(1)\n",
        APP + "from decorator import decorator\n@decorator\ndef zipped(view):\n    view()\n"
        "@app.route('/')\n@zipped\ndef index():\n    return request.args.get('q')\n",
        DATABASE + "db.create_all(app=app)\n",
        APP + "name = current_app\nadd = lambda: current_app.name\n",
    ],
)
def test_a_context_may_be_there(says: Findings, code: str) -> None:
    assert at_import(says, code) == []


def test_older_versions_of_flask_sqlalchemy_know_the_app_without_a_context(says: Findings) -> None:
    pins = "flask==2.2.5\nflask-sqlalchemy==2.5.1\nsqlalchemy==1.4.54\n"
    assert at_import(says, DATABASE + "db.create_all()\n", pins) == []
    assert at_import(says, DATABASE + "db.create_all()\n", "flask==2.0.3\nflask-sqlalchemy\n") == []


def test_what_is_imported_below_a_context_has_it(says: Findings) -> None:
    files = {
        "app.py": APP + "with app.app_context():\n    import views\n",
        "views.py": "from flask import current_app\nkey = current_app.config.get('KEY')\n",
        "requirements.txt": "flask\n",
    }
    assert says(missing_app, files) == ()


def test_a_factory_that_is_called_for_two_processes_makes_two_apps(says: Findings) -> None:
    code = (
        "from flask import Blueprint, Flask\npages = Blueprint('pages', __name__)\n"
        "def create_app():\n    app = Flask(__name__)\n"
        "    @pages.route('/')\n    def index():\n        return ''\n"
        "    app.register_blueprint(pages)\n    return app\n"
    )
    files = {"app.py": code, "requirements.txt": "flask\n", "Procfile": "web: gunicorn 'app:create_app()'\n"}
    assert says(missing_app, files, "app:create_app()") == ()


def test_a_field_of_a_form_sets_itself_up_in_a_request(says: Findings) -> None:
    code = APP + (
        "from flask_wtf import FlaskForm\nfrom wtforms.fields import StringField\n"
        "class Partner:\n    def __init__(self, *args, **more):\n        if session['partner']:\n            more['label'] = ''\n"
        "        super().__init__(*args, **more)\n"
        "class PartnerField(Partner, StringField):\n    pass\n"
        "class Form(FlaskForm):\n    name = PartnerField('Name')\n"
    )
    assert at_import(says, code) == []
