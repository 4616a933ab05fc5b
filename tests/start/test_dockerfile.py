"""What a container starts."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment

APP = "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'']\n"
Deploy = Callable[..., Deployment]


def bound(deployment: Deployment) -> list[str]:
    from adaptable_preflight.report.facts import processes

    return [f"{bind.get('host')}:{bind.get('port')}" for bind in processes(deployment)[0]["binds"]]


@pytest.mark.parametrize(
    ("dockerfile", "binds"),
    [
        ("FROM python:3\nCOPY . /app\nWORKDIR /app\nCMD gunicorn -b :$PORT app:app\n", ["0.0.0.0:9000"]),
        ('FROM python:3\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "-b", ":8000", "app:app"]\n', ["0.0.0.0:8000"]),
        (
            'FROM python:3\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["gunicorn"]\nCMD ["-b", ":1", "app:app"]\n',
            ["0.0.0.0:1"],
        ),
        ('FROM python:3\nWORKDIR /a\nCOPY . .\nENTRYPOINT gunicorn app:app\nCMD ["ignored"]\n', ["0.0.0.0:9000"]),
        (
            'FROM python:3\nWORKDIR /a\nCOPY . .\nENTRYPOINT exec $0 "$@"\nCMD ["gunicorn", "-b", ":2", "app:app"]\n',
            ["0.0.0.0:2"],
        ),
        ("FROM python:3\nENV B=0.0.0.0:7\nWORKDIR /a\nCOPY . .\nCMD gunicorn -b $B app:app\n", ["0.0.0.0:7"]),
        ("FROM python:3\nARG D=/srv\nWORKDIR $D\nCOPY . $D\nCMD gunicorn --chdir /srv/src web:app\n", ["0.0.0.0:9000"]),
        ("FROM python:3 AS b\nWORKDIR /x\nCOPY . .\nCMD false\nFROM b\nCMD gunicorn app:app\n", ["0.0.0.0:9000"]),
        (
            "FROM python:3 AS b\nWORKDIR /x\nCOPY . .\nFROM a\nCOPY --from=b /x /y\nWORKDIR /y\nCMD gunicorn app:app\n",
            ["0.0.0.0:9000"],
        ),
        (
            'FROM python:3\nWORKDIR /c\nCOPY . .\nENTRYPOINT []\nCMD ["gunicorn", "-b", ":3", "app:app"]\n',
            ["0.0.0.0:3"],
        ),
        (
            "FROM python:3 AS b\nWORKDIR /c\nCOPY . .\nENTRYPOINT false\nFROM b\nENTRYPOINT []\nCMD gunicorn app:app\n",
            ["0.0.0.0:9000"],
        ),
        (
            "ARG B=:4\nFROM python:3\nARG B\nENV B=$B\nWORKDIR /c\nCOPY . .\nCMD gunicorn -b $B app:app\n",
            ["0.0.0.0:4"],
        ),
        ("FROM python:3\nWORKDIR /c\nCOPY ./src /c/src\nCMD gunicorn src.web:app\n", ["0.0.0.0:9000"]),
        ("FROM python:3\nWORKDIR /c\nCOPY src .\nCMD gunicorn \\\n  # note\n  web:app\n", ["0.0.0.0:9000"]),
    ],
)
def test_what_the_container_starts(deployment: Deploy, dockerfile: str, binds: list[str]) -> None:
    found = deployment({"Dockerfile": dockerfile, "app.py": APP, "src/web.py": APP}, env={"PORT": "9000"})
    assert found.processes[0].outcome == "listens", found.processes[0].reason
    assert bound(found) == binds


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        ('["gunicorn", "-b", "0.0.0.0:$PORT", "app:app"]', "fails"),
        ("['gunicorn', 'app:app']", "fails"),
        ('["gunicorn app:app"]', "fails"),
        ('["./start.sh"]', "fails"),
    ],
)
def test_what_the_container_cannot_start(deployment: Deploy, command: str, outcome: str) -> None:
    dockerfile = f"FROM python:3\nWORKDIR /app\nCOPY . .\nCMD {command}\n"
    found = deployment({"Dockerfile": dockerfile, "app.py": APP}, env={"PORT": "9000"})
    assert found.processes[0].outcome == outcome


def test_the_procfile_wins_on_a_platform_that_looks_there_first(deployment: Deploy) -> None:
    files = {"Dockerfile": "FROM python:3\nCMD gunicorn -b :1 app:app\n", "Procfile": "web: gunicorn app:app\n"}
    found = deployment({**files, "app.py": APP})
    assert [(process.origin.kind, process.origin.chosen) for process in found.web_processes] == [
        ("procfile", True),
        ("dockerfile", False),
    ]


BOOT = "#!/bin/sh\nexec gunicorn -b :$PORT app:app\n"


@pytest.mark.parametrize(
    "start",
    [
        '["/sbin/tini", "--", "/opt/recipes/boot.sh"]',
        '["dumb-init", "/opt/recipes/boot.sh"]',
        '["sh", "-c", "/opt/recipes/boot.sh"]',
        '["gosu", "me", "/opt/recipes/boot.sh"]',
        '["env", "A=1", "/opt/recipes/boot.sh"]',
        '["nice", "/opt/recipes/boot.sh"]',
        '["python", "/opt/recipes/boot.py"]',
    ],
)
def test_a_script_that_is_named_by_its_absolute_path_behind_another_program(deployment: Deploy, start: str) -> None:
    dockerfile = f"FROM python:3\nWORKDIR /opt/recipes\nCOPY . ./\nRUN chmod +x boot.sh\nENTRYPOINT {start}\n"
    serving = "from wsgiref.simple_server import make_server\nmake_server('0.0.0.0', 9000, None).serve_forever()\n"
    files = {"Dockerfile": dockerfile, "app.py": APP, "boot.sh": BOOT, "boot.py": serving}
    found = deployment(files, env={"PORT": "9000"})
    assert found.processes[0].outcome == "listens", found.processes[0].reason
    assert bound(found) == ["0.0.0.0:9000"]


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        ("COPY boot.sh /usr/local/bin/\nRUN chmod +x /usr/local/bin/boot.sh", "listens"),
        ("COPY *.sh /usr/local/bin\nRUN chmod +x /usr/local/bin/*", "listens"),
        ("ENV PATH=/srv:$PATH\nRUN chmod +x *.sh", "unknown"),
        ("RUN cp *.sh /usr/local/bin/ && chmod +x /usr/local/bin/*", "unknown"),
        ("RUN ln -s $PWD/boot.sh /usr/bin/boot.sh", "unknown"),
        ("RUN chmod +x boot.sh", "fails"),
    ],
)
def test_a_script_that_is_named_without_a_folder(deployment: Deploy, steps: str, outcome: str) -> None:
    dockerfile = f'FROM python:3\nWORKDIR /srv\nCOPY . .\n{steps}\nENTRYPOINT ["boot.sh"]\n'
    found = deployment({"Dockerfile": dockerfile, "app.py": APP, "boot.sh": BOOT}, env={"PORT": "9000"})
    assert found.processes[0].outcome == outcome, found.processes[0].reason


@pytest.mark.parametrize(
    ("dockerfile", "processes"),
    [
        (
            "FROM registry.example/python:3\nCOPY . .\n",
            ["what the image «registry.example/python:3» starts is not known"],
        ),
        ("FROM company/base AS b\nFROM b\nCOPY . .\n", ["what the image «company/base» starts is not known"]),
        ("FROM python:3.12-slim\nCOPY . .\n", []),
        ("FROM python:3.12 AS company\nFROM company\nCOPY . .\n", []),
    ],
)
def test_a_base_that_may_bring_its_command(deployment: Deploy, dockerfile: str, processes: list[str]) -> None:
    found = deployment({"Dockerfile": dockerfile, "app.py": "from flask import Flask\napp = Flask(__name__)\n"})
    assert [one.reason for one in found.processes] == processes
    assert found.offered is not None


def test_another_file_with_a_command_counts_before_a_base(deployment: Deploy) -> None:
    files = {"Dockerfile": "FROM company/base\n", "app.py": APP, "fly.toml": '[processes]\nweb = "gunicorn app:app"\n'}
    assert [one.origin.kind for one in deployment(files).processes] == ["platform-file"]


def test_a_script_that_an_unknown_base_may_hold(deployment: Deploy) -> None:
    dockerfile = "FROM company/base\nWORKDIR /app\nCOPY . .\nCMD sh run.sh\n"
    assert deployment({"Dockerfile": dockerfile, "app.py": APP}).processes[0].outcome == "unknown"


def test_arguments_for_the_base_images_entrypoint(deployment: Deploy) -> None:
    dockerfile = 'FROM ghcr.io/org/base\nWORKDIR /a\nCOPY . .\nCMD ["app:app", "--timeout=120"]\n'
    found = deployment({"Dockerfile": dockerfile, "app.py": APP})
    assert found.web_processes[0].failure is None


@pytest.mark.parametrize(
    ("base", "steps", "command", "count"),
    [
        ("python:3.12-alpine", "", '["./start.sh"]', 1),
        ("python:3.12-alpine", "", '["bash", "-c", "gunicorn app:app"]', 1),
        ("python:3.12-alpine", "RUN apk add --no-cache bash\n", '["./start.sh"]', 0),
        ("python:3.12-alpine", "RUN apk add $PACKAGES\n", '["./start.sh"]', 0),
        ("python:3.12-alpine", "", '["sh", "-c", "gunicorn app:app"]', 0),
        ("python:3.12-slim", "", '["./start.sh"]', 0),
        ("company/alpine-python", "", '["./start.sh"]', 0),
    ],
)
def test_bash_in_images_of_alpine(
    findings: Callable[..., tuple[Finding, ...]], base: str, steps: str, command: str, count: int
) -> None:
    image = f"FROM {base}\nRUN pip install flask gunicorn\n{steps}COPY . .\nCMD {command}\n"
    files = {
        "app.py": "from flask import Flask\napp = Flask(__name__)\n",
        "start.sh": "#!/bin/bash\ngunicorn app:app\n",
    }
    found = findings({**files, "Dockerfile": image}, rule="invalid-start-command")
    assert ["have no bash" in finding.message for finding in found] == [True] * count
