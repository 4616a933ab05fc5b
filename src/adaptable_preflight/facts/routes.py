"""The paths that an app of Flask or FastAPI answers, where all of them are known."""

import itertools
import re
from typing import Final, NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Call, Deployment
from adaptable_preflight.source import Span
from adaptable_preflight.value import Items, Thing, known_text, text_of

_OWNER: Final = (
    r"(?:flask\.(?:app\.)?Flask|flask\.(?:blueprints\.)?Blueprint"
    r"|fastapi\.(?:applications\.)?FastAPI|fastapi\.(?:routing\.)?APIRouter)"
)
_ROUTE: Final = late_pattern(
    rf"{_OWNER}\.(?:route|api_route|get|post|put|patch|delete|head|options|add_url_rule|add_api_route|mount)"
)
_MOUNT: Final = late_pattern(rf"{_OWNER}\.(?:include_router|register_blueprint)")
_MIDDLEWARE: Final = late_pattern(r"(?:fastapi|starlette)\..*|.*ProxyFix|.*ProxyHeadersMiddleware")
_OPEN: Final = late_pattern(
    r"(?:.*\.)?(?:add_resource|add_namespace|add_view|add_route|expose|before_request|before_app_request|init_app_routes"
    r"|errorhandler|exception_handler|add_exception_handler|register_error_handler|wsgi_app=|middleware)|.*[Hh]ealth.*"
    r"|(?:flask_rest|connexion|flask_smorest|flask_appbuilder|strawberry|ariadne|graphene|dash|gradio|socketio)\w*\b.*"
)
"""Calls by which an app may answer paths in another way."""
_OPENING: Final = frozenset({"static_url_path", "routes", "middleware", "host_matching"})
"""Arguments by which it may do so from the beginning."""
_PARAMETER: Final = late_pattern(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>|\{\w+(?::(\w+))?\}")


class Route(NamedTuple):
    """A path that the app answers."""

    path: str
    """As it is registered, with the prefixes of what it is registered at."""
    by_get: bool

    def answers(self, path: str) -> bool:
        """Whether the route is that of a path; a slash at its end makes no difference, or a redirect."""
        pattern, at = "", 0
        for match in _PARAMETER.finditer(self.path):
            wide = "path" in (match[1], match[2])
            pattern += re.escape(self.path[at : match.start()]) + (".*" if wide else "[^/]+")
            at = match.end()
        pattern += re.escape(self.path[at:].rstrip("/"))
        return re.fullmatch(f"{pattern}/?", path) is not None


def routes(deployment: Deployment) -> tuple[Route, ...] | None:
    """Return the paths that the served app answers; None where there may be others."""
    app = deployment.served_app
    if (
        app is None
        or app.found is not True
        or app.framework not in ("flask", "fastapi")
        or not deployment.code.complete
    ):
        return None
    calls = [call for call in deployment.code.calls if call.phase == "import"]
    if any(_is_open(call) for call in calls):
        return None
    homes = _homes(calls)
    if homes is None:
        return None
    found = list[Route]()
    for call in calls:
        if _ROUTE.fullmatch(call.name):
            made = _of_call(call, homes)
            if made is None:
                return None
            found.extend(made)
    return tuple(found)


def _is_open(call: Call) -> bool:
    if call.name.endswith("add_middleware"):
        kind = call.arguments[0].value if call.arguments else None
        return not (isinstance(kind, Thing) and _MIDDLEWARE.fullmatch(kind.name))
    if any(
        argument.name in ("static_url_path", "routes", "middleware", "host_matching") for argument in call.arguments
    ):
        return True
    return _OPEN.fullmatch(call.name) is not None


Homes = dict[Span, list[tuple[str, Span | None]]]
"""By where a blueprint or router is made: the prefix that it gets, and where what it is registered at is made."""


def _homes(calls: list[Call]) -> Homes | None:
    homes: Homes = {}
    for call in calls:
        if not _MOUNT.fullmatch(call.name):
            continue
        part = call.arguments[0].value if call.arguments else None
        prefix = _prefix(call)
        if not isinstance(part, Thing) or part.span is None or prefix is None:
            return None
        home = call.receiver.span if isinstance(call.receiver, Thing) else None
        own = _own_prefix(part)
        if own is None:
            return None
        replaced = call.name.endswith("register_blueprint") and any(a.name == "url_prefix" for a in call.arguments)
        homes.setdefault(part.span, []).append((prefix if replaced else prefix + own, home))
    return homes


def _prefix(call: Call) -> str | None:
    """Return the prefix that a call registers something with; None where it is not known."""
    told = next((a.value for a in call.arguments if a.name in ("prefix", "url_prefix")), None)
    return "" if told is None else known_text(told)


def _own_prefix(part: Thing) -> str | None:
    """Return the prefix that a blueprint or router was made with."""
    told = next((a.value for a in part.arguments if a.name in ("prefix", "url_prefix")), None)
    return "" if told is None else known_text(told)


def _of_call(call: Call, homes: Homes) -> list[Route] | None:
    """Return the routes that a call registers; None where its path is not known."""
    told = call.argument(0, "rule") or call.argument(0, "path")
    path, owner = text_of(told.value) if told is not None else None, call.receiver
    if path is None or not isinstance(owner, Thing) or owner.span is None:
        return None
    if call.name.endswith(".mount"):  # all that is below it is answered by another app
        path = f"{path.rstrip('/')}/{{rest:path}}"
    by_get = _is_read(call)
    return [Route(f"{prefix}{path}", by_get) for prefix in _prefixes(owner, homes, 0)]


def _prefixes(owner: Thing, homes: Homes, depth: int) -> list[str]:
    """Return the prefixes under which the routes of an app, a blueprint or a router are answered."""
    if owner.name.endswith(("Flask", "FastAPI")) or owner.span is None or depth > 5:
        return [""]
    found = [
        (f"{upper}{prefix}" for upper in _upper(home, homes, depth + 1)) for prefix, home in homes.get(owner.span, ())
    ]
    return list(itertools.chain.from_iterable(found))


def _upper(home: Span | None, homes: Homes, depth: int) -> list[str]:
    if home is None or home not in homes or depth > 5:
        return [""]
    return [f"{upper}{prefix}" for prefix, above in homes[home] for upper in _upper(above, homes, depth + 1)]


def _is_read(call: Call) -> bool:
    """Whether a route answers GET: Flask's do unless their methods say otherwise, FastAPI's are named for a method."""
    verb = call.name.rpartition(".")[2]
    methods = next((a.value for a in call.arguments if a.name == "methods"), None)
    if methods is not None:
        told = [text_of(item) for item in methods.items] if isinstance(methods, Items) else [None]
        return None in told or "GET" in told or "get" in told
    return verb in ("route", "get", "head", "add_url_rule", "add_api_route", "api_route", "mount")
