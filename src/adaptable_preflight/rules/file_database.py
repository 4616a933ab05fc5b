"""`file-database`: the deployed app keeps its data in a file of the instance."""

from collections.abc import Iterator

from adaptable_preflight.facts.databases import DatabaseUse, uses
from adaptable_preflight.facts.disk import OnDisk, database_file, named_file
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.readonly import only_read
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment

ID = "file-database"
CLAUSE = "stateless"
SEVERITY = Severity.ERROR
SUMMARY = "The deployed app keeps its data in a database file on the instance's disk."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each database file, where it is named first."""
    if deployment.platform.runtime.persistent_disk:
        return
    found: dict[tuple[str, str], list[tuple[DatabaseUse, OnDisk]]] = {}
    for use in uses(deployment.code):
        file = named_file(deployment, use.value) if use.engine else database_file(deployment, use.value)
        if file is None or not happens(deployment, use.guards) or only_read(deployment, use, file.path):
            continue
        found.setdefault((use.engine or "SQLite", file.path), []).append((use, file))
    for (engine, _), places in found.items():
        yield _finding(deployment, engine, places)


def _finding(deployment: Deployment, engine: str, places: list[tuple[DatabaseUse, OnDisk]]) -> Finding:
    use, file = min(places, key=lambda place: _doubts(*place))
    severity, confidence = weighed(SEVERITY, _doubts(use, file))
    title, database = deployment.platform.title, deployment.platform.database
    name = f"the {engine} file «{file.path}»" if file.path else f"a {engine} file"
    unset = (*file.unset, *(name for guard in use.guards if guard.assumed for name in guard.variables))
    unless = f" unless {unset[0]} is set there" if unset else ""
    return Finding(
        ID,
        severity,
        use.span,
        f"On {title} the app keeps its data in {name}{unless}: the file is gone after the next deploy or restart, and "
        "no other instance ever sees it.",
        f'Use the platform\'s database: take its address from os.environ["{database.url_variable}"], and keep the file '
        "only as the fallback for your own machine.",
        confidence,
        tuple(Related(other.span, "the same file") for other, _ in places[:6] if other.span != use.span),
    )


def _doubts(use: DatabaseUse, file: OnDisk) -> int:
    return file.doubts + doubts(use.guards, use.phase)
