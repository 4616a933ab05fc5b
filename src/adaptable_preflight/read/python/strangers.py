"""Who may configure an app where nobody sees it: a library, or a function that is not known."""

import sys

from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import Arguments, External, Mapping

_APPS = frozenset({"flask.Flask"})

_FAMILIAR = frozenset(
    "a2wsgi asgiref cheroot eventlet flasgger flask flask_admin flask_assets flask_babel flask_bcrypt flask_bootstrap "
    "flask_caching flask_ckeditor flask_compress flask_cors flask_gravatar flask_httpauth flask_jwt_extended "
    "flask_limiter flask_login flask_mail flask_marshmallow flask_migrate flask_mongoengine flask_moment flask_mysqldb "
    "flask_pymongo flask_restful flask_restx flask_seasurf flask_socketio flask_sqlalchemy flask_sslify flask_talisman "
    "flask_wtf gevent hypercorn prometheus_flask_exporter uvicorn waitress werkzeug whitenoise".split()
)
"""Libraries that are given an app and set nothing but defaults of settings that are named after them."""

_HARMLESS = frozenset("print isinstance type id str repr hasattr getattr callable".split())
"""Built-in functions that change nothing about what they are given."""


def open_up(machine: Machine, holder: Mapping) -> None:
    """Note that a dictionary may hold more than is known."""
    holder.complete = False
    machine.unseen.add(holder.owner)


def note(machine: Machine, function: str, arguments: Arguments) -> None:
    """Note that a function which is not familiar (empty: not known at all) is given an app."""
    top, dot, _ = function.partition(".")
    if top in _FAMILIAR or function in _HARMLESS or (dot and top in sys.stdlib_module_names):
        return
    for given in (*arguments.positional, *arguments.named.values()):
        if isinstance(given, External) and given.instance and given.name in _APPS:
            machine.unseen.add(given.name)
