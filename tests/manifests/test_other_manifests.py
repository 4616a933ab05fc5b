"""Dependency files other than `requirements.txt`, each as its own tool reads it."""

from collections.abc import Callable

import pytest

from adaptable_preflight.model import Deployment, Installed

Make = Callable[..., Deployment]


def names(installed: Installed) -> dict[str, str]:
    return {r.name: r.specifier for r in installed.requirements if r.installed}


PIPFILE = """
[[source]]
url = "https://pypi.org/simple"

[packages]
flask = "*"
Flask-SQLAlchemy = ">=2.5, <3"
uvicorn = {extras = ["standard"], version = "~=0.20"}
pywin32 = {version = "*", sys_platform = "== 'win32'"}
older = {version = "*", python_version = "< '3.8'"}
tool = {git = "https://example.org/tool.git", ref = "main"}

[dev-packages]
pytest = "*"

[requires]
python_version = "3.11"
"""


def test_pipfile(deployment: Make) -> None:
    installed = deployment({"Pipfile": PIPFILE}).installed
    assert names(installed) == {"flask": "", "flask-sqlalchemy": ">=2.5,<3", "uvicorn": "~=0.20", "tool": ""}
    assert installed.manifests[0].python == "==3.11.*"
    uvicorn = next(r for r in installed.requirements if r.name == "uvicorn")
    assert uvicorn.extras == ("standard",)
    assert uvicorn.span.line == 8
    assert next(r for r in installed.requirements if r.name == "tool").url == "git+https://example.org/tool.git"


def test_a_pipfile_lock_closes_the_set(deployment: Make) -> None:
    lock = (
        '{\n    "_meta": {},\n    "default": {\n        "flask": {\n            "version": "==3.0.0"\n        },\n'
        '        "colorama": {\n            "markers": "sys_platform == \'win32\'",\n'
        '            "version": "==0.4.6"\n        }\n    },\n    "develop": {\n        "pytest": {\n'
        '            "version": "==8.0"\n        }\n    }\n}\n'
    )
    installed = deployment({"Pipfile": '[packages]\nflask = "*"\n', "Pipfile.lock": lock}).installed
    assert names(installed) == {"flask": "==3.0.0"}
    assert installed.manifests[0].closed
    found = installed.find("flask")
    assert found is not None
    assert (found.span.path, found.span.line) == ("Pipfile.lock", 4)


def test_pipenv_categories_in_a_dockerfile(deployment: Make) -> None:
    lock = '{"default": {"flask": {}}, "deploy": {"gunicorn": {"version": "==23.0.0"}}, "lint": {"ruff": {}}, "develop": {}}'
    files = {
        "Pipfile": '[packages]\nflask = "*"\n[deploy]\ngunicorn = "*"\n[lint]\nruff = "*"\n',
        "Pipfile.lock": lock,
        "Dockerfile": 'FROM python:3.13\nCOPY . .\nRUN pipenv sync --categories="packages deploy"\nCMD gunicorn app:app\n',
    }
    installed = deployment(files, builder="dockerfile").installed
    assert {r.name for r in installed.requirements if r.installed} == {"flask", "gunicorn"}


POETRY = """
[tool.poetry]
name = "shop"

[tool.poetry.dependencies]
python = "^3.9"
flask = "^2.3"
gunicorn = {version = "~21.2", extras = ["gevent"]}
pywin32 = {version = "*", markers = "sys_platform == 'win32'"}
psycopg2 = {version = "2.9.9", optional = true}
redis = [{version = "<4", python = "<3.8"}, {version = "^5.0", python = ">=3.8"}]

[tool.poetry.extras]
pg = ["psycopg2"]

[tool.poetry.group.dev.dependencies]
pytest = "*"

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""


def test_poetry(deployment: Make) -> None:
    installed = deployment({"pyproject.toml": POETRY}).installed
    assert names(installed) == {"flask": ">=2.3,<3", "gunicorn": ">=21.2,<21.3", "redis": ">=5.0,<6"}
    assert installed.manifests[0].python == ">=3.9,<4"
    found = installed.find("gunicorn")
    assert found is not None
    assert found.span.line == 8


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("^1.2.3", ">=1.2.3,<2"), ("^0.2.3", ">=0.2.3,<0.3"), ("^0.0.3", ">=0.0.3,<0.0.4"), ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"), ("~1.2.3", ">=1.2.3,<1.3"), ("~1", ">=1,<2"), ("1.2", "==1.2"), ("1.*", "==1.*"),
        (">=1.2,<2.0", ">=1.2,<2.0"), (">=1.2 <2.0", ">=1.2,<2.0"), ("*", ""), ("~=1.4.2", "~=1.4.2"),
    ],
)  # fmt: skip
def test_poetry_bounds(deployment: Make, bound: str, expected: str) -> None:
    text = f'[tool.poetry.dependencies]\npython = "*"\nflask = "{bound}"\n'
    assert names(deployment({"pyproject.toml": text}).installed) == {"flask": expected}


POETRY_LOCK = """
[[package]]
name = "click"
version = "8.1.7"

[package.dependencies]
colorama = {version = "*", markers = "platform_system == \\"Windows\\""}

[[package]]
name = "colorama"
version = "0.4.6"

[[package]]
name = "flask"
version = "2.3.3"

[package.dependencies]
click = ">=8.1.3"
asgiref = {version = ">=3.2", optional = true, markers = "extra == \\"async\\""}

[package.extras]
async = ["asgiref (>=3.2)"]

[[package]]
name = "asgiref"
version = "3.7.2"

[[package]]
name = "gunicorn"
version = "21.2.0"

[[package]]
name = "redis"
version = "5.0.1"

[[package]]
name = "pytest"
version = "8.0.0"
"""


def test_a_poetry_lock_is_followed_from_the_main_dependencies(deployment: Make) -> None:
    installed = deployment({"pyproject.toml": POETRY, "poetry.lock": POETRY_LOCK}).installed
    locked = {r.name for r in installed.requirements if r.locked and r.installed}
    assert locked == {"flask", "click", "gunicorn", "redis"}
    assert installed.manifests[0].closed
    flask = installed.find("flask")
    assert flask is not None
    assert (flask.specifier, flask.span.path, flask.span.line) == ("==2.3.3", "poetry.lock", 13)


@pytest.mark.parametrize(
    ("run", "locked"),
    [
        ("poetry install", True),
        ("poetry lock --no-update && poetry install", False),
        ("poetry install && poetry lock", True),
        ("poetry add --group web gunicorn", False),
        ("poetry update --only main", False),
    ],
)
def test_a_lock_that_the_image_makes_anew_does_not_count(deployment: Make, run: str, locked: bool) -> None:
    lock = '[[package]]\nname = "flask"\nversion = "2.3.3"\n'
    dockerfile = f"FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN {run}\nCMD gunicorn app:app\n"
    files = {"pyproject.toml": POETRY, "poetry.lock": lock, "Dockerfile": dockerfile}
    installed = deployment(files, builder="dockerfile").installed
    assert any(r.locked for r in installed.requirements) == locked
    assert (installed.find("gunicorn") is None) == locked


STANDARD = """
[project]
name = "shop"
requires-python = ">=3.10"
dependencies = [
    "flask>=3",  # the framework
    'uvicorn[standard]; sys_platform != "win32"',
]

[project.optional-dependencies]
pg = ["psycopg[binary]"]

[dependency-groups]
test = ["pytest"]
dev = [{include-group = "test"}, "ruff"]
"""


def test_the_standard_project_table(deployment: Make) -> None:
    installed = deployment({"pyproject.toml": STANDARD}, platform="azure").installed
    assert names(installed) == {"flask": ">=3", "uvicorn": ""}
    assert [(r.name, r.group) for r in installed.requirements if r.group] == [
        ("psycopg", "pg"), ("pytest", "test"), ("pytest", "dev"), ("ruff", "dev"),
    ]  # fmt: skip
    assert installed.requirements[0].span == ("pyproject.toml", 6, 6, 6, 14)


UV_LOCK = """
version = 1

[[package]]
name = "click"
version = "8.1.7"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "flask"
version = "3.0.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "click" }]

[[package]]
name = "pytest"
version = "8.0.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "flask" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]
"""


def test_a_uv_lock_in_a_dockerfile(deployment: Make) -> None:
    files = {
        "pyproject.toml": STANDARD,
        "uv.lock": UV_LOCK,
        "Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen --no-dev\nCMD gunicorn a\n",
    }
    installed = deployment(files, builder="dockerfile").installed
    assert {r.name for r in installed.requirements if r.installed} == {"flask", "click"}
    assert installed.python.version == "3.12"


UV_IMAGE = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen --no-dev\nCMD gunicorn a\n"
LINES = """
[[package]]
name = "click"
version = "8.1.7" # {
source = {
    registry = "https://pypi.org/simple",
}
sdist = {
    url = "https://example.org/click-8.1.7.tar.gz?a={,}", # the source
    # and how long it is
    size = 1,
    tags = [
        "a", 'b}',
    ],
    upload = { time = "now", },
}
wheels = [
    {
        url = "https://example.org/click-8.1.7-py3-none-any.whl",
        hash = "sha256:00",
    },
]
"""


def test_a_uv_lock_whose_inline_tables_extend_over_lines(deployment: Make) -> None:
    lock = "version = 1\n" + LINES + UV_LOCK[UV_LOCK.index('[[package]]\nname = "flask"') :]
    files = {"pyproject.toml": STANDARD, "uv.lock": lock, "Dockerfile": UV_IMAGE}
    installed = deployment(files, builder="dockerfile").installed
    assert installed.unreadable == ()
    assert {r.name: r.specifier for r in installed.requirements if r.installed and r.locked} == {
        "click": "==8.1.7",
        "flask": "==3.0.0",
    }
    flask = next(r.span for r in installed.requirements if r.name == "flask" and r.locked)
    assert lock.splitlines()[flask.line - 1 : flask.line + 1] == ["[[package]]", 'name = "flask"']


@pytest.mark.parametrize("broken", ["sdist = {\n    url =\n}", "<<<<<<< ours", "sdist = {\n    url = 'x'\n"])
def test_a_uv_lock_that_nobody_can_read(deployment: Make, broken: str) -> None:
    files = {"pyproject.toml": STANDARD, "uv.lock": f"{UV_LOCK}{broken}\n", "Dockerfile": UV_IMAGE}
    (unreadable,) = deployment(files, builder="dockerfile").installed.unreadable
    assert (unreadable.path, unreadable.breaks) == ("uv.lock", True)


def test_setup_py_is_read_without_running_it(deployment: Make) -> None:
    files = {
        "requirements.txt": "-e .[web]\n",
        "setup.py": (
            "from setuptools import setup\nopen('proof', 'w')\nbase = ['flask>=2', 'click']\n"
            "extras = {'web': ['gunicorn'], 'dev': ['pytest']}\n"
            "setup(name='x', install_requires=base + ['requests'], extras_require=extras, python_requires='>=3.8')\n"
        ),
    }
    installed = deployment(files).installed
    assert names(installed) == {"flask": ">=2", "click": "", "requests": "", "gunicorn": ""}
    assert installed.known


@pytest.mark.parametrize(
    "body",
    [
        "setup(install_requires=open('deps.txt').read().splitlines())",
        "with open('deps.txt') as f:\n    lines = f.read().splitlines()\nsetup(install_requires=lines)",
        "setup(install_requires=[l.strip() for l in open('deps.txt')])",
    ],
)
def test_setup_py_that_takes_a_file(deployment: Make, body: str) -> None:
    files = {
        "requirements.txt": ".",
        "deps.txt": "flask\ngunicorn\n",
        "setup.py": f"from setuptools import setup\n{body}\n",
    }
    assert set(names(deployment(files).installed)) == {"flask", "gunicorn"}


def test_setup_py_that_cannot_be_told(deployment: Make) -> None:
    files = {"requirements.txt": ".", "setup.py": "from setuptools import setup\nsetup(install_requires=find())\n"}
    assert not deployment(files).installed.known


def test_setup_cfg(deployment: Make) -> None:
    files = {
        "requirements.txt": "-e .\n",
        "setup.py": "import setuptools\nsetuptools.setup()\n",
        "setup.cfg": "[options]\ninstall_requires =\n    flask>=2  # web\n    click\n",
    }
    installed = deployment(files).installed
    assert names(installed) == {"flask": ">=2", "click": ""}
    assert installed.requirements[0].span[:3] == ("setup.cfg", 3, 5)


def test_a_project_that_installs_itself_is_read_once(deployment: Make) -> None:
    files = {
        "requirements.txt": "-e .\nflask\n",
        "setup.py": "from setuptools import setup\nsetup(install_requires=open('requirements.txt').readlines())\n",
    }
    assert set(names(deployment(files).installed)) == {"flask"}


CONDA = """
name: shop
channels: [conda-forge]
dependencies:
  - python=3.9
  - conda-forge::flask=2.0
  - numpy>=1.20
  - pytorch=1.10.0=py3.9_cuda
  - pip
  - pip:
    - gunicorn==20.1.0
    - -r more.txt
"""


def test_conda(deployment: Make) -> None:
    installed = deployment({"environment.yml": CONDA, "more.txt": "redis\n"}).installed
    assert names(installed) == {
        "flask": "==2.0.*", "numpy": ">=1.20", "torch": "==1.10.0", "pip": "", "gunicorn": "==20.1.0", "redis": "",
    }  # fmt: skip
    assert installed.manifests[0].python == "==3.9.*"
    assert next(r for r in installed.requirements if r.name == "gunicorn").span.line == 11


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("pip install -r requirements.txt", {"flask"}),
        ("pip install --no-cache-dir -r /app/requirements.txt gunicorn==20.1.0", {"flask", "gunicorn"}),
        (
            "python -m pip install --upgrade pip && pip3 install \\\n    # the rest\n    -r requirements.txt",
            {"flask", "pip"},
        ),
        (
            "pip install 'uvicorn[standard]>=0.20' \"gunicorn\" --index-url https://example.org/simple",
            {"uvicorn", "gunicorn"},
        ),
        ("--mount=type=cache,target=/root/.cache uv pip install --system -r requirements.txt", {"flask"}),
        ("set -e; apt-get update; pip install gunicorn > /dev/null", {"gunicorn"}),
        ('["pip", "install", "gunicorn"]', {"gunicorn"}),
        ("<<EOF\npip install gunicorn\npip install waitress\nEOF", {"gunicorn", "waitress"}),
        ("if true; then pip install gunicorn; fi", {"gunicorn"}),
        ("pip install .", {"flask", "click"}),
    ],
)
def test_dockerfile_run_lines(deployment: Make, run: str, expected: set[str]) -> None:
    files = {
        "requirements.txt": "flask\n",
        "setup.py": "from setuptools import setup\nsetup(install_requires=['flask', 'click'])\n",
        "Dockerfile": f"FROM python:3.11-slim\nWORKDIR /app\nCOPY . /app/\nRUN {run}\nCMD gunicorn app:app\n",
    }
    installed = deployment(files, builder="dockerfile").installed
    assert {r.name for r in installed.requirements if r.installed} == expected
    assert installed.known


@pytest.mark.parametrize(
    ("copy", "where"),
    [
        ("COPY requirements.txt .", "requirements.txt"),
        ("COPY requirements.txt /app/", "requirements.txt"),
        ("COPY deploy/reqs.txt ./requirements.txt", "deploy/reqs.txt"),
        ("COPY deploy/*.txt ./", "deploy/requirements.txt"),
        ('ADD ["deploy/reqs.txt", "/app/requirements.txt"]', "deploy/reqs.txt"),
        ("COPY --chown=me:me deploy .", "deploy/requirements.txt"),
    ],
)
def test_dockerfile_copies_are_followed(deployment: Make, copy: str, where: str) -> None:
    files = {
        "requirements.txt": "flask\n", "deploy/reqs.txt": "flask\n", "deploy/requirements.txt": "flask\n",
        "Dockerfile": f"FROM python:3.11\nWORKDIR /app\n{copy}\nRUN pip install -r requirements.txt\n",
    }  # fmt: skip
    (found,) = deployment(files, builder="dockerfile").installed.requirements
    assert found.span.path == where


def test_only_the_stages_that_count(deployment: Make) -> None:
    text = (
        "ARG V=3.10\nFROM python:${V} AS build\nRUN apt-get update && apt-get install -y libpq-dev gcc\n"
        "RUN pip install flask\nFROM build AS dev\nRUN pip install pytest\n"
        "FROM python:${V}-slim\nCOPY --from=build /venv /venv\nRUN pip install gunicorn\n"
    )
    installed = deployment({"Dockerfile": text}, builder="dockerfile").installed
    assert set(names(installed)) == {"flask", "gunicorn"}
    assert installed.python.version == "3.10"
    assert [p.name for p in installed.system] == ["libpq-dev", "gcc"]


@pytest.mark.parametrize(
    "text",
    [
        "FROM registry.example.org/base\nRUN pip install flask\n",
        "FROM python:3.11\nRUN ./install.sh\n",
        "FROM python:3.11\nRUN pip install $PACKAGES\n",
        "FROM python:3.11\nRUN pip install -r made-elsewhere.txt\n",
    ],
)
def test_a_dockerfile_that_hides_what_it_installs(deployment: Make, text: str) -> None:
    assert not deployment({"Dockerfile": text}, builder="dockerfile").installed.known


@pytest.mark.parametrize(
    ("files", "path", "line"),
    [
        ({"Pipfile": "[packages]\nflask = '*'\nflask = '*'\n"}, "Pipfile", 3),
        ({"pyproject.toml": "[tool.poetry.dependencies]\nflask = \n"}, "pyproject.toml", 2),
        ({"Pipfile": "[packages]\n", "Pipfile.lock": '{\n"default": {\n<<<<<<< HEAD\n'}, "Pipfile.lock", 3),
        ({"Pipfile": "[packages]\n", "Pipfile.lock": "[" * 50_000}, "Pipfile.lock", 1),
        ({"environment.yml": "dependencies:\n  - a\n - b: [\n"}, "environment.yml", 3),
        ({"pyproject.toml": "[tool.poetry.dependencies]\npython = '*'\n", "poetry.lock": "[[package]]\nname = 'x\n"}, "poetry.lock", 2),
    ],
)  # fmt: skip
def test_files_that_do_not_parse(deployment: Make, files: dict[str, str], path: str, line: int) -> None:
    installed = deployment(files).installed
    assert [(u.path, u.span.line) for u in installed.unreadable] == [(path, line)]
    assert not installed.known


def test_yaml_bombs_stay_small(deployment: Make) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    text = f"l0: &l0 [x]\n{levels}\ndependencies: *l29\n"
    assert deployment({"environment.yml": text}).installed.manifests


def test_deep_yaml_is_a_fact(deployment: Make) -> None:
    assert deployment({"environment.yml": "dependencies: " + "[" * 50_000}).installed.unreadable


@pytest.mark.parametrize(
    ("platform", "files", "version", "ignored"),
    [
        ("adaptable", {"runtime.txt": "python-3.8.2\n"}, "3.11", ["python-3.8.2"]),
        ("cloud-run", {"runtime.txt": "python-3.12.2\n", ".python-version": "3.13\n"}, "3.13", ["python-3.12.2"]),
        ("cloud-run", {"runtime.txt": "Python 3.8.3\n"}, "", []),
    ],
)
def test_pins_of_python(
    deployment: Make, platform: str, files: dict[str, str], version: str, ignored: list[str]
) -> None:
    installed = deployment({**files, "requirements.txt": "flask"}, platform=platform).installed
    assert installed.python.version == version
    assert [pin.pin for pin in installed.ignored_pins] == ignored


def test_a_list_of_files_that_does_not_end_is_read_in_bounded_time(deployment: Make) -> None:
    lines = "    { url = 'https://example.org/a.whl' },\n" * 400
    lock = f'version = 1\n[[package]]\nname = "flask"\nversion = "3.0"\nwheels = [\n{lines}    ]\n'
    files = {"pyproject.toml": "[tool.poetry.dependencies]\npython = '^3.9'\nflask = '*'\n", "poetry.lock": lock}
    assert deployment(files).installed.find("flask") is not None
