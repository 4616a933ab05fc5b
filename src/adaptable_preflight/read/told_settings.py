"""What a platform's own file sets on the platform: variables, and the port to which it connects."""

from collections.abc import Iterator
from typing import Any

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Unreadable
from adaptable_preflight.platforms import Platform
from adaptable_preflight.read.platform_files import looked_up, root_of
from adaptable_preflight.read.yaml_tree import entries, items, text_at
from adaptable_preflight.settings import Settings

Variable = tuple[str, str | None]
"""A name and its value; None: the value is kept on the platform, or comes from another service."""


def with_file(settings: Settings, checkout: Checkout, platform: Platform) -> Settings:
    """Return the settings with what the platform's own files add to them; what the user says wins."""
    for path in platform.start.sources:
        source = checkout.text(path) if path in _READERS else None
        root = root_of(source) if source is not None else None
        if root is None or isinstance(root, Unreadable):
            continue
        own = {name for name, _ in settings.environment}
        told = (one for one in _READERS[path](root) if one[0] not in own)
        added = tuple((name, value) for name, value in told if value is not None or name not in _of_databases(platform))
        port = looked_up(root, "http_service", "internal_port") if path == "fly.toml" else None
        settings = settings._replace(
            environment=(*settings.environment, *dict(added).items()),
            port=port if settings.port is None and isinstance(port, int) else settings.port,
        )
    return settings


def _of_databases(platform: Platform) -> set[str]:
    """Return the variables of the platform's databases, of which more is known than that they are set."""
    return {platform.database.url_variable}.union(*platform.database_variables.values())


def _render(root: Any) -> Iterator[Variable]:
    """Source: https://render.com/docs/blueprint-spec#environment-variables."""
    services = [entries(service) for service in items(entries(root).get("services"))]
    web = [service for service in services if text_at(service.get("type")) == "web"]
    for variable in items(web[0].get("envVars")) if len(web) == 1 else ():
        told = entries(variable)
        if text_at(told.get("key")):
            yield text_at(told["key"]), text_at(told["value"]) if "value" in told else None


def _fly(root: Any) -> Iterator[Variable]:
    """Source: https://fly.io/docs/reference/configuration/#the-env-variables-section."""
    table = looked_up(root, "env")
    for name, value in table.items() if isinstance(table, dict) else ():
        yield name, str(value) if isinstance(value, str | int) else None


def _app_engine(root: Any) -> Iterator[Variable]:
    """Source: https://cloud.google.com/appengine/docs/standard/reference/app-yaml."""
    for name, value in entries(entries(root).get("env_variables")).items():
        yield name, text_at(value)


_READERS = {"render.yaml": _render, "fly.toml": _fly, "app.yaml": _app_engine}
