"""Whether Django's static files are needed in production, and who serves them."""

from typing import Final

from adaptable_preflight.model import Code, Deployment, Setting
from adaptable_preflight.value import Items, Known, Table, Thing, Value, text_of

_SERVING: Final = ("whitenoise", "dj_static", "django_heroku.settings", "django_on_heroku.settings")
_ROUTES: Final = ("django.views.static.serve", "django.contrib.staticfiles.views.serve")
_ASSETS: Final = (".css", ".js")


def texts_of(value: Value) -> tuple[str, ...]:
    """Return the texts of a list such as INSTALLED_APPS; empty text where one is not known."""
    return tuple(text_of(item) or "" for item in value.items) if isinstance(value, Items) else ()


def is_served(code: Code, settings: dict[str, Setting]) -> bool:
    """Whether middleware, a wrapper, a route or another storage serves the files, or it cannot be told."""
    middleware = settings.get("MIDDLEWARE")
    listed = middleware.value if middleware is not None else None
    open_list = not isinstance(listed, Items) or not listed.complete
    texts = texts_of(listed) if listed is not None else ()
    noise = any("whitenoise" in text.lower() for text in texts)
    named = (noise and _found_by_whitenoise(settings)) or any("static" in text.lower() for text in texts)
    calls = any(call.name.startswith(_SERVING) for call in code.calls)
    routes = any(isinstance(a.value, Thing) and a.value.name in _ROUTES for call in code.calls for a in call.arguments)
    return open_list or named or calls or routes or _served_in_debug(code, settings) or _stored_elsewhere(settings)


def _served_in_debug(code: Code, settings: dict[str, Setting]) -> bool:
    """Whether a route serves the files as long as debug mode is on, which it is.

    Source: https://docs.djangoproject.com/en/stable/howto/static-files/#serving-static-files-during-development
    """
    debug, url = settings.get("DEBUG"), settings.get("STATIC_URL")
    if debug is None or (isinstance(debug.value, Known) and not debug.value.value):
        return False
    address = text_of(url.value) if url is not None else None
    return any(
        call.name.endswith("staticfiles_urlpatterns")
        or (call.name.endswith(".static.static") and call.arguments and text_of(call.arguments[0].value) == address)
        for call in code.calls
    )


def _found_by_whitenoise(settings: dict[str, Setting]) -> bool:
    """Whether files are collected for WhiteNoise, or it looks for them by itself; one of its other settings may do."""
    looked = ("STATIC_ROOT", "WHITENOISE_USE_FINDERS", "WHITENOISE_AUTOREFRESH", "WHITENOISE_ROOT")
    debug = settings["DEBUG"].value if "DEBUG" in settings else None
    return any(name in settings for name in looked) or (isinstance(debug, Known) and bool(debug.value))


def _stored_elsewhere(settings: dict[str, Setting]) -> bool:
    """Whether the files lie in another storage, or below the URL of another host."""
    url = settings.get("STATIC_URL")
    address = text_of(url.value) if url is not None else "static/"
    if address is None or "//" in address:
        return True
    storages = settings.get("STORAGES")
    entry = storages.value.get("staticfiles") if storages is not None and isinstance(storages.value, Table) else None
    backend = entry.get("BACKEND") if isinstance(entry, Table) else None
    old = settings.get("STATICFILES_STORAGE")
    chosen = text_of(backend) if backend is not None else text_of(old.value) if old is not None else None
    return chosen is not None and not chosen.startswith("django.")


def is_needed(deployment: Deployment, apps: Setting) -> bool:
    """Whether the admin or files of the repository's own are served from there."""
    admin = any(call.name == "django.urls.path" and _routes_admin(call.arguments) for call in deployment.code.calls)
    own = any("/static/" in f"/{path}" and path.endswith(_ASSETS) for path in deployment.paths)
    return own or (admin and "django.contrib.admin" in texts_of(apps.value))


def _routes_admin(arguments: tuple[object, ...]) -> bool:
    values = [getattr(argument, "value", None) for argument in arguments]
    return any(isinstance(value, Thing) and value.name.endswith("admin.site.urls") for value in values)
