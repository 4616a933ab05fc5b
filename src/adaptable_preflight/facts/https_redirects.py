"""Where the app sends visitors to HTTPS by itself."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.facts.proxies import reads_forwarded
from adaptable_preflight.model import Call, Code, Guard
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Items, Known, Thing, text_of

_MIDDLEWARE: Final = "HTTPSRedirectMiddleware"


class Redirect(NamedTuple):
    """A place that redirects, and the conditions that it rests on."""

    span: Span
    guards: tuple[Guard, ...]


def https_redirects(code: Code) -> Iterator[Redirect]:
    """Yield the places; one that asks for the proxies' header itself is none."""
    yield from _of_django(code)
    hooks = {name for call in code.calls for name in _hooked(call)}
    aware = {(c.span.path, c.function) for c in code.calls if reads_forwarded(c)}
    for call in code.calls:
        if _adds_middleware(call):
            yield Redirect(call.span, call.guards)
        asked = any(hook.endswith(f".{call.function}") for hook in hooks)
        if asked and _redirects(call) and (call.span.path, call.function) not in aware:
            yield Redirect(call.span, tuple(guard for guard in call.guards if guard.variables))


def _adds_middleware(call: Call) -> bool:
    if call.phase != "import":
        return False
    added = call.name.endswith("add_middleware") and any(_is_redirect(a.value) for a in call.arguments)
    return added or call.name.endswith(f".{_MIDDLEWARE}")


def _of_django(code: Code) -> Iterator[Redirect]:
    """`SECURE_SSL_REDIRECT` counts where Django's SecurityMiddleware is on."""
    listed = [s.value for s in code.settings if s.name == "MIDDLEWARE" and s.owner == "django.settings"]
    secure = any("SecurityMiddleware" in (text_of(i) or "") for v in listed if isinstance(v, Items) for i in v.items)
    for setting in code.settings:
        if setting.name != "SECURE_SSL_REDIRECT" or not secure:
            continue
        value = setting.value
        default = value.default if isinstance(value, FromEnv) else None
        if isinstance(value, Known) and value.value:
            yield Redirect(setting.span, setting.guards)
        elif isinstance(value, FromEnv) and isinstance(default, Known) and default.value:
            asked = Guard(setting.span, (value.name,), assumed=True)
            yield Redirect(setting.span, (*setting.guards, asked))


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
