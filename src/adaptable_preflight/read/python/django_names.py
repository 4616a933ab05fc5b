"""Django: the dotted names in the settings, which Django imports at the start or when it needs them for the first time.

Source: https://docs.djangoproject.com/en/stable/ref/settings/; when each is imported was read in Django 5.2.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.model import Import
from adaptable_preflight.read.python import imports
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import Mapping, Object, Sequence, options_of
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known

_OBJECTS: Final = ("EMAIL_BACKEND", "STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE", "AUTHENTICATION_BACKENDS")
"""Settings that name a class, or a list of classes."""
_TABLES: Final = ("CACHES", "STORAGES", "TEMPLATES", "CHANNEL_LAYERS")
"""Settings whose entries name a class each, by the key `BACKEND`."""
_OF_REST: Final = ("_CLASSES", "_CLASS", "_BACKENDS", "EXCEPTION_HANDLER")
"""How keys of `REST_FRAMEWORK` end that name what is imported with the first view.
https://github.com/encode/django-rest-framework/blob/main/rest_framework/settings.py (`IMPORT_STRINGS`)."""
_IN_LOGGING: Final = (("handlers", "class"), ("handlers", "()"), ("formatters", "class"), ("formatters", "()"))
"""Where `LOGGING` names what `django.setup` imports.
https://docs.python.org/3/library/logging.config.html#dictionary-schema-details."""
_IN_OPTIONS: Final = ("context_processors", "loaders")
"""Keys below `OPTIONS` of `TEMPLATES` that hold lists of dotted names."""
_SESSIONS: Final = "django.contrib.sessions.middleware.SessionMiddleware"
_NEEDS: Final = {
    "django.core.cache.backends.redis.RedisCache": "redis",
    "django.core.cache.backends.memcached.MemcachedCache": "memcache",
    "django.core.cache.backends.memcached.PyMemcacheCache": "pymemcache",
    "django.core.cache.backends.memcached.PyLibMCCache": "pylibmc",
    "django.template.backends.jinja2.Jinja2": "jinja2",
}
"""What Django's own back ends import when they are made.
https://github.com/django/django/blob/stable/5.2.x/django/core/cache/backends/memcached.py and its kin."""


class Entry(NamedTuple):
    """A dotted name in a list of the settings."""

    name: str
    span: Span
    sure: bool
    """Whether the list holds it for certain, whatever the variables are."""


def entries(settings: Mapping, name: str, span: Span) -> list[Entry]:
    """Return the dotted names that a list of the settings holds."""
    options = options_of(settings.entries.get(name, Known(None)))
    found: dict[str, Entry] = {}
    for listed in options:
        if not isinstance(listed, Sequence):
            continue
        sure = len(options) == 1 and listed.complete and not listed.assumed and not settings.guards.get(name)
        for item in listed.items:
            if isinstance(item, Known) and isinstance(item.value, str):
                found.setdefault(item.value, Entry(item.value, item.span or span, sure))
    return list(found.values())


def note_import(machine: Machine, entry: Entry, is_object: bool = False) -> None:
    """Note that Django imports a library's module that the settings name; `is_object`: for something in it."""
    holder, _, last = entry.name.rpartition(".")
    whole = not holder or not (is_object or last[:1].isupper())
    module, names = (entry.name, ()) if whole else (holder, (last,))
    top = module.partition(".")[0]
    tried = any(one.guarded and one.module.partition(".")[0] == top for one in machine.imports)
    imports.note_import(machine, Import(module, entry.span, tried or not entry.sure, names, setting=True))


def note_backends(machine: Machine, settings: Mapping, span: Span) -> None:
    """Note what Django imports for sessions and logs when it starts, and for caches, mails and the like later."""
    if any(entry.name == _SESSIONS for entry in entries(settings, "MIDDLEWARE", span)):
        for entry in _texts(settings, "SESSION_ENGINE", settings.entries.get("SESSION_ENGINE"), span):
            _note(machine, entry, is_object=False)
    for entry in _of_logging(settings, span):
        _note(machine, entry, is_object=True)
    before, machine.phase = machine.phase, "request"
    for entry in _used_later(settings, span):
        _note(machine, entry, is_object=True)
        if entry.name in _NEEDS:
            note_import(machine, entry._replace(name=_NEEDS[entry.name]))
    machine.phase = before


def _note(machine: Machine, entry: Entry, is_object: bool) -> None:
    """Note a name that leads out of the repository."""
    if machine.find(entry.name.partition(".")[0]) is None:
        note_import(machine, entry, is_object)


def _used_later(settings: Mapping, span: Span) -> Iterator[Entry]:
    for name in _OBJECTS:
        yield from _texts(settings, name, settings.entries.get(name), span)
    for name in _TABLES:
        for table in _tables(settings.entries.get(name)):
            yield from _texts(settings, name, table.entries.get("BACKEND"), span)
            options = table.entries.get("OPTIONS")
            held = options.entries if isinstance(options, Mapping) else {}
            for key in _IN_OPTIONS:
                yield from _texts(settings, name, held.get(key), span)

    rest = settings.entries.get("REST_FRAMEWORK")
    for option, value in rest.entries.items() if isinstance(rest, Mapping) else ():
        if isinstance(option, str) and option.endswith(_OF_REST):
            yield from _texts(settings, "REST_FRAMEWORK", value, span)


def _of_logging(settings: Mapping, span: Span) -> Iterator[Entry]:
    logging = settings.entries.get("LOGGING")
    told = logging.entries if isinstance(logging, Mapping) else {}
    for part, key in _IN_LOGGING:
        for table in _tables(told.get(part)):
            yield from _texts(settings, "LOGGING", table.entries.get(key), span)


def _tables(value: Object | None) -> Iterator[Mapping]:
    """Yield the dictionaries that a dictionary or a list holds; none where branches leave it open."""
    held = value.entries.values() if isinstance(value, Mapping) else value.items if isinstance(value, Sequence) else ()
    yield from (one for one in held if isinstance(one, Mapping))


def _texts(settings: Mapping, name: str, value: Object | None, span: Span) -> Iterator[Entry]:
    """Yield the dotted names of a value: a text, or a list of texts; those of further branches are not for certain."""
    options = options_of(value) if value is not None else ()
    for option in options:
        sure = len(options) == 1 and not settings.guards.get(name)
        for item in option.items if isinstance(option, Sequence) else (option,):
            if isinstance(item, Known) and isinstance(item.value, str) and "." in item.value:
                yield Entry(item.value, item.span or span, sure)
