"""Rules about where the web process listens: what they find, and the look-alikes that they pass over."""

from collections.abc import Callable

import pytest

from adaptable_preflight.clauses import clauses
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.preflight import check
from adaptable_preflight.report.facts import processes
from adaptable_preflight.rules import RULES

APP = "from flask import Flask\n\napp = Flask(__name__)\n"
MAIN = "from fastapi import FastAPI\n\napp = FastAPI()\n"
RUN = "import os\n\nfrom flask import Flask\n\napp = Flask(__name__)\n\nif __name__ == '__main__':\n    app.run({})\n"
FILES = {"app.py": APP, "main.py": MAIN}
Find = Callable[..., tuple[Finding, ...]]
CLAUSE_OF = {rule.ID: rule.CLAUSE for rule in RULES}


def spans(found: tuple[Finding, ...]) -> list[tuple[str, int, int, int]]:
    return [(each.span.path, each.span.line, each.span.column, each.span.end_column) for each in found]


@pytest.mark.parametrize(
    ("rule", "command", "place"),
    [
        ("loopback-bind", "gunicorn -b 127.0.0.1:$PORT app:app", (13, 22)),
        ("loopback-bind", "gunicorn --bind=localhost:$PORT app:app", (17, 26)),
        ("loopback-bind", "uvicorn main:app --port $PORT", (1, 8)),
        ("loopback-bind", "sh -c 'uvicorn main:app --host 127.0.0.1 --port $PORT'", (32, 41)),
        ("fixed-port", "gunicorn -b 0.0.0.0:8000 app:app", (21, 25)),
        ("fixed-port", "P=5000; gunicorn -b :$P app:app", (21, 24)),
        ("unexpanded-port", "gunicorn -b '0.0.0.0:$PORT' app:app", None),
        ("wrong-port-variable", "gunicorn -b 0.0.0.0:$WEB_PORT app:app", (21, 30)),
        ("wrong-port-variable", "gunicorn -b 0.0.0.0:${APP_PORT:-8000} app:app", (21, 38)),
        ("socket-bind", "gunicorn -b unix:/tmp/x.sock app:app", None),
        ("unproven-bind", "./serve $PORT", None),
        ("unproven-bind", "gunicorn $OPTIONS app:app", None),
        ("no-http-server", "celery -A app worker", None),
        ("no-http-server", "python report.py", None),
    ],
)
def test_found(findings: Find, rule: str, command: str, place: tuple[int, int] | None) -> None:
    (found,) = findings({**FILES, "report.py": "print(1)", "serve": "#!/usr/bin/ruby\n"}, command, rule=rule)
    assert found.message
    assert found.advice
    if place is not None:
        assert (found.span.column, found.span.end_column) == place


@pytest.mark.parametrize(
    ("rule", "command"),
    [
        ("loopback-bind", "gunicorn app:app"),
        ("loopback-bind", "gunicorn -b 0.0.0.0:$PORT -b 127.0.0.1:9000 app:app"),
        ("loopback-bind", "gunicorn -b 127.0.0.1:9 app:app & gunicorn -b 0.0.0.0:$PORT app:app"),
        ("fixed-port", "gunicorn -b 0.0.0.0:${PORT:-8000} app:app"),
        ("fixed-port", "gunicorn -b 0.0.0.0:8000 -b 0.0.0.0:$PORT app:app"),
        ("unexpanded-port", "sh -c 'gunicorn -b 0.0.0.0:$PORT app:app'"),
        ("unexpanded-port", 'sh -c "gunicorn -b 0.0.0.0:\\$PORT app:app"'),
        ("wrong-port-variable", "WEB_PORT=$PORT; gunicorn -b 0.0.0.0:$WEB_PORT app:app"),
        ("wrong-port-variable", "gunicorn -b 0.0.0.0:${WEB_PORT:-$PORT} app:app"),
        ("socket-bind", "gunicorn -b unix:/tmp/x.sock -b 0.0.0.0:$PORT app:app"),
        ("socket-bind", "nginx -g 'pid /tmp/nginx.pid;'; gunicorn -b unix:/tmp/x.sock app:app"),
        ("unproven-bind", "gunicorn -b 0.0.0.0:8000 app:app"),
        ("unproven-bind", "gunicorn app:app"),
        ("no-http-server", "gunicorn app:app"),
        ("no-http-server", "gunicorn none:app"),
    ],
)
def test_passed_over(findings: Find, rule: str, command: str) -> None:
    assert findings(FILES, command, rule=rule) == ()


@pytest.mark.parametrize(("port", "expected"), [("$PORT", ["unexpanded-port"]), ("http", ["missing-app"])])
def test_a_port_that_a_program_gets_as_its_argument(findings: Find, port: str, expected: list[str]) -> None:
    code = RUN.format("host='0.0.0.0', port=int(sys.argv[1])").replace("import os", "import sys")
    found = findings({"web.py": code}, f'["python", "web.py", "{port}"]')
    wanted = [each for each in found if each.rule in ("unexpanded-port", "missing-app", "invalid-start-command")]
    assert [each.rule for each in wanted] == expected
    if port == "$PORT":
        assert (wanted[0].span.column, wanted[0].span.end_column) == (23, 28)


def test_a_port_that_is_told_to_the_platform(findings: Find) -> None:
    assert findings(FILES, "gunicorn -b 0.0.0.0:8000 app:app", rule="fixed-port", port=8000) == ()
    assert findings(FILES, "gunicorn -b 0.0.0.0:8001 app:app", rule="fixed-port", port=8000)


@pytest.mark.parametrize(
    ("command", "place", "advice"),
    [
        ("gunicorn --bind 0.0.0.0 app:app", (17, 24), "Write «0.0.0.0:$PORT» instead."),
        ('["gunicorn", "--bind", "0.0.0.0", "app:app"]', (25, 32), "Write «0.0.0.0:$PORT» instead, and no brackets"),
        ("hypercorn --bind=0.0.0.0 main:app", (18, 25), "Write «0.0.0.0:$PORT» instead."),
        ("uvicorn --host 0.0.0.0 main:app", (1, 8), "Add «--host 0.0.0.0 --port $PORT»."),
    ],
)
def test_an_address_without_its_port(findings: Find, command: str, place: tuple[int, int], advice: str) -> None:
    (found,) = findings(FILES, command, rule="fixed-port")
    assert (found.span.column, found.span.end_column) == place
    assert found.advice.startswith(advice)


def test_the_platforms_usual_port_is_a_warning(findings: Find) -> None:
    (found,) = findings(FILES, "gunicorn -b 0.0.0.0:80 app:app", rule="fixed-port")
    assert found.severity == Severity.WARNING


def test_a_variable_that_is_set_on_the_platform(findings: Find) -> None:
    given = (("WEB_PORT", None),)
    command = "gunicorn -b 0.0.0.0:$WEB_PORT app:app"
    assert findings(FILES, command, rule="wrong-port-variable", environment=given) == ()


@pytest.mark.parametrize(
    ("rule", "arguments", "column"),
    [
        ("loopback-bind", "port=int(os.environ['PORT'])", 5),
        ("loopback-bind", "host='127.0.0.1', port=int(os.environ['PORT'])", None),
        ("fixed-port", "host='0.0.0.0', port=5000", None),
        ("wrong-port-variable", "host='0.0.0.0', port=int(os.getenv('FLASK_PORT', 5000))", None),
        ("dev-server", "host='0.0.0.0', port=int(os.environ['PORT'])", 5),
    ],
)
def test_found_in_code(findings: Find, rule: str, arguments: str, column: int | None) -> None:
    (found,) = findings({"web.py": RUN.format(arguments)}, "python web.py", rule=rule)
    assert (found.span.path, found.span.line) == ("web.py", 8)
    if column is not None:
        assert found.span.column == column


@pytest.mark.parametrize("rule", ["loopback-bind", "fixed-port", "dev-server", "wrong-port-variable"])
def test_app_run_does_no_harm_where_another_server_serves(findings: Find, rule: str) -> None:
    assert findings({"web.py": RUN.format("port=5000")}, "gunicorn web:app", rule=rule) == ()


@pytest.mark.parametrize(
    "port", ["os.getenv('APP_PORT') or os.getenv('PORT')", "os.getenv('PORT', os.getenv('APP_PORT', 5000))"]
)
def test_the_platforms_variable_is_one_of_several(findings: Find, port: str) -> None:
    files = {"web.py": RUN.format(f"host='0.0.0.0', port=int({port})")}
    assert findings(files, "python web.py", rule="wrong-port-variable") == ()


def test_lost_commands_name_their_file(findings: Find) -> None:
    files = {**FILES, "Procfile": "web: gunicorn app:app\n", "fly.toml": "[processes]\napp = 'uvicorn main:app'\n"}
    (found,) = findings(files, rule="loopback-bind")
    assert found.process is not None
    assert not found.process.origin.chosen
    assert found.span.path == "fly.toml"


def test_the_fix_writes_the_platforms_host(findings: Find) -> None:
    (found,) = findings(FILES, "gunicorn -b 127.0.0.1:$PORT app:app", rule="loopback-bind")
    assert found.fix is not None
    assert [edit.text for edit in found.fix.edits] == ["0.0.0.0"]


@pytest.mark.parametrize(
    ("default", "environment", "severities"),
    [
        ("127.0.0.1", (), ["warning"]),
        ("0.0.0.0", (), []),
        ("127.0.0.1", (("HOST", None),), []),
        ("127.0.0.1", (("HOST", "127.0.0.1"),), ["error"]),
    ],
)
def test_a_host_from_a_variable_is_its_default_where_nobody_sets_it(
    findings: Find, default: str, environment: tuple[tuple[str, str | None], ...], severities: list[str]
) -> None:
    config = f'import os\nbind = os.getenv("HOST", "{default}") + ":" + os.environ["PORT"]\n'
    files = {"app.py": APP, "gunicorn.conf.py": config}
    found = findings(files, "gunicorn app:app", rule="loopback-bind", environment=environment)
    assert [str(each.severity) for each in found] == severities


def test_a_server_behind_a_variable_is_not_taken_for_a_program_that_ends(findings: Find) -> None:
    code = "import os\nfrom flask import Flask\napp = Flask(__name__)\nif not os.getenv('KEY'):\n    print('no key')\n"
    files = {"app.py": f"{code}else:\n    app.run('0.0.0.0', int(os.environ['PORT']))\n"}
    assert findings(files, "python app.py", rule="no-http-server") == ()
    (found,) = findings(files, "python app.py", rule="unproven-bind")
    assert "depends on KEY" in found.message
    (ends,) = findings({"app.py": code + "else:\n    print('done')\n"}, "python app.py", rule="no-http-server")
    assert ends.severity is Severity.WARNING


HOST = '_host = os.getenv("HOST", "0.0.0.0")\n'
PORT = 'os.environ["PORT"]'


@pytest.mark.parametrize(
    ("config", "environment", "rules", "status", "why"),
    [
        (
            f'{HOST}bind = _host + ":" + {PORT}\n',
            (),
            {},
            "met",
            "listens on 0.0.0.0:$PORT, as long as nobody sets HOST",
        ),
        (
            f'{HOST}bind = os.getenv("BIND", _host + ":" + {PORT})\n',
            (),
            {},
            "met",
            "listens on 0.0.0.0:$PORT, as long as nobody sets BIND or HOST",
        ),
        (f'{HOST}bind = _host + ":" + {PORT}\n', ("HOST",), {"unproven-bind": "notice"}, "unknown", ""),
        (f'bind = os.getenv("BIND", "0.0.0.0:" + {PORT})\n', ("BIND",), {"unproven-bind": "notice"}, "unknown", ""),
        (f'bind = os.environ["HOST"] + ":" + {PORT}\n', (), {"unproven-bind": "notice"}, "unknown", ""),
        ('bind = os.getenv("BIND", "0.0.0.0:5000")\n', (), {"fixed-port": "warning"}, "violated", ""),
        (
            'bind = os.getenv("BIND", "127.0.0.1:5000")\n',
            (),
            {"loopback-bind": "warning", "fixed-port": "warning"},
            "violated",
            "",
        ),
        (
            'bind = os.getenv("BIND", "0.0.0.0:" + os.getenv("APP_PORT", "5000"))\n',
            (),
            {"wrong-port-variable": "warning"},
            "violated",
            "",
        ),
        ('bind = os.getenv("BIND", "unix:/tmp/app.sock")\n', (), {"unproven-bind": "notice"}, "unknown", ""),
    ],
)
def test_an_address_that_a_variable_may_replace_is_what_the_platform_gets(
    deployment: Callable[..., Deployment],
    config: str,
    environment: tuple[str, ...],
    rules: dict[str, str],
    status: str,
    why: str,
) -> None:
    files = {"app.py": APP, "gunicorn.conf.py": f"import os\n{config}"}
    given = tuple((name, None) for name in environment)
    found = deployment(files, "gunicorn --threads 4 app:app", environment=given)
    told = [finding for finding in check(found) if CLAUSE_OF[finding.rule] == "listen"]
    assert {finding.rule: str(finding.severity) for finding in told} == rules
    listen = clauses(found, tuple(told), CLAUSE_OF)[0]
    assert (listen.status, listen.why if why else "") == (status, why)


@pytest.mark.parametrize(
    ("command", "fits"),
    [
        ("hypercorn --bind ${BIND:-0.0.0.0:$PORT} main:app", True),
        ("waitress-serve --listen=${LISTEN:-0.0.0.0:$PORT} app:app", True),
        ("gunicorn --bind ${BIND:-0.0.0.0:$PORT} app:app", True),
        ("hypercorn --bind ${BIND:-127.0.0.1:$PORT} main:app", False),
        ("waitress-serve --listen=${LISTEN:-127.0.0.1:$PORT} app:app", False),
        ("gunicorn --bind ${BIND:-127.0.0.1:$PORT} app:app", False),
    ],
)
def test_an_address_whose_variable_nobody_sets(deployment: Callable[..., Deployment], command: str, fits: bool) -> None:
    found = deployment(FILES, command)
    told = tuple(finding for finding in check(found) if CLAUSE_OF[finding.rule] == "listen")
    assert [finding.rule for finding in told] == ([] if fits else ["loopback-bind"])
    assert clauses(found, told, CLAUSE_OF)[0].status == ("met" if fits else "violated")
    (bind,) = processes(found)[0]["binds"]
    assert bind["kind"] == "unknown", "the facts do not say what is open where nobody sets the variable"


@pytest.mark.parametrize(
    "script",
    [
        "nginx\nexec gunicorn -b 127.0.0.1:8000 app:app\n",
        "service nginx start\ngunicorn -b 0.0.0.0:8000 app:app\n",
        "gunicorn -b 127.0.0.1:8000 app:app &\nnginx -g 'daemon off;'\n",
        "gunicorn -D -b 127.0.0.1:8000 app:app\ncaddy run\n",
    ],
)
def test_an_app_behind_a_server_of_its_own_container_is_not_judged_by_its_address(findings: Find, script: str) -> None:
    told = {one.rule for one in findings({**FILES, "start.sh": script}, "sh start.sh")}
    assert told.isdisjoint({"loopback-bind", "fixed-port", "detached-server"})
    assert "unproven-bind" in told
