"""The distributions that serve an app in production, by the interface that they speak."""

from typing import Final, Literal

_BOTH = ("granian", "hypercorn", "uvicorn")

NAMES: Final[dict[Literal["wsgi", "asgi"], tuple[str, ...]]] = {
    # https://wsgi.readthedocs.io/en/latest/servers.html
    "wsgi": (
        "gunicorn", "waitress", "uwsgi", "pyuwsgi", "mod-wsgi", "cheroot", "cherrypy", "gevent", "eventlet", "bjoern",
        "meinheld", "tornado", "twisted", "daphne", *_BOTH,
    ),
    # https://asgi.readthedocs.io/en/latest/implementations.html
    "asgi": ("daphne", *_BOTH),
}  # fmt: skip
"""A server of the other interface counts too where an adapter is usual."""
