"""`https-redirect-loop`: the app sends every visitor to HTTPS, and never learns that they are there already."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.https_redirects import https_redirects
from adaptable_preflight.facts.proxies import remedy, trust
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "https-redirect-loop"
CLAUSE = "proxy"
SEVERITY = Severity.ERROR
SUMMARY = "The app redirects to HTTPS and cannot know that the visitor already uses it."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each place that redirects for ever."""
    trusted = trust(deployment)
    if not deployment.platform.runtime.ends_tls or trusted.scheme:
        return
    for span, guards in https_redirects(deployment.code):
        if not happens(deployment, guards):
            continue
        severity, confidence = weighed(SEVERITY, doubts(guards) + (not trusted.known))
        yield Finding(
            ID,
            severity,
            span,
            f"{deployment.platform.title} ends TLS in front of the app, which sees plain HTTP each time: the redirect "
            "to HTTPS leads back to itself, and no page is ever shown.",
            f"{remedy(deployment)} – or leave the redirect to the platform.",
            confidence,
            from_absence=True,
        )
