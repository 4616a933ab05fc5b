"""`unserved-static`: Django's static files are needed, and nothing serves them."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, unless, weighed
from adaptable_preflight.facts.static_files import breaks_pages, is_needed, is_set_up_for_heroku, service, texts_of
from adaptable_preflight.facts.storages import asks_for_a_variable
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, Setting

ID = "unserved-static"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "Django's static files are needed in production, and nothing serves them."

_DECIDING = ("STATIC_URL", "STORAGES", "STATICFILES_STORAGE")
COLLECT = "python manage.py collectstatic --noinput"


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding where the static files of a Django project are served by nobody."""
    settings = {s.name: s for s in deployment.code.settings if s.owner == "django.settings"}
    web, apps = deployment.web, settings.get("INSTALLED_APPS")
    if apps is None or "django.contrib.staticfiles" not in texts_of(apps.value):
        return
    develops = any(server.interface == "dev" for server in web.servers) if web is not None else False
    serving = service(deployment, settings)
    if develops or serving == "served" or not is_needed(deployment, apps):
        return
    place = settings.get("STATIC_URL", apps)
    if serving == "empty":
        yield _empty(deployment, settings.get("STATIC_ROOT", place), settings)
        return
    elsewhere = (settings[name] for name in _DECIDING if name in settings and asks_for_a_variable(settings[name]))
    chosen = unless(tuple(guard for setting in elsewhere for guard in setting.guards))
    yield _finding(
        place,
        settings,
        f"On {deployment.platform.title} nothing serves the files below STATIC_URL{chosen}: pages and the admin come "
        "without style sheets and scripts.",
        "Install whitenoise, add «whitenoise.middleware.WhiteNoiseMiddleware» behind SecurityMiddleware, set "
        f"STATIC_ROOT and run «{COLLECT}» before the server in the start command.",
    )


def _empty(deployment: Deployment, root: Setting, settings: dict[str, Setting]) -> Finding:
    """Return what happens where a folder is served that nothing fills."""
    harm = (
        "each page that names a static file is answered with 500 Internal Server Error"
        if breaks_pages(deployment)
        else "style sheets and scripts are answered with 404 Not Found"
    )
    message = (
        f"On {deployment.platform.title} nothing runs collectstatic, so the folder that is served stays empty: {harm}."
    )
    advice = f"Run «{COLLECT}» before the server in the start command."
    return _finding(root, settings, message, advice, is_set_up_for_heroku(deployment))


def _finding(place: Setting, settings: dict[str, Setting], message: str, advice: str, doubted: bool = False) -> Finding:
    """Return the finding, weaker for each variable that may lead to another storage or address."""
    deciding = (settings[name] for name in _DECIDING if name in settings)
    guards = (*place.guards, *(guard for setting in deciding for guard in setting.guards))
    severity, confidence = weighed(SEVERITY, doubts(guards) + doubted)
    return Finding(ID, severity, place.span, message, advice, confidence, from_absence=True)
