"""`undeclared-import`: a module that nothing of the declared dependencies brings."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.modules import Providers, of_python, providers, resembles
from adaptable_preflight.knowledge.presence import frozen, presence
from adaptable_preflight.knowledge.tables import brought_by
from adaptable_preflight.model import Deployment, Import, Installed
from adaptable_preflight.remedy import add

ID = "undeclared-import"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "The app imports a module that no declared dependency brings."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each distribution that is imported on the way to the app and missing."""
    installed = deployment.installed
    if not installed.known:
        return
    seen = set[str]()
    for one in deployment.code.imports:
        if one.guarded or one.phase not in ("import", "request") or of_python(one.module):
            continue
        found = providers(one.module)
        if found is None or found.names[0] in seen:
            continue
        severity = _missing(one, found, installed)
        if severity is not None:
            seen.add(found.names[0])
            yield _finding(one, found.names[0], severity, deployment)


def _missing(one: Import, found: Providers, installed: Installed) -> Severity | None:
    """Return how certain it is that nothing brings the module; None where something does, or may."""
    states = [presence(installed, name) for name in found.names]
    if any(state.installed is not False for state in states):
        return None
    declared = [r.name for r in installed.requirements if r.installed]
    if not found.known and any(resembles(one.module, name) for name in declared):
        return None
    opaque = [name for name in declared if not brought_by((name,))[1]]
    if not found.known and (opaque or not brought_by((found.names[0],))[1]):
        return None
    if found.known and states[0].sure == "lock":
        return Severity.ERROR if one.phase == "import" else SEVERITY
    if opaque and not frozen(installed):
        return SEVERITY.lowered() if found.rarely_brought else None
    return SEVERITY if one.phase == "import" else SEVERITY.lowered()


def _finding(one: Import, name: str, severity: Severity, deployment: Deployment) -> Finding:
    remedy = add(deployment.installed, name)
    manifest = next(m.path for m in deployment.installed.manifests if m.used)
    when = "when it starts" if one.phase == "import" else "in a request"
    return Finding(
        ID,
        severity,
        one.span,
        f"The app imports «{one.module}» {when}, and nothing that {manifest} installs brings it.",
        remedy.advice,
        "medium" if severity < Severity.ERROR else "high",
        fix=remedy.fix,
    )
