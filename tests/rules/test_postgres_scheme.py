"""`postgres-scheme`: only what reaches SQLAlchemy as `postgres://` is reported."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import postgres_scheme

Says = Callable[..., tuple[Finding, ...]]

FLASK = "import os\nfrom flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\napp = Flask(__name__)\n"
FASTAPI = "import os\nfrom fastapi import FastAPI\nfrom sqlalchemy import create_engine\napp = FastAPI()\n"
URI = 'app.config["SQLALCHEMY_DATABASE_URI"]'


@pytest.mark.parametrize(
    ("app", "lines"),
    [
        (FLASK + f'{URI} = os.environ["DATABASE_URL"]\n', [5]),
        (FLASK + f'{URI} = os.environ.get("DATABASE_URL") or "sqlite:///x.db"\n', [5]),
        (FLASK + f'{URI} = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)\n', []),
        (FLASK + f'{URI} = os.environ["DATABASE_URL"].replace("postgres://", "postgresql+psycopg://")\n', []),
        (FLASK + f'{URI} = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")\n', [5]),
        (FLASK + 'url = os.environ["DATABASE_URL"]\nif url.startswith("postgres://"):\n'
         f'    url = url.replace("postgres://", "postgresql://", 1)\n{URI} = url\n', []),
        (FLASK + "class Config:\n    SQLALCHEMY_DATABASE_URI = os.environ.get('DATABASE_URL')\n"
         "app.config.from_object(Config)\n", [6]),
        (FLASK.replace("from flask_sqlalchemy import SQLAlchemy\n", "") + f'{URI} = os.environ["DATABASE_URL"]\n', []),
        (FASTAPI + 'engine = create_engine(os.getenv("DATABASE_URL", "sqlite://"))\n', [5]),
        (FASTAPI + 'engine = create_engine(os.getenv("SQL_URL", "sqlite://"))\n', []),
        (FASTAPI + 'engine = create_engine("postgres://a:b@c/d")\n', [5]),
        (FASTAPI + "from sqlalchemy.engine import make_url\n"
         'engine = create_engine(make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+psycopg2"))\n', []),
        (FASTAPI + "if __name__ == '__main__':\n    create_engine(os.environ['DATABASE_URL'])\n", []),
    ],
)  # fmt: skip
def test_what_reaches_sqlalchemy(says: Says, app: str, lines: list[int]) -> None:
    found = says(postgres_scheme, {"app.py": app})
    assert [(f.span.line, str(f.severity)) for f in found] == [(line, "error") for line in lines]


@pytest.mark.parametrize(
    ("requirement", "reported"),
    [
        ("SQLAlchemy==1.3.24", False),
        ("SQLAlchemy<1.4", False),
        ("SQLAlchemy~=1.3.0", False),
        ("SQLAlchemy==1.3.*", False),
        ("SQLAlchemy", True),
        ("SQLAlchemy~=1.3", True),
        ("SQLAlchemy<=1.4", True),
        ("SQLAlchemy==1.4.46", True),
        ("SQLAlchemy>=1.3,<3", True),
    ],
)
def test_old_versions_know_the_scheme(says: Says, requirement: str, reported: bool) -> None:
    files = {"app.py": FASTAPI + "create_engine(os.environ['DATABASE_URL'])\n", "requirements.txt": requirement}
    assert bool(says(postgres_scheme, files)) is reported


SETTINGS = """import os
from fastapi import FastAPI
from pydantic import field_validator, model_validator, validator
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine
class Settings(BaseSettings):
    database_url: str = "sqlite://"
{code}
settings = Settings()
app = FastAPI()
engine = create_engine(settings.database_url)
"""


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("", 1),
        (("    @field_validator('database_url')\n    @classmethod\n    def repair(cls, v):\n"
         "        return v.replace('postgres://', 'postgresql://')"), 0),
        (("    @validator('database_url', pre=True)\n    def repair(cls, v, values):\n"
         "        return v.replace('postgres://', 'postgresql://')"), 0),
        ("    @field_validator('other')\n    @classmethod\n    def repair(cls, v):\n        return 'x'", 1),
        ("    @field_validator('database_url')\n    @classmethod\n    def check(cls, v):\n        return v", 1),
        (("    @model_validator(mode='after')\n    def repair(self):\n"
         "        self.database_url = self.database_url.replace('es://', 'esql://')\n        return self"), 0),
    ],
)  # fmt: skip
def test_fields_of_settings(says: Says, code: str, count: int) -> None:
    assert len(says(postgres_scheme, {"app.py": SETTINGS.format(code=code)})) == count


CONFIGS = """import os
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
class Development:
    SQLALCHEMY_DATABASE_URI = "sqlite://"
class Production:
    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL")
CONFIGS = {"development": Development, "production": Production, "testing": Production}
app = Flask(__name__)
app.config.from_object(CONFIGS[os.getenv("FLASK_CONFIG") or "development"])
"""


def test_a_configuration_that_a_variable_would_choose(says: Says) -> None:
    found = says(postgres_scheme, {"app.py": CONFIGS})
    assert [(f.span.line, str(f.severity)) for f in found] == [(7, "warning")]
    found = says(postgres_scheme, {"app.py": CONFIGS}, environment=(("FLASK_CONFIG", "production"),))
    assert [(f.span.line, str(f.severity)) for f in found] == [(7, "error")]
    assert says(postgres_scheme, {"app.py": CONFIGS.replace('"production"', '"test"')}) == ()


def test_a_platform_without_such_a_scheme_is_silent(says: Says) -> None:
    files = {"app.py": FASTAPI + "create_engine(os.environ['DATABASE_URL'])\n"}
    assert says(postgres_scheme, files, platform="cloud-run") == ()


@pytest.mark.parametrize(
    ("read", "advised"),
    [
        ('os.environ["DATABASE_URL"]', 'os.environ["DATABASE_URL"]'),
        ('os.getenv("DATABASE_URL")', 'os.getenv("DATABASE_URL", "")'),
        ('os.environ.get("DATABASE_URL", None)', 'os.environ.get("DATABASE_URL", "")'),
        ('os.environ.get("DATABASE_URL", "sqlite:///x.db")', 'os.environ.get("DATABASE_URL", "sqlite:///x.db")'),
        ('os.environ.get("DATABASE_URL", "postgresql://me:pass@h/d")', 'os.environ.get("DATABASE_URL", …)'),
        ('os.getenv("DATABASE_URL") or "sqlite:///x.db"', 'os.getenv("DATABASE_URL", "")'),
        ('config("DATABASE_URL")', 'config("DATABASE_URL")'),
    ],
)
def test_the_advice_fits_the_place(says: Says, read: str, advised: str) -> None:
    app = f"{FASTAPI}from decouple import config\nADDRESS = {read}\nengine = create_engine(ADDRESS)\n"
    (found,) = says(postgres_scheme, {"app.py": app})
    assert found.span.line == 6
    assert f'here: {advised}.replace("postgres://", "postgresql://", 1)' in found.advice


def test_the_advice_names_nothing_where_the_place_is_a_field(says: Says) -> None:
    app = (
        f"{FASTAPI}from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    database_url: str\n"
        "engine = create_engine(Settings().database_url)\n"
    )
    (found,) = says(postgres_scheme, {"app.py": app})
    assert 'append .replace("postgres://", "postgresql://", 1) to the text' in found.advice
