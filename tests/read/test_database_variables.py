"""The URL of the platform's database is text whose scheme is known: what code does to it can be followed."""

from collections.abc import Callable

import pytest

from adaptable_preflight.model import Call, Deployment
from adaptable_preflight.value import leading, text_of, variables

APP = """import os, re
from urllib.parse import urlparse
from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
{code}
create_engine(url)
"""


def reached(deployment: Deployment) -> Call:
    """Return the call that the URL reaches."""
    return next(call for call in deployment.code.calls if call.name == "sqlalchemy.create_engine")


@pytest.mark.parametrize(
    ("code", "beginning"),
    [
        ("url = os.environ['DATABASE_URL']", "postgres://"),
        ("url = os.getenv('DATABASE_URL', 'sqlite:///local.db')", "postgres://"),
        ("url = os.environ['DATABASE_URL'].replace('postgres://', 'postgresql://', 1)", "postgresql://"),
        ("url = os.environ['DATABASE_URL'].replace('mysql://', 'mysql+pymysql://', 1)", "postgres://"),
        ("url = os.environ['DATABASE_URL']\nif url.startswith('postgres://'):\n    url = 'postgresql' + url[8:]", None),
        ("url = 'postgresql://' + os.environ['DATABASE_URL'].split('://', 1)[1]", "postgresql://"),
        ("url = re.sub(r'^postgres:', 'postgresql:', os.environ['DATABASE_URL'])", "postgresql://"),
        ("url = urlparse(os.environ['DATABASE_URL'])._replace(scheme='postgresql').geturl()", "postgresql://"),
        ("url = os.environ['DATABASE_URL']\nif 'postgresql://' not in url:\n    url = url.replace('es://', 'esql://')",
         "postgresql://"),
        ("url = 'x'\nif 'DATABASE_URL' in os.environ:\n    url = os.environ['DATABASE_URL']", "postgres://"),
        ("scheme, _, rest = os.environ['DATABASE_URL'].partition('://')\nurl = 'postgresql+psycopg://' + rest",
         "postgresql+psycopg://"),
    ],
)  # fmt: skip
def test_the_scheme_is_followed(deployment: Callable[..., Deployment], code: str, beginning: str | None) -> None:
    """Whatever way people repair the URL, the beginning of what reaches the engine is known."""
    found = reached(deployment({"app.py": APP.format(code=code)}, "gunicorn app:app"))
    value = found.arguments[0].value
    assert leading(value) == (beginning or "postgresql://")
    assert variables(value) == ("DATABASE_URL",)


@pytest.mark.parametrize(("database", "set_"), [("", True), ("postgres", True), ("none", False)])
def test_a_database_that_is_not_chosen_tells_nothing(
    deployment: Callable[..., Deployment], database: str, set_: bool
) -> None:
    """With `database: none` the fallback is what counts."""
    code = "url = os.environ['DATABASE_URL'] if 'DATABASE_URL' in os.environ else 'sqlite://'"
    found = reached(deployment({"app.py": APP.format(code=code)}, "gunicorn app:app", database=database))
    assert (text_of(found.arguments[0].value) == "sqlite://") is not set_


@pytest.mark.parametrize("part", ["username", "password", "hostname", "path"])
def test_a_part_of_the_url_keeps_where_it_comes_from(deployment: Callable[..., Deployment], part: str) -> None:
    """The parts of `urlparse` are not decoded, and that they come from the variable is known."""
    code = f"url = urlparse(os.environ['DATABASE_URL']).{part}"
    value = reached(deployment({"app.py": APP.format(code=code)}, "gunicorn app:app")).arguments[0].value
    assert getattr(value, "name", "") == f"urllib.parse.urlparse.{part}"
    assert variables(value) == ("DATABASE_URL",)
