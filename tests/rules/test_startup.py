"""`slow-import` and `required-variable`: what happens when the app is imported, and only then."""

from collections.abc import Callable

import pytest
from tests.rules.apps import django

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import required_variable, slow_import

Says = Callable[..., tuple[Finding, ...]]

FLASK = "import os, time\nfrom flask import Flask\napp = Flask(__name__)\n"
PARTS = "import pymysql\nfrom urllib.parse import urlparse\nurl = urlparse(os.getenv(NAME))\n"
ENGINE = "from sqlalchemy import create_engine\n"
FASTAPI = "import os, time\nfrom fastapi import FastAPI\napp = FastAPI()\n"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("time.sleep(30)", 1),
        ("time.sleep(1)", 0),
        ("import requests\nrequests.get('https://api.example.com')", 1),
        ("import requests\n@app.route('/')\ndef index():\n    return requests.get('https://api.example.com').text", 0),
        ("import requests\ndef load():\n    return requests.get('https://api.example.com').text\nTEXT = load()", 1),
        ("import requests\nif __name__ == '__main__':\n    requests.get('https://api.example.com')", 0),
        ("import nltk\nnltk.download('punkt')", 1),
        ("import urllib2\nurllib2.urlopen('https://api.example.com')", 1),
        ("import yt_dlp\nyt_dlp.YoutubeDL({}).download(['https://example.com/v'])", 1),
        ("from transformers import AutoModel\nm = AutoModel.from_pretrained('bert-base-uncased')", 1),
        ("from transformers import AutoModel\nm = AutoModel.from_pretrained('./model')", 0),
        ("import gdown\ngdown.download('https://drive.example/x', 'model.h5')", 1),
        ("from tensorflow.keras.applications import VGG16\nm = VGG16()", 1),
        ("from keras.applications.resnet50 import ResNet50\nm = ResNet50(weights='imagenet')", 1),
        ("from tensorflow.keras.applications import VGG16\nm = VGG16(weights=None)", 0),
        ("from tensorflow.keras.applications import VGG16\nm = VGG16(weights='vgg.h5')", 0),
        ("import subprocess\nsubprocess.run(['dvc', 'pull'])", 1),
        ("os.system('pip install flask')", 1),
        ("os.system('ls -l')", 0),
        ("import pandas as pd\ndata = pd.read_csv('https://example.com/data.csv')", 1),
        ("import pandas as pd\ndata = pd.read_csv('data.csv')", 0),
        (f"{ENGINE}import pandas as pd\nsongs = pd.read_sql_table('songs', con=create_engine('postgresql://h/d'))", 1),
        (f"{ENGINE}import pandas as pd\nsongs = pd.read_sql('SELECT 1', create_engine('sqlite:///data.db'))", 0),
        ("import sqlite3\nimport pandas as pd\nsongs = pd.read_sql('SELECT 1', sqlite3.connect('data.db'))", 0),
        ("if 'DYNO' in os.environ:\n    os.system('dvc pull')", 0),
        ("def work():\n    while True:\n        print()\nwork()", 1),
        ("n = 0\nwhile True:\n    n += 1\n    if n > 3:\n        break", 0),
        ("def work(n=0):\n    while True:\n        n += 1\n        if n > 3:\n            return n\nwork()", 0),
        ("while True:\n    for n in [1]:\n        if n > 3:\n            break", 1),
        ("while True:\n    try:\n        print()\n    except KeyboardInterrupt:\n        break", 1),
        ("def work():\n    while True:\n        yield 1\nnumbers = work()\nprint(next(numbers))", 0),
        ("def work():\n    if app.a:\n        while True:\n            yield 1\nnumbers = work()", 0),
        ("def work():\n    while True:\n        yield 1\nfor number in work():\n    print(number)", 1),
        ("def work():\n    while True:\n        yield 1\nfor number in work():\n    if number:\n        break", 0),
        ("def work():\n    def inner():\n        yield 1\n    while True:\n        print()\nwork()", 1),
        ("async def work():\n    while True:\n        yield 1\nnumbers = work()", 0),
        ("async def work():\n    while True:\n        print()\nnumbers = work()", 0),
    ],
)
@pytest.mark.parametrize("framework", [FLASK, FASTAPI.replace("FastAPI()", "FastAPI(); app.route = app.get")])
def test_slow_import(says: Says, framework: str, code: str, count: int) -> None:
    files = {"app.py": f"{framework}{code}\n", "data.csv": ""}
    found = [finding for finding in says(slow_import, files) if str(finding.severity) == "warning"]
    assert len(found) == count


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("os.environ['TOKEN']", ["TOKEN"]),
        ("os.environ['TOKEN']\nos.environ['TOKEN']", ["TOKEN"]),
        ("os.environ.get('TOKEN')", []),
        ("os.environ['PORT'] + os.environ['DATABASE_URL'] + os.environ['HOME']", []),
        ("def later():\n    return os.environ['TOKEN']", []),
        ("try:\n    os.environ['TOKEN']\nexcept KeyError:\n    pass", []),
        ("from decouple import config\nconfig('TOKEN')", ["TOKEN"]),
        ("from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    token: str\ns = S()", ["TOKEN"]),
        ("import pymysql\npymysql.connect(host=os.environ.get('DB_HOST', 'localhost'))", ["DB_HOST"]),
        ("import pymysql\npymysql.connect(host=os.environ.get('PGHOST', 'localhost'))", []),
        (f"{ENGINE}create_engine(os.environ.get('MY_URL', 'postgresql://me@localhost/d'))", ["MY_URL"]),
        (f"{ENGINE}create_engine(os.environ.get('MY_URL'))", ["MY_URL"]),
        (f"{ENGINE}create_engine(os.environ.get('MY_URL') or os.getenv('DATABASE_URL'))", []),
        (f"{ENGINE}create_engine(os.environ.get('MY_URL', 'sqlite:///here.db'))", []),
        (f"{ENGINE}if os.getenv('MY_URL'):\n    create_engine(os.getenv('MY_URL'))", []),
        (f"{ENGINE}create_engine(f\"postgresql://me:x@{{os.getenv('DB_HOST')}}:1/d\")", ["DB_HOST"]),
        ("import pymysql\npymysql.connect(host=os.environ.get('DB_HOST'))", ["DB_HOST"]),
        (f"{PARTS}pymysql.connect(host=url.hostname, user=url.username)".replace("NAME", "'JAWSDB_URL'"), ["JAWSDB_URL"]),
        (f"{PARTS}pymysql.connect(host=url.hostname)".replace("NAME", "'MY_URL', 'mysql://localhost/d'"), ["MY_URL"]),
        (f"{PARTS}pymysql.connect(host=url.hostname)".replace("NAME", "'MY_URL', 'mysql://db.example.org/d'"), []),
        (f"{PARTS}pymysql.connect(host=url.hostname)".replace("NAME", "'DATABASE_URL'"), []),
        (f"{ENGINE}create_engine('postgresql://me:x@{{}}/d'.format(os.environ.get('DB_HOST', 'localhost')))", ["DB_HOST"]),
    ],
)  # fmt: skip
def test_required_variable(says: Says, code: str, names: list[str]) -> None:
    found = says(required_variable, {"app.py": f"{FLASK}{code}\n"})
    assert [name for finding in found for name in names if name in finding.message] == names
    assert [str(finding.severity) for finding in found] == ["notice"] * len(names)


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Field(default='x')", []),
        ("Field('x')", []),
        ("Field(default_factory=str)", []),
        ("Field(min_length=3), Field(default='x')", []),
        ("Field(min_length=3)", ["TOKEN"]),
        ("Field(default=...)", ["TOKEN"]),
        ("Field(...)", ["TOKEN"]),
        ("'a note'", ["TOKEN"]),
    ],
)
def test_a_field_of_settings_with_a_default_in_its_annotation(says: Says, field: str, names: list[str]) -> None:
    imports = "from typing import Annotated\nfrom pydantic import Field\nfrom pydantic_settings import BaseSettings\n"
    code = f"{FLASK}{imports}class S(BaseSettings):\n    token: Annotated[str, {field}]\ns = S()\n"
    found = says(required_variable, {"app.py": code})
    assert [name for finding in found for name in names if name in finding.message] == names
    assert len(found) == len(names)


@pytest.mark.parametrize("library", ["environs", "environ"])
@pytest.mark.parametrize(
    ("code", "environs", "environ"),
    [
        ("env('TOKEN')", ["TOKEN"], ["TOKEN"]),
        ("env('TOKEN', 'd')", [], ["TOKEN"]),
        ("env('TOKEN', str)", [], ["TOKEN"]),
        ("env('TOKEN', str, 'd')", [], []),
        ("env('TOKEN', default='d')", [], []),
        ("env.str('TOKEN')", ["TOKEN"], ["TOKEN"]),
        ("env.str('TOKEN', 'd')", [], []),
        ("env.int('TOKEN', 3)", [], []),
        ("env.bool('TOKEN', False)", [], []),
        ("env.list('TOKEN', [])", [], ["TOKEN"]),
        ("env.list('TOKEN', str, [])", [], []),
        ("env.dict('TOKEN', default={})", [], []),
    ],
)
def test_where_env_has_its_default(
    says: Says, library: str, code: str, environs: list[str], environ: list[str]
) -> None:
    found = says(required_variable, {"app.py": f"{FLASK}from {library} import Env\nenv = Env()\n{code}\n"})
    names = environs if library == "environs" else environ
    assert [name for finding in found for name in names if name in finding.message] == names
    assert len(found) == len(names)


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Field()", ["TOKEN"]),
        ("Field(...)", ["TOKEN"]),
        ("Field(default=..., description='x')", ["TOKEN"]),
        ("Field(PydanticUndefined)", ["TOKEN"]),
        ("Field(default=pydantic_core.PydanticUndefined)", ["TOKEN"]),
        ("Field(description='x')", ["TOKEN"]),
        ("Field('x')", []),
        ("Field(None)", []),
        ("Field(default=[])", []),
        ("Field([])", []),
        ("Field(default={})", []),
        ("Field(default=int(time.time()))", []),
        ("Field(default=2 * 1024 * os.cpu_count())", []),
        ("Field(default=FOLDER / 'x')", []),
        ("Field(default_factory=list)", []),
        ("Field(description='x', default_factory=lambda: 'y')", []),
    ],
)
def test_a_field_of_settings_with_a_default(says: Says, field: str, names: list[str]) -> None:
    imports = "import pathlib, pydantic_core\nfrom pydantic import Field\nfrom pydantic_core import PydanticUndefined\n"
    settings = (
        f"from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    token: str = {field}\ns = S()\n"
    )
    code = f"{FLASK}{imports}FOLDER = pathlib.Path(__file__).parent\n{settings}"
    found = says(required_variable, {"app.py": code})
    assert [name for finding in found for name in names if name in finding.message] == names
    assert len(found) == len(names)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("int(os.getenv('COUNT'))", ["COUNT"]),
        ("int(os.getenv('COUNT', '3'))", []),
        ("int(os.getenv('PORT'))", []),
        ("int(os.getenv('COUNT') or 3)", []),
        ("float(os.environ.get('RATE'))", ["RATE"]),
        ("os.getenv('NAMES').split(',')", ["NAMES"]),
        ("os.getenv('BUCKET') + '/files'", ["BUCKET"]),
        ("'Bearer ' + os.getenv('TOKEN')", ["TOKEN"]),
        ("'Bearer %s' % os.getenv('TOKEN')", []),
        ("f\"Bearer {os.getenv('TOKEN')}\"", []),
        ("print(os.getenv('TOKEN'))", []),
        ("os.getenv('TOKEN')[:4]", ["TOKEN"]),
        ("os.getenv('TOKEN')[0]", ["TOKEN"]),
        ("os.environ['OTHER'] = os.getenv('TOKEN')", ["TOKEN"]),
        ("os.environ['OTHER'] = os.getenv('TOKEN') or ''", []),
        ("os.environ.setdefault('OTHER', os.getenv('TOKEN'))", ["TOKEN"]),
        ("os.path.join(os.getenv('FOLDER'), 'x')", ["FOLDER"]),
        ("open(os.getenv('FILE'))", ["FILE"]),
        ("try:\n    int(os.getenv('COUNT'))\nexcept TypeError:\n    pass", []),
        ("import random\nif random.random() > 0.5:\n    int(os.getenv('COUNT'))", []),
        ("if os.getenv('COUNT'):\n    int(os.getenv('COUNT'))", []),
        ("@app.route('/')\ndef index():\n    return int(os.getenv('COUNT'))", []),
        ("import linebot\nlinebot.LineBotApi(os.getenv('TOKEN'))", ["TOKEN"]),
        ("from linebot.v3 import WebhookHandler\nWebhookHandler(os.getenv('SECRET'))", ["SECRET"]),
        ("from linebot.v3.messaging import Configuration\nConfiguration(access_token=os.getenv('TOKEN'))", []),
        ("import telegram\ntelegram.Bot(token=os.getenv('TOKEN'))", ["TOKEN"]),
        ("from twilio.rest import Client\nClient(os.getenv('SID'), os.getenv('TOKEN'))", []),
        ("import redis\nredis.from_url(os.getenv('REDIS_URL'))", ["REDIS_URL"]),
        ("import openai\nopenai.OpenAI()", ["OPENAI_API_KEY"]),
        ("import openai\nopenai.OpenAI(api_key=os.getenv('MY_KEY'))", ["MY_KEY"]),
        ("import openai\nopenai.OpenAI(api_key='sk-x')", []),
        ("import openai\ntry:\n    openai.OpenAI()\nexcept Exception:\n    pass", []),
        ("import openai\noptions = dict(zip(app.a, app.b))\nopenai.OpenAI(**options)", []),
    ],
)  # fmt: skip
def test_what_is_done_with_a_variable_fails_while_nobody_sets_it(says: Says, code: str, names: list[str]) -> None:
    found = says(required_variable, {"app.py": f"{FLASK}{code}\n"})
    assert [name for finding in found for name in names if f"unless {name} is set" in finding.message] == names
    assert [str(finding.severity) for finding in found] == ["notice"] * len(names)
    told = tuple((name, None) for name in names)
    assert says(required_variable, {"app.py": f"{FLASK}{code}\n"}, environment=told) == ()


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("os.environ['X']", 'os.environ.get("X", …).'),
        ("os.getenv('X').split()", 'os.environ.get("X", "…").'),
        ("from decouple import config\nconfig('X')", 'config("X", default=…).'),
        ("import environ\nenv = environ.Env()\nenv('X')", 'env("X", default=…).'),
        ("from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    x: str\nS()", "give the field a default."),
        ("if not os.getenv('X'):\n    raise ValueError('X')", "let the code go on without it."),
        ("import openai\nopenai.OpenAI()", "make the object in the first request that needs it."),
    ],
)  # fmt: skip
def test_the_advice_fits_the_way_in_which_the_variable_is_asked_for(says: Says, code: str, advice: str) -> None:
    (found,) = says(required_variable, {"app.py": f"{FLASK}{code}\n"})
    assert found.advice.endswith(advice)


def test_no_database_was_chosen(says: Says) -> None:
    found = says(required_variable, {"app.py": f"{FLASK}os.environ['DATABASE_URL']\n"}, database="none")
    assert [str(finding.severity) for finding in found] == ["error"]


def test_the_settings_name_what_is_set(says: Says) -> None:
    files = {"app.py": f"{FLASK}os.environ['TOKEN']\n"}
    assert says(required_variable, files, environment=(("TOKEN", None),)) == ()


def test_a_configuration_that_a_variable_would_choose_reads_another_variable(says: Says) -> None:
    code = (
        "class Development:\n    DEBUG = True\nclass Heroku:\n"
        "    SQLALCHEMY_DATABASE_URI = os.environ.get('HEROKU_DATABASE_URL') or 'sqlite:///x.db'\n"
        "import flask_sqlalchemy\nconfigs = {'development': Development, 'heroku': Heroku}\n"
        "app.config.from_object(configs[os.environ.get('FLASK_CONFIG', 'development')])\n"
    )
    found = says(required_variable, {"app.py": FLASK + code})
    assert [(f.span.line, str(f.severity)) for f in found] == [(7, "notice")]
    assert "HEROKU_DATABASE_URL" in found[0].message


MODEL = {"shop/models.py": "from django.db import models\nclass Item(models.Model):\n    pass\n"}


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("COUNT = Item.objects.count()", 1),
        ("FIRST = Item.objects.filter(pk=1).first()", 1),
        ("CHOICES = [item.pk for item in Item.objects.all()]", 1),
        ("ALL = list(Item.objects.all())", 1),
        ("for item in Item.objects.filter(pk=1):\n    print(item)", 1),
        ("QUERY = Item.objects.all().order_by('pk')", 0),
        ("try:\n    COUNT = Item.objects.count()\nexcept Exception:\n    COUNT = 0", 0),
        (
            (
                "from django.db.utils import OperationalError\ntry:\n    COUNT = Item.objects.count()\nexcept OperationalError:\n"
                "    COUNT = 0"
            ),
            0,
        ),
        ("def count():\n    return Item.objects.count()", 0),
    ],
)
def test_queries_of_django(says: Says, code: str, count: int) -> None:
    files = django(top=f"from shop.models import Item\n{code}", files=MODEL)
    assert len(says(slow_import, files)) == count


def test_what_a_script_imports_keeps_its_first_visitor_waiting(findings: Callable[..., tuple[Finding, ...]]) -> None:
    files = {"app.py": "import streamlit as st\nimport data\nst.write(1)\n", "data.py": "import time\ntime.sleep(30)\n"}
    start = "streamlit run app.py --server.port $PORT --server.address 0.0.0.0"
    (found,) = findings(files, start, rule="slow-import")
    assert (str(found.severity), "the first visitor" in found.message) == ("notice", True)
