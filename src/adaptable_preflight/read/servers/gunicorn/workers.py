"""gunicorn's worker classes: what they serve, how many requests at a time, and which distribution brings them.

Source: `gunicorn.workers.SUPPORTED_WORKERS` of gunicorn 27.0.1 and `gunicorn.util.load_class`.
"""

from typing import NamedTuple

from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import Installed, Interface

MANY = 1000
"""Requests that an event loop takes at one time: gunicorn's own default of `worker_connections`."""


class Worker(NamedTuple):
    """A worker class."""

    interface: Interface = "wsgi"
    parallel: int = MANY
    """How many requests one process handles at a time; 0: as many as there are threads."""
    packages: tuple[str, ...] = ()
    finds_factories: bool = False
    """Whether it calls an app factory by itself."""
    awaits_factories: bool = False
    """Whether it awaits a coroutine function that it is told for the app."""


_GEVENT = Worker(packages=("gevent",))
_THREADS = Worker(parallel=0)
_SYNC = Worker(parallel=1)
_AIOHTTP = Worker("other", packages=("aiohttp",), awaits_factories=True)
_UVICORN = Worker("asgi", packages=("uvicorn",), finds_factories=True)
_UVICORN_WORKER = Worker("asgi", packages=("uvicorn-worker", "uvicorn"), finds_factories=True)

NAMES = {
    "sync": _SYNC,
    "gevent": _GEVENT,
    "gevent_wsgi": _GEVENT,
    "gevent_pywsgi": _GEVENT,
    "tornado": Worker(packages=("tornado",)),
    "gthread": _THREADS,
    "asgi": Worker("asgi"),
}
"""Every name of `SUPPORTED_WORKERS`."""

EVENTLET = "eventlet"
_EVENTLET = Worker(packages=("eventlet",))
ENTRY_POINTS = NAMES | {EVENTLET: _EVENTLET}
SINCE = {"asgi": "24"}
"""Names of younger worker classes, and the first version with them."""
UNTIL = {EVENTLET: "26"}
"""Names that gunicorn had once, and the first version without them."""

CLASSES = {
    "gunicorn.workers.sync.SyncWorker": _SYNC,
    "gunicorn.workers.gthread.ThreadWorker": _THREADS,
    "gunicorn.workers.ggevent.GeventWorker": _GEVENT,
    "gunicorn.workers.ggevent.GeventPyWSGIWorker": _GEVENT,
    "gunicorn.workers.gtornado.TornadoWorker": Worker(packages=("tornado",)),
    "gunicorn.workers.gasgi.ASGIWorker": Worker("asgi"),
    "gunicorn.workers.geventlet.EventletWorker": _EVENTLET,
    "uvicorn.workers.UvicornWorker": _UVICORN,
    "uvicorn.workers.UvicornH11Worker": _UVICORN,
    "uvicorn_worker.UvicornWorker": _UVICORN_WORKER,
    "uvicorn_worker.UvicornH11Worker": _UVICORN_WORKER,
    "uvicorn_worker._workers.UvicornWorker": _UVICORN_WORKER,
    "geventwebsocket.gunicorn.workers.GeventWebSocketWorker": Worker(packages=("gevent-websocket", "gevent")),
    "aiohttp.GunicornWebWorker": _AIOHTTP,
    "aiohttp.GunicornUVLoopWebWorker": _AIOHTTP._replace(packages=("aiohttp", "uvloop")),
    "aiohttp.worker.GunicornWebWorker": _AIOHTTP,
    "aiohttp.worker.GunicornUVLoopWebWorker": _AIOHTTP._replace(packages=("aiohttp", "uvloop")),
    "meinheld.gmeinheld.MeinheldWorker": Worker(packages=("meinheld",)),
    "egg:meinheld#gunicorn_worker": Worker(packages=("meinheld",)),
    "hypercorn.workers.HypercornWorker": Worker("asgi", packages=("hypercorn",)),
    "sanic.worker.GunicornWorker": Worker("asgi", packages=("sanic",)),
}
"""Classes that people name by their path."""
PLAIN = {"gunicorn.workers.gasgi.ASGIWorker": "asgi", "gunicorn.workers.geventlet.EventletWorker": EVENTLET}
"""Classes that not every version has, and their names."""


def effective(name: str, threads: int | None) -> str:
    """Return the worker class that runs when `name` is asked for: threads turn a synchronous one into `gthread`."""
    synchronous = name == "sync" or name.endswith("SyncWorker")
    return "gthread" if synchronous and threads is not None and threads > 1 else name


def packages_of(worker: Worker, installed: Installed) -> tuple[str, ...]:
    """Return what brings a worker class, and what gunicorn's own class for gevent imports besides.

    Source: `gunicorn.workers.ggevent` of 21.0 and later imports `packaging.version`, of which gunicorn's own dependency
    became one of its extra `gevent` in 26.1.
    """
    older = held_below(installed, "gunicorn", "21")
    return worker.packages if "gevent" not in worker.packages or older else (*worker.packages, "packaging")


def refusal(name: str, installed: Installed) -> str | None:
    """Tell why gunicorn does not find a worker class; None where it does or where nobody can tell."""
    plain = PLAIN.get(name, name.lstrip("#"))
    if plain in SINCE and held_below(installed, "gunicorn", SINCE[plain]):
        return f"gunicorn has the worker class «{plain}» since {SINCE[plain]}, and the dependencies hold it below that"
    if plain in UNTIL and not held_below(installed, "gunicorn", UNTIL[plain]):
        return f"gunicorn {UNTIL[plain]} has no worker class «{plain}» any more"
    if plain == EVENTLET and held_below(installed, "gunicorn", "21") and not held_below(installed, EVENTLET, "0.30.3"):
        return "gunicorn before 21 cannot work with eventlet 0.30.3 or newer, and the dependencies hold it below that"
    if plain in ENTRY_POINTS or name in CLASSES:
        return None
    if name.startswith("egg:gunicorn"):
        return f"gunicorn has no worker class «{name}» among its entry points"
    if "." not in name and not name.startswith("egg:"):
        return f"gunicorn has no worker class «{name}»"
    if name.startswith(("gunicorn.", "uvicorn_worker.")):
        return f"there is no class «{name}»"
    return None


def is_known(name: str) -> bool:
    """Whether a worker class is one of gunicorn's or of a library's that people use."""
    return name.lstrip("#") in ENTRY_POINTS or name in CLASSES or name.startswith("egg:")


def of(name: str) -> Worker:
    """Return what is known about a worker class; for a strange one what `sync` does not have: an event loop."""
    return ENTRY_POINTS.get(name.lstrip("#")) or CLASSES.get(name) or Worker(packages=())
