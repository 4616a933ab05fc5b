"""`missing-migrations`: nothing makes the tables of a Django app's models."""

from collections.abc import Iterator

from adaptable_preflight.facts.migrations import unmigrated_apps
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment

ID = "missing-migrations"
CLAUSE = "startup"
SEVERITY = Severity.WARNING
SUMMARY = "A Django app has models and no migrations, so that nothing makes their tables."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for all apps, at the first model of the first one."""
    apps = list(unmigrated_apps(deployment))
    if not apps:
        return
    first, *others = apps
    names = " ".join(app.name for app in apps)
    yield Finding(
        ID,
        SEVERITY.lowered(int(first.doubted)),
        first.model.span,
        f"The repository has no migrations for the models of «{first.name}»{_and(len(others))}: on "
        f"{deployment.platform.title} «migrate» makes no tables for them, and the first query fails, because the "
        "relation does not exist.",
        f"Run «python manage.py makemigrations {names}», and commit «{first.folder}/migrations» with its __init__.py; "
        "take «migrations» out of .gitignore where it is listed.",
        "medium",
        tuple(Related(app.model.span, f"neither for «{app.name}»") for app in others[:5]),
    )


def _and(others: int) -> str:
    return f" and of {others} other app{'s' if others > 1 else ''}" if others else ""
