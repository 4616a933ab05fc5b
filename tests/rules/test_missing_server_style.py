from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding


@pytest.mark.parametrize(
    ("lines", "start"),
    [
        ("flask==3.0.3\nsqlalchemy==2.0.1\n", "gunicorn=="),
        ("flask>=3.0\nsqlalchemy>=2.0\n", "gunicorn>="),
        ("flask~=3.0\nsqlalchemy==2.0.1\nrequests>=2\n", "gunicorn>="),
        ("flask\nsqlalchemy\n", "gunicorn\n"),
    ],
)
def test_the_line_to_add_is_written_as_the_others_are(
    findings: Callable[..., tuple[Finding, ...]], lines: str, start: str
) -> None:
    files = {"Procfile": "web: gunicorn app:app\n", "app.py": "app = print\n", "requirements.txt": lines}
    (finding,) = findings(files, rule="missing-server")
    assert finding.fix is not None
    assert finding.fix.edits[0].text.startswith(start)


PIPFILE = '[packages]\nflask = "{}"\n\n[requires]\npython_version = "{}"\n'
LOCK = '{"default": {"flask": {"version": "==3.0.3"}, "click": {"version": "==8.1.7"}}}'


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"Pipfile": PIPFILE.format("*", "3.11"), "Pipfile.lock": LOCK}, 'gunicorn = "*"'),
        ({"Pipfile": PIPFILE.format("==3.0.3", "3.11"), "Pipfile.lock": LOCK}, 'gunicorn = "==2'),
        ({"Pipfile": PIPFILE.format("==2.0.3", "3.7"), "Pipfile.lock": LOCK}, 'gunicorn = "*"'),
        ({"requirements.txt": "flask==2.0.3\n", "runtime.txt": "python-3.7.9\n"}, "gunicorn"),
        ({"requirements.txt": "flask==2.0.3\n", "runtime.txt": "python-3.9.2\n"}, "gunicorn==2"),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.7"\nflask = "^2.0"\n'}, 'gunicorn = "*"'),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.9"\nflask = "^2.0"\n'}, 'gunicorn = "^2'),
    ],
)
def test_what_a_lock_chose_is_no_style_and_an_old_python_gets_no_new_version(
    findings: Callable[..., tuple[Finding, ...]], files: dict[str, str], line: str
) -> None:
    (finding,) = findings(
        {"Procfile": "web: gunicorn app:app\n", "app.py": "app = print\n", **files}, rule="missing-server"
    )
    end = "»" if line[-1] in '"n' else ""
    assert f"«{line}{end}" in finding.advice


def test_no_line_is_offered_beside_hashes(findings: Callable[..., tuple[Finding, ...]]) -> None:
    lines = "flask==3.0.3 \\\n    --hash=sha256:" + "0" * 64 + "\n"
    files = {"Procfile": "web: gunicorn app:app\n", "app.py": "app = print\n", "requirements.txt": lines}
    (finding,) = findings(files, rule="missing-server")
    assert (finding.fix, finding.advice[:20]) == (None, "Add «gunicorn» to wh")


BASE = "from flask import Flask\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    ("lines", "severity"),
    [
        ("flask==3.0.3\ncompany.flask-more==1.0\n", "error"),
        ("company.flask-base==1.0\n", "warning"),
        ("company-platform==1.0\n", "warning"),
    ],
)
def test_what_brings_the_framework_may_bring_the_server(
    findings: Callable[..., tuple[Finding, ...]], lines: str, severity: str
) -> None:
    files = {"Procfile": "web: gunicorn app:app\n", "app.py": BASE, "requirements.txt": lines}
    assert [str(one.severity) for one in findings(files, rule="missing-server")] == [severity]
