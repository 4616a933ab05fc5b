"""`missing-proxy-fix`: the visitor's address or scheme is used, and the app only knows the proxy's."""

from collections.abc import Iterator

from adaptable_preflight.facts.posted_forms import refused_forms
from adaptable_preflight.facts.posted_forms import remedy as of_forms
from adaptable_preflight.facts.proxies import Kind, Use, remedy, trust, uses
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment

ID = "missing-proxy-fix"
CLAUSE = "proxy"
SEVERITY = Severity.WARNING
SUMMARY = "The app uses the visitor's address or scheme and does not believe the proxies that tell it."

_HARM: dict[Kind, str] = {
    "address": "the address that the app sees is the proxy's, the same for every visitor",
    "callback": "the app hands out a callback address with http://, which the other side refuses",
    "link": "absolute links that the app makes begin with http://",
    "form": "Django believes to be at http://, and answers each form that a visitor sends from https://, the login "
    "too, with 403 Forbidden",
}
_UNLESS = " That is so unless the last of them reaches the server from loopback, which is not known."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each kind of use, at its first place."""
    if not deployment.platform.runtime.ends_tls:
        return
    trusted = trust(deployment)
    found: dict[Kind, list[Use]] = {}
    for use in (*uses(deployment.code), *(Use("form", span) for span in refused_forms(deployment))):
        if not (trusted.address if use.kind == "address" else trusted.scheme):
            found.setdefault(use.kind, []).append(use)
    proxy = deployment.platform.proxy
    apart = proxy.local is False or (proxy.local is None and proxy.depth > 0)
    for kind, places in found.items():
        first, *others = places
        sure = trusted.known and (kind in ("address", "callback") or (kind == "form" and apart))
        yield Finding(
            ID,
            SEVERITY if sure else Severity.NOTICE,
            first.span,
            f"Behind the proxies of {deployment.platform.title} {_HARM[kind]}."
            + (_UNLESS if kind == "form" and proxy.local is None else ""),
            of_forms(deployment.platform) if kind == "form" else remedy(deployment, kind),
            related=tuple(Related(use.span, "the same here") for use in others[:5]),
            from_absence=True,
        )
