"""`missing-driver`: the package that talks to the database is not installed."""

from collections.abc import Iterator

from adaptable_preflight.facts.connections import Connection, connections
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.drivers import Driver, driver_of
from adaptable_preflight.knowledge.presence import installed_scheme, presence
from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import Deployment
from adaptable_preflight.remedy import add, asked_in_vain

ID = "missing-driver"
CLAUSE = "database"
SEVERITY = Severity.ERROR
SUMMARY = "The driver package that the database's URL asks for is not among the installed dependencies."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each driver that a connection needs and nothing installs, each once."""
    seen = set[str]()
    for use in connections(deployment.code):
        driver = driver_of(use.reads, use.dialect, use.driver)
        if driver is None or driver.names[0] in seen or not happens(deployment, use.guards):
            continue
        driver = _of_version(driver, deployment)
        if _missing(driver, deployment):
            seen.add(driver.names[0])
            yield _finding(use, driver, deployment)
    yield from _srv(deployment)


def _of_version(driver: Driver, deployment: Deployment) -> Driver:
    """Choose between the drivers that a library takes by default before and since a version."""
    if driver.since and not held_below(deployment.installed, driver.library, driver.since[0]):
        return driver._replace(names=driver.since[1])
    return driver


def _missing(driver: Driver, deployment: Deployment) -> bool:
    """Whether it is certain that none of the driver's distributions will be there."""
    if presence(deployment.installed, driver.library).installed is not True:
        return False  # the library itself is missing, or nobody knows: that is another rule's
    return all(presence(deployment.installed, name).installed is False for name in driver.names)


def _finding(use: Connection, driver: Driver, deployment: Deployment) -> Finding:
    unsure = bool(use.others) and not deployment.settings.database
    severity, confidence = weighed(SEVERITY, doubts(use.guards, use.phase) + unsure)
    remedy = add(deployment.installed, driver.names[0])
    scheme = f"{use.dialect}+{use.driver}" if use.driver else use.dialect
    return Finding(
        ID,
        severity,
        use.span,
        f"{driver.library} needs «{driver.names[0]}» for a «{scheme}» database, and nothing installs it on "
        f"{deployment.platform.title}: the app fails when it opens the database.",
        remedy.advice + _installed_instead(use, deployment),
        confidence,
        asked_in_vain(deployment.installed, *driver.names),
        fix=remedy.fix,
    )


def _installed_instead(use: Connection, deployment: Deployment) -> str:
    """Return advice to name a driver that is installed, if there is one."""
    if use.driver or use.reads != "sqlalchemy":
        return ""
    scheme = installed_scheme(deployment.installed, use.dialect, use.asynchronous)
    return f" Or name the driver that is installed: «{scheme}://»." if scheme else ""


def _srv(deployment: Deployment) -> Iterator[Finding]:
    """Look for `mongodb+srv://` with a pymongo that does not bring dnspython by itself (before 4.3)."""
    installed = deployment.installed
    requirement = installed.find("pymongo")
    if requirement is None or not held_below(installed, "pymongo", "4.3") or "srv" in requirement.extras:
        return
    if not installed.known or installed.find("dnspython") is not None:
        return
    for use in connections(deployment.code):
        if use.dialect == "mongodb" and use.driver == "srv":
            remedy = add(installed, "dnspython")
            yield Finding(
                ID, SEVERITY, use.span,
                f"pymongo{requirement.specifier} needs «dnspython» for a «mongodb+srv» address, and nothing "
                f"installs it on {deployment.platform.title}.",
                remedy.advice, fix=remedy.fix,
            )  # fmt: skip
            return
