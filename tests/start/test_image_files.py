"""A folder of an image that is made of several folders of the repository."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment

Deploy = Callable[..., Deployment]
Find = Callable[..., tuple[Finding, ...]]
FLASK = "from flask import Flask\napp = Flask(__name__)\n"
RUN = "#!/bin/sh\nexec gunicorn --reload app:app\n"
FILES = {"s/app.py": f"import settings\n{FLASK}", "deploy/settings.py": "", "deploy/run.sh": RUN}
HEAD = "FROM python:3.11\nRUN pip install flask gunicorn\nWORKDIR /app\n"


@pytest.mark.parametrize(
    "steps",
    [
        "COPY s/ ./\nCOPY deploy/ ./\nCMD gunicorn app:app\n",
        "COPY deploy/ ./\nCOPY s/ ./\nCMD gunicorn app:app\n",
        "COPY s deploy ./\nCMD gunicorn app:app\n",
        "COPY s/* ./\nCOPY deploy/* ./\nCMD gunicorn app:app\n",
        "COPY s/* ./\nCOPY deploy/* ./\nCMD /app/run.sh\n",
        'COPY s/app.py /app\nCOPY deploy/ /app\nCMD ["./run.sh"]\n',
        "COPY deploy/run.sh .\nCOPY s/ /code\nCOPY deploy/ /code\nCMD gunicorn --chdir /code app:app\n",
        "COPY ./*/ ./\nCMD gunicorn app:app\n",
    ],
)
def test_a_server_finds_what_all_of_them_hold(deployment: Deploy, steps: str) -> None:
    found = deployment({**FILES, "Dockerfile": HEAD + steps})
    assert found.web is not None
    assert (found.web.outcome, found.web.reason) == ("listens", None)
    assert found.web.app is not None and found.web.app.path == "s/app.py"
    assert (found.code.complete, found.absent) == (True, ())
    assert set(found.code.modules) == {"s/app.py", "deploy/settings.py"}


def test_a_copy_from_another_stage_holds_them_too(deployment: Deploy) -> None:
    dockerfile = "FROM python:3.11 AS b\nCOPY s /x\nCOPY deploy /x\nCOPY deploy/run.sh /x/bin/\n"
    found = deployment({**FILES, "Dockerfile": f"{dockerfile}{HEAD}COPY --from=b /x .\nCMD bin/run.sh\n"})
    assert found.web is not None
    assert (found.web.outcome, found.web.app and found.web.app.path) == ("listens", "s/app.py")


def test_the_later_copy_of_a_file_counts(deployment: Deploy) -> None:
    files = {"a/app.py": f"{FLASK}app.run()\n", "b/app.py": FLASK, "a/x.py": "", "a/y.py": ""}
    for order, path in ((("a", "b"), "b/app.py"), (("b", "a"), "a/app.py")):
        copies = "".join(f"COPY {folder}/ ./\n" for folder in order)
        found = deployment({**files, "Dockerfile": f"{HEAD}{copies}CMD gunicorn app:app\n"})
        assert found.web is not None and found.web.app is not None
        assert found.web.app.path == path


def test_a_pattern_copies_what_its_folders_hold(deployment: Deploy) -> None:
    files = {"src/pkg/app.py": FLASK, "src/note.txt": "", "Dockerfile": f"{HEAD}COPY src/* ./\nCMD gunicorn app:app\n"}
    found = deployment(files).web
    assert found is not None
    assert (found.outcome, found.app and found.app.path) == ("listens", "src/pkg/app.py")


def test_findings_stand_at_the_files_themselves(findings: Find) -> None:
    dockerfile = f"{HEAD}COPY s/* ./\nCOPY deploy/* ./\nCMD /app/run.sh\n"
    (found,) = findings({**FILES, "Dockerfile": dockerfile}, rule="reload-in-production")
    assert (found.span.path, found.span.line) == ("deploy/run.sh", 2)


def test_a_module_that_none_of_them_holds_is_missing(findings: Find) -> None:
    dockerfile = f"{HEAD}COPY s/ ./\nCOPY deploy/ ./\nCMD gunicorn web:app\n"
    (found,) = findings({**FILES, "Dockerfile": dockerfile}, rule="missing-app")
    assert found.severity.name == "ERROR"


def test_nothing_is_proven_of_an_image_that_is_not_started(findings: Find) -> None:
    dockerfile = f"{HEAD}COPY s/ ./\nCOPY deploy/ ./\nCMD gunicorn app:app\n"
    files = {**FILES, "Dockerfile": dockerfile, "Procfile": "web: gunicorn --chdir s web:app\n", "s/web.py": FLASK}
    assert findings(files, rule="missing-app") == ()


@pytest.mark.parametrize("name", ["Dockerfile", "dockerfile"])
def test_a_file_that_is_copied_beside_the_code_is_there(findings: Find, name: str) -> None:
    dockerfile = (
        f'{HEAD}COPY app app/\nCOPY app/log.conf .\nCMD ["gunicorn", "--log-config", "log.conf", "app.web:app"]\n'
    )
    files = {"app/web.py": FLASK, "app/log.conf": "[loggers]\nkeys=root\n", "app/__init__.py": ""}
    assert findings({**files, name: dockerfile}, rule="missing-script") == ()
    assert findings({**files, name: dockerfile.replace("COPY app/log.conf .\n", "")}, rule="missing-script")


STAGE = "FROM python:3.11 AS b\nWORKDIR /build\n"


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        (f"{STAGE}RUN git clone https://example.org/x /src\n{HEAD}COPY --from=b /src /app\n", "unknown"),
        (f"{STAGE}COPY . .\nRUN make /install\n{HEAD}COPY --from=b /install .\nCOPY s/x.txt .\n", "unknown"),
        (f"{HEAD}COPY --from=example.org/image /app .\n", "unknown"),
        (f"{HEAD}COPY dist/ ./\n", "unknown"),
        (f"{HEAD}COPY s/ ./\nCOPY --from=example.org/tool /tool /bin/\n", "fails"),
        (f"{HEAD}COPY s/ ./\nCOPY --from=example.org/tool /tool .\n", "fails"),
        (f"{HEAD}COPY s/x.txt ./\n", "fails"),
    ],
)
def test_nothing_is_proven_of_a_folder_that_the_build_fills(deployment: Deploy, steps: str, outcome: str) -> None:
    found = deployment({**FILES, "s/x.txt": "", "Dockerfile": f"{steps}CMD gunicorn web:app\n"}).web
    assert found is not None
    assert found.outcome == outcome


def test_a_program_that_another_image_brings_is_not_looked_for_here(findings: Find) -> None:
    dockerfile = 'FROM alpine\nCOPY --from=example.org/tool /tool /usr/bin/tool\nENTRYPOINT ["/usr/bin/tool"]\n'
    assert findings({"Dockerfile": dockerfile}, rule="missing-script") == ()


@pytest.mark.parametrize("links", ["ab", ""])
def test_an_image_that_gets_more_than_can_be_followed_is_left_open(
    deployment: Deploy, tmp_path: Path, links: str
) -> None:
    for name in links:
        (tmp_path / name).symlink_to(".")
    steps = [f"FROM s{i} AS s{i + 1}\nCOPY --from=s{i} / /a\nCOPY --from=s{i} / /b\n" for i in range(40)]
    copied = f"COPY {'/'.join('*' * 40)} /\n" if links else f"COPY . /\n{''.join(steps)}"
    dockerfile = f"FROM python:3.11 AS s0\n{copied}WORKDIR /a\nCMD gunicorn app:app\n"
    web = deployment({"app.py": FLASK, "Dockerfile": dockerfile}).web
    assert web is not None
    assert (web.outcome, web.reason) == ("unknown", "which files stand in «/a» of the image is not known")
