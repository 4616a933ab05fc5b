"""gunicorn's `BaseApplication`, as its documentation shows it, in whole programs."""

from collections.abc import Callable

import pytest

from adaptable_preflight.model import Deployment, Tcp

PROGRAM = """
import os
from flask import Flask
from gunicorn.app.base import BaseApplication

app = Flask(__name__)

class Standalone(BaseApplication):
    def __init__(self, app, options=None):
        self.options = options or {}
        self.application = app
        super().__init__()

    def load_config(self):
        config = {k: v for k, v in self.options.items() if k in self.cfg.settings and v is not None}
        for key, value in config.items():
            self.cfg.set(key.lower(), value)

    def load(self):
        return self.application

if __name__ == "__main__":
    Standalone(app, OPTIONS).run()
"""


@pytest.mark.parametrize(
    ("options", "env", "outcome", "bind", "workers"),
    [
        ("{'bind': '0.0.0.0:80', 'workers': 3}", {}, "listens", ("0.0.0.0", 80), 3),
        ("{'bind': '%s:%s' % ('0.0.0.0', os.environ['PORT'])}", {"PORT": "81"}, "listens", ("0.0.0.0", 81), 1),
        ("{'workers': '2'}", {}, "listens", ("127.0.0.1", 8000), 2),
        ("None", {"PORT": "82", "WEB_CONCURRENCY": "5"}, "listens", ("0.0.0.0", 82), 5),
        ("{}", {"GUNICORN_CMD_ARGS": "--bind :99"}, "listens", ("127.0.0.1", 8000), 1),
        ("{'workers': 'many'}", {}, "fails", None, None),
        ("{'worker_class': 'nothing'}", {}, "fails", None, None),
        ("{'post_fork': print}", {}, "unknown", None, None),
        ("{'strange': 1}", {}, "unknown", None, None),
        ("load()", {}, "fails", None, None),
    ],
)
def test_options(
    deployment: Callable[..., Deployment],
    options: str,
    env: dict[str, str],
    outcome: str,
    bind: tuple[str, int] | None,
    workers: int | None,
) -> None:
    made = deployment({"app.py": PROGRAM.replace("OPTIONS", options)}, "python app.py", env)
    assert made.web is not None
    assert made.web.outcome == outcome
    if bind is not None:
        server = made.web.servers[0]
        assert isinstance(server.binds[0], Tcp)
        assert (server.binds[0].host.value, server.binds[0].port.value) == bind  # type: ignore[union-attr]
        assert server.workers == workers
        assert server.app is not None


def test_an_app_that_loads_its_options_elsewhere_is_not_known(deployment: Callable[..., Deployment]) -> None:
    program = PROGRAM.replace("self.application = app", "self.handler = app").replace("OPTIONS", "{}")
    made = deployment({"app.py": program}, "python app.py", {})
    assert made.web is not None
    assert made.web.outcome == "unknown"
