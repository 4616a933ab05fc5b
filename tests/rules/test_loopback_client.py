"""`loopback-client`: what the app connects to on its own machine."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]

HEAD = "from flask import Flask\napp = Flask(__name__)\n"
CALL = "import httpx\nhttpx.get('http://localhost:8001/x')\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import httpx\nBASE = 'http://localhost:8001'\n@app.route('/')\ndef i():\n    return httpx.get(f'{BASE}/x').text\n",
         "localhost:8001"),
        ("from openai import OpenAI\nc = OpenAI(base_url='http://localhost:11434/v1')\n", "localhost:11434"),
        ("import httpx\nhttpx.get('http://localhost.example.com/x')\n", ""),
        ("import httpx, subprocess\nsubprocess.Popen(['other'])\nhttpx.get('http://localhost:8001')\n", ""),
    ],
)  # fmt: skip
def test_what_the_code_connects_to(findings: Findings, code: str, said: str) -> None:
    found = findings({"app.py": HEAD + code}, "gunicorn app:app", rule="loopback-client")
    assert [said in one.message for one in found] == ([True] if said else [])


@pytest.mark.parametrize(
    "command",
    ["other-server & gunicorn app:app", "gunicorn --bind 0.0.0.0:8001 app:app", "something gunicorn app:app"],
)
def test_what_may_listen_there(findings: Findings, command: str) -> None:
    files = {"app.py": HEAD + CALL}
    assert findings(files, command, rule="loopback-client") == ()


def test_a_port_counts_once_in_a_file(findings: Findings) -> None:
    (found,) = findings({"app.py": HEAD + CALL + CALL}, "gunicorn app:app", rule="loopback-client")
    assert found.span.line == 4
