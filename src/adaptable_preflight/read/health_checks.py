"""The paths that platforms ask for before they let a deploy through, as their files tell."""

from collections.abc import Iterator
from typing import Any

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import HealthCheck, Unreadable
from adaptable_preflight.read.platform_files import looked_up, root_of
from adaptable_preflight.read.yaml_tree import entries, items, text_at
from adaptable_preflight.source import Source


def read(checkout: Checkout, path: str) -> Iterator[HealthCheck]:
    """Yield the health checks of a platform's file; several services of one file have several apps, so none is read."""
    source = checkout.text(path)
    root = root_of(source) if source is not None else None
    if source is None or root is None or isinstance(root, Unreadable):
        return
    if path == "render.yaml":
        yield from _render(source, root)
    elif path in ("railway.toml", "railway.json"):
        yield from _told(source, looked_up(root, "deploy", "healthcheckPath"))
    elif path == "fly.toml":
        for check in (*_fly(root, "http_service", "checks"), *_fly(root, "services", "http_checks")):
            usual = check.get("method", "get") in ("get", "GET")
            yield from _told(source, check.get("path") if usual else None)


def _render(source: Source, root: Any) -> Iterator[HealthCheck]:
    """Source: https://render.com/docs/health-checks."""
    services = [entries(service) for service in items(entries(root).get("services"))]
    web = [service for service in services if text_at(service.get("type")) == "web"]
    node = web[0].get("healthCheckPath") if len(web) == 1 else None
    if node is not None and text_at(node).startswith("/"):
        yield HealthCheck(text_at(node), source.span(node.start_mark.index, node.end_mark.index))


def _fly(root: Any, section: str, key: str) -> list[dict[str, Any]]:
    """Source: https://fly.io/docs/reference/configuration/#http_service-checks."""
    found = looked_up(root, section)
    sections = found if isinstance(found, list) else [found]
    checks = [check for one in sections for check in looked_up(one, key) or ()]
    return [check for check in checks if isinstance(check, dict)]


def _told(source: Source, path: object) -> Iterator[HealthCheck]:
    """Source of Railway's: https://docs.railway.com/deployments/healthchecks."""
    if isinstance(path, str) and path.startswith("/"):
        at = source.text.find(f'"{path}"')
        span = source.span(at + 1, at + 1 + len(path)) if at >= 0 else source.line_span(1)
        yield HealthCheck(path, span)
