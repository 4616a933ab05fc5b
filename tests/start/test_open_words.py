"""`gunicorn app:app $GUNICORN_OPTS`: a word that may be none, or several, rejects no command."""

from collections.abc import Callable

import pytest

from adaptable_preflight.model import Deployment

Deploy = Callable[..., Deployment]

FILES = {
    "requirements.txt": "flask\ngunicorn\nwaitress\n",
    "app.py": "from flask import Flask\napp = Flask(__name__)\n",
    "start.sh": 'A=""\nif [ "$D" = true ]; then A="--reload --timeout 99"; fi\ngunicorn app:app --bind 0.0.0.0:$PORT ${A}\n',
}


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        ("gunicorn app:app --bind 0.0.0.0:$PORT $OPTS", "unknown"),
        ("gunicorn app:app $OPTS", "unknown"),
        ("gunicorn $OPTS app:app", "unknown"),
        ("gunicorn $OPTS --bind 0.0.0.0:$PORT app:app", "unknown"),
        ("gunicorn app:app --bind 0.0.0.0:$PORT $(options)", "unknown"),
        ("python -m gunicorn app:app --bind 0.0.0.0:$PORT $OPTS", "unknown"),
        ("waitress-serve --port=$PORT $OPTS app:app", "unknown"),
        ("gunicorn --bind 0.0.0.0:$PORT --workers $N app:app", "listens"),
        ("sh start.sh", "listens"),
        ("gunicorn --bind 0.0.0.0:$PORT --no-such-option app:app", "fails"),
        ("gunicorn app:app --bind 0.0.0.0:$PORT more", "fails"),
    ],
)
def test_a_command_with_a_word_that_may_be_several(deployment: Deploy, command: str, outcome: str) -> None:
    web = deployment({**FILES, "Procfile": f"web: {command}\n"}).web
    assert web is not None and web.outcome == outcome, (web and web.reason, web and web.failure)
    if outcome == "unknown":
        assert web.server is not None and web.server.name in ("gunicorn", "waitress")
        assert web.server.workers is None
