"""Settings that a framework read once and reads no more: they are taken without a word and do nothing."""

from typing import Final, NamedTuple

from adaptable_preflight.knowledge.versions import held_from
from adaptable_preflight.model import Installed, Setting


class Unread(NamedTuple):
    """A setting, and the version that reads it no more."""

    package: str
    since: str
    instead: str


_UNREAD: Final = {
    ("django.settings", "DEFAULT_FILE_STORAGE"): Unread("django", "5.1", 'STORAGES["default"]'),
    ("django.settings", "STATICFILES_STORAGE"): Unread("django", "5.1", 'STORAGES["staticfiles"]'),
}
"""Source: https://docs.djangoproject.com/en/stable/releases/5.1/#features-removed-in-5-1 (tried with Django 5.2.8)."""


def unread(setting: Setting, installed: Installed) -> Unread | None:
    """Return why a setting does nothing; None where the version that will be installed reads it, or may."""
    found = _UNREAD.get((setting.owner, setting.name))
    return found if found is not None and held_from(installed, found.package, found.since) else None
