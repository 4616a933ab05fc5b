"""The variables by which a platform tells the app of its database, with as much of their values as is known."""

from adaptable_preflight.platforms import Platform
from adaptable_preflight.settings import Settings
from adaptable_preflight.value import Concat, FromEnv, Known, Value


def database_variables(settings: Settings, platform: Platform) -> dict[str, Value]:
    """Return the variables of the chosen database; where none was told, of every one that the platform offers.

    The scheme of a PostgreSQL URL is known text, so that code which repairs or asks for it can be followed.
    """
    if settings.database == "none":
        return {}
    kinds = (settings.database,) if settings.database else platform.database.kinds
    names = [name for kind in kinds for name in platform.database_variables.get(kind, ())]
    found: dict[str, Value] = {name: FromEnv(name) for name in (*names, platform.database.url_variable) if name}
    url, scheme = platform.database.url_variable, platform.database.scheme
    if scheme and "postgres" in kinds:
        found[url] = Concat((Known(f"{scheme}://"), FromEnv(url)))
    if "PGSSLMODE" in found and platform.database.tls:
        found["PGSSLMODE"] = Known(platform.database.tls)
    return found
