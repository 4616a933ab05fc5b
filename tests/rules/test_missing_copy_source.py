"""`missing-copy-source`: what a Dockerfile copies and the build does not have."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.read.path_patterns import lengths, parts_of

Check = Callable[..., tuple[Finding, ...]]

APP = {"app.py": "def app(environ, start_response): ...\n", "conf/a.ini": "", "front/src/a.js": ""}


def told(findings: Check, steps: str, files: dict[str, str]) -> list[tuple[int, str, str]]:
    dockerfile = f"FROM python:3.11-slim\n{steps}\nCMD gunicorn app:app\n"
    found = findings({**APP, "Dockerfile": dockerfile, **files}, rule="missing-copy-source")
    return [(f.span.line, str(f.severity), f.message.partition("«")[2].partition("»")[0]) for f in found]


@pytest.mark.parametrize(
    ("steps", "files", "expected"),
    [
        ("COPY app.py .\nCOPY conf conf\nCOPY /conf/a.ini ./\nADD ./ /app\nCOPY . .", {}, []),
        ("COPY setup.cfg app.py ./", {}, [(2, "error", "setup.cfg")]),
        ("COPY --chown=a:b \\\n  # a note\n  app.py \\\n  lost.py /srv/", {}, [(5, "error", "lost.py")]),
        ('COPY ["lost one.py", "app.py", "./"]', {}, [(2, "error", "lost one.py")]),
        ('COPY "app.py" "lost.py" ./', {}, [(2, "error", "lost.py")]),
        ("COPY ../lost.py .\nCOPY ../app.py .", {}, [(2, "error", "lost.py")]),
        ("COPY App.py .", {}, [(2, "error", "App.py")]),
        ("COPY lost.py .\nCOPY lost.py /b/", {}, [(2, "error", "lost.py")]),
        ("COPY app.py . # the app", {}, [(2, "error", "#")]),
        ("COPY lost.py . 2>/dev/null || true", {}, [(2, "error", "lost.py"), (2, "error", "2>/dev/null")]),
        ("RUN --mount=type=bind,source=uv.lock,target=uv.lock uv sync", {}, [(2, "error", "uv.lock")]),
        ("RUN --mount=type=bind,source=app.py,target=a.py true", {}, []),
        ("RUN --mount=type=bind,from=uv,source=/uv,target=/uv true\nRUN --mount=type=cache,target=/x true", {}, []),
        ("COPY lost*.py los[t].py ./\nCOPY $FROM ${OTHER:-x}/y ./\nCOPY .git .git", {}, []),
        ("ADD https://example.org/a.tar.gz git@github.com:a/b.git /x/", {}, []),
        ("COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/uv", {}, []),
        ("COPY <<EOF /etc/lost\nlost.py /x\nEOF\nCOPY <<-'A' <<B /x/\nA\nB", {}, []),
        ("COPY vendor/lib /lib", {".gitmodules": '[submodule "l"]\n\tpath = vendor/lib\n'}, []),
    ],
)  # fmt: skip
def test_what_is_copied_has_to_be_there(
    findings: Check, steps: str, files: dict[str, str], expected: list[tuple[int, str, str]]
) -> None:
    assert told(findings, steps, files) == expected


@pytest.mark.parametrize(
    ("ignore", "steps", "expected"),
    [
        ("conf\n", "COPY conf conf", ["conf"]),
        ("conf\n", "COPY conf/a.ini .", ["conf/a.ini"]),
        ("conf/*\n", "COPY conf conf", []),
        ("conf/*\n", "COPY conf/a.ini .", ["conf/a.ini"]),
        ("**/*.ini\n", "COPY conf/a.ini .", ["conf/a.ini"]),
        ("*.ini\n", "COPY conf/a.ini .", []),
        ("*\n!conf\n", "COPY conf conf\nCOPY app.py .", ["app.py"]),
        ("*\n!front/src/a.js\n", "COPY front front", []),
        ("# conf\n\n/conf\n!/conf/a.ini\n", "COPY conf/a.ini .", []),
        ("**\n", "COPY . .", []),
        ("**.js\n", "COPY front/src/a.js .", ["front/src/a.js"]),
    ],
)
def test_dockerignore_keeps_files_from_the_build(findings: Check, ignore: str, steps: str, expected: list[str]) -> None:
    assert [each[2] for each in told(findings, steps, {".dockerignore": ignore})] == expected


def test_files_that_are_lost_for_one_cause_are_told_together(findings: Check) -> None:
    dockerfile = "FROM python:3.11-slim\nCOPY lost.py gone.py ./\nCOPY App.py .\nCMD gunicorn app:app\n"
    lost, other = findings({**APP, "Dockerfile": dockerfile}, rule="missing-copy-source")
    assert [each.message for each in lost.related] == ["nor is «gone.py»"]
    assert "«App.py»" in other.message


def test_a_file_named_after_the_dockerfile_comes_before_the_general_one(findings: Check) -> None:
    files = {".dockerignore": "conf\n", "Dockerfile.dockerignore": "front\n"}
    assert [each[2] for each in told(findings, "COPY conf front/src/a.js ./", files)] == ["front/src/a.js"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({".gitignore": ".env\n"}, "error"),
        ({"deploy.sh": "cp .env.example .env\n"}, "warning"),
        ({".github/workflows/a.yml": "run: printenv > .env\n"}, "warning"),
        ({".github/workflows/a.yml": "run: printenv > .env.test\n"}, "error"),
    ],
)
def test_what_runs_before_the_build_may_make_a_file(findings: Check, files: dict[str, str], expected: str) -> None:
    assert [each[1] for each in told(findings, "COPY app.py .env ./", files)] == [expected]


def test_a_folder_of_products_that_git_ignores_is_likely_made_before(findings: Check) -> None:
    assert told(findings, "COPY front/dist /d", {".gitignore": "dist/\n"}) == [(2, "warning", "front/dist")]
    assert told(findings, "COPY front/dist /d", {".gitignore": ""}) == [(2, "error", "front/dist")]


def test_only_a_dockerfile_that_makes_the_image_and_its_needed_stages_count(findings: Check) -> None:
    lost = "FROM node AS dev\nCOPY lost.js .\nFROM python:3.11-slim\nCOPY app.py .\nCMD gunicorn app:app\n"
    assert not findings({**APP, "Dockerfile": lost}, rule="missing-copy-source")
    used = f"{lost}COPY --from=dev /lost.js .\n"
    assert findings({**APP, "Dockerfile": used}, rule="missing-copy-source")
    assert not findings({**APP, "Dockerfile": used, "Procfile": "web: gunicorn app:app"}, rule="missing-copy-source")


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("a/**/b", "a/b/c", {2}),
        ("a/**/b", "a/x/y/b", {4}),
        ("a/**", "a/b", {2}),
        ("a/**", "a", set()),
        ("**", "a/b", {1, 2}),
        ("a**", "ab/c", {1}),
        ("a**/c", "ab/x/c", {3}),
        ("*a" * 40 + "b", "a" * 4000, set()),
    ],
)
def test_a_pattern_matches_beginnings_of_a_path(pattern: str, path: str, expected: set[int]) -> None:
    assert lengths(parts_of(pattern), path.split("/")) == expected
