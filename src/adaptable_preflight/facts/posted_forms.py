"""Forms that Django refuses behind a proxy that ends TLS, because it takes itself to be at http://."""

from collections.abc import Iterator
from typing import Final

from adaptable_preflight.facts.accepted_hosts import STARRED, covers, is_own
from adaptable_preflight.facts.static_files import texts_of
from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import Deployment, Setting
from adaptable_preflight.platforms import Platform
from adaptable_preflight.source import Span
from adaptable_preflight.value import Items, Value, text_of

_CHECKING: Final = "django.middleware.csrf.CsrfViewMiddleware"
_POSTED_TO: Final = frozenset({"django.contrib.admin", "django.contrib.auth"})
"""Apps of Django that somebody logs in to."""


def refused_forms(deployment: Deployment) -> Iterator[Span]:
    """Yield the middleware that compares the form's origin with the scheme that Django believes in.

    Source: django/middleware/csrf.py of Django 5.2, `_origin_verified`; new in 4.0
    (https://docs.djangoproject.com/en/stable/releases/4.0/#csrf).
    """
    settings = {s.name: s for s in deployment.code.settings if s.owner == "django.settings"}
    apps, middleware = settings.get("INSTALLED_APPS"), settings.get("MIDDLEWARE")
    if apps is None or middleware is None or not _POSTED_TO & set(texts_of(apps.value)):
        return
    if held_below(deployment.installed, "django", "4.0") or _trusted(deployment, settings.get("CSRF_TRUSTED_ORIGINS")):
        return
    yield from (item.span or middleware.span for item in _items(middleware.value) if text_of(item) == _CHECKING)


def _items(value: Value) -> tuple[Value, ...]:
    return value.items if isinstance(value, Items) else ()


def _trusted(deployment: Deployment, origins: Setting | None) -> bool:
    """Whether the app's own address may be among the origins that are trusted; one without a scheme is none."""
    if origins is None:
        return False
    if not isinstance(origins.value, Items) or not origins.value.complete or origins.value.assumed:
        return True
    texts = [text_of(item) for item in origins.value.items]
    hosts = ["*" if text is None else text.partition("://")[2] for text in texts]
    return any(covers(deployment, host, STARRED) or is_own(host) for host in hosts)


def remedy(platform: Platform) -> str:
    """Return the lines of the settings of which each makes Django take the forms."""
    own = f'"https://the-name-of-the-app.{platform.runtime.host_suffix or "example"}"'
    if "EXTERNAL_HOSTNAME" in platform.variables:
        own = '"https://" + os.environ["EXTERNAL_HOSTNAME"]'
    return (
        'Write in the settings: SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") – or: '
        f"CSRF_TRUSTED_ORIGINS = [{own}]"
    )
