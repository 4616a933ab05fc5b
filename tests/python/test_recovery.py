"""What is read behind an exception that ends the import, and which app is offered then."""

from pathlib import Path

import pytest

from adaptable_preflight.model import Word
from adaptable_preflight.read.python.engine import Engine
from adaptable_preflight.value import Known
from tests.python.test_flow import PLATFORM, SPAN, engine, load

BEHIND = "from flask import Flask\nfrom library import serve\napp = Flask(__name__)\nserve(app)\n"


@pytest.mark.parametrize(
    "fault",
    [
        "from settings import MISSING\n",
        "key = nowhere\n",
        "import settings\nvalue = settings.MISSING + 1\n",
        "def make():\n    return {}['x']\nmade = make()\n",
    ],
)
def test_what_stands_behind_a_failing_statement_is_read(tmp_path: Path, fault: str) -> None:
    loaded, code = load(tmp_path, app=fault + BEHIND, settings="NAME = 1\n")
    assert loaded.run.failure is not None
    assert loaded.app.found is None
    assert loaded.app.framework == "flask"
    assert "library.serve" in [call.name for call in code.calls]
    assert not code.complete


def test_the_first_failure_is_the_one_that_is_told(tmp_path: Path) -> None:
    loaded, _ = load(tmp_path, app="first = one\nsecond = two\n" + BEHIND)
    assert loaded.run.failure is not None
    assert "name 'one' is not defined" in loaded.run.failure.message


def test_the_rest_of_the_importing_module_is_read_too(tmp_path: Path) -> None:
    loaded, code = load(tmp_path, app="from views import index\n" + BEHIND, views="index = nowhere\nother = 1\n")
    assert loaded.run.failure is not None
    assert loaded.run.failure.span.path == "views.py"
    assert "library.serve" in [call.name for call in code.calls]


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    key = nowhere\nexcept NameError:\n    key = ''\n",
        "import sys\nif sys.argv[0].endswith('manage.py'):\n    key = nowhere\n",
        "value = getattr(object(), 'name', None)\n",
    ],
)
def test_what_is_caught_or_may_not_happen_ends_nothing(tmp_path: Path, text: str) -> None:
    loaded, code = load(tmp_path, app=text + BEHIND)
    assert loaded.run.failure is None
    assert code.complete


def test_a_program_that_fails_does_not_listen_though_a_server_stands_behind(tmp_path: Path) -> None:
    made: Engine = engine(tmp_path, app="key = nowhere\n" + BEHIND + "app.run()\n")
    run = made.run_file("app.py", (Word(Known("app.py"), SPAN),), PLATFORM, "")
    assert run.failure is not None
    assert run.servers == ()


def test_without_a_start_command_an_app_that_fails_is_offered_with_its_failure(tmp_path: Path) -> None:
    app = engine(tmp_path, app="key = nowhere\n" + BEHIND).find_app(PLATFORM)
    assert app is not None
    assert (app.module, app.found) == ("app", None)
    assert app.failure is not None


def test_the_module_that_gives_an_app_its_routes_is_offered(tmp_path: Path) -> None:
    made = engine(
        tmp_path,
        app="from flask import Flask\napp = Flask(__name__)\n",
        routes="from app import app\n@app.route('/')\ndef index():\n    return ''\n",
    )
    app = made.find_app(PLATFORM)
    assert app is not None
    assert app.module == "routes"
