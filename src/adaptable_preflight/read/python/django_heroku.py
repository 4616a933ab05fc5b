"""`django_heroku.settings(locals())`: what it puts into the settings module that calls it.

Source: https://github.com/heroku/django-heroku/blob/master/django_heroku/core.py
"""

from adaptable_preflight.read.python.machine import Handler, Machine
from adaptable_preflight.read.python.objects import Arguments, External, Mapping, Module, Object, Sequence
from adaptable_preflight.read.python.public import public
from adaptable_preflight.source import Span
from adaptable_preflight.value import Argument, FromEnv, Known

_WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"


def settings(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """Set hosts, static files and the database as the library does, as far as its options ask for it."""
    del function
    module = machine.frames[-1].module
    for option, change in (("databases", _database), ("staticfiles", _static_files), ("allowed_hosts", _hosts)):
        asked = arguments.named.get(option)
        if not (isinstance(asked, Known) and asked.value is False):
            change(machine, module, span)
    return Known(None, span)


def _set(module: Module, name: str, value: Object, span: Span) -> None:
    module.names[name] = value
    module.spans[name] = span


def _hosts(machine: Machine, module: Module, span: Span) -> None:
    del machine
    _set(module, "ALLOWED_HOSTS", Sequence([Known("*", span)], "list", span), span)


def _static_files(machine: Machine, module: Module, span: Span) -> None:
    del machine
    listed = module.names.get("MIDDLEWARE")
    made = Sequence([Known(_WHITENOISE, span)], "tuple", span)
    if isinstance(listed, Sequence):
        made.items.extend(listed.items)
        made.complete = listed.complete
    _set(module, "MIDDLEWARE", made, span)
    _set(module, "STATIC_URL", Known("/static/", span), span)
    _set(module, "STATIC_ROOT", Known("staticfiles", span), span)


def _database(machine: Machine, module: Module, span: Span) -> None:
    url = machine.variable("DATABASE_URL", None, span)
    databases = module.names.get("DATABASES")
    if url is None or (isinstance(url, FromEnv) and not machine.is_set("DATABASE_URL")):
        return
    given = (Argument(public(url), span),)
    made = External("dj_database_url.parse", span, instance=True, arguments=given)
    if isinstance(databases, Mapping):
        databases.entries["default"] = made
        databases.spans["default"] = span
    else:
        _set(module, "DATABASES", Mapping({"default": made}, span), span)


HANDLERS: dict[str, Handler] = {"django_heroku.settings": settings, "django_on_heroku.settings": settings}
