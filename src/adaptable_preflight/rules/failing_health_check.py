"""`failing-health-check`: the platform asks for a path that the app does not answer."""

from collections.abc import Iterator

from adaptable_preflight.facts.routes import Route, routes
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, HealthCheck

ID = "failing-health-check"
CLAUSE = "startup"
SEVERITY = Severity.ERROR
SUMMARY = "The platform's health check asks for a path that the app does not answer."

_OWN_PAGES = ("/docs", "/redoc", "/openapi.json", "/static/")
"""What FastAPI and Flask answer by themselves."""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each health check that fails for certain."""
    found = routes(deployment) if deployment.health_checks else None
    if not found:
        return
    for asked in deployment.health_checks:
        path = asked.path.partition("?")[0]
        alike = [route for route in found if route.answers(path)]
        if not path.startswith(_OWN_PAGES) and not any(route.by_get for route in alike):
            yield _finding(deployment, asked, 405 if alike else 404, found)


def _finding(deployment: Deployment, asked: HealthCheck, status: int, found: tuple[Route, ...]) -> Finding:
    answers = "with 405 Method Not Allowed" if status == 405 else "with 404 Not Found"
    near = next((r.path for r in found if r.by_get and "health" in r.path.lower() and "{" not in r.path), "")
    return Finding(
        ID,
        SEVERITY,
        asked.span,
        f"{deployment.platform.title} asks for {asked.path} before it lets a deploy through, and the app answers "
        f"{answers}: the deploy fails.",
        f"Name «{near}», which the app answers." if near else "Answer GET there, or name a path that the app answers.",
        process=deployment.web,
    )
