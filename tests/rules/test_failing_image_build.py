"""`failing-image-build`: steps of a Dockerfile that end the build."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.knowledge import debian

Check = Callable[..., tuple[Finding, ...]]

BUSTER = "python:3.8-slim-buster"
UPDATE = "RUN apt-get update && apt-get install -y gcc"


@pytest.mark.parametrize(
    ("base", "steps", "expected"),
    [
        (BUSTER, UPDATE, [2]),
        (BUSTER, "RUN DEBIAN_FRONTEND=noninteractive apt update", [2]),
        (BUSTER, "RUN apt-get clean\nRUN pip install flask", []),
        (BUSTER, "RUN apt-get update || true\nRUN apt-get update; pip install flask", []),
        (BUSTER, "RUN set -e; apt-get update; apt-get install -y gcc", [2]),
        (BUSTER, f"RUN sed -i s/deb.debian/archive.debian/ /etc/apt/sources.list\n{UPDATE}", []),
        ("python:3.7.4", UPDATE, [2]),
        ("python:3.8", UPDATE, []),
        ("ghcr.io/someone/python:3.8-buster", UPDATE, []),
        ("python:3.11-slim", "RUN apt-get install -y \\\n  gcc \\\n  libgl1-mesa-glx", [4]),
        ("python:3.11.4-slim", "RUN apt-get install -y libgl1-mesa-glx", []),
        ("python:3.11-slim-bookworm", "RUN apt-get install -y netcat netcat-openbsd", [2]),
        ("python:3.11-slim-bullseye", "RUN apt-get install -y netcat", []),
        ("python:3.11-slim", "RUN curl x > /etc/apt/sources.list.d/x.list\nRUN apt-get install -y mysql-client", []),
        ("ubuntu:22.04", "RUN apt-get install -y netcat", []),
        ("python:3.11", "RUN pip install poetry\nRUN poetry install --no-root --no-dev", [3]),
        ("python:3.11", "RUN pip install 'poetry==1.8.3'\nRUN poetry install --no-dev", []),
        ("python:3.8", "RUN pip install poetry\nRUN poetry install --no-dev", []),
        ("python:3.11", "ENV POETRY_VERSION=1.8\nRUN pip install poetry\nRUN poetry install --no-dev", []),
        ("python:3.11", "RUN pip install poetry\nRUN poetry install --only main", []),
        ("python:3.11", "RUN pip install gunicorn\npip install flask", [3]),
        ("python:3.11", "RUN pip install gunicorn \\\n  # a note\n\n  flask\nCOPY <<EOF /x\npip install\nEOF", []),
        ("python:3.11", "COPY app.py", [2]),
        ("python:3.11", "RUN pip install -r requirements.txt\nCOPY . .", [2]),
        ("python:3.11", "COPY app.py .\nRUN pip install -U pip && pip install -r requirements.txt", [3]),
        ("python:3.11", "COPY app.py /srv/requirements.txt\nRUN pip install -r /srv/requirements.txt", []),
        ("python:3.11", "COPY src .\nRUN pip install -r requirements.txt", []),
        ("python:3.11", "RUN git clone https://example.org/a /a && pip install -r /a/requirements.txt", []),
        ("python:3.11", "RUN echo flask > requirements.txt && pip install -r requirements.txt", []),
        ("python:3.11", "RUN --mount=type=bind,target=/x pip install -r /x/requirements.txt", []),
        ("python:3.11", "RUN pip install -r https://example.org/requirements.txt\nRUN pip install -r $FILE", []),
        ("someone/base", "RUN pip install -r requirements.txt", []),
    ],
)  # fmt: skip
def test_a_step_that_fails_for_certain(findings: Check, base: str, steps: str, expected: list[int]) -> None:
    dockerfile = f"FROM {base}\n{steps}\nCMD gunicorn app:app\n"
    found = findings({"app.py": "app = None\n", "Dockerfile": dockerfile}, rule="failing-image-build")
    assert [f.span.line for f in found] == expected
    assert all(str(f.severity) == "error" for f in found)


@pytest.mark.parametrize("first", ["# escape=`\n", "# syntax=someone/frontend\n", "{% if x %}\n"])
def test_another_language_is_not_judged(findings: Check, first: str) -> None:
    dockerfile = f"{first}FROM python:3.11\nINCLUDE x\nCMD gunicorn app:app\n"
    assert not findings({"app.py": "app = None\n", "Dockerfile": dockerfile}, rule="failing-image-build")


def test_a_stage_is_judged_by_what_it_is_built_on(findings: Check) -> None:
    dockerfile = f"FROM {BUSTER} AS base\nFROM base\n{UPDATE}\nCMD gunicorn app:app\n"
    assert findings({"app.py": "app = None\n", "Dockerfile": dockerfile}, rule="failing-image-build")
    unused = f"FROM {BUSTER} AS base\n{UPDATE}\nFROM python:3.11\nCMD gunicorn app:app\n"
    assert not findings({"app.py": "app = None\n", "Dockerfile": unused}, rule="failing-image-build")


@pytest.mark.parametrize(
    ("image", "release"),
    [
        ("python:3.9-slim", "trixie"),
        ("python:3.9.22", "bookworm"),
        ("python:3.8", "bookworm"),
        ("python:3.8.10-slim", "buster"),
        ("python:3.6", "bullseye"),
        ("python:2.7", "buster"),
        ("python:3.13.5", "bookworm"),
        ("python:3.14-slim", "trixie"),
        ("python:3-slim", "trixie"),
        ("python:3.11-alpine", ""),
        ("python:3.15", ""),
        ("debian:12-slim", "bookworm"),
        ("node:16-buster-slim", "buster"),
        ("node:20", ""),
    ],
)
def test_the_debian_of_an_image(image: str, release: str) -> None:
    assert debian.release_of(image) == release
