"""Where server-side sessions are kept, as the code sets it up."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.model import Code, Guard, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import Either, FromEnv, Table, Value, text_of


class LocalStore(NamedTuple):
    """A store that lives on one instance."""

    where: str
    """`on its disk` or `in its memory`."""
    span: Span
    guards: tuple[Guard, ...] = ()
    unset: tuple[str, ...] = ()
    """Variables that would choose another store if somebody set them."""
    doubtful: bool = False
    """Whether nothing is seen to use it."""


DISK, MEMORY = "on the instance's disk", "in the memory of one process"

_FLASK = {"filesystem": DISK, "cachelib": DISK, "sqlite": DISK}
_DJANGO = "django.contrib.sessions.backends."
LOCAL_CACHES = {
    "django.core.cache.backends.locmem.LocMemCache": MEMORY,
    "django.core.cache.backends.filebased.FileBasedCache": DISK,
}
_CALLS = {
    "starsessions.InMemoryStore": MEMORY,
    "starsessions.InMemoryBackend": MEMORY,
    "starsessions.stores.memory.InMemoryStore": MEMORY,
    "fastapi_sessions.backends.implementations.InMemoryBackend": MEMORY,
    "fastapi_sessions.backends.implementations.in_memory_backend.InMemoryBackend": MEMORY,
    "sanic_session.InMemorySessionInterface": MEMORY,
    "simplekv.fs.FilesystemStore": DISK,
    "simplekv.memory.DictStore": MEMORY,
}
_BEAKER = {"file": DISK, "dbm": DISK, "memory": MEMORY}


def chosen(value: Value) -> tuple[str, tuple[str, ...]]:
    """Return the text of a choice, and the unset variables on whose absence it rests."""
    if isinstance(value, FromEnv) and value.default is not None:
        text, unset = chosen(value.default)
        return text, (value.name, *unset)
    if isinstance(value, Either):
        return chosen(value.options[0])
    return text_of(value) or "", ()


def local_sessions(code: Code) -> tuple[LocalStore, ...]:
    """Return each place that keeps sessions on one instance."""
    return (*_of_flask(code), *_of_django(code), *_of_calls(code))


def _of_flask(code: Code) -> Iterator[LocalStore]:
    """Flask-Session, which has to be made for its settings to count."""
    if not any(call.name.startswith(("flask_session.Session", "quart_session.Session")) for call in code.calls):
        return
    for setting in code.settings:
        if setting.name == "SESSION_TYPE":
            kind, unset = chosen(setting.value)
            if kind in _FLASK and not (kind == "cachelib" and _has(code, "SESSION_CACHELIB")):
                yield LocalStore(_FLASK[kind], setting.span, setting.guards, unset)


def _has(code: Code, name: str) -> bool:
    return any(setting.name == name for setting in code.settings)


def _of_django(code: Code) -> Iterator[LocalStore]:
    """Django's session engine. Source: https://docs.djangoproject.com/en/stable/topics/http/sessions/."""
    settings = {s.name: s for s in code.settings if s.owner == "django.settings"}
    engine = settings.get("SESSION_ENGINE")
    if engine is None:
        return
    kind, unset = chosen(engine.value)
    if kind == f"{_DJANGO}file":
        yield LocalStore(DISK, engine.span, engine.guards, unset)
    elif kind == f"{_DJANGO}cache":
        backend = default_cache(settings.get("CACHES"))
        if backend is not None:
            yield LocalStore(LOCAL_CACHES[backend], engine.span, engine.guards, unset)


def default_cache(caches: Setting | None) -> str | None:
    """Return the back end of Django's default cache where that is a local one; without a setting it is memory."""
    if caches is None:
        return "django.core.cache.backends.locmem.LocMemCache"
    default = caches.value.get("default") if isinstance(caches.value, Table) else None
    backend = text_of(default.get("BACKEND")) if isinstance(default, Table) else None
    return backend if backend in LOCAL_CACHES else None


def _of_calls(code: Code) -> Iterator[LocalStore]:
    for call in code.calls:
        if call.phase != "import":
            continue
        if call.name in _CALLS:
            yield LocalStore(_CALLS[call.name], call.span, call.guards)
        elif call.name == "beaker.middleware.SessionMiddleware":
            options = call.argument(1, "config")
            kind = text_of(options.value.get("session.type")) if options and isinstance(options.value, Table) else None
            if kind in _BEAKER:
                yield LocalStore(_BEAKER[kind], call.span, call.guards)
