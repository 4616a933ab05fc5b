"""`incompatible-pins`: versions that are known not to run together."""

from collections.abc import Iterator

from adaptable_preflight.facts.clashes import Clash, clashes
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.tables import Break
from adaptable_preflight.model import Deployment

ID = "incompatible-pins"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "The versions that will be installed are known to break when the app is imported."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each pair of the table that this deployment would get."""
    for clash in clashes(deployment.installed):
        yield _finding(clash, deployment)


def _finding(clash: Clash, deployment: Deployment) -> Finding:
    pair, requirement, unless = clash
    version = f"{pair.package}{requirement.specifier}"
    other = f"Python {deployment.installed.python.version}"
    if pair.other != "python":
        found = deployment.installed.find(pair.other)
        other = f"{pair.other}{found.specifier}" if found and found.specifier else f"the newest {pair.other}"
    title, where = deployment.platform.title, f" on {deployment.platform.title}"
    sure = requirement.locked or "==" in requirement.specifier
    if pair.other == "python" and pair.other_bounds != ">=3.0" and not deployment.installed.python.sure:
        sure, where = False, f", unless another Python version is set on {title}"
    if unless:
        where = f", unless Python {unless} is set on {title}"
    return Finding(
        ID,
        (Severity.ERROR if sure else SEVERITY).lowered(bool(unless)),
        requirement.span,
        f"«{version}» does not run with {other}{where}: {pair.error}.",
        _advice(pair),
        "high" if sure and not unless else "medium",
    )


def _advice(pair: Break) -> str:
    if not pair.remedy:
        return f"Delete the line: Python itself has what «{pair.package}» brought."
    older = pair.other == "python" and pair.other_bounds != ">=3.0"
    return f"Write «{pair.remedy}»" + (", or choose an older Python." if older else ".")
