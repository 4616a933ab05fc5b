"""The clause `no-background`: work beside requests, and work that is waited for."""

from collections.abc import Callable

import pytest
from tests.rules.apps import django, fastapi, flask

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import background_scheduler, background_thread, background_worker, exit_hook

Says = Callable[..., tuple[Finding, ...]]

WORK = "import threading\nfrom threading import Thread\ndef work(*args):\n    return 1\n"
POOL = WORK + "from concurrent.futures import ThreadPoolExecutor, as_completed\n"


def severities(findings: tuple[Finding, ...]) -> list[str]:
    return [str(finding.severity) for finding in findings]


@pytest.mark.parametrize(
    ("body", "top", "expected"),
    [
        ("Thread(target=work).start()", WORK, ["warning"]),
        ("t = Thread(target=work)\nt.daemon = True\nt.start()", WORK, ["warning"]),
        ("t = Thread(target=work)\nt.start()\nt.join()", WORK, []),
        ("ts = [Thread(target=work) for _ in range(3)]\nfor t in ts:\n    t.start()\nfor t in ts:\n    t.join()", WORK, []),
        ("threading.Timer(5, work).start()", WORK, ["warning"]),
        ("send()", WORK + "def send():\n    Thread(target=work).start()", ["warning"]),
        ("pass", WORK + "Thread(target=work).start()", ["warning"]),
        ("pass", WORK + "def again():\n    threading.Timer(60, again).start()\nThread(target=again).start()", ["error"]),
        ("pass", WORK + "import library\ndef run(f):\n    Thread(target=f).start()\nrun(work)\nrun(library.poll)", ["error"]),
        ("pass", WORK + "import library\nThread(target=library.work).start()", ["error"]),
        ("pass", WORK + "import time\ndef poll():\n    time.sleep(600)\n    work()\nThread(target=poll).start()", ["error"]),
        ("pass", WORK + "def poll(stop):\n    while not stop.is_set():\n        work()\n"
         "Thread(target=poll, args=(threading.Event(),)).start()", ["error"]),
        ("jobs = []\nfor n in request.json:\n    jobs.append(pool.submit(work, n))\nreturn str([j.result() for j in jobs])",
         POOL + "pool = ThreadPoolExecutor()", []),
        (("ts = []\nfor n in request.json:\n    t = Thread(target=work)\n    t.start()\n    ts.append(t)\n"
         "for t in ts:\n    t.join()"), WORK, []),
        ("ts = []\nfor n in request.json:\n    t = Thread(target=work)\n    t.start()\n    ts.append(t)", WORK, ["warning"]),
        ("with Pool('x') as pool:\n    pool.submit(work)", POOL + "class Pool(ThreadPoolExecutor):\n    def __init__(self, name):\n"
         "        self.name = name\n        super().__init__()\n    def submit(self, f):\n        return super().submit(f)", []),
        ("pass", WORK + "if app.debug:\n    Thread(target=work).start()", []),
        ("pass", WORK + "if os.environ.get('POLL'):\n    Thread(target=work).start()", []),
        ("pass", WORK + "class Worker(Thread):\n    def run(self):\n        pass\nWorker().start()", ["error"]),
        ("pass", WORK + "if __name__ == '__main__':\n    Thread(target=work).start()", []),
        ("pass", WORK + "def never():\n    Thread(target=work).start()", []),
        ("with ThreadPoolExecutor() as pool:\n    pool.submit(work)", POOL, []),
        ("pool = ThreadPoolExecutor()\nreturn str(pool.submit(work).result())", POOL, []),
        ("jobs = [pool.submit(work, n) for n in (1, 2)]\nfor j in as_completed(jobs):\n    j.result()",
         POOL + "pool = ThreadPoolExecutor()", []),
        ("pool.submit(work)", POOL + "pool = ThreadPoolExecutor()", ["warning"]),
        ("subprocess.Popen(['convert', 'a', 'b'])", "import subprocess", ["warning"]),
        ("subprocess.Popen(['ls']).communicate()", "import subprocess", []),
        ("p = subprocess.Popen(['ls'], stdout=-1)\nreturn p.stdout.read()", "import subprocess", []),
        ("if g():\n    p = subprocess.Popen(['ls'])\nelse:\n    p = subprocess.Popen(['df'])\np.wait()",
         "import subprocess\nfrom x import g", []),
        ("if g():\n    p = subprocess.Popen(['ls'])\nelse:\n    q = subprocess.Popen(['df'])\n    p = q\n    return ''\np.wait()",
         "import subprocess\nfrom x import g", ["warning"]),
        ("subprocess.run(['ls'])", "import subprocess", []),
        ("gevent.spawn(work)", WORK + "import gevent", ["warning"]),
    ],
)  # fmt: skip
def test_threads_and_their_like(says: Says, body: str, top: str, expected: list[str]) -> None:
    assert severities(says(background_thread, flask(body, top))) == expected


ASYNC = "import asyncio\nasync def work():\n    return 1\n"


@pytest.mark.parametrize(
    ("body", "top", "expected"),
    [
        ("asyncio.create_task(work())", ASYNC, ["warning"]),
        ("await asyncio.create_task(work())", ASYNC, []),
        ("task = asyncio.create_task(work())\nreturn await task", ASYNC, []),
        ("a = asyncio.create_task(work())\nawait asyncio.gather(a, work())", ASYNC, []),
        ("loop = asyncio.get_event_loop()\nreturn await loop.run_in_executor(None, len, '')", ASYNC, []),
        ("return await asyncio.to_thread(len, '')", ASYNC, []),
        ("tasks.add_task(work)", ASYNC, ["warning"]),
        ("pass", ASYNC + "@app.on_event('startup')\nasync def start():\n    asyncio.create_task(work())", ["notice"]),
        (
            "pass",
            ASYNC + "@app.on_event('startup')\nasync def start():\n    asyncio.create_task(poll())\n"
            "async def poll():\n    while True:\n        await asyncio.sleep(60)",
            ["error"],
        ),
        (
            (
                "jobs = []\nfor n in await request.json():\n    jobs.append(asyncio.create_task(work()))\n"
                "return [await job for job in jobs]"
            ),
            ASYNC,
            [],
        ),
        (
            (
                "jobs = []\nfor n in await request.json():\n    jobs.append(asyncio.create_task(work()))\n"
                "return await asyncio.gather(*jobs)"
            ),
            ASYNC,
            [],
        ),
        (
            "pass",
            ASYNC + "@app.websocket('/ws')\nasync def ws(socket):\n    await socket.accept()\n"
            "    asyncio.create_task(work())",
            [],
        ),
        (
            "pass",
            ASYNC + "async def begin(socket):\n    return asyncio.create_task(work())\n\n"
            "@app.websocket('/ws')\nasync def ws(socket):\n    await begin(socket)",
            [],
        ),
    ],
)
def test_tasks_of_asyncio(says: Says, body: str, top: str, expected: list[str]) -> None:
    assert severities(says(background_thread, fastapi(body, top))) == expected


def test_a_task_of_the_lifespan(says: Says) -> None:
    app = """\
import asyncio
from contextlib import asynccontextmanager
from fastapi import FastAPI

async def poll():
    while True:
        await asyncio.sleep(60)

@asynccontextmanager
async def lifespan(app):
    task = asyncio.create_task(poll())
    yield
    task.cancel()

app = FastAPI(lifespan=lifespan)
"""
    assert [(f.span.line, str(f.severity)) for f in says(background_thread, {"app.py": app})] == [(11, "error")]


def test_a_thread_in_django(says: Says) -> None:
    found = says(background_thread, django("Thread(target=work).start()\nreturn HttpResponse()", WORK))
    assert severities(found) == ["warning"]


def test_the_server_in_a_thread_is_no_work_beside_requests(deployment: Callable[..., object]) -> None:
    app = """\
import os
from threading import Thread
from flask import Flask

app = Flask(__name__)

def serve():
    app.run(host="0.0.0.0", port=int(os.environ["PORT"]))

Thread(target=serve).start()
"""
    made = deployment({"app.py": app}, "python app.py")
    assert list(background_thread.check(made)) == []  # type: ignore[arg-type]


LISTENERS = """\
import firebase_admin, pyrebase, redis
import paho.mqtt.client as mqtt
from google.cloud import firestore, pubsub_v1
from pynput import keyboard
from slack_bolt.adapter.socket_mode import SocketModeHandler
from telegram.ext import Updater
from watchdog.observers import Observer
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('updater = Updater("token", use_context=True)\nupdater.start_polling()', ["error"]),
        ('Updater("token").start_webhook(listen="0.0.0.0", port=8443)', ["error"]),
        ('updater = Updater("token")', []),
        ('client = mqtt.Client("name")\nclient.connect("broker")\nclient.loop_start()', ["error"]),
        ('client = mqtt.Client("name")\nclient.connect("broker")\nclient.publish("topic", "text")', []),
        ('redis.from_url("redis://x").pubsub().run_in_thread(sleep_time=1)', ["error"]),
        ('redis.Redis().publish("topic", "text")', []),
        ('pubsub_v1.SubscriberClient().subscribe("path", callback=print)', ["error"]),
        ('pubsub_v1.PublisherClient().publish("path", b"text")', []),
        ('firestore.Client().collection("x").document("y").on_snapshot(print)', ["error"]),
        ('[one for one in firestore.Client().collection("x").stream()]', []),
        ('firebase_admin.db.reference("x").listen(print)', ["error"]),
        ('pyrebase.initialize_app({}).database().child("x").stream(print)', ["error"]),
        ('SocketModeHandler(object(), "token").connect()', ["error"]),
        ("watcher = Observer()\nwatcher.schedule(object(), '.')\nwatcher.start()", ["error"]),
        ("watcher = Observer()\nwatcher.schedule(object(), '.')", []),
        ("keyboard.Listener(on_press=print).start()", ["error"]),
    ],
)
def test_a_listener_that_a_library_starts(says: Says, code: str, expected: list[str]) -> None:
    found = says(background_thread, flask(top=LISTENERS + code))
    assert [str(finding.severity) for finding in found] == expected


def test_a_listener_that_the_request_ends(says: Says) -> None:
    body = 'client = mqtt.Client("x")\nclient.loop_start()\nclient.publish("a", "b")\n{}return ""'
    assert severities(says(background_thread, flask(body.format(""), LISTENERS))) == ["warning"]
    assert says(background_thread, flask(body.format("client.loop_stop()\n"), LISTENERS)) == ()


def test_a_webhook_that_is_the_server_itself(deployment: Callable[..., object]) -> None:
    bot = 'import os\nfrom telegram.ext import Updater\nupdater = Updater("token")\n'
    serves = 'updater.start_webhook(listen="0.0.0.0", port=int(os.environ["PORT"]))\nupdater.idle()\n'
    made = deployment({"bot.py": bot + serves}, "python bot.py")
    assert list(background_thread.check(made)) == []  # type: ignore[arg-type]


JOB = "def job():\n    return 1\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (flask(top=JOB + "from apscheduler.schedulers.background import BackgroundScheduler\ns = BackgroundScheduler()\n"
               "s.add_job(job, 'interval', hours=1)\ns.start()"), 1),
        (flask(top=JOB + "from apscheduler.schedulers.background import BackgroundScheduler\ns = BackgroundScheduler()"), 0),
        (flask(top=JOB + "from apscheduler.schedulers.background import BackgroundScheduler\ns = BackgroundScheduler()\ns.start(paused=True)"), 0),
        (flask(top="from flask_apscheduler import APScheduler\ns = APScheduler()\ns.init_app(app)\ns.start()"), 1),
        (flask(top=JOB + "import schedule\nschedule.every().hour.do(job)"), 0),
        (flask(top=JOB + "import schedule, threading\ndef loop():\n    while True:\n        schedule.run_pending()\n"
               "threading.Thread(target=loop).start()"), 1),
        (fastapi(top=JOB + "from apscheduler.schedulers.asyncio import AsyncIOScheduler\ns = AsyncIOScheduler()\n"
                 "@app.on_event('startup')\ndef start():\n    s.start()"), 1),
        (fastapi(top="from fastapi_utils.tasks import repeat_every\n@app.on_event('startup')\n@repeat_every(seconds=60)\n"
                 "def tick():\n    return 1"), 1),
        (django(files={"shop/apps.py": "from django.apps import AppConfig\nfrom apscheduler.schedulers.background import "
                "BackgroundScheduler\nclass Shop(AppConfig):\n    name = 'shop'\n    def ready(self):\n"
                "        BackgroundScheduler().start()\n"}), 1),
    ],
)  # fmt: skip
def test_schedulers(says: Says, files: dict[str, str], expected: int) -> None:
    assert severities(says(background_scheduler, files)) == ["error"] * expected


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("import subprocess\nsubprocess.Popen(['celery', '-A', 'tasks', 'worker'])", ["error"]),
        ("os.system('celery -A tasks worker &')", ["error"]),
        ("import subprocess\nsubprocess.run(['git', 'rev-parse', 'HEAD'])", []),
        ("from celery import Celery\nqueue = Celery('x')\n@queue.task\ndef add(a, b):\n    return a + b", []),
        ("from redis import Redis\nfrom rq import Queue\nQueue(connection=Redis()).enqueue(len, '')", []),
    ],
)
def test_workers_from_code(says: Says, top: str, expected: list[str]) -> None:
    assert severities(says(background_worker, flask(top=top))) == expected


def test_a_program_beside_the_server(findings: Callable[..., tuple[Finding, ...]]) -> None:
    command = "celery -A tasks worker & gunicorn app:app"
    assert severities(findings(flask(), command, rule="background-worker")) == ["warning"]
    assert severities(findings(flask(), "gunicorn app:app", rule="background-worker")) == []


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("import atexit, json\ndef save():\n    json.dump({}, open('x.json', 'w'))\natexit.register(save)", 1),
        ("import atexit, requests\n@atexit.register\ndef tell():\n    requests.post('https://example.com')", 1),
        ("import atexit, psycopg2\ndb = psycopg2.connect(os.environ['DATABASE_URL'])\natexit.register(db.close)", 0),
        ("import atexit\ndef bye():\n    print('bye')\natexit.register(bye)", 0),
        (("import atexit\nfrom apscheduler.schedulers.background import BackgroundScheduler\ns = BackgroundScheduler()\n"
         "atexit.register(lambda: s.shutdown())"), 0),
        (("import signal, requests\ndef tell(*args):\n    requests.post('https://example.com')\n"
         "signal.signal(signal.SIGTERM, tell)"), 1),
    ],
)  # fmt: skip
def test_exit_hooks(says: Says, top: str, expected: int) -> None:
    assert severities(says(exit_hook, flask(top=top))) == ["warning"] * expected


def test_a_shutdown_event(says: Says) -> None:
    save = "@app.on_event('shutdown')\ndef save():\n    open('x', 'w').write('x')\n"
    close = "import httpx\nclient = httpx.AsyncClient()\n@app.on_event('shutdown')\nasync def close():\n    await client.aclose()\n"
    assert severities(says(exit_hook, fastapi(top=save))) == ["warning"]
    assert says(exit_hook, fastapi(top=close)) == ()
