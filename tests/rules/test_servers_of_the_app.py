"""`tls-in-app` and `server-at-import`: what the app's own servers do on a platform that has servers of its own."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]
FLASK = "import os\nfrom flask import Flask\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    ("code", "command", "expected"),
    [
        ("", "gunicorn --certfile=c.pem --keyfile=k.pem app:app", ["error"]),
        ("", "gunicorn app:app", []),
        ("", "uvicorn --ssl-certfile c.pem --ssl-keyfile k.pem app:app", ["error"]),
        ("if __name__ == '__main__':\n    app.run(ssl_context='adhoc')\n", "python app.py", ["error"]),
        ("if __name__ == '__main__':\n    app.run(ssl_context='adhoc')\n", "gunicorn app:app", []),
        ("import ssl\nclient = ssl.create_default_context()\n", "gunicorn app:app", []),
    ],
)
def test_tls_that_the_app_speaks(findings: Findings, code: str, command: str, expected: list[str]) -> None:
    files = {"app.py": FLASK + code, "c.pem": "", "k.pem": ""}
    assert [str(f.severity) for f in findings(files, command, rule="tls-in-app")] == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("app.run()\n", [4]),
        ("app.run(host='0.0.0.0', port=int(os.environ.get('PORT', 5000)))\n", [4]),
        ("if __name__ == '__main__':\n    app.run()\n", []),
        ("def main():\n    app.run()\n", []),
    ],
)
def test_a_server_that_starts_while_another_one_imports(findings: Findings, code: str, expected: list[int]) -> None:
    found = findings({"app.py": FLASK + code}, "gunicorn app:app", rule="server-at-import")
    assert [(f.span.line) for f in found] == expected
    assert findings({"app.py": FLASK + code}, "python app.py", rule="server-at-import") == ()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("app.run(debug=True)\n", ["debug-enabled", "missing-start-command", "server-at-import"]),
        ("if __name__ == '__main__':\n    app.run(debug=True)\n", ["missing-start-command"]),
    ],
)
def test_a_server_that_starts_while_no_command_is_known(findings: Findings, code: str, expected: list[str]) -> None:
    files = {"app.py": FLASK + code, "requirements.txt": "flask\ngunicorn\n"}
    found = findings(files)
    assert sorted(f.rule for f in found if f.span.line >= 4) == expected
    (missing,) = findings(files, rule="missing-start-command")
    assert "gunicorn --bind 0.0.0.0:$PORT --threads 4 app:app" in missing.advice
    assert ("once line 4 no longer starts a server" in missing.advice) is ("server-at-import" in expected)


@pytest.mark.parametrize(
    ("threads", "count"), [("4", 1), ('os.environ.get("THREADS", 4)', 1), ('os.environ.get("THREADS")', 0)]
)
def test_threads_that_a_variable_gives_may_be_meant_for_another_worker_class(
    findings: Findings, threads: str, count: int
) -> None:
    files = {
        "app.py": "from flask import Flask\napp = Flask(__name__)\n",
        "gunicorn.conf.py": f"import os\nthreads = {threads}\n",
        "Procfile": "web: gunicorn -k gevent app:app\n",
        "requirements.txt": "flask\ngunicorn[gevent]\n",
    }
    assert len(findings(files, rule="ignored-threads")) == count


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("import os\nfor key, value in os.environ.items():\n    locals()[key[9:].lower()] = value\n", 0),
        ("import os\nfor key, value in os.environ.items():\n    locals()[key[9:].lower()] = value\nthreads = 1\n", 0),
        ("import os\nbind = os.environ.get('BIND', '0.0.0.0:8000')\n", 1),
    ],
)
def test_a_configuration_that_takes_whatever_variables_there_are(findings: Findings, settings: str, count: int) -> None:
    files = {
        "app.py": "from flask import Flask\napp = Flask(__name__)\n",
        "gunicorn.conf.py": settings,
        "Procfile": "web: gunicorn app:app\n",
        "requirements.txt": "flask\ngunicorn\n",
    }
    assert len(findings(files, rule="single-threaded")) == count
