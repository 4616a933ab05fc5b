"""Files, tables and hosts that are there on the author's machine and missing on the platform."""

from collections.abc import Callable
from types import ModuleType

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import (
    hardcoded_external_url,
    ignored_file,
    missing_app,
    missing_file,
    rejected_host,
    removed_api,
    tables_only_in_main,
)

Says = Callable[..., tuple[Finding, ...]]

FLASK = "import os, json\nfrom pathlib import Path\nfrom flask import Flask\napp = Flask(__name__)\n"
WSGI = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
)


def django(settings: str, **others: str) -> dict[str, str]:
    """Return a small Django project."""
    files = {"shop/__init__.py": "", "shop/wsgi.py": WSGI, "shop/settings.py": f"import os\n{settings}\n"}
    return files | {name.replace("__", "/").replace("_dot_", "."): text for name, text in others.items()}


def severities(says: Says, rule: ModuleType, code: str, **files: str) -> list[str]:
    return [str(finding.severity) for finding in says(rule, {"app.py": f"{FLASK}{code}\n", **files})]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("open('words.txt')", ["error"]),
        ("open('there.txt')", []),
        ("open(os.path.join(os.path.dirname(__file__), 'there.txt'))", []),
        ("open(os.path.join(os.path.dirname(__file__), 'words.txt'))", ["error"]),
        ("(Path(__file__).parent / 'words.txt').read_text()", ["error"]),
        ("open('words.txt', 'w')", []),
        ("open('words.txt', 'w')\nopen('words.txt')", []),
        ("try:\n    open('words.txt')\nexcept OSError:\n    pass", []),
        ("if os.path.exists('words.txt'):\n    open('words.txt')", []),
        (
            "from urllib.request import urlretrieve\nurlretrieve('https://x.example', 'words.txt')\nopen('words.txt')",
            [],
        ),
        ("import os\nos.system('make words.txt')\nopen('words.txt')", []),
        ("import os\nos.system('dvc pull')\nopen('words.txt')", []),
        ("import os\nopen('words.txt')\nos.system('dvc pull')", ["error"]),
        ("import os\nos.system('clear')\nopen('words.txt')", ["error"]),
        ("import os\nif 'DYNO' in os.environ:\n    os.system('dvc pull')\nopen('words.txt')", ["error"]),
        ("import subprocess\nsubprocess.run(['git', 'lfs', 'pull'])\nopen('words.txt')", []),
        ("import subprocess\nsubprocess.check_output(['git', 'rev-parse', 'HEAD'])\nopen('words.txt')", ["error"]),
        ("from dvc.repo import Repo\nRepo('.').pull()\nopen('words.txt')", []),
        ("import shutil\nshutil.unpack_archive('there.zip')\nopen('words.txt')", []),
        ("from zipfile import ZipFile\nwith ZipFile('there.txt') as z:\n    z.extractall()\nopen('words.txt')", []),
        ("import gdown\ngdown.download_folder('https://x.example')\nopen('words.txt')", []),
        ("@app.route('/')\ndef index():\n    return open('words.txt').read()", []),
        ("if __name__ == '__main__':\n    open('words.txt')", []),
        ("open('/etc/secrets/key')", []),
        ("open('C:\\\\Users\\\\me\\\\words.txt')", ["error"]),
        ("open(os.environ.get('WORDS', 'words.txt'))", []),
        ("import joblib\njoblib.load('a.pkl')\njoblib.load('b.pkl')", ["error"]),
        ("from firebase_admin import credentials\ncredentials.Certificate('key.json')", ["error"]),
        ("if os.environ.get('X') == '1':\n    open('words.txt')", []),
    ],
)
def test_missing_file(says: Says, code: str, expected: list[str]) -> None:
    assert severities(says, missing_file, code, **{"there.txt": "x"}) == expected


PLACEHOLDER = "MODEL_PLACEHOLDER"


@pytest.mark.parametrize(
    ("code", "content", "count"),
    [
        ("import joblib\njoblib.load('m.pkl')", PLACEHOLDER, 1),
        ("import pickle\npickle.load(open('m.pkl', 'rb'))", PLACEHOLDER, 1),
        ("import pickle\nwith open('m.pkl', 'rb') as f:\n    model = pickle.load(f)", "", 1),
        ("import pickle\npickle.load(open('m.pkl', 'rb'))", "(lp0\nI1\na.", 0),
        ("import pickle\npickle.load(open('m.pkl', 'rb'))", "(lp0\nI1\na", 1),
        ("import pickle\npickle.load(open('m.pkl', 'rb'))", "\x80\x03N.", 0),
        ("import joblib\njoblib.load('m.pkl')", "x" * 2000, 0),
        ("import json\njson.load(open('m.pkl'))", PLACEHOLDER, 0),
        ("import joblib\ntry:\n    joblib.load('m.pkl')\nexcept Exception:\n    pass", PLACEHOLDER, 0),
        ("import joblib, urllib.request\nurllib.request.urlretrieve('https://x.example', 'm.pkl')\njoblib.load('m.pkl')",
         PLACEHOLDER, 0),
        ("import joblib\n@app.route('/')\ndef index():\n    joblib.load('m.pkl')", PLACEHOLDER, 0),
    ],
)  # fmt: skip
def test_what_is_no_pickle(says: Says, code: str, content: str, count: int) -> None:
    assert severities(says, missing_file, code, **{"m.pkl": content}) == ["error"] * count


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("import joblib\njoblib.load('m.pkl')", 1),
        ("import pickle, os\npickle.load(open(os.path.join(os.path.dirname(__file__), 'm.pkl'), 'rb'))", 1),
        ("@app.route('/')\ndef index():\n    return open('m.pkl', 'rb').read()", 1),
        ("open('m.pkl', 'wb')", 0),
        ("NAME = 'm.pkl'", 0),
    ],
)
def test_a_pointer_instead_of_the_data(says: Says, code: str, count: int) -> None:
    assert severities(says, ignored_file, code, **{"m.pkl": POINTER}) == ["warning"] * count
    assert severities(says, ignored_file, code, **{"m.pkl": "x"}) == []


def test_missing_file_in_fastapi_and_django(says: Says) -> None:
    code = (
        "from fastapi import FastAPI\napp = FastAPI()\n@app.on_event('startup')\ndef start():\n    open('words.txt')\n"
    )
    assert [f.span.line for f in says(missing_file, {"app.py": code})] == [5]
    found = says(missing_file, django("KEY = open('key.txt').read()"), "shop.wsgi")
    assert [(f.span.path, str(f.severity)) for f in found] == [("shop/settings.py", "error")]


MAIN = "if __name__ == '__main__':\n    with app.app_context():\n        db.create_all()\n    app.run()\n"
SQL = "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy(app)\n"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        (SQL + MAIN, 1),
        (SQL + "with app.app_context():\n    db.create_all()\n" + MAIN, 0),
        (SQL + "@app.before_first_request\ndef make():\n    db.create_all()\n" + MAIN, 0),
        (SQL + "def init():\n    db.create_all()\nif __name__ == '__main__':\n    init()\n", 1),
        (SQL + "from flask_migrate import Migrate\nMigrate(app, db)\n" + MAIN, 0),
        (SQL + "if __name__ == '__main__':\n    app.run()\n", 0),
    ],
)
def test_tables_only_in_main(says: Says, code: str, count: int) -> None:
    assert severities(says, tables_only_in_main, code) == ["warning"] * count


def test_tables_are_made_when_the_file_itself_is_started(findings: Callable[..., tuple[Finding, ...]]) -> None:
    files = {"app.py": f"{FLASK}{SQL}{MAIN}", "Procfile": "web: python app.py"}
    assert findings(files, rule="tables-only-in-main") == ()


LISTED = "def listed(name):\n    text = os.environ.get(name)\n"


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        ("[]", ["error"]),
        ("['localhost', '127.0.0.1']", ["error"]),
        ("['shop.herokuapp.com']", ["error"]),
        ("['*']", []),
        ("['.adaptable.app']", []),
        ("['shop.adaptable.app']", []),
        ("['www.shop.example']", ["notice"]),
        ("['3.112.102.131']", ["error"]),
        ("['https://www.shop.example', 'shop.herokuapp.com/']", ["error"]),
        ("['3.112.102.131:80', '10.0.0.1', '[2001:db8::1]']", ["error"]),
        ("['localhost', os.environ.get('HOST')]", []),
        ("['.adaptable.app']", []),
        ("['*.adaptable.app']", ["error"]),
        ("os.environ.get('HOSTS', 'localhost').split(',')", []),
        ("['localhost']\nimport django_heroku\ndjango_heroku.settings(locals())", []),
        ("['localhost']\nimport django_heroku\ndjango_heroku.settings(locals(), allowed_hosts=False)", ["error"]),
        ("['localhost']\nif 'EXTERNAL_HOSTNAME' in os.environ:\n    ALLOWED_HOSTS.append(os.environ['EXTERNAL_HOSTNAME'])",
         []),
        ("os.getenv('HOSTS').split(',') if os.getenv('HOSTS') else []", []),
        ("os.environ['HOSTS'].split(',') if 'HOSTS' in os.environ else ['localhost']", []),
        ("[] if not os.getenv('HOSTS') else os.getenv('HOSTS').split(',')", []),
        (f"None\n{LISTED}    return text.split(',') if text else []\nALLOWED_HOSTS = listed('HOSTS')", []),
        (f"None\n{LISTED}    if text:\n        return text.split(',')\n    return []\nALLOWED_HOSTS = listed('HOSTS')", []),
        (f"None\n{LISTED}    if not text:\n        return []\n    return [text]\nALLOWED_HOSTS = listed('HOSTS')", []),
        (f"None\n{LISTED}    return ['localhost']\nALLOWED_HOSTS = listed('HOSTS')", ["error"]),
        ("[]\nif os.getenv('HOSTS'):\n    ALLOWED_HOSTS += os.getenv('HOSTS').split(',')", ["warning"]),
        ("[]\nif os.getenv('HOST'):\n    ALLOWED_HOSTS.append(os.getenv('HOST'))", ["warning"]),
    ],
)  # fmt: skip
def test_rejected_host_in_django(says: Says, hosts: str, expected: list[str]) -> None:
    found = says(rejected_host, django(f"ALLOWED_HOSTS = {hosts}"), "shop.wsgi")
    assert [str(finding.severity) for finding in found] == expected


@pytest.mark.parametrize(
    ("debug", "names"),
    [
        ("True", "only the machine's own names («localhost», «127.0.0.1», «[::1]»), so not"),
        ("os.environ.get('DEBUG', 'True') == 'True'", "only the machine's own names"),
        ("False", "no host name"),
    ],
)
def test_the_names_that_an_empty_list_stands_for(says: Says, debug: str, names: str) -> None:
    (found,) = says(rejected_host, django(f"DEBUG = {debug}\nALLOWED_HOSTS = []"), "shop.wsgi")
    assert f"The app accepts {names}" in found.message


def test_old_djangos_look_at_no_host_in_debug_mode(says: Says) -> None:
    files = django("DEBUG = True\nALLOWED_HOSTS = []")
    assert says(rejected_host, files | {"requirements.txt": "django==1.9\ngunicorn\n"}, "shop.wsgi") == ()
    assert says(rejected_host, files | {"requirements.txt": "django==1.11\ngunicorn\n"}, "shop.wsgi") != ()


def test_the_settings_of_a_channel_layer_of_old(says: Says) -> None:
    files = django("ALLOWED_HOSTS = ['localhost']")
    layer = "import os\nimport channels.asgi\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
    files["shop/asgi.py"] = f"{layer}channel_layer = channels.asgi.get_channel_layer()\n"
    assert len(says(rejected_host, files, "shop.asgi:channel_layer")) == 1


@pytest.mark.parametrize(
    ("hosts", "count"), [("['localhost']", 1), ("['*']", 0), ("['*.adaptable.app']", 0), ("['.adaptable.app']", 1)]
)
def test_rejected_host_in_fastapi(says: Says, hosts: str, count: int) -> None:
    code = (
        "from fastapi import FastAPI\nfrom starlette.middleware.trustedhost import TrustedHostMiddleware\n"
        f"app = FastAPI()\napp.add_middleware(TrustedHostMiddleware, allowed_hosts={hosts})\n"
    )
    assert len(says(rejected_host, {"app.py": code})) == count


def test_rejected_host_in_flask(says: Says) -> None:
    assert severities(says, rejected_host, "app.config['TRUSTED_HOSTS'] = ['localhost']") == ["error"]
    assert severities(says, rejected_host, "app.config['SERVER_NAME'] = 'localhost:5000'") == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("app.config['SERVER_NAME'] = 'localhost:5000'", 1),
        ("app.config['SERVER_NAME'] = os.environ.get('SERVER_NAME', 'localhost:5000')", 0),
        ("app.config['GOOGLE_REDIRECT_URI'] = 'http://127.0.0.1:5000/callback'", 1),
        (("import stripe\n@app.route('/')\ndef pay():\n    stripe.checkout.Session.create("
         "success_url='http://localhost:5000/done')"), 1),
        (("import stripe\n@app.route('/')\ndef pay():\n    stripe.checkout.Session.create("
         "success_url=os.environ.get('EXTERNAL_URL', 'http://localhost:5000') + '/done')"), 0),
        ("app.config['REDIRECT_URI'] = 'https://shop.example/callback'", 0),
        ("import redis\nredis.Redis(host='localhost')", 0),
    ],
)  # fmt: skip
def test_hardcoded_external_url(says: Says, code: str, count: int) -> None:
    assert severities(says, hardcoded_external_url, code) == ["warning"] * count


def test_routes_that_fail_leave_the_server_listening(says: Says) -> None:
    """Django imports the routes in the first request: gunicorn listened and answered 500 when it was tried."""
    files = django("ALLOWED_HOSTS = ['*']\nROOT_URLCONF = 'shop.urls'")
    files |= {"shop/urls.py": "from .views import nope\nurlpatterns = []\n", "shop/views.py": ""}
    (found,) = says(missing_app, files, "shop.wsgi")
    assert found.message.startswith("Each request is answered with 500")
    assert (found.span.path, found.process is not None and found.process.outcome) == ("shop/urls.py", "listens")


@pytest.mark.parametrize(
    ("command", "path", "count"),
    [
        ("", "./data/there.csv", 0),
        ("", "back/data/there.csv", 0),
        ("", "./data/none.csv", 1),
        ("gunicorn back.main:app", "./data/there.csv", 1),
        ("gunicorn --chdir back main:app", "./data/there.csv", 0),
    ],
)
def test_the_folder_in_which_the_app_runs(
    findings: Callable[..., tuple[Finding, ...]], command: str, path: str, count: int
) -> None:
    code = f"from flask import Flask\napp = Flask(__name__)\nopen({path!r})\n"
    files = {"back/main.py": code, "back/data/there.csv": "1", "requirements.txt": "flask\ngunicorn\n"}
    assert len(findings(files, command, rule="missing-file")) == count


@pytest.mark.parametrize(
    ("statement", "files", "count"),
    [
        ("import shop.email", {"shop/Email.py": "", "shop/email.py": "from email.header import Header\n"}, 0),
        ("from modules.Mail import x", {"modules/Mail.py": "import redis\nx = 1\n", "modules/Redis.py": ""}, 0),
        ("import redis", {"Redis.py": ""}, 0),
        ("import orders", {"Orders.py": ""}, 1),
        ("import modules.mail", {"modules/mail.py": "import orders\n", "modules/Orders.py": ""}, 0),
    ],
)
def test_the_case_of_letters(
    findings: Callable[..., tuple[Finding, ...]], statement: str, files: dict[str, str], count: int
) -> None:
    app = {"app.py": f"{statement}\n{FLASK}", "requirements.txt": "flask\ngunicorn\nredis\n"}
    assert len(findings({**app, **files}, "gunicorn app:app", rule="ignored-file")) == count


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import numpy as np\nzeros = np.zeros(3, dtype=np.int)\n", ["error"]),
        ("import numpy as np\nx = np.int if hasattr(np, 'int') else int\n", []),
        ("import numpy as np\ntry:\n    x = np.int\nexcept AttributeError:\n    x = int\n", []),
        ("import numpy as np\nnp.int = int\nimport numpy\nx = numpy.int\n", []),
        ("import string\nletters = string.letters\n", ["error"]),
        ("import time\nx = time.clock\n", ["notice"]),
        ("import string\nletters = string.ascii_letters\n", []),
        (
            "from PIL import Image\n@app.route('/')\ndef index():\n    return Image.open('x').resize(1, Image.ANTIALIAS)\n",
            ["warning"],
        ),
    ],
)
def test_a_removed_name_is_read_as_an_attribute(says: Says, code: str, expected: list[str]) -> None:
    files = {"requirements.txt": "flask\nnumpy==1.26.4\npillow==11.0.0\n"}
    assert severities(says, removed_api, code, **files) == expected


MODEL = "from pydantic import BaseModel, Field, constr, root_validator\nclass Item(BaseModel):\n    {}\n"


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("name: str = Field(regex='x')", 1),
        ("name: str = Field(pattern='x')", 0),
        ("name = constr(regex='x')", 1),
        ("@root_validator\n    def check(cls, values):\n        return values", 1),
        ("@root_validator()\n    def check(cls, values):\n        return values", 1),
        ("@root_validator(pre=True)\n    def check(cls, values):\n        return values", 0),
        ("@root_validator(skip_on_failure=True)\n    def check(cls, values):\n        return values", 0),
    ],
)
def test_what_models_of_pydantic_were_told_before_2(says: Says, line: str, count: int) -> None:
    code = MODEL.format(line)
    assert severities(says, removed_api, code, **{"requirements.txt": "flask\npydantic\n"}) == ["error"] * count
    assert severities(says, removed_api, code, **{"requirements.txt": "fastapi\nflask\n"}) == ["warning"] * count
    assert severities(says, removed_api, code, **{"requirements.txt": "flask\npydantic<2\n"}) == []
