"""What Python code does when it is executed on paper: which values reach a call, and whether it is reached."""

import ast
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from adaptable_preflight.checkout import MAX_LINE, Checkout
from adaptable_preflight.model import Call, Code, Environment, Interpreter, Run, Target, Unreadable, Word
from adaptable_preflight.read.context import Loaded
from adaptable_preflight.read.python import parse as parsing
from adaptable_preflight.read.python.engine import Engine
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Either, FromEnv, Known, Unknown, show
from tests.conftest import lay_out

SPAN = Span("Procfile", 1, 1, 1, 2)
PLATFORM = Environment({"PORT": FromEnv("PORT")})
CLOSED = Environment({"PORT": Known("8123")}, closed=True)


def engine(folder: Path, **files: str) -> Engine:
    written = {f"{name}.py": dedent(text) for name, text in files.items()}
    return Engine(Checkout(str(lay_out(folder, written))), {}, lambda _launch: Run(unknown=Unknown("not followed")))


def load(folder: Path, env: Environment = PLATFORM, target: str = "app:app", **files: str) -> tuple[Loaded, Code]:
    module, _, attribute = target.partition(":")
    made = engine(folder, **files)
    return made.load(Target(module, attribute, SPAN), env, ""), made.code()


def served(folder: Path, text: str, env: Environment = PLATFORM) -> list[Call]:
    """Return the calls of `serve(…)`, a library's function, that running app.py reaches."""
    made = engine(folder, app="from library import serve\n" + dedent(text))
    made.run_file("app.py", (Word(Known("app.py"), SPAN),), env, "")
    return [call for call in made.code().calls if call.name == "library.serve"]


INSIDE = """
from contextlib import asynccontextmanager
@asynccontextmanager
async def inside():
    yield
class Task:
    @inside()
    async def run(self): ...
Task().run()
"""

CHECKED = """
import os
missing = []
for name in ("A", "B"):
    if not os.environ.get(name):
        missing.append(name)
if missing:
    raise ValueError(f"missing: {missing}")
gone = [name for name in ("A", "B") if not os.getenv(name)]
if gone:
    raise ValueError
"""

FLAG = """import os
def flag(name, default):
    if name in os.environ:
        return os.environ[name] == "yes"
    return default
serve(flag("DEBUG", True))
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os\nserve(os.environ.get('PORT', 5000))", "${PORT:-5000}"),
        ("import os\nserve(int(os.getenv('PORT')))", "$PORT"),
        ("from os import environ as e\nserve(e['PORT'])", "$PORT"),
        ("import os\nport = os.getenv('APP_PORT') or os.getenv('PORT') or 80\nserve(port)", "${APP_PORT:-${PORT:-80}}"),
        ("import os\nserve(f\"0.0.0.0:{os.environ['PORT']}\")", "0.0.0.0:$PORT"),
        ("import os\nserve('0.0.0.0:%s' % os.environ['PORT'])", "0.0.0.0:$PORT"),
        ("import os\nserve('{}:{}'.format('0.0.0.0', os.environ['PORT']))", "0.0.0.0:$PORT"),
        ("def port(default=80):\n    return default + 1\nserve(port())", "81"),
        ("class Config:\n    PORT = 7\nclass Mine(Config): pass\nserve(Mine().PORT)", "7"),
        ("settings = {'port': 9}\nserve(settings['port'])", "9"),
        ("ports = [n * 2 for n in range(3)]\nserve(ports[-1])", "4"),
        ("import os\nserve(os.getenv('HOST', '::') or '0.0.0.0')", "${HOST:-::}"),
        ("import argparse as a\np = a.ArgumentParser()\np.add_argument('-n', default=3)\nserve(p.parse_args().n)", "3"),
        ("try:\n    import json\nexcept ImportError:\n    json = None\nserve(1 if json else 2)", "1"),
        ("import odd\nn = 'a' if odd.x else None\nif n is not None:\n    serve(n)", "a"),
        ("import odd\nn = 5 if odd.x else None\nif n:\n    serve(n)", "5"),
        ("import odd\nserve(int(5 if odd.x else None))", "5"),
        ("import odd\nif 1:\n    odd.fail('no')\nelse:\n    try:\n        s = 1\n    finally: ...\nserve(s)", "…"),
        ("import odd\ntry:\n    int('x')\n    s = 1\nexcept ValueError:\n    odd.fail()\nserve(s)", "…"),
        ("import odd\nserve(isinstance('a', odd.Texts))", "…"),
        ("import os\nif os.environ.get('DEBUG'):\n    serve('debug')\nelse:\n    serve('quiet')", "quiet"),
        ("import os\ntry:\n    x = os.environ['SECRET']\nexcept KeyError:\n    x = 'none'\nserve(x)", "none"),
        ("from pathlib import Path\nserve(str(Path(__file__).parent / 'data.db'))", "data.db"),
        ("if __name__ == '__main__':\n    serve(1)", "1"),
        (FLAG, "${DEBUG:-True}"),
        ("import library, os\nx = os.getenv('A') if library.x() else None\nserve(str(x or 'b').strip())", "b"),
        ("import os\nserve(str(os.getenv('A')))", "${A:-None}"),
        ("match 'b':\n    case 'a': serve(1)\n    case _: serve(2)", "2"),
    ],
)  # fmt: skip
def test_a_value_is_followed_to_the_call(tmp_path: Path, text: str, expected: str) -> None:
    (call,) = served(tmp_path, text)
    assert show(call.arguments[0].value) == expected


def test_an_integer_from_the_environment_says_that_it_is_one(tmp_path: Path) -> None:
    (call,) = served(tmp_path, "import os\nserve(int(os.environ.get('PORT', '5000')))")
    value = call.arguments[0].value
    assert isinstance(value, FromEnv)
    assert value.number
    assert isinstance(value.default, Known)
    assert value.default.value == 5000


def test_a_closed_environment_decides_conditions(tmp_path: Path) -> None:
    text = "import os\nserve(os.environ['PORT'] if 'PORT' in os.environ else 1)"
    (call,) = served(tmp_path, text, CLOSED)
    assert show(call.arguments[0].value) == "8123"


def test_an_undecided_condition_runs_both_branches_and_says_so(tmp_path: Path) -> None:
    calls = served(tmp_path, "import library\nif library.ready():\n    serve(1)\nelse:\n    serve(2)")
    assert [show(call.arguments[0].value) for call in calls] == ["1", "2"]
    assert all(call.guards and not call.guards[0].assumed for call in calls)


def test_an_undecided_condition_leaves_either_value(tmp_path: Path) -> None:
    (call,) = served(tmp_path, "import library\nx = 1\nif library.ready():\n    x = 2\nserve(x)")
    assert isinstance(call.arguments[0].value, Either)
    assert {show(option) for option in call.arguments[0].value.options} == {"1", "2"}


BASE = "class Base:\n    def go(self):\n        raise NotImplementedError\nclass Own(Base):\n    def go(self): ...\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("raise RuntimeError('no')", "RuntimeError: no"),
        ("import sys\nsys.exit(3)", "ends the program with status 3"),
        ("import sys\ntry:\n    sys.exit(3)\nexcept Exception:\n    pass", "ends the program with status 3"),
        ("import sys\ntry:\n    sys.exit(3)\nexcept SystemExit:\n    pass", None),
        ("from contextlib import suppress\nimport sys\nwith suppress(Exception):\n    sys.exit(3)", "with status 3"),
        ("from contextlib import suppress\nwith suppress(Exception):\n    raise RuntimeError", None),
        ("from app2 import x", None),
        ("import package.missing", "ModuleNotFoundError: No module named 'package.missing'"),
        ("from package import missing", "ImportError: cannot import name 'missing' from 'package'"),
        ("from .package import x", "ImportError: attempted relative import"),
        ("print(undefined)", "NameError"),
        ("print(undefined)  # noqa: F821", None),
        ("import library\nlibrary.names_from('library.settings')\nprint(undefined)", None),
        ("import library\nlibrary.names_from('package.settings')\nprint(undefined)", None),
        ("import library\nlibrary.start('library')\nlibrary.image('logo.png')\nprint(undefined)", "NameError"),
        ("if 1:\n    print(1)\nelse:\n    name = 1\nprint(name)", "NameError"),
        ("def f(a): ...\nf()", "TypeError: f() missing 1 required argument: 'a'"),
        ("import library\nif library.ready():\n    raise RuntimeError", None),
        ("import library\ndef f():\n    if library.ready():\n        return 1\n    raise RuntimeError\nf()", None),
        ("import os\nif not os.environ.get('SECRET'):\n    raise RuntimeError", None),
        (CHECKED, None),
        ("from library import *\nprint(anything)", None),
        (f"{BASE}b = Base()\nb.go()", "NotImplementedError"),
        (f"{BASE}b = Base()\nb.__class__ = Own\nb.go()", None),
        (f"{BASE}b = Base()\nb.__class__ = type('Mixed', (Own, Base), {{}})\nb.go()", None),
        ("try:\n    import package.missing\nexcept ImportError:\n    pass", None),
        ("import package.compiled", None),
        ("import wrapt\n@wrapt.decorator\ndef noted(wrapped, at, args, more): ...\n@noted\ndef f(x): ...\nf(1)", None),
        (INSIDE, None),
        ("import functools\n@functools.cache\ndef f(x): ...\nf()", "TypeError: f() missing 1 required argument: 'x'"),
    ],
)
def test_an_import_fails_only_where_that_is_certain(tmp_path: Path, text: str, why: str | None) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "package" / "compiled.cpython-312-x86_64-linux-gnu.so").write_bytes(b"")
    loaded, _ = load(tmp_path, app=text + "\napp = 1 and (lambda environ, start: 0)")
    failure = loaded.run.failure
    assert (failure is not None) == (why is not None), failure
    assert why is None or (failure is not None and why in failure.message)


FLASK = """
from flask import Flask
app = Flask(__name__)
def create_app(name=None):
    return app
def needs(name):
    return app
def empty():
    pass
"""


@pytest.mark.parametrize(
    ("attribute", "call", "found", "uncalled", "interface"),
    [
        ("app", False, True, False, "wsgi"),
        ("create_app", False, True, True, None),
        ("create_app", True, True, False, "wsgi"),
        ("needs", True, False, False, None),
        ("empty", True, False, False, None),
        ("missing", False, False, False, None),
    ],
)
def test_a_target_leads_to_its_object(
    tmp_path: Path, attribute: str, call: bool, found: bool, uncalled: bool, interface: str | None
) -> None:
    made = engine(tmp_path, app=FLASK)
    app = made.load(Target("app", attribute, SPAN, call=call), PLATFORM, "").app
    assert (app.found, app.uncalled, app.interface) == (found, uncalled, interface)


def test_a_module_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    loaded, _ = load(tmp_path, target="wsgi:app", app="")
    assert loaded.app.found is False
    assert loaded.run.failure is not None
    assert "no module «wsgi»" in loaded.run.failure.message


@pytest.mark.parametrize("name", ["src/app", "my-app", "with space"])
def test_names_of_modules_need_not_be_identifiers_but_hold_no_slash(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text("app = lambda environ, start: []")
    loaded, _ = load(tmp_path, target=f"{name}:app")
    assert loaded.app.found is ("/" not in name)


def test_cycles_of_imports_and_deep_nesting_come_to_an_end(tmp_path: Path) -> None:
    deep = "app = " + "(" * 150 + "1" + ")" * 150
    loaded, code = load(tmp_path, app="import other\n" + deep, other="import app\ndef f(): return f()\nf()\n")
    assert loaded.app.module == "app"
    assert code.modules == ("app.py", "other.py")


def test_code_that_never_ends_is_bounded(tmp_path: Path) -> None:
    text = "def a(n):\n    return [a(n + 1) for _ in range(200)]\nx = [a(i) for i in range(200) for j in range(200)]\n"
    loaded, _ = load(tmp_path, app=text * 3 + "app = 1")
    assert loaded.run.failure is not None or loaded.run.unknown is not None or loaded.app.found is False


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python reads every syntax there is")
def test_syntax_that_a_newer_python_may_read_is_no_failure(tmp_path: Path) -> None:
    loaded, code = load(tmp_path, app="import newer\napp = newer.app", newer="match x:\n  case 1: y = t'{x}' {}\n")
    assert loaded.run.failure is None
    assert not code.complete
    assert "newer.py" in code.gaps[0].why


NEWER = [
    'x = {"a": 1}\ny = f"{x["a"]}"',
    "x = f'{f'{(1)}'}'",
    'x = f"{str(")")}"',
    'x = (f"{\n  1}")',
    "x = f'{chr(10).join('\\n')}'",
    "type X = int",
    "def f[T](x: T): ...",
    "class A[T]: ...",
    "try: ...\nexcept KeyError, ValueError: ...",
    "x = t'{1}'",
]


@pytest.mark.parametrize("text", NEWER)
def test_syntax_of_a_newer_python_fails_only_on_an_older_one(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(parsing, "OWN", (3, 11))
    monkeypatch.setattr(ast, "parse", refuse)
    assert refused(text, Interpreter("3.11", "pin")).breaks
    for python in (Interpreter(""), Interpreter("3.11"), Interpreter("3.14", "pin")):
        assert refused(text, python).breaks is None


def refuse(text: str, _path: str, **_options: object) -> ast.Module:
    """Refuse a text, as a Python does that is older than its grammar."""
    raise SyntaxError("invalid syntax", ("app.py", 1, 1, text.partition("\n")[0]))


def refused(text: str, python: Interpreter) -> Unreadable:
    fact = parsing.parse(Source("app.py", text), python)
    assert isinstance(fact, Unreadable)
    return fact


BROKEN = [
    "def broken(:\n  x = 1",
    "class A\n  x = 1",
    "for x in y\n  pass",
    "x = f'{a:{w}} {{' + f'''{d[\"a\"]:>#10}'''\ndef broken(:",
    "'''a \" type x = 1''' # type y = 1\nx = [",
]


@pytest.mark.parametrize("python", [Interpreter(""), Interpreter("3.11"), Interpreter("3.14", "pin")])
@pytest.mark.parametrize("text", BROKEN)
def test_syntax_that_no_python_reads_fails_on_the_deployed_one(text: str, python: Interpreter) -> None:
    fact = refused(text, python)
    assert fact.breaks
    assert f"no valid Python {python.version}".rstrip() in fact.why


def test_python_2_is_no_failure_where_python_2_runs() -> None:
    assert refused("print 'hello'", Interpreter("2.7", "image")).breaks is None


def test_a_module_that_is_too_large_to_be_read_is_no_failure(tmp_path: Path) -> None:
    loaded, code = load(tmp_path, app="import data\napp = data.make()\n", data=f"x = '{'a' * MAX_LINE}'\n")
    assert loaded.run.failure is None
    assert not code.complete


@pytest.mark.parametrize("first", ["print 'a'\n", "if x: print a, b\n", "raise KeyError, 'a'\n"])
def test_no_newer_python_reads_what_is_written_for_python_2(monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    monkeypatch.setattr(parsing, "OWN", (3, 11))
    fact = refused(first + "try: ...\nexcept Exception, e: ...\n", Interpreter("3.11"))
    assert fact.breaks
    assert "3.14" not in fact.why


@pytest.mark.parametrize("text", ["print 'hello'", "x = (1", "x = 'open", "  x = 1\n y = 2", "<<<<<<< HEAD\nx = 1"])
def test_syntax_that_no_python_3_reads_fails(tmp_path: Path, text: str) -> None:
    loaded, _ = load(tmp_path, app=text)
    assert loaded.run.failure is not None
    assert "SyntaxError" in loaded.run.failure.message


def test_a_start_up_that_raises_is_a_failure(tmp_path: Path) -> None:
    text = """
    from contextlib import asynccontextmanager
    from fastapi import FastAPI
    @asynccontextmanager
    async def lifespan(app):
        raise RuntimeError("no database")
        yield
    app = FastAPI(lifespan=lifespan)
    """
    loaded, _ = load(tmp_path, app=text)
    assert loaded.run.failure is not None
    assert "RuntimeError: no database" in loaded.run.failure.message


LONG = """
    for a in range(60):
        for b in range(60):
            for c in range(10):
                x = a + b * c
"""


def test_a_handler_that_is_not_followed_to_its_end_is_a_gap(tmp_path: Path) -> None:
    text = f"from flask import Flask\napp = Flask(__name__)\n@app.route('/')\ndef index():{LONG}"
    made = engine(tmp_path, app="")
    (tmp_path / "app.py").write_text(text)
    made.load(Target("app", "app", SPAN), PLATFORM, "")
    code = made.code()
    assert not code.complete
    assert "«index» does more than is followed" in code.gaps[0].why


def test_an_app_is_the_same_for_the_next_command_that_starts_it(tmp_path: Path) -> None:
    text = f"from flask import Flask\ndef create_app():{LONG}    return Flask(__name__)\n"
    handler = "app = Flask(__name__)\n@app.route('/')\ndef index():\n    return 'hello'\n"
    made = engine(tmp_path, app="")
    (tmp_path / "app.py").write_text(text + handler)
    target = Target("app", "create_app", SPAN, call=True)
    first = made.load(target, PLATFORM, "")
    made.code()
    second = made.load(target, PLATFORM, "")
    assert first.run.unknown is None
    assert second.app == first.app
    assert second.run == first.run


ROUTES = """
from flask import Flask
from library import wrap
app = Flask(__name__)
def view():
    wrap.seen()
"""


@pytest.mark.parametrize(
    ("text", "followed", "complete"),
    [
        ("app.add_url_rule('/', view_func=wrap(view))", True, True),
        ("app.add_url_rule('/', 'x', wrap.by('role')(view))", True, True),
        ("app.add_url_rule('/', view_func=wrap(wrap.limit(view, 3)))", True, True),
        ("wrapped = wrap(view)\napp.add_url_rule('/', view_func=wrapped)", True, True),
        ("app.add_url_rule('/', view_func=wrap.view)", False, True),
        ("def views():\n    return [view]\napp.add_url_rule('/', view_func=wrap(views()[0]))", True, True),
        ("views = open('views').name\napp.add_url_rule('/', view_func=wrap(views[3:][int(views)]))", False, False),
    ],
)
def test_a_handler_is_followed_through_what_wraps_it(tmp_path: Path, text: str, followed: bool, complete: bool) -> None:
    _, code = load(tmp_path, app=ROUTES + text)
    assert any(call.name == "library.wrap.seen" and call.phase == "request" for call in code.calls) is followed
    assert code.complete is complete


CIRCLES = {
    "itself": ({"app": "from models import User\napp = object()", "models": "from models import User"}, "models"),
    "two": (
        {"app": "from models import User\napp = object()", "models": "from app import app\nclass User: ..."},
        "app",
    ),
    "attribute": ({"app": "import models\napp = object()", "models": "import app\ndb = app.db"}, "app"),
    "main": (
        {"app": "import routes", "routes": "import helper\npage = 1", "helper": "from routes import page"},
        "routes",
    ),
}


@pytest.mark.parametrize("name", CIRCLES)
def test_a_module_that_is_being_imported_holds_what_was_bound_so_far(tmp_path: Path, name: str) -> None:
    files, module = CIRCLES[name]
    loaded, _ = load(tmp_path, PLATFORM, **files)
    assert loaded.run.failure is not None
    assert f"partially initialized module '{module}'" in loaded.run.failure.message


@pytest.mark.parametrize(
    "files",
    [
        {"app": "db = 1\nfrom models import User\napp = object()", "models": "from app import db\nclass User: ..."},
        {"app": "import models\napp = object()", "models": "import app\ndef f():\n    return app.app\nclass User: ..."},
        {"app": "from models import User\napp = object()", "models": "try:\n    from app import app\nexcept ImportError:\n"
         "    app = None\nclass User: ..."},
        {"app": "from library import *\nfrom models import User\napp = object()", "models": "from app import db\nUser = 1"},
        {"app": "from models import User\napp = object()", "models": "from contextlib import suppress\n"
         "with suppress(ImportError):\n    from app import app\nUser = 1"},
        {"app": "import threading, work\napp = object()", "work": "import threading\ndef f():\n    from app import app\n"
         "threading.Thread(target=f).start()"},
        {"app": "from random import randint\napp = object()", "random": "from random import randint"},
    ],
)  # fmt: skip
def test_circles_that_python_gets_along_with(tmp_path: Path, files: dict[str, str]) -> None:
    loaded, _ = load(tmp_path, PLATFORM, **files)
    assert loaded.run.failure is None


STARTUP = "from contextlib import asynccontextmanager\nfrom fastapi import FastAPI\n"


@pytest.mark.parametrize(
    "text",
    [
        "app = FastAPI()\n@app.on_event('startup')\nasync def start():\n    await connect()\n",
        "@asynccontextmanager\nasync def lifespan(app):\n    connect()\n    yield\napp = FastAPI(lifespan=lifespan)\n",
        "def make():\n    return Settings()\nconfig = make()\napp = FastAPI()\n",
    ],
)
def test_a_name_that_nothing_binds_ends_the_start(tmp_path: Path, text: str) -> None:
    loaded, _ = load(tmp_path, app=STARTUP + text)
    assert loaded.run.failure is not None
    assert "NameError" in loaded.run.failure.message


@pytest.mark.parametrize(
    "text",
    [
        "@asynccontextmanager\nasync def lifespan(app):\n    yield\n    disconnect()\napp = FastAPI(lifespan=lifespan)\n",
        "app = FastAPI()\n@app.on_event('shutdown')\nasync def stop():\n    disconnect()\n",
        "app = FastAPI()\n@app.on_event('startup')\nasync def start():\n    try:\n        connect()\n    except Exception:\n        pass\n",
        ("app = FastAPI()\n@app.on_event('startup')\nasync def start():\n    for one in read():\n        last = one\n    print(last)\n"
         "from library import read"),
        "app = FastAPI()\n@app.on_event('startup')\nasync def start():\n    if app.state.on:\n        connect()\n",
        "from library import *\napp = FastAPI()\n@app.on_event('startup')\nasync def start():\n    connect()\n",
        "app = FastAPI()\n@app.on_event('startup')\nasync def start():\n    print(_('hello'))\n",
        "app = FastAPI()\n@app.get('/')\nasync def index():\n    connect()\n",
        "import builtins\nbuiltins.connect = print\napp = FastAPI()\n@app.on_event('startup')\nasync def start():\n    connect()\n",
    ],
)  # fmt: skip
def test_a_name_that_may_be_bound_or_is_not_reached(tmp_path: Path, text: str) -> None:
    loaded, _ = load(tmp_path, app=STARTUP + text)
    assert loaded.run.failure is None
