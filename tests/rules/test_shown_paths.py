"""Paths in messages: what stands for the checkout in computed paths reaches nobody."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.value import CHECKOUT

Findings = Callable[..., tuple[Finding, ...]]

APP = """\
import logging, os, sqlite3
from flask import Flask, request
from flask_caching import Cache
from flask_session import Session
HERE = os.path.dirname(os.path.abspath(__file__))
app = Flask(__name__)
app.config["SESSION_TYPE"] = "filesystem"
app.config["SESSION_FILE_DIR"] = os.path.join(HERE, "sessions")
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///" + os.path.join(HERE, "y.db")
Session(app)
Cache(app, config={"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": os.path.join(HERE, "cache")})
logging.basicConfig(filename=os.path.join(HERE, "x.log"))
sqlite3.connect(os.path.join(HERE, "x.db"))
open(os.path.join(HERE, "missing.txt")).read()
@app.route("/", methods=["POST"])
def index():
    open(os.path.join(HERE, "data", "x.txt"), "w").write("x")
    request.files["f"].save(os.path.join(HERE, "up", "f"))
    return ""
"""
CONFIGURATION = """\
import os
HERE = os.path.dirname(os.path.abspath(__file__))
bind = "unix:" + os.path.join(HERE, "x.sock")
errorlog = os.path.join(HERE, "error.log")
certfile = os.path.join(HERE, "missing.pem")
"""
RAISES = """\
import os
HERE = os.path.dirname(os.path.abspath(__file__))
raise RuntimeError(f"nothing in {os.path.join(HERE, 'data')}")
"""


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        ({"app.py": APP}, {"local-write", "local-upload", "log-file", "file-database", "missing-file"}),
        ({"app.py": APP, "gunicorn.conf.py": CONFIGURATION}, {"socket-bind", "log-file"}),
        ({"app.py": RAISES}, {"missing-app"}),
    ],
)
def test_no_message_holds_what_stands_for_the_checkout(
    findings: Findings, files: dict[str, str], rules: set[str]
) -> None:
    found = findings(files, "gunicorn app:app")
    assert rules <= {finding.rule for finding in found}
    texts = [finding.message + finding.advice + "".join(r.message for r in finding.related) for finding in found]
    assert [text for text in texts if CHECKOUT in text] == []


def test_a_written_file_is_named_as_the_repository_has_it(findings: Findings) -> None:
    (found,) = findings({"app.py": APP}, "gunicorn app:app", rule="local-write")
    assert found.message.startswith("A request writes «data/x.txt» ")


def test_a_folder_that_the_configuration_computes_is_one_of_the_repository(findings: Findings) -> None:
    files = {
        "src/app.py": "from flask import Flask\napp = Flask(__name__)\n",
        "gunicorn.conf.py": "import os\nchdir = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'src')\n",
    }
    assert findings(files, "gunicorn app:app", rule="missing-app") == ()
