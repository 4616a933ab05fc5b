"""What the app believes of the proxies in front of it, and where that decides what it does."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from adaptable_preflight.facts.own_addresses import beginnings, links_within
from adaptable_preflight.model import Call, Code, Deployment, Server
from adaptable_preflight.source import Span
from adaptable_preflight.value import Items, Known, Thing, Value, text_of

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost", ""})

FIXES: Final = frozenset(
    "werkzeug.middleware.proxy_fix.ProxyFix werkzeug.contrib.fixers.ProxyFix "
    "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware hypercorn.middleware.ProxyFixMiddleware "
    "hypercorn.middleware.proxy_fix.ProxyFixMiddleware granian.utils.proxies.wrap_asgi_with_proxy_headers "
    "granian.utils.proxies.wrap_wsgi_with_proxy_headers".split()
)
"""Middleware that takes client, scheme and host from the headers of the proxies."""

_HARMLESS: Final = ("whitenoise.", "werkzeug.middleware.", "werkzeug.debug.", "werkzeug.wsgi.", "flask.", "paste.")
"""Libraries whose middleware leaves client and scheme as they are, if it is not among the above."""


class Trust(NamedTuple):
    """Of what the app gets the visitor's own, and not the proxy's."""

    address: bool
    scheme: bool
    known: bool = True
    """Whether it is known what serves the app; a server that is not known may see to it."""


def trust(deployment: Deployment) -> Trust:
    """Return what the app takes from the headers of the proxies in front."""
    fixed = bool(fixes(deployment.code)) or _own_middleware(deployment.code)
    serving = [server for process in deployment.web_processes for server in process.servers]
    believing = [server for server in serving if _trusts(server)]
    address = fixed or any(server.takes_address for server in believing)
    scheme = fixed or bool(believing) or deployment.platform.proxy.local is True or _django_header(deployment.code)
    return Trust(address, scheme, bool(serving))


def fixes(code: Code) -> tuple[Call, ...]:
    """Return the calls that make such a middleware, or add one."""
    return tuple(call for call in code.calls if call.name in FIXES or _adds(call))


def _adds(call: Call) -> bool:
    values = [argument.value for argument in call.arguments]
    return call.name.endswith("add_middleware") and any(isinstance(v, Thing) and v.name in FIXES for v in values)


def _own_middleware(code: Code) -> bool:
    """Whether the app is wrapped by code of its own, which may do the same."""
    wrapped = [c.arguments[0].value for c in code.calls if c.name == "flask.Flask.wsgi_app=" and c.arguments]
    named = [v for v in wrapped if not (isinstance(v, Thing) and v.name.startswith(_HARMLESS))]
    listed = (s.value for s in code.settings if s.name == "MIDDLEWARE")
    django = [text_of(i) or "" for value in listed if isinstance(value, Items) for i in value.items]
    return bool(named) or any("forwarded" in name.lower() or "proxy" in name.lower() for name in django)


def _trusts(server: Server) -> bool:
    """Whether the server itself believes the headers of proxies outside of its own machine."""
    value = server.trusted_proxies
    if isinstance(value, Items):
        return any(text_of(item) not in LOOPBACK for item in value.items)
    text = text_of(value)
    return value is not None and (text is None or any(part.strip() not in LOOPBACK for part in text.split(",")))


def _django_header(code: Code) -> bool:
    return any(
        s.name == "SECURE_PROXY_SSL_HEADER" and not (isinstance(s.value, Known) and not s.value.value)
        for s in code.settings
    )


def believes_everybody(deployment: Deployment) -> Iterator[Server]:
    """Yield the servers that take the first entry of the header from whoever connects.

    Source: https://github.com/encode/uvicorn/blob/master/uvicorn/middleware/proxy_headers.py (always_trust)
    """
    for process in deployment.web_processes:
        for server in process.servers:
            if server.interface == "asgi" and text_of(server.trusted_proxies) == "*":
                yield server


# --- where it decides something ------------------------------------------------------------------------------------

Kind = Literal["address", "callback", "link", "form"]


class Use(NamedTuple):
    """A place where the app relies on the visitor's address or scheme."""

    kind: Kind
    span: Span


_ADDRESS: Final = ("remote_addr", "Request.client", "request.client")
_CLIENTS: Final = ("real-ip", "connecting-ip", "client-ip")
_LIMITERS: Final = ("flask_limiter.util.get_remote_address", "slowapi.util.get_remote_address")
_CALLBACKS: Final = frozenset({"redirect_uri", "callback", "callback_url", "redirect_url"})


def uses(code: Code) -> Iterator[Use]:
    """Yield the places; an address that only stands in for a proxy's header is none."""
    aware = {(c.span.path, c.function) for c in code.calls if reads_forwarded(c)}
    callbacks = {v.span for call in code.calls for v in _callback(call)}
    links = {v.span for call in code.calls for v in links_within(call)}
    for call in code.calls:
        kind = _kind(call, callbacks, links)
        if kind is not None and (call.span.path, call.function) not in aware:
            yield Use(kind, call.span)


def reads_forwarded(call: Call) -> bool:
    """Whether a call reads a header by which a proxy tells of the visitor."""
    return any(known in _header(call) for known in ("forwarded", *_CLIENTS))


def reads_address(call: Call) -> bool:
    """Whether a call reads a header in which a proxy writes the visitor's address, among others."""
    header = _header(call)
    return header.endswith("forwarded") or any(known in header for known in ("forwarded-for", *_CLIENTS))


def _header(call: Call) -> str:
    """Return the name of the request's header that a call reads; empty for other calls."""
    name = text_of(call.arguments[0].value) if call.arguments else None
    reads = "headers" in call.name or ".META" in call.name or ".environ" in call.name
    return (name or "").lower().replace("_", "-") if reads else ""


def _kind(call: Call, callbacks: set[Span | None], links: set[Span | None]) -> Kind | None:
    if call.phase == "request" and call.name.endswith(_ADDRESS):
        return "address"
    if call.name.endswith((".META[]", ".META.get")) and call.arguments:
        return "address" if text_of(call.arguments[0].value) == "REMOTE_ADDR" else None
    if call.name.endswith(".Limiter"):
        keyed = [argument.value for argument in call.arguments]
        return "address" if any(isinstance(v, Thing) and v.name in _LIMITERS for v in keyed) else None
    if call.phase == "request" and (is_external_link(call) or call.span in links):
        return "callback" if call.span in callbacks else "link"
    return None


def is_external_link(call: Call) -> bool:
    """Whether a call makes an absolute URL of this app with the scheme of the request."""
    if call.name.endswith("request.build_absolute_uri"):
        return True
    external = call.argument(99, "_external")
    return (
        call.name in ("flask.url_for", "quart.url_for")
        and external is not None
        and _is_true(external.value)
        and call.argument(99, "_scheme") is None
    )


def _is_true(value: Value) -> bool:
    return isinstance(value, Known) and value.value is True


def _callback(call: Call) -> Iterator[Thing]:
    """Yield what a call hands to another server as the address to come back to."""
    for argument in call.arguments:
        if argument.name in _CALLBACKS or call.name.endswith(("authorize_redirect", ".authorize")):
            made = [argument.value] if isinstance(argument.value, Thing) else beginnings(argument.value)
            yield from made


def remedy(deployment: Deployment, kind: Kind = "link") -> str:
    """Return what to write so that the app believes the platform's proxies, and no others."""
    proxy, web = deployment.platform.proxy, deployment.web
    framework, interface = _kind_of_app(deployment)
    depth = f'int(os.environ["{proxy.depth_variable}"])' if proxy.depth_variable else str(proxy.depth or 1)
    if framework == "django" and kind == "address":
        return f'Take the entry that the proxies added: request.META["HTTP_X_FORWARDED_FOR"].split(",")[-{depth}]'
    if framework == "django":
        return 'Write in the settings: SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")'
    server = web.server if web is not None else None
    if interface == "asgi" or (server is not None and server.interface == "asgi"):
        return _of_asgi(server)
    return (
        "Wrap the app: app.wsgi_app = werkzeug.middleware.proxy_fix.ProxyFix(app.wsgi_app, "
        f"x_for={depth}, x_proto=1, x_host=1)"
    )


def _of_asgi(server: Server | None) -> str:
    """Return what makes an ASGI server believe the proxies, or the app where the server has no option for it."""
    form = server.proxy_form if server is not None else "--proxy-headers --forwarded-allow-ips={proxies}"
    if form:
        return f"Tell the server whose headers to believe: {form.format(proxies='ADDRESSES OF THE PROXIES')}"
    return (
        "Wrap the app: uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware(app, "
        'trusted_hosts="ADDRESSES OF THE PROXIES")'
    )


_ASGI: Final = frozenset(
    "fastapi.FastAPI starlette.applications.Starlette litestar.Litestar quart.Quart quart.app.Quart".split()
)
"""What makes an app of a framework that only ASGI servers serve."""


def _kind_of_app(deployment: Deployment) -> tuple[str | None, str | None]:
    """Return framework and interface of the app that is served or would be; else of what the code makes."""
    app = deployment.served_app or deployment.offered
    if app is not None and app.framework is not None:
        return app.framework, app.interface
    if any(setting.owner == "django.settings" for setting in deployment.code.settings):
        return "django", None
    return None, "asgi" if any(call.name in _ASGI for call in deployment.code.calls) else None
