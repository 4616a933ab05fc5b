"""Which environment variables the app finds set."""

from adaptable_preflight.model import Deployment


def gives(deployment: Deployment, name: str) -> bool:
    """Whether the platform or the settings set a variable.

    Where nobody told which database the app has, it counts as having the one that it asks for.
    """
    platform, settings = deployment.platform, deployment.settings
    if name in platform.variables or any(name == known for known, _ in settings.environment):
        return True
    if settings.database == "none":
        return False
    kinds = [settings.database] if settings.database else [*platform.database_variables]
    from_database = {platform.database.url_variable}.union(*(platform.database_variables.get(k, ()) for k in kinds))
    return name in from_database - {""}
