"""Uploads that Django stores by itself, for the fields of models."""

from adaptable_preflight.facts.storages import storage
from adaptable_preflight.model import Code, Deployment
from adaptable_preflight.source import Span
from adaptable_preflight.value import text_of

FIELDS = frozenset(
    "django.db.models.FileField django.db.models.ImageField django.db.models.fields.files.FileField "
    "django.db.models.fields.files.ImageField".split()
)
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
    """Whether Django's default storage is the disk."""
    settings = {s.name: s.value for s in code.settings if s.owner == "django.settings"}
    chosen = storage(settings, "default")
    return bool(settings) and (chosen is None or text_of(chosen) in LOCAL)
