"""`requirements.txt` as pip reads it."""

from collections.abc import Callable

import pytest

from adaptable_preflight.model import Deployment, Requirement

Make = Callable[..., Deployment]


@pytest.fixture
def read(deployment: Make) -> Callable[..., tuple[Requirement, ...]]:
    def make(text: str | bytes, **files: str) -> tuple[Requirement, ...]:
        return deployment({"requirements.txt": text, **files}).installed.requirements

    return make


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Flask==2.0.1", ("flask", "==2.0.1", ())),
        ("zope.interface", ("zope-interface", "", ())),
        ("Flask_SQLAlchemy>=2.5,<3", ("flask-sqlalchemy", ">=2.5,<3", ())),
        ("Flask >= 2.0 , < 3", ("flask", ">=2.0,<3", ())),
        ("flask (>=2.0)", ("flask", ">=2.0", ())),
        ("uvicorn[standard]==0.20.0", ("uvicorn", "==0.20.0", ("standard",))),
        ("celery[redis, auth] ~= 5.2", ("celery", "~=5.2", ("auth", "redis"))),
        ("django==4.*", ("django", "==4.*", ())),
        ("torch==2.0.1+cpu", ("torch", "==2.0.1+cpu", ())),
        ("pkg===2.0-beta", ("pkg", "===2.0-beta", ())),
        ("pkg==1!2.0", ("pkg", "==1!2.0", ())),
        ("flask # the framework", ("flask", "", ())),
        ("flask==1.0 --hash=sha256:abc --hash=sha256:def", ("flask", "==1.0", ())),
        ("   flask   ", ("flask", "", ())),
    ],
)
def test_one_line(
    read: Callable[..., tuple[Requirement, ...]], line: str, expected: tuple[str, str, tuple[str, ...]]
) -> None:
    (found,) = read(line)
    assert (found.name, found.specifier, found.extras) == expected


@pytest.mark.parametrize(
    ("marker", "holds"),
    [
        ("sys_platform == 'win32'", False),
        ("sys_platform != 'win32'", True),
        ('platform_system == "Windows"', False),
        ("python_version < '3.8'", False),
        ("python_version >= '3.10'", True),
        ("python_version >= '3.8' and python_version < '4.0'", True),
        ("(python_version == '2.7' or python_version == '3.11') and os_name == 'posix'", True),
        ("python_version in '2.7 3.5'", False),
        ("sys_platform in 'linux linux2'", True),
        ("'linux' in sys_platform", True),
        ("python_full_version >= '3.11.0' and python_full_version < '3.12'", True),
        ("platform_python_implementation == 'PyPy'", False),
        ("implementation_name == 'cpython'", True),
        ("python_version ~= '3.9'", True),
        ("extra == 'dev'", False),
        ("os.name == 'nt'", False),
        ("python_version == '3.*'", True),
    ],
)
def test_markers_are_those_of_linux(read: Callable[..., tuple[Requirement, ...]], marker: str, holds: bool) -> None:
    (found,) = read(f"pkg==1.0 ; {marker}")
    assert found.installed is holds


def test_a_requirement_carries_its_place(read: Callable[..., tuple[Requirement, ...]]) -> None:
    _, found = read("# first\n\nflask\n  gunicorn==23.0.0  # server\n")
    assert found.span == ("requirements.txt", 4, 3, 4, 19)


def test_continuation_lines_comments_and_line_ends(read: Callable[..., tuple[Requirement, ...]]) -> None:
    found = read("flask==1.0 \\\r\n    --hash=sha256:a \\\r\n    --hash=sha256:b\r\n# note \\\r\ngunicorn\r\n")
    assert [r.name for r in found] == ["flask", "gunicorn"]
    assert found[0].span.line == 1
    assert found[1].span.line == 5


@pytest.mark.parametrize(
    "data",
    [
        "\ufeffflask\ngunicorn\n".encode(),
        "flask\ngunicorn\n".encode("utf-16"),
        b"\xfe\xff" + "flask\r\ngunicorn\r\n".encode("utf-16-be"),
        "# -*- coding: latin-1 -*-\nflask # é\ngunicorn".encode("latin-1"),
    ],
)
def test_encodings_that_pip_knows(read: Callable[..., tuple[Requirement, ...]], data: bytes) -> None:
    assert [r.name for r in read(data)] == ["flask", "gunicorn"]


def test_utf16_is_noted(deployment: Make) -> None:
    installed = deployment({"requirements.txt": "flask\n".encode("utf-16")}).installed
    assert installed.manifests[0].encoding == "utf-16"


def test_includes_and_constraints(deployment: Make) -> None:
    installed = deployment(
        {
            "requirements.txt": "-r requirements/prod.txt\n--constraint=limits.txt\n",
            "requirements/prod.txt": "-rbase.txt\ngunicorn\n",
            "requirements/base.txt": "flask\n",
            "limits.txt": "werkzeug<3\n",
        }
    ).installed
    assert [(r.name, r.span.path) for r in installed.requirements] == [
        ("flask", "requirements/base.txt"),
        ("gunicorn", "requirements/prod.txt"),
    ]
    assert [(r.name, r.specifier) for r in installed.manifests[0].constraints] == [("werkzeug", "<3")]
    assert installed.known


@pytest.mark.parametrize(
    ("text", "name", "url"),
    [
        ("flask @ https://example.org/flask.zip", "flask", "https://example.org/flask.zip"),
        ("flask@git+https://example.org/flask@main", "flask", "git+https://example.org/flask@main"),
        ("git+https://example.org/x.git@v1#egg=My_Pkg", "my-pkg", "git+https://example.org/x.git@v1#egg=My_Pkg"),
        ("-e git+ssh://git@example.org/x.git#egg=pkg[a]", "pkg", "git+ssh://git@example.org/x.git#egg=pkg[a]"),
        (
            "https://example.org/w/my_pkg-1.0-py3-none-any.whl",
            "my-pkg",
            "https://example.org/w/my_pkg-1.0-py3-none-any.whl",
        ),
    ],
)
def test_addresses(read: Callable[..., tuple[Requirement, ...]], text: str, name: str, url: str) -> None:
    (found,) = read(text)
    assert (found.name, found.url) == (name, url)


@pytest.mark.parametrize(
    ("files", "path", "line", "why"),
    [
        ({"requirements.txt": "flask\n-r gone.txt\n"}, "requirements.txt", 2, "no file «gone.txt»"),
        ({"requirements.txt": "-r a.txt\n", "a.txt": "x\n-r requirements.txt\n"}, "a.txt", 2, "includes itself"),
        ({"requirements.txt": "flask\n<<<<<<< HEAD\ngunicorn\n"}, "requirements.txt", 2, "merge"),
        ({"requirements.txt": "flask=1.0\n"}, "requirements.txt", 1, "flask==1.0"),
        ({"requirements.txt": "pip install flask\n"}, "requirements.txt", 1, "more than one word"),
        ({"requirements.txt": "flask 1.0\n"}, "requirements.txt", 1, "no «==»"),
        ({"requirements.txt": "--no-such-option\nflask"}, "requirements.txt", 1, "no option"),
        ({"requirements.txt": "-r ../other.txt"}, "requirements.txt", 1, "outside"),
        ({"requirements.txt": "flask\0\n"}, "requirements.txt", 1, "NUL"),
        ({"requirements.txt": "flask; python_version ==\n"}, "requirements.txt", 1, "marker"),
    ],
)
def test_what_pip_rejects_is_a_fact_with_a_place(
    deployment: Make, files: dict[str, str], path: str, line: int, why: str
) -> None:
    installed = deployment(files).installed
    assert [(u.path, u.span.line) for u in installed.unreadable][:1] == [(path, line)]
    assert why in installed.unreadable[0].why
    assert not installed.known


def test_a_huge_file_is_a_fact(deployment: Make) -> None:
    installed = deployment({"requirements.txt": "flask==1.0\n" * 1_000_000}).installed
    assert installed.unreadable[0].breaks is None


@pytest.mark.parametrize("text", ["-r https://example.org/r.txt", "${PKG}==1.0", "git+https://example.org/x.git"])
def test_what_cannot_be_seen_makes_absences_unproven(deployment: Make, text: str) -> None:
    installed = deployment({"requirements.txt": text}).installed
    assert not installed.known
    assert not installed.unreadable


def test_a_wheel_tells_its_version(read: Callable[..., tuple[Requirement, ...]]) -> None:
    (found,) = read("https://example.org/cpu/torch-1.7.1%2Bcpu-cp38-cp38-linux_x86_64.whl")
    assert (found.name, found.specifier) == ("torch", "==1.7.1+cpu")
