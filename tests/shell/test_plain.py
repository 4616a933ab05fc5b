"""A command of plain words is read without the grammar, and comes to what the grammar comes to."""

from collections.abc import Callable
from typing import Any

import pytest

from adaptable_preflight.model import Deployment
from adaptable_preflight.read.shell import plain

FILES = {"app.py": "from flask import Flask\n\napp = Flask(__name__)\n\n\ndef create(name='x'):\n    return app\n"}


@pytest.mark.parametrize(
    ("command", "is_plain"),
    [
        ("gunicorn app:app", True),
        ("  gunicorn   app:app\t--threads  4 ", True),
        ("gunicorn --bind=0.0.0.0:$PORT --threads=4 'app:create()'", True),
        ('gunicorn -b "0.0.0.0:8000" "app:create()"', True),
        ("gunicorn -b 0.0.0.0:${PORT} -w $WORKERS app:app", True),
        ("gunicorn -b $PORT app:app", True),
        ("gunicorn -b 0.0.0.0:$OTHER app:app", False),
        ("gunicorn -b 0.0.0.0:${PORT:-8000} app:app", False),
        ("gunicorn -b '0.0.0.0:$PORT' app:app", True),
        ('gunicorn -b "0.0.0.0:$PORT" app:app', False),
        ("gunicorn -w $SPLIT app:app", False),
        ("gunicorn app:app && true", False),
        ("exec gunicorn app:app", False),
        ("PORT=1 gunicorn app:app", False),
        ("gunicorn app:app # quickly", False),
        ("gunicorn nowhere:app", True),
        ("gunicorn --daemon app:app", False),
        ("flask-no-such-thing app:app", False),
    ],
)
def test_plain_words_come_to_the_same(
    deployment: Callable[..., Deployment], monkeypatch: pytest.MonkeyPatch, command: str, is_plain: bool
) -> None:
    variables = (("WORKERS", "3"), ("SPLIT", "3 --threads 2"))
    answers = list[Any]()
    real = plain.read

    def noted(*given: Any) -> Any:
        answers.append(real(*given))
        return answers[-1]

    monkeypatch.setattr(plain, "read", noted)
    quick = deployment(FILES, command, environment=variables)
    monkeypatch.setattr(plain, "read", lambda *_: None)
    assert deployment(FILES, command, environment=variables).processes == quick.processes
    assert (answers[0] is not None) is is_plain


def test_a_long_line_that_is_not_plain_is_no_long_work(deployment: Callable[..., Deployment]) -> None:
    command = "gunicorn " + "a" * 50_000 + "$" * 3 + "!"
    assert deployment(FILES, command).processes[0].outcome != "listens"
