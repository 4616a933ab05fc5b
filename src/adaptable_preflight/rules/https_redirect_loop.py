"""`https-redirect-loop`: the app sends every visitor to HTTPS, and never learns that they are there already."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.proxies import reads_forwarded, remedy, trust
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Call, Code, Deployment, Guard
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Items, Known, Thing, text_of

ID = "https-redirect-loop"
CLAUSE = "proxy"
SEVERITY = Severity.ERROR
SUMMARY = "The app redirects to HTTPS and cannot know that the visitor already uses it."

_MIDDLEWARE = "HTTPSRedirectMiddleware"


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each place that redirects for ever."""
    trusted = trust(deployment)
    if not deployment.platform.runtime.ends_tls or trusted.scheme:
        return
    for span, guards in _forced(deployment.code):
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


def _forced(code: Code) -> Iterator[tuple[Span, tuple[Guard, ...]]]:
    yield from _of_django(code)
    hooks = {name for call in code.calls for name in _hooked(call)}
    aware = {(c.span.path, c.function) for c in code.calls if reads_forwarded(c)}
    for call in code.calls:
        if _adds_middleware(call):
            yield call.span, call.guards
        asked = any(hook.endswith(f".{call.function}") for hook in hooks)
        if asked and _redirects(call) and (call.span.path, call.function) not in aware:
            yield call.span, tuple(guard for guard in call.guards if guard.variables)


def _adds_middleware(call: Call) -> bool:
    if call.phase != "import":
        return False
    added = call.name.endswith("add_middleware") and any(_is_redirect(a.value) for a in call.arguments)
    return added or call.name.endswith(f".{_MIDDLEWARE}")


def _of_django(code: Code) -> Iterator[tuple[Span, tuple[Guard, ...]]]:
    """`SECURE_SSL_REDIRECT` counts where Django's SecurityMiddleware is on."""
    listed = [s.value for s in code.settings if s.name == "MIDDLEWARE" and s.owner == "django.settings"]
    secure = any("SecurityMiddleware" in (text_of(i) or "") for v in listed if isinstance(v, Items) for i in v.items)
    for setting in code.settings:
        if setting.name != "SECURE_SSL_REDIRECT" or not secure:
            continue
        value = setting.value
        default = value.default if isinstance(value, FromEnv) else None
        if isinstance(value, Known) and value.value:
            yield setting.span, setting.guards
        elif isinstance(value, FromEnv) and isinstance(default, Known) and default.value:
            yield setting.span, (*setting.guards, Guard(setting.span, (value.name,), assumed=True))


def _hooked(call: Call) -> Iterator[str]:
    """Yield the functions that a call registers to run before each request."""
    if call.name.endswith(("before_request", "before_request()")):
        yield from (a.value.name for a in call.arguments if isinstance(a.value, Thing) and a.value.kind == "function")


def _is_redirect(value: object) -> bool:
    return isinstance(value, Thing) and value.name.endswith(_MIDDLEWARE)


def _redirects(call: Call) -> bool:
    """Whether a call sends the visitor to the same address with `https://`."""
    target = call.arguments[0].value if call.arguments else None
    return (
        call.name in ("flask.redirect", "quart.redirect", "werkzeug.utils.redirect")
        and isinstance(target, Thing)
        and target.name.endswith("request.url.replace")
        and [text_of(a.value) for a in target.arguments[:2]] in (["http://", "https://"], ["http", "https"])
    )
