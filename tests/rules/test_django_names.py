"""Dotted names in Django's settings: what they import is judged like any other import."""

from collections.abc import Callable
from types import ModuleType

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import removed_api, undeclared_import

Says = Callable[..., tuple[Finding, ...]]

WSGI = (
    "import os\nfrom django.core.wsgi import get_wsgi_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'project.settings')\napplication = get_wsgi_application()\n"
)
CACHE = "CACHES = {{'default': {{'BACKEND': '{}'}}}}\n"
TEMPLATES = (
    "TEMPLATES = [{{'BACKEND': 'django.template.backends.django.DjangoTemplates', "
    "'OPTIONS': {{'context_processors': ['{}']}}}}]"
)
MEMCACHED = CACHE.format("django.core.cache.backends.memcached.MemcachedCache")
PYMEMCACHE = CACHE.format("django.core.cache.backends.memcached.PyMemcacheCache")


def project(settings: str, requirements: str = "") -> dict[str, str]:
    return {
        "project/__init__.py": "",
        "project/wsgi.py": WSGI,
        "project/settings.py": f"import os\n{settings}\n",
        "requirements.txt": f"django\ngunicorn\n{requirements}",
    }


def lines(says: Says, rule: ModuleType, settings: str, requirements: str = "") -> list[tuple[str, str, int]]:
    found = says(rule, project(settings, requirements))
    return [(str(f.severity), f.span.path.rpartition("/")[2], f.span.line) for f in found]


NOTICE = [("notice", "settings.py", 2)]
LACKS = [("warning", "settings.py", 2)]


@pytest.mark.parametrize(
    ("settings", "requirements", "expected"),
    [
        (PYMEMCACHE, "", LACKS),
        (PYMEMCACHE, "pymemcache\n", []),
        (CACHE.format("django.core.cache.backends.redis.RedisCache"), "", LACKS),
        (CACHE.format("django.core.cache.backends.redis.RedisCache"), "redis\n", []),
        (CACHE.format("django_redis.cache.RedisCache"), "", LACKS),
        (CACHE.format("django_redis.cache.RedisCache"), "django-redis\n", []),
        (CACHE.format("django.core.cache.backends.locmem.LocMemCache"), "", []),
        (CACHE.format("project.caches.Cache"), "", []),
        ("if os.environ.get('CACHED'):\n    " + CACHE.format("django_redis.cache.RedisCache"), "", []),
        ("EMAIL_BACKEND = 'anymail.backends.mailgun.EmailBackend'", "", NOTICE),
        ("EMAIL_BACKEND = 'anymail.backends.mailgun.EmailBackend'", "django-anymail\n", []),
        ("EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'", "", []),
        ("CHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer'}}", "", LACKS),
        ("CHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer'}}", "channels-redis\n", []),
        ("REST_FRAMEWORK = {'DEFAULT_FILTER_BACKENDS': ['django_filters.rest_framework.DjangoFilterBackend']}", "", LACKS),
        ("REST_FRAMEWORK = {'DEFAULT_PAGINATION_CLASS': 'project.pages.Pages', 'DATE_FORMAT': '%d.%m'}", "", []),
        ("LOGGING = {'formatters': {'json': {'()': 'pythonjsonlogger.jsonlogger.JsonFormatter'}}}", "", LACKS),
        ("LOGGING = {'handlers': {'out': {'class': 'logging.StreamHandler'}}}", "", []),
        ("PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher']", "", LACKS),
        ("PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher']", "django[argon2]\n", []),
        ("PASSWORD_HASHERS = ['django.contrib.auth.hashers.PBKDF2PasswordHasher', 'x.Argon2PasswordHasher']", "", []),
        ("AUTHENTICATION_BACKENDS = ['allauth.account.auth_backends.AuthenticationBackend']", "", NOTICE),
        (TEMPLATES.format("django.template.context_processors.request"), "", []),
        (TEMPLATES.format("social_django.context_processors.backends"), "", LACKS),
        ("STATICFILES_STORAGE = 'whitenoise.storage.CompressedManifestStaticFilesStorage'", "", LACKS),
        ("STORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedStaticFilesStorage'}}", "", LACKS),
    ],
)  # fmt: skip
def test_what_the_settings_name_has_to_be_installed(
    says: Says, settings: str, requirements: str, expected: list[tuple[str, str, int]]
) -> None:
    assert lines(says, undeclared_import, settings, requirements) == expected


@pytest.mark.parametrize(
    ("settings", "requirements", "count"),
    [
        (MEMCACHED, "python-memcached\n", 1),
        (MEMCACHED, "python-memcached\ndjango<4.1\n", 0),
        (PYMEMCACHE, "pymemcache\n", 0),
        ("STATICFILES_STORAGE = 'whitenoise.django.GzipManifestStaticFilesStorage'", "whitenoise\n", 1),
        ("STATICFILES_STORAGE = 'whitenoise.django.GzipManifestStaticFilesStorage'", "whitenoise==3.3.1\n", 0),
        ("STATICFILES_STORAGE = 'whitenoise.storage.CompressedManifestStaticFilesStorage'", "whitenoise\n", 0),
        ("from whitenoise.django import DjangoWhiteNoise", "whitenoise==6.5.0\n", 1),
    ],
)
def test_what_the_installed_version_has_no_more(says: Says, settings: str, requirements: str, count: int) -> None:

    files = project(settings, requirements)
    if "django<" in requirements:
        files["requirements.txt"] = f"gunicorn\n{requirements}"
    assert len(says(removed_api, files)) == count
