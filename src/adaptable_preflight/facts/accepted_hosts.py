"""Which host names the app accepts requests for."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.facts.addresses import HERE
from adaptable_preflight.facts.debug_mode import is_on
from adaptable_preflight.model import Call, Code, Deployment, Guard, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Items, Value, text_of

PLATFORMS: Final = (
    ".herokuapp.com", ".onrender.com", ".railway.app", ".fly.dev", ".vercel.app", ".pythonanywhere.com", ".run.app",
    ".azurewebsites.net", ".elasticbeanstalk.com", ".appspot.com", ".amazonaws.com", ".koyeb.app", ".deta.dev",
    ".cyclic.app", ".glitch.me", ".replit.dev", ".replit.app", ".repl.co", ".gitpod.io", ".app.github.dev",
    ".codeinstitute-ide.net", ".ngrok.io", ".ngrok-free.app", ".adaptable.app",
)  # fmt: skip
"""Domains that platforms and workspaces in the browser give to apps: a name below one is no domain of the author's."""


_IN_DEBUG: Final = ("localhost", "127.0.0.1", "[::1]")
"""What Django takes in debug mode for an empty list (django/http/request.py of Django 5.2, `get_host`)."""


STARRED: Final = "*."
"""How Starlette's list of hosts and Django's of origins write what Django's list of hosts writes with a dot alone.

Sources: starlette/middleware/trustedhost.py, `is_same_domain` of django/utils/http.py, `allowed_origin_subdomains` of
django/middleware/csrf.py."""


class Accepted(NamedTuple):
    """A list of host names that the app accepts."""

    hosts: tuple[str, ...]
    span: Span
    guards: tuple[Guard, ...]
    implied: bool = False
    """Whether the list is empty, and the names are those that the framework takes instead."""
    wildcard: str = "."
    """With what a name begins that stands for all below it; Starlette's middleware has `*.`."""


def accepted_hosts(code: Code) -> Iterator[Accepted]:
    """Yield each list of names that is known to its end."""
    debug = in_debug(code)
    for setting in code.settings:
        for accepted in _of_setting(setting):
            empty = debug and setting.owner == "django.settings" and not accepted.hosts
            yield accepted._replace(hosts=_IN_DEBUG, implied=True) if empty else accepted
    for call in code.calls:
        yield from _of_call(call)


def in_debug(code: Code) -> bool:
    """Whether Django's debug mode is on."""
    return any((s.owner, s.name) == ("django.settings", "DEBUG") and is_on(s.value) for s in code.settings)


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
        yield Accepted(hosts, argument.span, call.guards, wildcard=STARRED)


def _hosts(value: Value) -> tuple[str, ...] | None:
    """Return the names of a list that is known to its end; None where a variable may bring others."""
    if isinstance(value, FromEnv) and value.default is not None:
        return None
    if not isinstance(value, Items) or not value.complete or value.assumed:
        return None
    texts = tuple(text_of(item) for item in value.items)
    return tuple(text.lower() for text in texts if text is not None) if None not in texts else None


def covers(deployment: Deployment, host: str, wildcard: str) -> bool:
    """Whether a name may match the app's on the platform; no request has one with a slash, as an address has it."""
    if "/" in host:
        return False
    suffix = deployment.platform.runtime.host_suffix
    if host == "*" or not suffix:
        return host == "*" or not (host in HERE or host.endswith(PLATFORMS) or host == "")
    plain = host.removeprefix(wildcard)
    if plain.startswith(("*", ".")):
        return False
    return plain.endswith(f".{suffix}") or (plain != host and f".{suffix}".endswith(f".{plain}"))


def is_own(host: str) -> bool:
    """Whether a name is a domain of the author's own, which may lead to the app as well; an address is no name."""
    name = host.partition(":")[0]
    address = name.startswith("[") or name.replace(".", "").isdigit()
    return "." in name and "/" not in host and not address and name not in HERE and not name.endswith(PLATFORMS)
