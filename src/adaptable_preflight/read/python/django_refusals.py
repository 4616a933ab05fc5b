"""Settings with which Django does not start: what it raises while it sets itself up.

Sources: `Settings.__init__` of django/conf/__init__.py, `ConnectionHandler` and `load_backend` of django/db/utils.py,
`load_middleware` of django/core/handlers/base.py, read in Django 4.2 and 5.2; allauth/account/apps.py of
django-allauth 0.56.0 and 65.3.0.
"""

from collections.abc import Iterator
from typing import Final

from adaptable_preflight.knowledge.versions import newest_is_in
from adaptable_preflight.read.python import access
from adaptable_preflight.read.python.django_names import Entry, entries
from adaptable_preflight.read.python.machine import Machine, Raise
from adaptable_preflight.read.python.objects import Mapping, Module, Object, Sequence
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, FromEnv, Known

_KIND: Final = "ImproperlyConfigured"
_LISTS: Final = ("ALLOWED_HOSTS", "INSTALLED_APPS", "LOCALE_PATHS")
_OWN_ENGINES: Final = "django.db.backends."
_ENGINES: Final = frozenset("dummy mysql oracle postgresql postgresql_psycopg2 sqlite3".split())
_MODELS: Final = "django.contrib.auth"
"""The app whose models let Django look at the database's engine while it starts (`Options.contribute_to_class`)."""
_STORED: Final = ("DEFAULT_FILE_STORAGE", "STATICFILES_STORAGE")
_ALLAUTH, _ITS_MIDDLEWARE = "allauth.account", "allauth.account.middleware.AccountMiddleware"


def refusals(machine: Machine, settings: Mapping, span: Span) -> Iterator[Raise]:
    """Yield what Django raises for its settings."""
    yield from _lists(settings)
    yield from _storages(machine, settings)
    apps = {entry.name for entry in entries(settings, "INSTALLED_APPS", span) if entry.sure}
    if _MODELS in apps:
        yield from _databases(settings)
    if any(app == _ALLAUTH or app.startswith(f"{_ALLAUTH}.") for app in apps):
        yield from _allauth(machine, settings, span)


def _set(settings: Mapping, name: str) -> tuple[Object, Span] | None:
    """Return what a setting is set to, whatever the variables are, and where; None where that is not known."""
    value, place = settings.entries.get(name), settings.spans.get(name)
    return (value, place) if value is not None and place is not None and not settings.guards.get(name) else None


def _lists(settings: Mapping) -> Iterator[Raise]:
    for name in _LISTS:
        found = _set(settings, name)
        if found is not None and _is_no_list(found[0]):
            error = Raise(_KIND, f"The {name} setting must be a list or a tuple", found[1])
            error.advice = f"Write a list: {_as_list(name, found[0])}"
            yield error


def _is_no_list(value: Object) -> bool:
    """Whether a value is text, a number, a set or `None` for certain."""
    if isinstance(value, FromEnv):
        return value.plain and (value.default is None or _is_no_list_by_default(value.default))
    if isinstance(value, Sequence):
        return value.kind == "set"
    return isinstance(value, Known | Concat)


def _is_no_list_by_default(value: object) -> bool:
    return isinstance(value, Known | Concat) or (isinstance(value, FromEnv) and _is_no_list(value))


def _as_list(name: str, value: Object) -> str:
    if isinstance(value, FromEnv):
        return f'{name} = os.environ.get("{value.name}", "").split(",")'
    text = value.value if isinstance(value, Known) else None
    return f'{name} = ["{text}"]' if isinstance(text, str) and text else f"{name} = […]"


def _storages(machine: Machine, settings: Mapping) -> Iterator[Raise]:
    """Yield what Django 4.2 and 5.0 raise where both the old and the new setting of a storage are there."""
    django = machine.installed.find("django")
    if _set(settings, "STORAGES") is None or django is None or not newest_is_in(django.specifier, ">=4.2,<5.1"):
        return
    for name in _STORED:
        found = _set(settings, name)
        if found is not None:
            error = Raise(_KIND, f"{name}/STORAGES are mutually exclusive", found[1])
            error.advice = f"Take {name} out: STORAGES says the same."
            yield error


def _databases(settings: Mapping) -> Iterator[Raise]:
    found = _set(settings, "DATABASES")
    if found is None or not isinstance(found[0], Mapping) or not found[0].complete or not found[0].entries:
        return
    if "default" not in found[0].entries:
        error = Raise(_KIND, "You must define a 'default' database", found[1])
        error.advice = 'Write DATABASES = {"default": …}.'
        yield error
    for entry in found[0].entries.values():
        engine = entry.entries.get("ENGINE") if isinstance(entry, Mapping) else None
        name = engine.value if isinstance(engine, Known) else None
        own = isinstance(name, str) and name.startswith(_OWN_ENGINES)
        if isinstance(engine, Known) and own and str(name).removeprefix(_OWN_ENGINES) not in _ENGINES:
            error = Raise(_KIND, f"'{name}' isn't an available database backend", engine.span or found[1])
            error.advice = f"Write one of Django's own, such as «{_OWN_ENGINES}postgresql»."
            yield error


def _allauth(machine: Machine, settings: Mapping, span: Span) -> Iterator[Raise]:
    allauth, found = machine.installed.find("django-allauth"), _set(settings, "MIDDLEWARE")
    if allauth is None or allauth.url or not newest_is_in(allauth.specifier, ">=0.56") or found is None:
        return
    listed = found[0]
    if isinstance(listed, Sequence) and listed.complete and not listed.assumed:
        names = {entry.name for entry in entries(settings, "MIDDLEWARE", span)}
        if _ITS_MIDDLEWARE not in names and len(names) == len(listed.items):
            error = Raise(_KIND, f"{_ITS_MIDDLEWARE} must be added to settings.MIDDLEWARE", found[1])
            error.advice = f"Add «{_ITS_MIDDLEWARE}» to MIDDLEWARE."
            yield error


def absent_middleware(machine: Machine, entry: Entry, module: Module | None) -> Raise | None:
    """Return what Django raises where the repository lacks a middleware that is named as one of its own."""
    holder, _, last = entry.name.rpartition(".")
    if not entry.sure or machine.undecided or machine.assumed or machine.catches("ImportError"):
        return None
    if module is None:
        return _absent_module(machine, holder, entry.span)
    try:
        access.of_module(machine, module, last, entry.span)
    except Raise as error:
        if error.kind != "AttributeError" or error.span != entry.span:
            raise
        error = Raise("ImportError", f'Module "{holder}" does not define a "{last}" attribute/class', entry.span)
        error.advice = f"Name what is in {module.path}, or take the entry out."
        return error
    return None


def _absent_module(machine: Machine, name: str, span: Span) -> Raise | None:
    """Return what the import of a module raises whose package is the repository's."""
    if not isinstance(machine.find(name.partition(".")[0]), Module):
        return None
    try:
        machine.do.import_module(machine, name, span)
    except Raise as error:
        if error.kind == "ModuleNotFoundError" and error.span == span:
            error.advice = "Name a module that is in the repository, or take the entry out."
        return error
    return None
