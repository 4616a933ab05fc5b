"""`name-only-in-main`: names that an import of the module does not bind."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]

HEAD = "from flask import Flask\napp = Flask(__name__)\n"
READS = "@app.route('/')\ndef index():\n    return str(model)\n"
MAIN = "if __name__ == '__main__':\n    "
LOADS = "def load():\n    global model\n    model = 1\n"


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        (READS + MAIN + "model = 1\n", [5]),
        (READS + MAIN + "import this as model\n", [5]),
        (READS + LOADS + MAIN + "load()\n", [5]),
        ("@app.route('/')\ndef index():\n    return show()\ndef show():\n    return model\n" + MAIN + "model = 1\n", [7]),
        (READS + LOADS + "load()\n" + MAIN + "load()\n", []),
        (READS + LOADS + "@app.before_request\ndef first():\n    load()\n" + MAIN + "load()\n", []),
        (READS + MAIN + "model = 1\nelse:\n    model = 2\n", []),
        (READS + "if __name__ != '__main__':\n    model = 1\n", []),
        (READS.replace("return str(model)", "try:\n        return model\n    except NameError:\n        return ''")
         + MAIN + "model = 1\n", []),
        (READS.replace("return", "model = 2; return") + MAIN + "model = 1\n", []),
        ("from other import *\n" + READS + MAIN + "model = 1\n", []),
    ],
)  # fmt: skip
def test_names_that_only_the_main_program_binds(findings: Findings, code: str, lines: list[int]) -> None:
    found = findings({"app.py": HEAD + code}, "gunicorn app:app", rule="name-only-in-main")
    assert [one.span.line for one in found] == lines


def test_a_program_that_runs_by_itself(findings: Findings) -> None:
    files = {"app.py": HEAD + READS + MAIN + "model = 1\n    app.run(host='0.0.0.0')\n"}
    assert findings(files, "python app.py", rule="name-only-in-main") == ()
