"""Django's registry of apps: a model that is defined before `django.setup()` fills it ends the import.

Source: `Apps.get_containing_app_config` of django/apps/registry.py, which `ModelBase.__new__` calls for every model,
and `get_user_model` of django/contrib/auth/__init__.py, read in Django 4.2 and 5.2.
"""

from typing import Final

from adaptable_preflight.model import DJANGO_MODEL, Import
from adaptable_preflight.read.python import library
from adaptable_preflight.read.python.django_choice import VARIABLE
from adaptable_preflight.read.python.machine import Machine, Raise
from adaptable_preflight.read.python.objects import Arguments, Class, External, Object
from adaptable_preflight.read.python.public import public, public_arguments
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known

_MODEL: Final = "django.db.models.Model"
_USERS: Final = frozenset(
    {
        "django.contrib.auth.models.AbstractUser",
        "django.contrib.auth.models.AbstractBaseUser",
        "django.contrib.auth.base_user.AbstractBaseUser",
    }
)
_KIND: Final = "AppRegistryNotReady"
_DEFINING: Final = frozenset(
    {
        *(
            f"django.contrib.{app}.models"
            for app in "admin auth contenttypes flatpages redirects sessions sites".split()
        ),
        "rest_framework.authtoken.models",
    }
)
"""Modules of Django and its REST framework that define models."""
_SET_UP_BY_THEMSELVES: Final = "configurations"
"""django-configurations: importing its `wsgi` or `asgi` makes an application (configurations/wsgi.py of 2.5)."""


def note_class(machine: Machine, made: Class) -> None:
    """Note that a class is defined: a model, if one of its bases is."""
    bases = {base.name for base in made.lineage() if isinstance(base, External)}
    if _MODEL in bases:
        _note(machine, f"the model «{made.name}» is defined")
    if bases & {_MODEL, *_USERS} and machine.phase == "import" and not _is_without_table(made):
        place = public(made).span or machine.source.start()
        library.note(machine, External(DJANGO_MODEL, place), Arguments(), place)


def _is_without_table(made: Class) -> bool:
    """Whether a model's `Meta` says that migrations make no table for it."""
    meta = made.names.get("Meta")
    told = meta.names if isinstance(meta, Class) else {}
    switches = (("abstract", True), ("proxy", True), ("managed", False))
    return any(isinstance(value := told.get(name), Known) and value.value is off for name, off in switches)


def note_import(machine: Machine, one: Import) -> None:
    """Note that a library's module is imported."""
    if one.module.partition(".")[0] == _SET_UP_BY_THEMSELVES:
        machine.apps_ready = True
    elif one.module in _DEFINING:
        _note(machine, f"«{one.module}» is imported")


def user_model(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`get_user_model()`."""
    _note(machine, "get_user_model() is called")
    return External(function.name, span, instance=True, arguments=public_arguments(arguments))


def _note(machine: Machine, what: str) -> None:
    """Keep what Django raises here, if nothing has set it up before; that something does so at all is told later."""
    unsure = machine.phase != "import" or machine.trials or machine.guards or machine.catches(_KIND)
    if machine.apps_ready or machine.early is not None or unsure or not machine.frames:
        return
    frame = machine.frames[min(machine.set_up_at, len(machine.frames) - 1)]
    if frame.at is None or frame.module.source is None:
        return
    if machine.env.get(VARIABLE) is None:
        error = Raise("ImproperlyConfigured", f"{what}, but settings are not configured yet", frame.span(frame.at))
    else:
        error = Raise(_KIND, f"Apps aren't loaded yet, and {what}", frame.span(frame.at))
    error.advice = _advice(machine)
    machine.early = error


def _advice(machine: Machine) -> str:
    if not machine.set_up_at:
        return (
            "Move it below the line that calls get_asgi_application(), get_wsgi_application() or django.setup(): only "
            "then may anything that leads to a model be imported."
        )
    return (
        "Move it into the functions that need it: what Django imports for the settings and INSTALLED_APPS, before it "
        "comes to the models, must not lead to one."
    )
