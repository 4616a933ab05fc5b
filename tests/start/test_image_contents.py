"""An image into which nothing copies the repository: proven, possible, or of no matter."""

from collections.abc import Callable
from typing import Any

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment

Find = Callable[..., tuple[Finding, ...]]
FILES = {"app.py": "from flask import Flask\napp = Flask(__name__)\n", "gunicorn.conf.py": "timeout = 30\n"}
FROM = "FROM python:3.11\nRUN pip install flask gunicorn\n"
LACKS = "the image does not hold the repository, because no COPY and no ADD puts it there"


@pytest.mark.parametrize(
    "dockerfile",
    [
        f'{FROM}CMD ["gunicorn", "app:app"]\n',
        f'{FROM}CMD ["gunicorn", "-c", "gunicorn.conf.py", "app:app"]\n',
        f'{FROM}WORKDIR /code\nCMD ["gunicorn", "-c", "/code/gunicorn.conf.py", "app:app"]\n',
        "FROM docker.io/library/debian:12-slim AS base\nFROM base\nCMD gunicorn app:app\n",
        f"{FROM}CMD python app.py\n",
    ],
)
def test_an_image_without_the_repository(findings: Find, dockerfile: str) -> None:
    files = {**FILES, "app.py": f"{FILES['app.py']}if __name__ == '__main__':\n    app.run()\n"}
    (found,) = findings({**files, "Dockerfile": dockerfile}, rule="missing-app")
    assert LACKS in found.message
    assert "COPY" in found.advice


@pytest.mark.parametrize(
    "dockerfile",
    [
        f'{FROM}COPY . .\nCMD ["gunicorn", "app:app"]\n',
        f'{FROM}ADD . /\nCMD ["gunicorn", "app:app"]\n',
        f'{FROM}RUN git clone https://example.org/app /\nCMD ["gunicorn", "app:app"]\n',
        f'{FROM}RUN --mount=type=bind,target=/src cp -r /src/. /\nCMD ["gunicorn", "app:app"]\n',
        f'{FROM}RUN pip install app\nCMD ["gunicorn", "app:app"]\n',
        'FROM example/with-my-app\nCMD ["gunicorn", "app:app"]\n',
        'FROM python:3.5-onbuild\nCMD ["gunicorn", "app:app"]\n',
        'FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\nCMD ["gunicorn", "-c", "x.py", "app:app"]\n',
        f'{FROM}CMD ["python", "-m", "http.server", "$PORT"]\n',
    ],
)
def test_an_image_that_may_hold_it(findings: Find, dockerfile: str) -> None:
    assert [f.message for f in findings({**FILES, "Dockerfile": dockerfile}) if f.rule.startswith("missing-app")] == []


def test_the_command_alone_counts_where_another_builder_makes_the_image(
    deployment: Callable[..., Deployment],
) -> None:
    dockerfile = f'{FROM}CMD ["gunicorn", "-c", "gunicorn.conf.py", "app:app"]\n'
    options: dict[str, Any] = {"builder": "paketo"}
    found = deployment({**FILES, "requirements.txt": "flask\n", "Dockerfile": dockerfile}, **options)
    assert found.web is not None
    assert (found.web.outcome, found.web.app and found.web.app.path) == ("listens", "app.py")


def test_nothing_is_said_of_workers_that_an_unread_file_decides(deployment: Callable[..., Deployment]) -> None:
    found = deployment(FILES, "gunicorn -c /etc/gunicorn.conf.py app:app").web
    assert found is not None and found.server is not None
    assert (found.server.workers, found.server.threads, found.server.parallel) == (None, None, None)
    found = deployment(FILES, "gunicorn -c /etc/gunicorn.conf.py --workers 2 --threads 2 app:app").web
    assert found is not None and found.server is not None
    assert (found.server.workers, found.server.threads, found.server.parallel) == (2, 2, 4)


def test_an_absolute_path_of_a_list_leads_into_the_copy(findings: Find) -> None:
    dockerfile = f'{FROM}WORKDIR /code\nCOPY . .\nCMD ["gunicorn", "-c", "/code/gunicorn.conf.py", "app:app"]\n'
    assert findings({**FILES, "Dockerfile": dockerfile}, rule="unproven-bind") == ()


PLACED = "FROM python:3.11\nRUN pip install flask gunicorn\n"
APP = {"app/__init__.py": "", "app/main.py": FILES["app.py"], "requirements.txt": ""}


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        ("WORKDIR /code\nCOPY requirements.txt .\nCOPY . /app\nCMD gunicorn app.main:app", "it stands in «/app/app»"),
        ("WORKDIR /code\nCOPY requirements.txt .\nCMD gunicorn app.main:app", "no COPY and no ADD puts it there"),
        ("COPY . /app\nWORKDIR /app\nCMD gunicorn app.main:app", None),
        ("WORKDIR /code\nCOPY ./app /code/app\nCMD gunicorn app.main:app", None),
        ("WORKDIR /code\nCOPY requirements.txt .\nCOPY . /app\nCMD gunicorn --chdir /app app.main:app", None),
        ("WORKDIR /code\nCOPY requirements.txt .\nCOPY . /app\nCMD cd /app && gunicorn app.main:app", None),
        ("WORKDIR /code\nENV PYTHONPATH=/app\nCOPY requirements.txt .\nCOPY . /app\nCMD gunicorn app.main:app", None),
        ("WORKDIR /code\nCOPY requirements.txt .\nCOPY . /app\nRUN cp -r /app/. .\nCMD gunicorn app.main:app", None),
        ("WORKDIR /code\nCOPY requirements.txt .\nCOPY . /app\nRUN pip install /app\nCMD gunicorn app.main:app", None),
        ("WORKDIR /code\nCOPY requirements.txt .\nRUN git clone x .\nCMD gunicorn app.main:app", None),
    ],
)
def test_the_code_stands_elsewhere_in_the_image(findings: Find, steps: str, where: str | None) -> None:
    found = findings({**APP, "Dockerfile": PLACED + steps + "\n"}, rule="missing-app")
    assert len(found) == (where is not None)
    assert where is None or where in found[0].message


def test_a_package_of_which_just_the_contents_are_copied(findings: Find) -> None:
    steps = "WORKDIR /code\nCOPY ./app .\nCMD gunicorn app.main:app\n"
    (found,) = findings({**APP, "Dockerfile": PLACED + steps}, rule="missing-app")
    assert "«COPY app ./app»" in found.advice


def test_a_project_whose_parts_are_copied_and_installed_elsewhere(deployment: Callable[..., Deployment]) -> None:
    dockerfile = (
        "FROM python:3.11 AS build\nWORKDIR /tmp/app\nCOPY pyproject.toml ./\nCOPY shop/ shop/\n"
        "RUN python -m venv /opt/venv && /opt/venv/bin/pip install .\n"
        "FROM python:3.11\nENV PATH=/opt/venv/bin:$PATH\nCOPY --from=build /opt/venv /opt/venv\n"
        "CMD gunicorn shop.main:app\n"
    )
    project = '[project]\nname = "shop"\ndependencies = ["flask", "gunicorn"]\n'
    files = {"pyproject.toml": project, "shop/__init__.py": "", "shop/main.py": FILES["app.py"]}
    web = deployment({**files, "Dockerfile": dockerfile}).web
    assert web is not None and web.app is not None
    assert (web.outcome, web.app.path) == ("listens", "shop/main.py")
