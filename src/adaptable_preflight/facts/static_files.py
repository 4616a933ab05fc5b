"""Whether Django's static files are needed in production, and who serves them."""

from collections.abc import Iterator
from typing import Final, Literal

from adaptable_preflight.facts.collected_files import is_filled
from adaptable_preflight.facts.storages import OLD_SETTINGS, asks_for_a_variable, storage
from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import Call, Deployment, Setting
from adaptable_preflight.value import FromEnv, Items, Known, Table, Thing, Value, text_of

_SERVING: Final = ("whitenoise.", "dj_static")
_SET_UP: Final = frozenset({"django_heroku.settings", "django_on_heroku.settings"})
_MOUNTED: Final = frozenset({"fastapi.staticfiles", "starlette.staticfiles"})
_SERVE: Final = "django.views.static.serve"
_FINDING_ROUTE: Final = "django.contrib.staticfiles.views.serve"
_ASSETS: Final = (".css", ".js")

Service = Literal["served", "empty", "nobody"]
"""`empty`: something would serve the files from a folder, and nothing puts any into it."""


def texts_of(value: Value) -> tuple[str, ...]:
    """Return the texts of a list such as INSTALLED_APPS; empty text where one is not known."""
    return tuple(text_of(item) or "" for item in value.items) if isinstance(value, Items) else ()


def service(deployment: Deployment, settings: dict[str, Setting]) -> Service:
    """Return who serves the files; `served` also where it cannot be told."""
    values = {name: setting.value for name, setting in settings.items() if not asks_for_a_variable(setting)}
    ways = (*_by_middleware(deployment, values), *_by_code(deployment, values))
    if any(ways) or _stored_elsewhere(values) or _by_starlette(deployment):
        return "served"
    return "empty" if ways else "nobody"


def _by_middleware(deployment: Deployment, settings: dict[str, Value]) -> Iterator[bool]:
    """Yield for each middleware that serves whether it finds files.

    Source of what WhiteNoise looks through: whitenoise/middleware.py of WhiteNoise 6.12, `__init__`.
    """
    listed = settings.get("MIDDLEWARE")
    if not isinstance(listed, Items) or not listed.complete:
        yield True
    for name in map(str.lower, texts_of(listed) if listed is not None else ()):
        if "whitenoise" not in name:
            yield from [True] if "static" in name else []
        elif _finds(settings) or "WHITENOISE_ROOT" in settings:
            yield True
        elif "STATIC_ROOT" in settings:
            yield is_filled(deployment, settings["STATIC_ROOT"])


def _finds(settings: dict[str, Value]) -> bool:
    """Whether WhiteNoise asks Django's finders for the files, as it does in debug mode."""
    return may_be_on(settings.get("WHITENOISE_USE_FINDERS", settings.get("DEBUG")))


def may_be_on(value: Value | None) -> bool:
    """Whether a switch that is off by default is on when nobody sets a variable, or it cannot be told."""
    if isinstance(value, FromEnv) and value.default is not None:
        return may_be_on(value.default)
    return bool(value.value) if isinstance(value, Known) else value is not None


def _by_code(deployment: Deployment, settings: dict[str, Value]) -> Iterator[bool]:
    """Yield for each wrapper and route that serves whether it finds files."""
    debug = may_be_on(settings.get("DEBUG"))
    for call in deployment.code.calls:
        served = [a.value.name for a in call.arguments if isinstance(a.value, Thing)]
        found = debug and call.name.endswith("staticfiles_urlpatterns")
        if found or call.name.startswith(_SERVING) or _FINDING_ROUTE in served:
            yield True
        elif _SERVE in served or (debug and _routes_static(call, settings)):
            yield from _from_root(deployment, _root(call), settings)


def _by_starlette(deployment: Deployment) -> bool:
    """Whether an ASGI app around Django may serve the folder: `app.mount("/static", StaticFiles(directory=…))`."""
    return any(one.module in _MOUNTED for one in deployment.code.imports)


def _routes_static(call: Call, settings: dict[str, Value]) -> bool:
    """Whether a route serves the files as long as debug mode is on: `static(settings.STATIC_URL, …)`.

    Source: https://docs.djangoproject.com/en/stable/howto/static-files/#serving-static-files-during-development
    """
    address = text_of(settings["STATIC_URL"]) if "STATIC_URL" in settings else None
    return call.name.endswith(".static.static") and bool(call.arguments) and text_of(call.arguments[0].value) == address


def _root(call: Call) -> Value | None:
    """Return the folder that a route serves: an argument of its own, or one of the view's."""
    named = call.argument(99, "document_root")
    tables = [a.value.get("document_root") for a in call.arguments if isinstance(a.value, Table)]
    return named.value if named is not None else next((value for value in tables if value is not None), None)


def _from_root(deployment: Deployment, root: Value | None, settings: dict[str, Value]) -> Iterator[bool]:
    """Yield whether the folder of a route holds files; nothing where it is a setting that nobody makes."""
    unset = isinstance(root, Thing) and root.name == "django.conf.settings.STATIC_ROOT"
    if not (unset and "STATIC_ROOT" not in settings):
        yield root is None or is_filled(deployment, root)


def _stored_elsewhere(settings: dict[str, Value]) -> bool:
    """Whether the files lie in another storage, or below the URL of another host, or it cannot be told.

    The storages of Django and WhiteNoise only name the files; what serves them is another question.
    """
    address = text_of(settings["STATIC_URL"]) if "STATIC_URL" in settings else "static/"
    if address is None or "//" in address:
        return True
    chosen = storage(settings, "staticfiles")
    return chosen is not None and not (text_of(chosen) or "").startswith(("django.", "whitenoise."))


def is_set_up_for_heroku(deployment: Deployment) -> bool:
    """Whether django-heroku sets the static files up, as for a platform whose builder collects them."""
    return any(call.name in _SET_UP for call in deployment.code.calls)


def is_needed(deployment: Deployment, apps: Setting) -> bool:
    """Whether the admin or files of the repository's own are served from there."""
    admin = any(call.name == "django.urls.path" and _routes_admin(call.arguments) for call in deployment.code.calls)
    own = any("/static/" in f"/{path}" and path.endswith(_ASSETS) for path in deployment.paths)
    return own or (admin and "django.contrib.admin" in texts_of(apps.value))


def breaks_pages(deployment: Deployment) -> bool:
    """Whether a page that names a static file fails while no files are collected.

    Source: django/contrib/staticfiles/storage.py of Django 5.2, `stored_name` with `manifest_strict`.
    """
    made = (s for s in deployment.code.settings if s.owner == "django.settings" and not asks_for_a_variable(s))
    values = {setting.name: setting.value for setting in made}
    if OLD_SETTINGS["staticfiles"] in values and not held_below(deployment.installed, "django", "5.1"):
        return False  # a newer Django does not read it
    return "ManifestStaticFilesStorage" in (text_of(storage(values, "staticfiles")) or "")


def _routes_admin(arguments: tuple[object, ...]) -> bool:
    values = [getattr(argument, "value", None) for argument in arguments]
    return any(isinstance(value, Thing) and value.name.endswith("admin.site.urls") for value in values)
