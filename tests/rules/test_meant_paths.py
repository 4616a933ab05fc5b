"""Files that are not found because they are called otherwise than the code says, and scripts that visitors run."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]

APP = "import json\nfrom flask import Flask\napp = Flask(__name__)\nc = json.load(open({path}))\n"
STREAMLIT = "streamlit run --server.port=$PORT --server.address=0.0.0.0 "


@pytest.mark.parametrize(
    ("path", "said", "advice"),
    [
        ("r'data\\info.json'", "«\\» separates no folders", "Write «data/info.json»."),
        ("r'C:\\me\\info.json'", "a path of the machine on which it was written", '.parent.parent / "data/info.json"'),
        ("'/home/me/other.json'", "a path of the machine on which it was written", "Commit the file"),
        ("'data/Info.json'", "the file is «data/info.json», and the case", "Write the name as the file is called."),
        ("'info.json'", "the file is «data/info.json»", 'Path(__file__).resolve().parent.parent / "data/info.json"'),
        ("'other.json'", "is not in the repository", "Commit the file"),
    ],
)
def test_which_file_was_meant(findings: Findings, path: str, said: str, advice: str) -> None:
    files = {"src/app.py": APP.format(path=path), "data/info.json": "{}"}
    (found,) = findings(files, "gunicorn src.app:app", rule="missing-file")
    assert said in found.message
    assert advice in found.advice


@pytest.mark.parametrize(
    ("command", "code", "expected"),
    [
        (f"{STREAMLIT} app/main.py", "import pandas\npandas.read_csv('data.csv')\n", ["error"]),
        (f"cd app && {STREAMLIT} main.py", "import pandas\npandas.read_csv('data.csv')\n", []),
        (f"{STREAMLIT} app/main.py", "import streamlit as st\nst.image('app/logo.png')\n", ["error"]),
        (f"{STREAMLIT} app/main.py", "import streamlit as st\nst.image('https://example.com/logo.png')\n", []),
        (f"{STREAMLIT} app/main.py", "import streamlit as st\nst.image('<svg></svg>')\n", []),
        (f"{STREAMLIT} app/main.py", "open('x.csv', 'w').write('a')\nopen('x.csv').read()\n", []),
        (f"{STREAMLIT} app/main.py", "def load():\n    return open('no.csv')\nload()\n", ["error"]),
        (f"{STREAMLIT} app/main.py", "import streamlit as st\nif st.button('x'):\n    open('no.csv')\n", ["warning"]),
    ],
)
def test_a_script_that_each_visitor_runs(findings: Findings, command: str, code: str, expected: list[str]) -> None:
    files = {"app/main.py": code, "app/data.csv": "a"}
    found = findings(files, command, rule="missing-file")
    assert [str(one.severity) for one in found] == expected
    assert all("The script fails for each visitor" in one.message for one in found)


def test_how_gradio_is_told_its_address(findings: Findings) -> None:
    code = "import gradio\ngradio.Interface(str, 'text', 'text').launch()\n"
    (found,) = findings({"app.py": code}, "python app.py", rule="loopback-bind")
    assert 'server_name="0.0.0.0", server_port=int(os.environ["PORT"])' in found.advice
    local = code.replace("launch()", "launch(server_name='127.0.0.1')")
    assert findings({"app.py": local}, "python app.py", rule="hardcoded-external-url") == ()
