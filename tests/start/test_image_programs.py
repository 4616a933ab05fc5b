"""Programs that an image holds and that its command does not find, because PATH does not lead there."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]

APP = "from flask import Flask\napp = Flask(__name__)\n"
COMMAND = "gunicorn --bind 0.0.0.0:$PORT app:app"
POETRY = '[tool.poetry]\nname = "x"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.11"\n'
FILES = {
    "app.py": APP,
    "requirements.txt": "flask\ngunicorn\n",
    "pyproject.toml": (
        '[project]\nname = "x"\nversion = "1"\ndependencies = ["flask", "gunicorn"]\n'
        f'{POETRY}flask = "*"\ngunicorn = "*"\n'
    ),
    "Pipfile": '[packages]\nflask = "*"\ngunicorn = "*"\n',
}


def lines(findings: Findings, dockerfile: str, command: str = COMMAND, **others: str) -> list[int]:
    """Return the lines of the Dockerfile at which the server is said not to be found."""
    files = FILES | {"Dockerfile": f"{dockerfile}\nCOPY . .\nCMD {command}\n"} | others
    found = findings(files, rule="missing-server", platform="cloud-run")
    assert all(str(finding.severity) == "error" for finding in found)
    return [related.span.line for finding in found for related in finding.related]


BASE = "FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\n"


@pytest.mark.parametrize(
    ("steps", "line"),
    [
        ("RUN pip install -r requirements.txt", None),
        ("RUN pip install poetry && poetry install", 4),
        ("RUN pip install poetry && poetry config virtualenvs.create false && poetry install", None),
        ("RUN pip install poetry && poetry config virtualenvs.create false --local\nRUN poetry install", None),
        ("ENV POETRY_VIRTUALENVS_CREATE=false\nRUN pip install poetry && poetry install", None),
        ("RUN pip install poetry && POETRY_VIRTUALENVS_CREATE=0 poetry install", None),
        ("ENV POETRY_VIRTUALENVS_IN_PROJECT=1\nRUN pip install poetry && poetry install", 5),
        ('ENV POETRY_VIRTUALENVS_IN_PROJECT=1 PATH="/app/.venv/bin:$PATH"\nRUN pip install poetry && poetry install', None),
        ("RUN pip install poetry && poetry export -o r.txt && pip install -r requirements.txt", None),
        ("RUN pip install uv && uv sync", 4),
        ("RUN pip install uv && uv sync\nENV PATH=/app/.venv/bin:$PATH", None),
        ("ENV UV_PROJECT_ENVIRONMENT=/usr/local\nRUN pip install uv && uv sync", None),
        ("RUN pip install uv && uv pip install -r requirements.txt", 4),
        ("RUN pip install uv && uv pip install --system -r requirements.txt", None),
        ("ENV UV_SYSTEM_PYTHON=1\nRUN pip install uv && uv pip install -r requirements.txt", None),
        ("RUN pip install uv && uv venv && uv pip install -r requirements.txt", 4),
        ("RUN pip install pipenv && pipenv install", 4),
        ("RUN pip install pipenv && pipenv install --system", None),
        ("RUN python -m venv venv && venv/bin/pip install -r requirements.txt", 4),
        ("RUN python -m venv venv && . venv/bin/activate && pip install -r requirements.txt", 4),
        ("RUN python -m venv /v\nENV PATH=/v/bin:$PATH\nRUN pip install -r requirements.txt", None),
        ("ENV VIRTUAL_ENV=/v\nRUN python -m venv $VIRTUAL_ENV\nENV PATH=$VIRTUAL_ENV/bin:$PATH\nRUN pip install -r requirements.txt", None),
        ("RUN pip install --user -r requirements.txt", 4),
        ("RUN pip install --user -r requirements.txt\nENV PATH=/root/.local/bin:$PATH", None),
        ("RUN pip install --user -r requirements.txt\nENV PATH=/root/.local/bin:$PATH\nUSER app", 4),
        ("RUN pip install poetry && poetry install && ln -s /x/bin/gunicorn /usr/bin/gunicorn", None),
        ("RUN pip install poetry && poetry install && ./scripts/link.sh", None),
        ("RUN bash setup/link.sh && pip install poetry && poetry install", None),
    ],
)  # fmt: skip
def test_where_tools_put_programs(findings: Findings, steps: str, line: int | None) -> None:
    assert lines(findings, BASE + steps) == ([] if line is None else [line])


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("poetry run gunicorn --bind 0.0.0.0:$PORT app:app", 0),
        ('["poetry", "run", "gunicorn", "app:app"]', 0),
        (".venv/bin/gunicorn app:app", 0),
        (". .venv/bin/activate && gunicorn app:app", 0),
        ("python -m gunicorn app:app", 1),
        ('["gunicorn", "app:app"]', 1),
    ],
)
def test_how_the_command_finds_it(findings: Findings, command: str, count: int) -> None:
    assert len(lines(findings, f"{BASE}RUN pip install poetry && poetry install", command)) == count


STAGES = "FROM python:3.11 AS build\nWORKDIR /app\nCOPY . .\nRUN {}\nFROM python:3.11-slim\nWORKDIR /app\n{}"
PACKAGES = "/usr/local/lib/python3.11/site-packages"


@pytest.mark.parametrize(
    ("installs", "copies", "line"),
    [
        ("pip install -r requirements.txt", f"COPY --from=build {PACKAGES} {PACKAGES}", 7),
        (
            "pip install -r requirements.txt",
            f"COPY --from=build {PACKAGES}/ {PACKAGES}/\nCOPY --from=build /usr/local/bin /usr/local/bin",
            None,
        ),
        (
            "pip install -r requirements.txt",
            f"COPY --from=build {PACKAGES} {PACKAGES}\nCOPY --from=build /usr/local/bin/gunicorn /usr/local/bin/",
            None,
        ),
        ("pip install -r requirements.txt", "COPY --from=build /usr/local /usr/local", None),
        ("pip install --prefix=/install -r requirements.txt", "COPY --from=build /install /usr/local", None),
        ("pip install --prefix /install -r requirements.txt", "COPY --from=build /install /install", 4),
        ("pip install --user -r requirements.txt", "COPY --from=build /root/.local /root/.local", 4),
        (
            "pip install --user -r requirements.txt",
            "COPY --from=build /root/.local /home/app/.local\nENV PATH=/home/app/.local/bin:$PATH\nUSER app",
            None,
        ),
        ("pip install uv && uv sync", "COPY --from=build /app/.venv /app/.venv\nENV PATH=/app/.venv/bin:$PATH", None),
        ("pip install uv && uv sync", "COPY --from=build /app /srv\nENV PATH=/srv/.venv/bin:$PATH", 7),
        ("pip install uv && uv venv --relocatable && uv sync", "COPY --from=build /app /srv\nENV PATH=/srv/.venv/bin:$PATH", None),
        ("pip install -r requirements.txt", f"COPY --from=build {PACKAGES} {PACKAGES}\nRUN pip install gunicorn", None),
        ("pip install -r requirements.txt", "COPY --from=other/image /x /x", None),
    ],
)  # fmt: skip
def test_what_is_copied_from_another_stage(findings: Findings, installs: str, copies: str, line: int | None) -> None:
    assert lines(findings, STAGES.format(installs, copies)) == ([] if line is None else [line])


def test_modules_are_found_without_their_programs(findings: Findings) -> None:
    image = STAGES.format("pip install -r requirements.txt", f"COPY --from=build {PACKAGES} {PACKAGES}")
    assert lines(findings, image, "python -m gunicorn app:app") == []


def test_packages_for_another_python(findings: Findings) -> None:
    packages, programs = PACKAGES.replace("3.11", "3.12"), "COPY --from=build /usr/local/bin /usr/local/bin"
    image = STAGES.format("pip install -r requirements.txt", f"COPY --from=build {packages} {packages}\n{programs}")
    assert lines(findings, image.replace("FROM python:3.11 AS", "FROM python:3.12 AS")) == [7]


def test_the_poetry_settings_of_the_repository(findings: Findings) -> None:
    image = f"{BASE}RUN pip install poetry && poetry install"
    assert lines(findings, image, **{"poetry.toml": "[virtualenvs]\ncreate = false\n"}) == []


def test_other_base_images_are_left_alone(findings: Findings) -> None:
    assert lines(findings, "FROM company/python:1\nWORKDIR /app\nCOPY . .\nRUN poetry install") == []
