"""What keeps uWSGI from listening, beside its addresses.

Source: uWSGI 2.0.31, observed.
"""

import posixpath
import re

from adaptable_preflight.model import Bind, Failure, Server
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers.outcome import Problem
from adaptable_preflight.read.servers.places import can_hold, file_exists, may_be_made
from adaptable_preflight.read.servers.uwsgi.options import names
from adaptable_preflight.read.servers.uwsgi.settings import Settings
from adaptable_preflight.source import Span
from adaptable_preflight.value import Unknown, show

OPAQUE = ("emperor", "vassals", "zerg", "https2", "sslrouter2")
"""Options whose sockets this tool does not follow."""
SOMAXCONN = 4096
"""The longest queue of a socket: `net.core.somaxconn` of Linux 5.4 and later."""
ENDS = ("help", "usage", "version", "show-config", "cflags", "dot-h", "python-version")
SOCKETS = (
    "socket", "uwsgi-socket", "http-socket", "http11-socket", "fastcgi-socket", "fastcgi-nph-socket", "scgi-socket",
    "scgi-nph-socket", "raw-socket", "puwsgi-socket",
)  # fmt: skip
"""Options that open a socket for the workers."""
LOGS = ("logto", "logto2", "daemonize", "daemonize2")
USERS = ("root", "nobody", "www-data", "daemon", "nogroup")
"""Users and groups that every Debian image has."""


def ending(settings: Settings) -> Failure | None:
    """Tell that an option makes uWSGI print something and end."""
    word = settings.last(*ENDS)
    return Failure("ends", "uwsgi only prints a text, and ends", word.span) if word is not None else None


def opaque(settings: Settings) -> Unknown | None:
    """Tell which option opens sockets that this tool does not follow."""
    given = next((given for given in settings.given if given.name in OPAQUE), None)
    return Unknown(f"the sockets of uWSGI's option «{given.name}» are not followed", given.word.span) if given else None


def no_socket(binds: tuple[Bind, ...], settings: Settings, place: Span) -> Failure | None:
    """Tell that no option opens a socket."""
    routed = settings.last("http-to") is not None and not settings.words(*SOCKETS)
    if (binds and not routed) or settings.unread or any(given.name in OPAQUE for given in settings.given):
        return None
    return Failure("bad-address", "uwsgi is told no socket: «The -s/--socket option is missing»", place)


def number_problem(settings: Settings) -> Problem | None:
    """Tell which number or user uWSGI does not start with."""
    processes, queue = settings.last("processes", "workers"), settings.last("listen")
    if processes is not None and processes.text is not None and not re.match(r"\s*0*[1-9]", processes.text):
        return Failure("rejected-option", f"uwsgi does not start with «{processes.text}» processes", processes.span)
    number = re.match(r"\s*(\d+)", (queue.text if queue is not None else None) or "")
    if queue is not None and number is not None and int(number[1]) > SOMAXCONN:
        message = f"a listen queue of {number[1]} is more than Linux allows by itself ({SOMAXCONN})"
        return Failure("rejected-option", message, queue.span)
    for word in settings.words("uid", "gid"):
        if word.text and not word.text.isdigit() and word.text not in USERS:
            return Unknown(f"it cannot be told whether there is a user or group «{word.text}»", word.span)
    return None


def strict_problem(settings: Settings) -> Failure | None:
    """Tell which option a strict uWSGI does not know."""
    strange = next((given for given in settings.given if given.name not in names()), None)
    if strange is None or settings.is_on("strict") is None:
        return None
    return Failure(
        "rejected-option", f"uwsgi has no option «{strange.name}», and is told to be strict", strange.word.span
    )


def app_problem(settings: Settings, server: Server, place: Span) -> Failure | None:
    """Tell that `need-app` is set and no app is named."""
    if server.serves_without_app or server.target is not None or settings.lazy or settings.unread:
        return None
    if settings.words("module", "wsgi", "wsgi-file", "file", "mount"):
        return None
    return Failure("missing-app", "uwsgi needs an app and is told none", settings.is_on("need-app") or place)


def file_problem(settings: Settings, folder: str, context: Context) -> Problem | None:
    """Tell which file cannot be made, or which virtual environment is not there."""
    for word in settings.words(*LOGS, "pidfile", "pidfile2", "safe-pidfile"):
        if word.text and can_hold(context.checkout, folder, word.value) is False:
            return Failure("missing-file", f"the folder of «{show(word.value)}» does not exist", word.span)
    home = settings.last("home", "virtualenv", "venv", "pyhome")
    if home is not None and home.text:
        there = file_exists(context.checkout, folder, home.value)
        if there is False and not may_be_made(context, posixpath.basename(home.text.rstrip("/"))):
            return Failure("missing-file", f"there is no virtual environment «{show(home.value)}»", home.span)
        if not there:
            return Unknown(f"it cannot be told whether the virtual environment «{show(home.value)}» exists", home.span)
    return None
