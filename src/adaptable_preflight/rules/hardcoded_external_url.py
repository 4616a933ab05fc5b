"""`hardcoded-external-url`: an address that others are told is a literal localhost."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Deployment, Guard
from adaptable_preflight.source import Span
from adaptable_preflight.value import Value, leading

ID = "hardcoded-external-url"
CLAUSE = "proxy"
SEVERITY = Severity.WARNING
SUMMARY = "A callback, SERVER_NAME or another address that the app tells others is a literal localhost."

_LOCAL = late_pattern(r"(?:https?://)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?:[:/]|$)")
_SETTING = late_pattern(r"SERVER_NAME|.*(?:REDIRECT_UR[IL]|CALLBACK(?:_UR[IL])?|SITE_URL|EXTERNAL_URL|PUBLIC_URL)")
_ARGUMENT = late_pattern(r"redirect_ur[il]|callback(?:_ur[il])?|success_url|cancel_url|return_url")


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each address that leads to the visitor's own machine."""
    for setting in deployment.code.settings:
        if _SETTING.fullmatch(setting.name) and _is_local(setting.value):
            yield from _findings(deployment, setting.value, setting.span, setting.guards)
    for call in deployment.code.calls:
        for argument in call.arguments if call.phase in ("import", "request") else ():
            if _ARGUMENT.fullmatch(argument.name) and _is_local(argument.value):
                yield from _findings(deployment, argument.value, argument.span, call.guards)


def _is_local(value: Value) -> bool:
    return _LOCAL.match(leading(value)) is not None


def _findings(deployment: Deployment, value: Value, span: Span, guards: tuple[Guard, ...]) -> Iterator[Finding]:
    if not happens(deployment, guards):
        return
    severity, confidence = weighed(SEVERITY, doubts(tuple(guard for guard in guards if guard.variables)))
    text, title = leading(value), deployment.platform.title
    known = "EXTERNAL_URL" in deployment.platform.variables
    yield Finding(
        ID,
        severity,
        span,
        f"«{text[:60]}» leads everybody to their own machine: on {title} the way back to the app is lost.",
        f'{title} tells the app\'s address: os.environ.get("EXTERNAL_URL", "{text[:60]}")'
        if known
        else "Take the address from a variable that is set on the platform.",
        confidence,
    )
