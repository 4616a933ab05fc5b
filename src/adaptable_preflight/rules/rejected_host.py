"""`rejected-host`: the app refuses requests for the platform's host name."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.addresses import HERE
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Call, Deployment, Guard, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Items, Value, text_of

ID = "rejected-host"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "The host names that the app accepts cannot match the platform's."

PLATFORMS = (".herokuapp.com", ".onrender.com", ".railway.app", ".fly.dev", ".vercel.app", ".pythonanywhere.com")
"""Domains that other platforms give to apps: a name below one is no domain of the author's own."""


class Accepted(NamedTuple):
    """A list of host names that the app accepts."""

    hosts: tuple[str, ...]
    span: Span
    guards: tuple[Guard, ...]


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each list that leaves the platform's host out."""
    settings = (one for setting in deployment.code.settings for one in _of_setting(setting))
    calls = (one for call in deployment.code.calls for one in _of_call(call))
    for accepted in (*settings, *calls):
        if not happens(deployment, accepted.guards) or any(_covers(deployment, host) for host in accepted.hosts):
            continue
        own = any(_is_own(host) for host in accepted.hosts)
        severity, confidence = weighed(SEVERITY, doubts(accepted.guards) + own)
        names = ", ".join(f"«{host}»" for host in accepted.hosts[:3]) or "none"
        suffix, title = deployment.platform.runtime.host_suffix, deployment.platform.title
        example = f".{suffix}" if suffix else "the host name of the app"
        yield Finding(
            ID,
            severity,
            accepted.span,
            f"The app accepts {names}, and not the host name that it gets on {title}: each request is answered with "
            "400 Bad Request.",
            f"Add «{example}», or take the name from the environment (on {title}: EXTERNAL_HOSTNAME)."
            if "EXTERNAL_HOSTNAME" in deployment.platform.variables
            else f"Add «{example}».",
            confidence,
        )


def _of_setting(setting: Setting) -> Iterator[Accepted]:
    name = (setting.owner, setting.name)
    if name in (("django.settings", "ALLOWED_HOSTS"), ("flask.Flask", "TRUSTED_HOSTS")):
        hosts = _hosts(setting.value)
        if hosts is not None and not (name[0] == "flask.Flask" and not hosts):
            yield Accepted(hosts, setting.span, setting.guards)


def _of_call(call: Call) -> Iterator[Accepted]:
    argument = call.argument(99, "allowed_hosts") if call.phase == "import" else None
    named = argument is not None and (
        call.name.endswith(".TrustedHostMiddleware")
        or any(getattr(a.value, "name", "").endswith(".TrustedHostMiddleware") for a in call.arguments)
    )
    hosts = _hosts(argument.value) if named and argument is not None else None
    if hosts and argument is not None:
        yield Accepted(hosts, argument.span, call.guards)


def _hosts(value: Value) -> tuple[str, ...] | None:
    """Return the names of a list that is known to its end; None where one may come from elsewhere."""
    if isinstance(value, FromEnv) and value.default is not None:
        return None
    if not isinstance(value, Items) or not value.complete:
        return None
    texts = tuple(text_of(item) for item in value.items)
    return tuple(text.lower() for text in texts if text is not None) if None not in texts else None


def _covers(deployment: Deployment, host: str) -> bool:
    """Whether a name may match the app's on the platform."""
    suffix = deployment.platform.runtime.host_suffix
    if host == "*" or not suffix:
        return host == "*" or not (host in HERE or host.endswith(PLATFORMS) or host == "")
    plain = host.removeprefix("*").removeprefix(".")
    return plain.endswith(f".{suffix}") or (host[:1] in ".*" and f".{suffix}".endswith(f".{plain}"))


def _is_own(host: str) -> bool:
    """Whether a name is a domain of the author's own, which may lead to the app as well."""
    local = host in HERE or host.startswith(("127.", "192.168.", "10.", "[")) or host in ("testserver", "web")
    return bool(host) and "." in host and not local and not host.endswith(PLATFORMS)
