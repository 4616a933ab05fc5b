"""`build-time-variable`: something is done while the image is built that only the running app can do."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import BuildStep, Deployment

ID = "build-time-variable"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "A build step needs the database or a variable that is there only at run time."

_DATABASE = late_pattern(
    r"\b(?:flask|python3? -m flask|python3? \w+\.py)\s+db\s+(?:init|migrate|upgrade|stamp)\b|\balembic\s+upgrade\b"
    r"|manage\.py\s+(?:migrate|makemigrations|createsuperuser|loaddata|flush)\b|\bflask\s+init-db\b"
)
"""Commands that open the database."""
_REFERENCE = late_pattern(r"(?<!\\)\$\{?([A-Za-z_]\w*)(?!\w)(?!:?[-=+?])\}?")


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each build step of the Dockerfile that makes the image."""
    platform = deployment.platform
    if platform.build.runtime_variables:
        return
    known = {*platform.variables, *(name for names in platform.database_variables.values() for name in names)}
    known |= {name for name, _ in deployment.settings.environment}
    for step in deployment.installed.steps:
        database = _DATABASE.search(step.text)
        if database is not None:
            yield _finding(step, f"«{database[0]}» needs the database", deployment)
            continue
        name = next((n for n in _REFERENCE.findall(step.text) if n in known and n not in step.variables), None)
        if name is not None:
            yield _finding(step, f"it needs ${name}", deployment)


def _finding(step: BuildStep, why: str, deployment: Deployment) -> Finding:
    return Finding(
        ID,
        SEVERITY,
        step.span,
        f"This step runs while {deployment.platform.title} builds the image: {why}, and the variables of the running "
        "app are not there yet.",
        "Do it when the app starts: put a quick step before the server in the start command.",
        "medium",
    )
