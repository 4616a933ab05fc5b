"""Mails that never leave the instance."""

from adaptable_preflight.facts.databases import DJANGO
from adaptable_preflight.model import Code, Setting
from adaptable_preflight.value import text_of

_FILES = "django.core.mail.backends.filebased.EmailBackend"
"""Source: https://docs.djangoproject.com/en/stable/topics/email/#file-backend"""


def kept_mails(code: Code) -> tuple[Setting, ...]:
    """Return the settings that let Django write its mails into files."""
    return tuple(
        setting
        for setting in code.settings
        if setting.owner == DJANGO and setting.name == "EMAIL_BACKEND" and text_of(setting.value) == _FILES
    )
