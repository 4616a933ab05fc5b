"""`django_heroku.settings(locals())`: what it puts into the settings module that calls it.

Source: django_heroku/core.py of django-heroku 0.3.1, and django_on_heroku/core.py of django-on-heroku 1.1.2, which does
the same and has the option `db_ssl_required` besides.
"""

from typing import Final

from adaptable_preflight.read.python import database_urls
from adaptable_preflight.read.python.machine import Handler, Machine
from adaptable_preflight.read.python.objects import Arguments, External, Mapping, Module, Object, Sequence
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Known

_WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"


def settings(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """Set hosts, static files, logging, key and database as the library does, as far as its options ask for it."""
    del function
    module = machine.frames[-1].module
    for option, change in _CHANGES.items():
        if _asked(arguments, option):
            change(machine, module, arguments, span)
    return Known(None, span)


def _asked(arguments: Arguments, option: str) -> bool:
    given = arguments.named.get(option)
    return not (isinstance(given, Known) and given.value is False)


def _set(module: Module, name: str, value: Object, span: Span) -> None:
    module.names[name] = value
    module.spans[name] = span


def _hosts(machine: Machine, module: Module, arguments: Arguments, span: Span) -> None:
    del machine, arguments
    _set(module, "ALLOWED_HOSTS", Sequence([Known("*", span)], "list", span), span)


def _static_files(machine: Machine, module: Module, arguments: Arguments, span: Span) -> None:
    del machine, arguments
    name = "MIDDLEWARE_CLASSES" if "MIDDLEWARE_CLASSES" in module.names else "MIDDLEWARE"
    listed = module.names.get(name)
    made = Sequence([Known(_WHITENOISE, span)], "tuple", span)
    if isinstance(listed, Sequence):
        made.items.extend(listed.items)
        made.complete = listed.complete
    _set(module, name, made, span)
    _set(module, "STATIC_URL", Known("/static/", span), span)
    _set(module, "STATIC_ROOT", Known("staticfiles", span), span)
    _set(module, "STATICFILES_STORAGE", Known(_STORAGE, span), span)


def _console(machine: Machine, module: Module, arguments: Arguments, span: Span) -> None:
    """Replace `LOGGING`: what is logged goes to the console alone."""
    del machine, arguments
    _set(module, "LOGGING", Mapping({}, span), span)


def _secret_key(machine: Machine, module: Module, arguments: Arguments, span: Span) -> None:
    """Take the key from the variable of its name where that is set, else leave what was there."""
    del arguments
    before = module.names.get("SECRET_KEY")
    if before is not None or machine.is_set("SECRET_KEY"):
        _set(module, "SECRET_KEY", machine.variable("SECRET_KEY", before, span) or Known(None, span), span)


def _database(machine: Machine, module: Module, arguments: Arguments, span: Span) -> None:
    url = machine.variable("DATABASE_URL", None, span)
    databases = module.names.get("DATABASES")
    if url is None or (isinstance(url, FromEnv) and not machine.is_set("DATABASE_URL")):
        return
    tls: dict[str, Object] = {"ssl_require": Known(True, span)} if _asked(arguments, "db_ssl_required") else {}
    made = database_urls.entry(url, span, Arguments(named=tls, spans=(span,) * len(tls)))
    if isinstance(databases, Mapping):
        databases.entries["default"] = made
        databases.spans["default"] = span
    else:
        _set(module, "DATABASES", Mapping({"default": made}, span), span)


_CHANGES: Final = {
    "databases": _database,
    "staticfiles": _static_files,
    "allowed_hosts": _hosts,
    "logging": _console,
    "secret_key": _secret_key,
}
"""What each option of the library changes unless it is switched off."""

HANDLERS: dict[str, Handler] = {"django_heroku.settings": settings, "django_on_heroku.settings": settings}
