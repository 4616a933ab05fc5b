"""`build-time-variable`: something is done while the image is built that only the running app can do."""

import re
from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import NEEDED_VARIABLE, BuildStep, Call, Deployment
from adaptable_preflight.value import text_of

ID = "build-time-variable"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "A build step needs the database or a variable that is there only at run time."

_DATABASE = late_pattern(
    r"\b(?:flask|python3? -m flask|python3? \w+\.py)\s+db\s+(?:init|migrate|upgrade|stamp)\b|\balembic\s+upgrade\b"
    r"|manage\.py\s+(?:migrate|makemigrations|createsuperuser|loaddata|flush)\b|\bflask\s+init-db\b"
)
"""Commands that open the database."""
_MANAGES = late_pattern(r"manage\.py\s+(?:collectstatic|compress|compilemessages|check)\b")
"""Commands that import Django's settings and no database."""
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
        asked = next(_asked(step, deployment), None)
        if asked is not None:
            why = f"«manage.py» imports {asked.span.path}, which does not go on without {_name(asked)}"
            yield _finding(step, why, deployment)._replace(
                advice=f"Write «{_name(asked)}=build» in front of the command: it counts for this step alone.",
                related=(Related(asked.span, "it is asked for here"),),
            )
            continue
        name = next((n for n in _REFERENCE.findall(step.text) if n in known and n not in step.variables), None)
        if name is not None:
            yield _finding(step, f"it needs ${name}", deployment)


def _asked(step: BuildStep, deployment: Deployment) -> Iterator[Call]:
    """Yield where Django's settings ask for a variable that a step which imports them does not have."""
    if _MANAGES.search(step.text) is None or "--settings" in step.text:
        return
    settings = {setting.span.path for setting in deployment.code.settings if setting.owner == "django.settings"}
    given = " ".join(one.text for one in deployment.installed.steps)
    for call in deployment.code.calls:
        needed = call.name == NEEDED_VARIABLE and call.span.path in settings and not call.guards
        if needed and _name(call) not in step.variables and not re.search(rf"\b{re.escape(_name(call))}=", given):
            yield call


def _name(call: Call) -> str:
    return text_of(call.arguments[0].value) or ""


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
