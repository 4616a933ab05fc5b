"""Which classes Django stores files with."""

from typing import Final, Literal

from adaptable_preflight.model import Setting
from adaptable_preflight.value import Table, Unknown, Value

Alias = Literal["default", "staticfiles"]
OLD_SETTINGS: Final[dict[Alias, str]] = {"default": "DEFAULT_FILE_STORAGE", "staticfiles": "STATICFILES_STORAGE"}
"""The settings before Django 4.2 that say the same as an entry of STORAGES."""


def asks_for_a_variable(setting: Setting) -> bool:
    """Whether a setting is only made where somebody sets a variable: it is a doubt, and no answer."""
    return isinstance(setting.value, Unknown) and any(guard.assumed for guard in setting.guards)


def storage(settings: dict[str, Value], alias: Alias) -> Value | None:
    """Return the class that the settings name, which may be unknown; None where Django's own default counts."""
    old = settings.get(OLD_SETTINGS[alias])
    if old is not None:
        return old
    storages = settings.get("STORAGES")
    if not isinstance(storages, Table):
        return storages
    entry = storages.get(alias)
    if entry is None:
        return None if storages.complete else Unknown("not all of STORAGES is known", storages.span)
    chosen = entry.get("BACKEND") if isinstance(entry, Table) else None
    return chosen if chosen is not None else Unknown("what the storage is made by is not known", storages.span)
