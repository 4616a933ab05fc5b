"""`local-session`: what the app knows of its users is kept on one instance."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.sessions import DISK, local_sessions
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "local-session"
CLAUSE = "stateless"
SEVERITY = Severity.ERROR
SUMMARY = "Server-side sessions are kept on disk or in memory."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each store of sessions that lives on one instance."""
    for store in local_sessions(deployment.code):
        if not happens(deployment, store.guards) or (
            deployment.platform.runtime.persistent_disk and store.where == DISK
        ):
            continue
        severity, confidence = weighed(SEVERITY, doubts(store.guards) + bool(store.unset))
        yield Finding(
            ID,
            severity,
            store.span,
            f"Sessions are kept {store.where}: with every deploy or restart on {deployment.platform.title} all users "
            "are logged out, and so is everyone whose next request another instance answers.",
            "Keep sessions in the database or in Redis, or in a signed cookie (Flask's own sessions, Django's "
            "signed_cookies).",
            confidence,
        )
