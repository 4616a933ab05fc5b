"""Uploads that Django stores by itself, for the fields of models."""

from adaptable_preflight.facts.storages import OLD_SETTINGS, asks_for_a_variable, storage
from adaptable_preflight.model import Code, Deployment, Guard, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import text_of

FIELDS = frozenset(
    "django.db.models.FileField django.db.models.ImageField django.db.models.fields.files.FileField "
    "django.db.models.fields.files.ImageField".split()
)
_DECIDING = frozenset({"STORAGES", OLD_SETTINGS["default"]})
"""The settings that tell the default storage."""
LOCAL = ("django.core.files.storage.FileSystemStorage", "django.core.files.storage.filesystem.FileSystemStorage")


def stored_uploads(deployment: Deployment) -> tuple[Span, ...]:
    """Return the fields of models whose files Django stores on the disk, in the order of the code.

    Source: https://docs.djangoproject.com/en/stable/ref/settings/#storages: without a setting it does.
    """
    if not stores_locally(deployment.code):
        return ()
    fields = [call for call in deployment.code.calls if call.name in FIELDS and call.argument(99, "storage") is None]
    return tuple(dict.fromkeys(call.span for call in fields if call.span.in_file))


def stores_locally(code: Code) -> bool:
    """Whether Django's default storage is the disk.

    A condition in the settings that asks for a variable shows that their author sets it; that there is another settings
    module does not.
    """
    settings = {s.name: s.value for s in code.settings if s.owner == "django.settings" and not _of_another_module(s)}
    chosen = storage(settings, "default")
    return bool(settings) and (chosen is None or text_of(chosen) in LOCAL)


def _of_another_module(setting: Setting) -> bool:
    chosen = any(guard.variables == ("DJANGO_SETTINGS_MODULE",) for guard in setting.guards)
    return chosen and asks_for_a_variable(setting)


def choosing(code: Code) -> tuple[Guard, ...]:
    """Return the conditions under which Django's default storage would be another one."""
    deciding = (s for s in code.settings if s.owner == "django.settings" and s.name in _DECIDING)
    return tuple(guard for setting in deciding for guard in setting.guards)
