"""`tables-only-in-main`: the tables are only made when the file is run by hand."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "tables-only-in-main"
CLAUSE = "startup"
SEVERITY = Severity.WARNING
SUMMARY = "The tables are only created below `__main__`, and a server imports the module."

_MIGRATIONS = ("migrations/versions/", "alembic/versions/")
_TOOLS = ("flask_migrate.Migrate", "flask_migrate.upgrade", "alembic.command.upgrade", "flask_alembic.Alembic")


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for the first such call, unless the tables are made in another way too."""
    made = [call for call in deployment.code.calls if call.name.endswith(".create_all")]
    by_hand = [call for call in made if call.phase == "main"]
    if not by_hand or len(by_hand) < len(made) or _migrates(deployment):
        return
    yield Finding(
        ID,
        SEVERITY,
        by_hand[0].span,
        f"On {deployment.platform.title} a server imports this module, and what stands below __main__ never runs: the "
        "first query fails because its table does not exist.",
        "Make the tables by a migration in the start command (flask db upgrade), or call create_all() where the app is "
        "made: with app.app_context(): db.create_all()",
        from_absence=True,
    )


def _migrates(deployment: Deployment) -> bool:
    """Whether migrations make the tables, or the start command does."""
    files = any(folder in path for path in deployment.paths for folder in _MIGRATIONS)
    tools = any(call.name in _TOOLS for call in deployment.code.calls)
    steps = any(remark.kind == "migration" for process in deployment.processes for remark in process.remarks)
    return files or tools or steps or any(process.name == "release" for process in deployment.processes)
