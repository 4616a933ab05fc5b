"""`unserved-static`: Django's static files are needed, and nothing serves them."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, weighed
from adaptable_preflight.facts.static_files import is_needed, is_served, texts_of
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "unserved-static"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "Django's static files are needed in production, and nothing serves them."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding where the static files of a Django project are served by nobody."""
    settings = {s.name: s for s in deployment.code.settings if s.owner == "django.settings"}
    web, apps = deployment.web, settings.get("INSTALLED_APPS")
    if apps is None or "django.contrib.staticfiles" not in texts_of(apps.value):
        return
    develops = any(server.interface == "dev" for server in web.servers) if web is not None else False
    if develops or is_served(deployment.code, settings) or not is_needed(deployment, apps):
        return
    place = settings.get("STATIC_URL", apps)
    severity, confidence = weighed(SEVERITY, doubts(place.guards))
    yield Finding(
        ID,
        severity,
        place.span,
        f"On {deployment.platform.title} nothing serves the files below STATIC_URL: pages and the admin come without "
        "style sheets and scripts.",
        "Install whitenoise, add «whitenoise.middleware.WhiteNoiseMiddleware» behind SecurityMiddleware, set "
        "STATIC_ROOT and run collectstatic before the server in the start command.",
        confidence,
        from_absence=True,
    )
