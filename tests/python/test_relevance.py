"""Large code-bases: past a budget a module is executed only where its text may matter, and its imports are followed."""

from pathlib import Path

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Environment, Run, Target
from adaptable_preflight.read.python import relevance
from adaptable_preflight.read.python.engine import Engine
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import FromEnv
from tests.conftest import lay_out

FILLER = "".join(f"NAME_{number} = {number}\n" for number in range(relevance.BUDGET // 16))
CHAIN = {
    "app.py": "import filler\nimport plain\nfrom flask import Flask\napp = Flask(__name__)\n",
    "filler.py": FILLER,
    "plain.py": "from package import (\n    first,  # a comment\n    second as other,\n)\nVALUE = 1\n",
    "package/__init__.py": "",
    "package/first.py": "import threading\nthreading.Thread(target=print).start()\n",
    "package/second.py": "import package.third\n",
    "package/third.py": "import os\nos.environ['SECRET']\n",
}


def test_modules_behind_a_skimmed_one_are_reached_and_judged(tmp_path: Path) -> None:
    engine = Engine(Checkout(str(lay_out(tmp_path, CHAIN))), {}, lambda _launch: Run())
    span = Span("Procfile", 1, 1, 1, 2)
    loaded = engine.load(Target("app", "app", span), Environment({"PORT": FromEnv("PORT")}), "")
    code = engine.code()
    assert loaded.app.found
    assert set(code.modules) == set(CHAIN)
    assert {"threading.Thread", "os.environ[]"} <= {call.name for call in code.calls}
    assert code.complete


def test_the_lines_of_imports_are_read_without_parsing() -> None:
    text = "import a.b, c as d\nfrom .x import (\n  y,\n  z as w,  # note\n)\nfrom .. import v\ndef f():\n        import deep\n"
    found = [(level, name, names) for level, name, names, _ in relevance.imports(Source("m.py", text))]
    assert found == [(0, "a.b", ()), (0, "c", ()), (1, "x", ("y", "z")), (2, "", ("v",))]
