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
