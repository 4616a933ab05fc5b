"""`postgres-scheme`: the platform's URL begins with a scheme that SQLAlchemy does not know."""

from collections.abc import Iterator

from adaptable_preflight.facts.connections import Connection, connections, passed_over, scheme_of
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.look_ups import look_up
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import Deployment

ID = "postgres-scheme"
CLAUSE = "database"
SEVERITY = Severity.ERROR
SUMMARY = "A database URL that begins with «postgres://» reaches SQLAlchemy, which does not know that scheme."

REMOVED = "1.4"
"""The version of SQLAlchemy that took the name away: https://docs.sqlalchemy.org/en/14/changelog/changelog_14.html"""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each URL that SQLAlchemy refuses."""
    if held_below(deployment.installed, "sqlalchemy", REMOVED):
        return
    for use in (*connections(deployment.code), *passed_over(deployment.code)):
        if use.reads == "sqlalchemy" and use.dialect == "postgres" and happens(deployment, use.guards):
            yield _finding(deployment, use)


def _finding(deployment: Deployment, use: Connection) -> Finding:
    repaired = any(scheme_of(other)[0] == "postgresql" for other in use.others)
    severity, confidence = weighed(SEVERITY, doubts(use.guards, use.phase) + repaired)
    scheme = "postgresql+asyncpg" if use.asynchronous else "postgresql"
    title, variable = deployment.platform.title, deployment.platform.database.url_variable
    return Finding(
        ID,
        severity,
        use.span,
        f"On {title} {variable} begins with «postgres://», which SQLAlchemy does not know: the app fails with "
        "NoSuchModuleError as soon as it uses the database.",
        _advice(look_up(deployment.code, use.span), scheme),
        confidence,
    )


def _advice(read: str, scheme: str) -> str:
    change = f'.replace("postgres://", "{scheme}://", 1)'
    if read:
        return f"Write «{scheme}://» for it, here: {read}{change}"
    return f"Write «{scheme}://» for it before SQLAlchemy gets it: append {change} to the text."
