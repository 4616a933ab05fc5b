"""`synchronous-driver`: the engine awaits its driver, and the URL names one that cannot be awaited."""

from collections.abc import Iterator

from adaptable_preflight.facts.connections import Connection, connections
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.drivers import ASYNCHRONOUS, alternatives, driver_of
from adaptable_preflight.knowledge.presence import installed_scheme
from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import Deployment

ID = "synchronous-driver"
CLAUSE = "database"
SEVERITY = Severity.ERROR
SUMMARY = "An asynchronous database engine gets a URL whose driver is synchronous."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each engine that refuses its driver when it is made."""
    for use in connections(deployment.code):
        if use.asynchronous and _is_synchronous(use, deployment) and happens(deployment, use.guards):
            yield _finding(use, deployment)


def _is_synchronous(use: Connection, deployment: Deployment) -> bool:
    """Whether SQLAlchemy knows the scheme and takes a driver for it that is not awaited."""
    driver = driver_of("sqlalchemy", use.dialect, use.driver)
    if use.dialect == "sqlite":
        return not use.driver
    if driver is None or use.dialect == "postgres":  # another rule tells that the scheme is not known at all
        return False
    if use.driver:
        return use.driver not in ASYNCHRONOUS
    return driver.since is None or held_below(deployment.installed, driver.library, driver.since[0])


def _finding(use: Connection, deployment: Deployment) -> Finding:
    schemes = alternatives(use.dialect, asynchronous=True)
    usual = schemes[0][0] if schemes else ""
    scheme = installed_scheme(deployment.installed, use.dialect, asynchronous=True) or usual
    severity, confidence = weighed(SEVERITY, doubts(use.guards, use.phase) + bool(use.others))
    written = f"{use.dialect}+{use.driver}" if use.driver else use.dialect
    return Finding(
        ID,
        severity,
        use.span,
        f"The engine is asynchronous, and the driver of «{written}://» is not: on {deployment.platform.title} the app "
        "fails with InvalidRequestError as soon as the engine is made.",
        f"Begin the URL with «{scheme}://»." if scheme else "Name a driver that is asynchronous.",
        confidence,
    )
