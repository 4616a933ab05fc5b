"""`missing-migrations`: nothing makes the tables of a Django app's models."""

from collections.abc import Iterator

from adaptable_preflight.facts.migrations import unmigrated_apps
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "missing-migrations"
CLAUSE = "startup"
SEVERITY = Severity.WARNING
SUMMARY = "A Django app has models and no migrations, so that nothing makes their tables."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each app, at its first model."""
    title = deployment.platform.title
    for app in unmigrated_apps(deployment):
        yield Finding(
            ID,
            SEVERITY.lowered(int(app.doubted)),
            app.model.span,
            f"The repository has no migrations for the models of «{app.name}»: on {title} «migrate» "
            "makes no tables for them, and the first query fails, because the relation does not exist.",
            f"Run «python manage.py makemigrations {app.name}», and commit «{app.folder}/migrations» with its "
            "__init__.py; take «migrations» out of .gitignore where it is listed.",
            "medium",
        )
