"""Where caches and the counters of rate limits are kept, as the code sets it up."""

from collections.abc import Iterator

from adaptable_preflight.facts.sessions import DISK, LOCAL_CACHES, MEMORY, LocalStore, chosen, default_cache
from adaptable_preflight.model import Call, Code, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import Table, Value, text_of

_TYPES = {
    "simple": MEMORY,
    "simplecache": MEMORY,
    "flask_caching.backends.simplecache": MEMORY,
    "flask_caching.backends.simple": MEMORY,
    "filesystem": DISK,
    "filesystemcache": DISK,
    "flask_caching.backends.filesystemcache": DISK,
    "flask_caching.backends.filesystem": DISK,
}
"""Flask-Caching's types, in lower case. Source: https://flask-caching.readthedocs.io/en/latest/."""

_CACHES = ("flask_caching.Cache", "flask_cache.Cache", "flask_caching.Cache.init_app", "flask_cache.Cache.init_app")
_LIMITERS = ("flask_limiter.Limiter", "slowapi.Limiter", "slowapi.extension.Limiter", "flask_limiter.extension.Limiter")
_LIMIT_SETTINGS = ("RATELIMIT_STORAGE_URI", "RATELIMIT_STORAGE_URL")
_CALLS = {
    "fastapi_cache.backends.inmemory.InMemoryBackend": MEMORY,
    "fastapi_cache.backends.memory.InMemoryCacheBackend": MEMORY,
    "cachelib.SimpleCache": MEMORY,
    "cachelib.simple.SimpleCache": MEMORY,
    "cachelib.FileSystemCache": DISK,
    "cachelib.file.FileSystemCache": DISK,
    "werkzeug.contrib.cache.SimpleCache": MEMORY,
    "werkzeug.contrib.cache.FileSystemCache": DISK,
    "diskcache.Cache": DISK,
    "diskcache.FanoutCache": DISK,
}


def local_caches(code: Code) -> tuple[LocalStore, ...]:
    """Return each cache that lives on one instance."""
    found = [store for call in code.calls for store in _of_call(code, call)]
    for setting in code.settings:
        if setting.owner == "django.settings" and setting.name == "CACHES":
            backend = default_cache(setting)
            if backend is not None:
                unused = _has_others(setting.value) and not uses_default(code)
                found.append(LocalStore(LOCAL_CACHES[backend], setting.span, setting.guards, doubtful=unused))
    return (*found, *_unset_cache(code))


_CACHED = tuple(f"django.core.cache.cache.{name}" for name in ("set", "add", "get_or_set", "incr", "set_many", "touch"))


def _unset_cache(code: Code) -> Iterator[LocalStore]:
    """Yield Django's default cache, which is memory where no setting names another, at the first place that fills it.

    Source: https://docs.djangoproject.com/en/stable/ref/settings/#caches
    """
    told = any(setting.name == "CACHES" for setting in (*code.settings, *code.alternatives))
    first = next((call for call in code.calls if call.phase == "request" and call.name in _CACHED), None)
    if first is not None and not told:
        yield LocalStore(MEMORY, first.span, first.guards)


def _has_others(caches: Value) -> bool:
    """Whether Django is told of a shared cache too, which code can ask for by its name."""
    others = (
        [options for name, options in caches.entries if text_of(name) != "default"] if isinstance(caches, Table) else []
    )
    backends = [text_of(options.get("BACKEND")) for options in others if isinstance(options, Table)]
    return any(backend is not None and backend not in LOCAL_CACHES for backend in backends)


def uses_default(code: Code) -> bool:
    """Whether the code uses Django's default cache, by the name that stands for it or by a decorator of views.

    Source: https://docs.djangoproject.com/en/stable/topics/cache/
    """
    names = {(one.module, name) for one in code.imports for name in one.names}
    return ("django.core.cache", "cache") in names or any(m == "django.views.decorators.cache" for m, _ in names)


def _of_call(code: Code, call: Call) -> Iterator[LocalStore]:
    if call.phase != "import":
        return
    if call.name in _CALLS:
        yield LocalStore(_CALLS[call.name], call.span, call.guards)
    elif call.name in _CACHES:
        yield from _of_flask_caching(code, call)


def _of_flask_caching(code: Code, call: Call) -> Iterator[LocalStore]:
    """Flask-Caching: the dictionary that it is given, else the app's settings."""
    given = next((a.value for a in call.arguments if a.name == "config" or isinstance(a.value, Table)), None)
    kind = given.get("CACHE_TYPE") if isinstance(given, Table) else None
    if kind is not None:
        text, unset = chosen(kind)
        where = _TYPES.get(text.lower())
        if where is not None:
            yield LocalStore(where, _near(kind, call.span), call.guards, unset)
        return
    made_with_app = bool(call.arguments)
    setting = next((s for s in code.settings if s.name == "CACHE_TYPE"), None)
    if setting is not None and made_with_app:
        text, unset = chosen(setting.value)
        if text.lower() in _TYPES:
            yield LocalStore(_TYPES[text.lower()], setting.span, setting.guards, unset)


def _near(value: Value, call: Span) -> Span:
    """Return where a value stands, if that is in the file of the call that takes it."""
    span = getattr(value, "span", None)
    return span if isinstance(span, Span) and span.path == call.path else call


def memory_limits(code: Code) -> tuple[LocalStore, ...]:
    """Return each rate limiter that counts in the memory of one process, which is what they do by default."""
    setting = next((s for s in code.settings if s.name in _LIMIT_SETTINGS), None)
    found = []
    for call in code.calls:
        if call.phase != "import" or call.name not in _LIMITERS:
            continue
        argument = next((a.value for a in call.arguments if a.name == "storage_uri"), None)
        value = argument if argument is not None else setting.value if setting is not None else None
        text, unset = chosen(value) if value is not None else ("memory://", ())
        if text.startswith("memory"):
            span = _limit_span(argument, setting, call.span)
            found.append(LocalStore(MEMORY, span, call.guards, unset))
    return tuple(found)


def _limit_span(argument: Value | None, setting: Setting | None, call: Span) -> Span:
    if argument is not None:
        return _near(argument, call)
    return setting.span if setting is not None else call
