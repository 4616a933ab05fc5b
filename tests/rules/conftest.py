"""Small apps and what one rule says of the code that is deployed."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.conftest import Files

from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment
from adaptable_preflight.rules import Rule


@pytest.fixture
def says(deployment: Callable[..., Deployment]) -> Callable[..., tuple[Finding, ...]]:
    """Return a function from a rule, files and the app's target to what the rule says when a server serves the app."""

    def make(rule: Rule, files: Files, app: str = "", **settings: Any) -> tuple[Finding, ...]:
        worker = " -k uvicorn.workers.UvicornWorker" if "fastapi" in str(dict(files)).lower() else ""
        app = app or ("project.wsgi:application" if "project/wsgi.py" in files else "app:app")
        return tuple(rule.check(deployment(files, f"gunicorn{worker} '{app}'", **settings)))

    return make
