"""`in-memory-state`: what one request keeps in a module and another one reads, and what only looks like it."""

from collections.abc import Callable

import pytest
from tests.rules.apps import django, fastapi, flask

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import in_memory_state

Says = Callable[..., tuple[Finding, ...]]

READ = "\n@app.route('/other')\ndef other():\n    return str({name})\n"


def severities(findings: tuple[Finding, ...]) -> list[str]:
    return [str(finding.severity) for finding in findings]


HOLDER = """class Store:
    shared = ''
    def __init__(self):
        self.last, self.count, self.client = '', 0, None
    def keep(self, x):
        self.last = x
    def shout(self, x):
        self.last = x
        return self.loud()
    def loud(self):
        return self.last.upper()
    def connect(self):
        if self.client is None:
            self.client = make_client()
        return self.client
"""


@pytest.mark.parametrize(
    ("body", "top", "name", "expected"),
    [
        ('users.append(request.form["name"])', "users = []", "users", ["error"]),
        ('users[request.form["name"]] = request.form["mail"]', "users = {}", "users", ["error"]),
        ('users.append({"name": request.json["name"]})', "users = []", "users", ["error"]),
        ('users.append(User(request.form["name"]))', "users = []\nclass User:\n    def __init__(self, name):\n        self.n = name",
         "users", ["error"]),
        ("names.append(request.json)", "names = []", "names", ["error"]),
        ("global last\nlast = request.args['q']", "last = ''", "last", ["error"]),
        ("global last\nlast = request.args['q']", "last = None", "last", ["error"]),
        ("seen.append(request.remote_addr)", "seen = []", "seen", ["warning"]),
        ("global count\ncount += 1", "count = 0", "count", ["warning"]),
        ("state['on'] = True\nstate['on'] = False", "state = {'on': False}", "state", ["warning"]),
        ("global busy\nbusy = True\nbusy = False", "busy = False", "busy", ["warning"]),
        ("history[request.args['u']].append(request.args['text'])", "history = {}", "history", ["error"]),
        ("sessions[request.args['u']]['step'] = 2", "sessions = {}", "sessions", ["warning"]),
        ("from flask import session\nactive[session['id']] = {'step': 1}", "active = {}", "active", ["warning"]),
        ("from flask import session\nactive[session.get('id') or str(uuid.uuid4())] = {'step': 1}",
         "import uuid\nactive = {}", "active", ["warning"]),
        ("if request.args['u'] in seen:\n    return 'again'\nseen.add(request.args['u'])", "seen = set()", "seen", ["error"]),
        ("global total\ntotal = int(request.form['x'])", "total = 0", "total", ["error"]),
        ("global last\ndone = {'code': ''}\ndone['code'] = 'ok'\nif done['code'] != 'ok':\n    return ''\nlast = request.args['q']",
         "last = ''", "last", ["error"]),
        ("global total\ntotal = total + int(request.form['x'])", "total = 0", "total", ["error"]),
        ("global total\ntotal += float(request.form['x'])", "total = 0", "total", ["error"]),
        ("global total\ntotal -= round(float(request.json['x']) * 1.2, 2)", "total = 0", "total", ["error"]),
        ("import re\nglobal total\namount = re.sub('x', '', request.form['x'])\ntotal = total - int(amount)", "total = 0",
         "total", ["error"]),
        ("lines.append(request.form['x'])", "from collections import deque\nlines = deque(maxlen=9)", "lines", ["error"]),
        ("hits[request.args['u']] += 1", "from collections import defaultdict\nhits = defaultdict(int)", "hits", ["warning"]),
        ("words[request.args['u']].append(request.args['w'])",
         "from collections import defaultdict\nwords = defaultdict(list)", "words", ["error"]),
        ("last[request.args['u']] = request.args['w']", "from collections import OrderedDict\nlast = OrderedDict()", "last",
         ["error"]),
        ("jobs.put(request.json)", "import queue\njobs = queue.Queue()", "jobs.get()", ["error"]),
        ("states[request.args['u']] = {'step': request.form['s']}", ("import json\ndef load():\n    try:\n"
         "        return json.load(open('s.json'))\n    except OSError:\n        return {}\nstates = load()"), "states", ["error"]),
        ("notes.append(request.form['n'])", "import json\nnotes = json.load(open('n.json'))", "notes", ["error"]),
        ("import time\nif request.args['id'] in seen:\n    return ''\nseen[request.args['id']] = time.time()", "seen = {}",
         "seen", ["warning"]),
        ("table.loc[len(table)] = request.form['n']", "import pandas\ntable = pandas.read_csv('t.csv')", "table", ["error"]),
        ("model.fit(request.json['x'])", "from sklearn.linear_model import LinearRegression\nmodel = LinearRegression()",
         "model.predict([[1]])", ["error"]),
        ("x = scaler.fit_transform(request.json['x'])\nreturn str(scaler.mean_)",
         "from sklearn.preprocessing import StandardScaler\nscaler = StandardScaler()", "1", []),
        ("jobs[str(uuid.uuid4())] = {'done': False}", "import uuid\njobs = {}", "jobs", ["warning"]),
        ("stats['hits'] += 1", "stats = {'hits': 0}", "stats", ["warning"]),
        ("global table\ntable = read_csv(request.files['f'])", "from pandas import read_csv\ntable = None", "table",
         ["warning"]),
        ("global client\nif client is None:\n    client = connect(request.host)", "from library import connect\nclient = None",
         "client", []),
        ("from collections import deque\nseen = deque()\nseen.append(request.args['q'])", "", "''", []),
        ("global best\nbest = max(best, int(request.args.get('x') or 0))", "best = 0", "best", ["error"]),
        ("import random\nglobal place\nplace += random.randint(1, 6)", "place = 0", "place", ["warning"]),
        ("games[request.args['id']] = Game()", "games = {}\nclass Game:\n    pass", "games", ["warning"]),
        ("store.add(request.form['x'])", ("class Store:\n    def __init__(self):\n        self.items = []\n"
         "    def add(self, x):\n        self.items.append(x)\nstore = Store()"), "store.items", ["error"]),
        ("store.last = request.form['x']", f"{HOLDER}store = Store()", "store.last", ["error"]),
        ("store.keep(request.form['x'])", f"{HOLDER}store = Store()", "store.last", ["error"]),
        ("store.count += 1", f"{HOLDER}store = Store()", "store.count", ["warning"]),
        ("Store.shared = request.form['x']", HOLDER, "Store.shared", ["error"]),
        ("global last\nlast = ''\nlast = predict(open('x').read())", "from model import predict\nlast = ''", "last",
         ["warning"]),
    ],
)  # fmt: skip
def test_state_that_another_request_reads(says: Says, body: str, top: str, name: str, expected: list[str]) -> None:
    found = says(in_memory_state, flask(body, top + READ.format(name=name)))
    assert severities(found) == expected


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("return store.shout(request.form['x'])", f"{HOLDER}store = Store()"),
        ("made = Store()\nmade.last = request.form['x']\nreturn made.last", HOLDER),
        (
            "return store.connect().get(request.args['x'])",
            f"from library import make_client\n{HOLDER}store = Store(){READ.format(name='store.connect()')}",
        ),
        ("return COLOURS['red']", "COLOURS = {'red': 1}"),
        ("users = []\nusers.append(request.form['name'])\nreturn str(users)", ""),
        (
            "global model\nif model is None:\n    model = load()\nreturn str(model)",
            "model = None\ndef load():\n    return [1]",
        ),
        (
            "key = request.args['q']\nif key not in cache:\n    cache[key] = compute(key)\nreturn cache[key]",
            "import requests\ncache = {}\ndef compute(key):\n    return requests.get(key).text",
        ),
        ("local.user = request.args['user']\nreturn local.user", "import threading\nlocal = threading.local()"),
        (
            "global table\ntable = read() + read()\nreturn str(table)",
            "import library\ntable = None\nread = library.read",
        ),
        ("from flask import g\ng.user = request.args['user']\nreturn g.user", ""),
        ("from flask import session\nsession['user'] = request.args['user']\nreturn session['user']", ""),
        ("log.append(request.args['q'])", "log = []"),
        ("return str(registry)", "registry = []\nregistry.append(1)"),
        ("global ready\nready = True\nreturn str(ready)", "ready = False"),
        (
            "key = request.args['q']\nif key not in cache:\n    cache[key] = {'text': requests.get(key).text}\nreturn cache[key]",
            "import requests\ncache = {}",
        ),
        ("pools['main'] = Pool()\nreturn str(pools)", "class Pool:\n    pass\npools = {}" + READ.format(name="pools")),
        ("@f\ndef inner():\n    return 1\nreturn inner()", "def f(x):\n    return x"),
    ],
)
def test_what_only_looks_like_state(says: Says, body: str, top: str) -> None:
    assert says(in_memory_state, flask(body, top)) == ()


STORE = "users = []\ncount = 0\nclass Store:\n    items = []\n"


@pytest.mark.parametrize(
    ("imported", "body", "read", "expected"),
    [
        ("import store", "store.users.append(request.form['x'])", "store.users", ["error"]),
        ("from store import users", "users.append(request.form['x'])", "users", ["error"]),
        ("import store", "store.count += 1", "store.count", ["warning"]),
        ("from store import Store", "Store.items.append(request.form['x'])", "Store.items", ["error"]),
    ],
)
def test_state_of_another_module(says: Says, imported: str, body: str, read: str, expected: list[str]) -> None:
    files = flask(body, f"from other import bp\napp.register_blueprint(bp)\n{imported}")
    other = f"from flask import Blueprint\n{imported}\nbp = Blueprint('b', __name__)\n@bp.route('/o')\ndef o():\n    return str({read})\n"
    found = says(in_memory_state, {**files, "store.py": STORE, "other.py": other})
    assert severities(found) == expected


def test_state_in_fastapi(says: Says) -> None:
    top = (
        "from pydantic import BaseModel\nclass Item(BaseModel):\n    name: str\nitems = []\n"
        "@app.post('/items')\ndef create(item: Item):\n    items.append(item)\n    return item\n"
        "@app.get('/items')\ndef read():\n    return items\n"
    )
    assert severities(says(in_memory_state, fastapi(top=top))) == ["error"]


def test_connections_of_websockets(says: Says) -> None:
    top = (
        "from fastapi import WebSocket\nclass Manager:\n    def __init__(self):\n        self.active = []\n"
        "    async def connect(self, socket):\n        await socket.accept()\n        self.active.append(socket)\n"
        "    async def send(self, text):\n        for one in self.active:\n            await one.send_text(text)\n"
        "manager = Manager()\n@app.websocket('/ws')\nasync def chat(socket: WebSocket):\n"
        "    await manager.connect(socket)\n    await manager.send('hello')\n"
    )
    assert severities(says(in_memory_state, fastapi(top=top))) == ["warning"]


def test_state_in_django(says: Says) -> None:
    body = "seen.append(request.POST['name'])\nreturn HttpResponse(str(seen))"
    assert severities(says(in_memory_state, django(body, "seen = []"))) == ["error"]


def test_one_finding_tells_all_variables_that_one_function_changes(says: Says) -> None:
    top = "a = 0\nb = 0" + READ.format(name="a + b")
    (found,) = says(in_memory_state, flask("global a, b\na += 1\nb += 1", top))
    assert "«a» and «b»" in found.message


def test_state_of_code_that_no_request_runs(says: Says) -> None:
    top = "jobs = []\n@app.cli.command('x')\ndef x():\n    jobs.append(1)\n" + READ.format(name="jobs")
    assert says(in_memory_state, flask("return ''", top)) == ()


def loop(body: str, top: str, start: str = "threading.Thread(target=work, daemon=True).start()") -> dict[str, str]:
    """Return an app with work that goes on beside the requests."""
    inner = "".join(f"        {line}\n" for line in body.splitlines())
    work = f"def work():\n    while True:\n        updates = requests.get('https://x.example').json()\n{inner}"
    return flask(f"return str({top.partition(' ')[0]})", f"import threading, requests\n{top}\n{work}{start}\n")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (loop("for u in updates:\n    old = seen.get(u['id'], [])\n    seen[u['id']] = old + [u['text']]", "seen = {}"), 1),
        (loop("for u in updates:\n    seen[u['id']] = (seen[u['id']] + [u])[-9:]", "seen = {}"), 1),
        (loop("for u in updates:\n    seen.append(u)", "seen = []"), 1),
        (loop("for u in updates:\n    seen[u['id']] = u", "seen = {}"), 0),
        (loop("seen['now'] = updates", "seen = {}"), 0),
        (loop("global seen\nseen = []\nfor u in updates:\n    seen.append(u)", "seen = []"), 0),
        (loop("for u in updates:\n    seen.append(u)\nseen.clear()", "seen = []"), 0),
        (loop("for u in updates:\n    seen.append(u)\nbreak", "seen = []"), 0),
        (loop("for u in updates:\n    seen.append(u)", "seen = []", "import multiprocessing\n"
              "multiprocessing.Process(target=work).start()"), 0),
        (flask("Thread(target=jobs.append, args=(request.form['job'],)).start()\nreturn ''",
               "from threading import Thread\njobs = []" + READ.format(name="jobs")), 1),
        (flask("Thread(target=work, args=(request.form['job'],)).start()\nreturn ''",
               "from threading import Thread\njobs = {}\ndef work(job):\n    jobs[job] = 'done'" + READ.format(name="jobs")), 1),
    ],
)  # fmt: skip
def test_what_runs_in_the_background_gathers(says: Says, files: dict[str, str], expected: int) -> None:
    assert len(says(in_memory_state, files)) == expected


REGISTERED = """\
import json, os
from flask import Blueprint, Flask, request
app = Flask(__name__)
inner, outer = Blueprint("inner", __name__), Blueprint("outer", __name__)
names = []
@inner.before_app_request
def note():
    names.append(request.form["name"])
@inner.route("/")
def index():
    return str(names)
options = json.load(open("options.json"))
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("app.register_blueprint(inner)", "error"),
        ("if options['names']:\n    app.register_blueprint(inner)", "warning"),
        ("if os.environ.get('NAMES', 'on') == 'on':\n    app.register_blueprint(inner)", "warning"),
        ("outer.register_blueprint(inner)\nif options['names']:\n    app.register_blueprint(outer)", "warning"),
        (
            "if options['names']:\n    app.register_blueprint(inner)\napp.register_blueprint(inner, name='again')",
            "error",
        ),
        ("def setup():\n    app.register_blueprint(inner)\nif options['names']:\n    setup()", "warning"),
    ],
)
def test_handlers_of_a_blueprint_that_may_not_be_registered(says: Says, text: str, expected: str) -> None:
    files = {"app.py": REGISTERED + text, "options.json": "{}"}
    assert severities(says(in_memory_state, files)) == [expected]


MODEL = "from pydantic import BaseModel\nclass Info(BaseModel):\n    a: int = 0\n    b: str\n"


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("def keep(info: Info):\n    global held\n    held = info\n", ["error"]),
        ("def keep(info: Info):\n    global held\n    held = info.b\n", ["error"]),
        ("def keep(a: int):\n    global held\n    held = Info(a=a)\n", ["error"]),
        ("def keep():\n    global held\n    if held is None:\n        held = Info(a=1)\n", []),
        ("def keep():\n    global held\n    held = Info()\n", []),
    ],
)
def test_models_that_the_app_makes_for_itself(says: Says, handler: str, expected: list[str]) -> None:
    code = (
        f"from fastapi import FastAPI\n{MODEL}app = FastAPI()\nheld = None\n@app.post('/')\n{handler}"
        "@app.get('/held')\ndef get():\n    return held\n"
    )
    assert severities(says(in_memory_state, {"app.py": code})) == expected


MONGO = """\
import os
from pymongo import MongoClient
held = None
def collection():
    global held
    if held is None:
        uri = os.environ.get("MONGODB_URI")
        if not uri:
            return None
        held = MongoClient(uri).shop.users
    return held
users = {}
@app.route("/other/<name>")
def other(name):
    store = collection()
    if store is not None:
        return str(store.find_one({"_id": name}))
    return str(users.get(name))
"""


@pytest.mark.parametrize(
    ("top", "body", "expected"),
    [
        (MONGO, "store = collection()\nif store is not None:\n    store.replace_one({'_id': n}, {'m': m}, upsert=True)", []),
        (MONGO, "pass", ["error"]),
        (MONGO, "collection().replace_one({'_id': 1}, {'seen': request.form['at']})", ["error"]),
        (MONGO, "from flask_sqlalchemy import SQLAlchemy\nSQLAlchemy(app).session.commit()", ["error"]),
        ("users = {}" + READ.format(name="users"), "import pymongo\npymongo.MongoClient().a.b.insert_one({'m': m})", ["warning"]),
        ("users = {}" + READ.format(name="users"), "import sqlite3\nsqlite3.connect('x.db').commit()", ["error"]),
    ],
)  # fmt: skip
def test_what_is_kept_in_a_database_too(says: Says, top: str, body: str, expected: list[str]) -> None:
    kept = f"n = request.form['name']\nm = request.form['mail']\nusers[n] = m\n{body}"
    assert severities(says(in_memory_state, flask(kept, top))) == expected


@pytest.mark.parametrize("known", ["current_user.is_active", "not current_user.is_anonymous", "member.state.on"])
def test_a_value_of_a_library_s_object_is_not_decided(says: Says, known: str) -> None:
    top = f"from flask_login import current_user\nfrom library import member\nusers = {{}}{READ.format(name='users')}"
    body = f"if {known}:\n    users[request.form['name']] = request.form['mail']\nelse:\n    users[1] = 0"
    (found,) = says(in_memory_state, flask(body, top))
    assert (str(found.severity), found.span.line) == ("error", 14)


ASK = "user = request.form['user']\nif states.get(user) == 'asked':\n    {}\n    return 'thanks'\n"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (ASK.format("del states[user]") + "states[user] = 'asked'\nreturn 'who?'", 11),
        (ASK.format("states.pop(user)") + "states[user] = {'step': 'asked'}\nreturn 'who?'", 11),
        (
            "user = request.form['user']\nif user not in states:\n    states[user] = {'votes': []}\nreturn str(states)",
            9,
        ),
    ],
)
def test_what_the_only_handler_finds_in_its_next_request(says: Says, body: str, line: int) -> None:
    (found,) = says(in_memory_state, flask(body, "states = {}"))
    assert (str(found.severity), found.span.line) == ("warning", line)


CAMERA = """class Camera:
    def __init__(self, name):
        self.stream = cv2.VideoCapture(name)
camera = None
"""


@pytest.mark.parametrize(
    ("body", "top", "line", "advice"),
    [
        (
            "users.pop(request.form['x'], None)\nusers[request.form['x']] = request.form['y']",
            "users = {}",
            12,
            "the database",
        ),
        ("global camera\ncamera = None\ncamera = Camera(request.args['ip'])", f"import cv2\n{CAMERA}", 18, "open"),
    ],
)
def test_the_place_is_where_something_is_kept(says: Says, body: str, top: str, line: int, advice: str) -> None:
    name = "users" if "users" in top else "camera"
    (found,) = says(in_memory_state, flask(body, top + READ.format(name=name)))
    assert found.span.line == line
    assert advice in found.advice


def test_a_number_that_handlers_set_in_turn_is_kept_even_if_it_is_zero(says: Says) -> None:
    top = "page = 1\n@app.route('/b')\ndef b():\n    global page\n    old, page = page, 0\n    return str(old)\n"
    (found,) = says(in_memory_state, flask("global page\nold, page = page, 1\nreturn str(old)", top))
    assert found.span.line == 8
