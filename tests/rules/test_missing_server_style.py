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
