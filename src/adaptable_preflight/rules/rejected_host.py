"""`rejected-host`: the app refuses requests for the platform's host name."""

from collections.abc import Iterator

from adaptable_preflight.facts.accepted_hosts import Accepted, accepted_hosts, covers, in_debug, is_own
from adaptable_preflight.facts.doubt import doubts, happens, unless, weighed
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import Deployment

ID = "rejected-host"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "The host names that the app accepts cannot match the platform's."


LOOKED_AT_IN_DEBUG = "1.10.3"
"""The Django that began to look at the host in debug mode, too: https://docs.djangoproject.com/en/1.10/releases/1.10.3/"""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each list that leaves the platform's host out; a name of the author's own may lead there."""
    if in_debug(deployment.code) and held_below(deployment.installed, "django", LOOKED_AT_IN_DEBUG):
        return
    for accepted in accepted_hosts(deployment.code):
        if not happens(deployment, accepted.guards) or _lets_in(deployment, accepted):
            continue
        own = any(is_own(host) for host in accepted.hosts)
        severity, confidence = weighed(Severity.ERROR, doubts(accepted.guards) + 2 * own)
        listed = ", ".join(f"«{host}»" for host in accepted.hosts[:3])
        names = f"only {listed}" if listed else "no host name"
        names = f"only the machine's own names ({listed})" if accepted.implied else names
        suffix, title = deployment.platform.runtime.host_suffix, deployment.platform.title
        example = f".{suffix}" if suffix else "the host name of the app"
        yield Finding(
            ID,
            severity,
            accepted.span,
            f"The app accepts {names}{unless(accepted.guards)}, so not the one that it gets on {title}: each request "
            "is answered with 400 Bad Request.",
            f"Add «{example}», or take the name from the environment (on {title}: EXTERNAL_HOSTNAME)."
            if "EXTERNAL_HOSTNAME" in deployment.platform.variables
            else f"Add «{example}».",
            confidence,
        )


def _lets_in(deployment: Deployment, accepted: Accepted) -> bool:
    return any(covers(deployment, host, accepted.wildcard) for host in accepted.hosts)
