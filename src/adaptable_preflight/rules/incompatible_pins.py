"""`incompatible-pins`: versions that are known not to run together."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.knowledge.tables import Break, breaks
from adaptable_preflight.knowledge.versions import newest_is_in, python_is_in
from adaptable_preflight.model import Deployment, Installed, Requirement

ID = "incompatible-pins"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "The versions that will be installed are known to break when the app is imported."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each pair of the table that this deployment would get."""
    installed = deployment.installed
    for pair in breaks():
        requirement = installed.find(pair.package)
        if requirement is None or requirement.url or not newest_is_in(requirement.specifier, pair.bounds or ">=0"):
            continue
        others = ((pair.other, pair.other_bounds), *pair.further)
        if _bounded_otherwise(pair, requirement, installed) or not all(_there(*other, installed) for other in others):
            continue
        yield _finding(pair, requirement, deployment)


def _bounded_otherwise(pair: Break, requirement: Requirement, installed: Installed) -> bool:
    """Whether something that is not read here chooses the second version."""
    declared = {r.name for r in installed.requirements if r.installed}
    bounded = declared & (pair.bounding - {pair.package, pair.other})
    return bool(bounded) and not requirement.locked and installed.find(pair.other) is None


def _there(name: str, wanted: str, installed: Installed) -> bool:
    """Whether a package, or Python, will be there in one of the wanted versions."""
    if name == "python":
        return python_is_in(installed, wanted) is True
    bounds = [r.specifier for m in installed.manifests if m.used for r in m.constraints if r.name == name]
    declared = installed.find(name)
    if declared is not None:
        known = bool(declared.specifier or bounds or not declared.url)
        return known and newest_is_in(",".join((declared.specifier, *bounds)), wanted)
    return presence(installed, name).installed is True and newest_is_in(",".join(bounds), wanted)


def _finding(pair: Break, requirement: Requirement, deployment: Deployment) -> Finding:
    version = f"{pair.package}{requirement.specifier}"
    other = f"Python {deployment.installed.python.version}"
    if pair.other != "python":
        found = deployment.installed.find(pair.other)
        other = f"{pair.other}{found.specifier}" if found and found.specifier else f"the newest {pair.other}"
    title, where = deployment.platform.title, f" on {deployment.platform.title}"
    sure = requirement.locked or "==" in requirement.specifier
    if pair.other == "python" and pair.other_bounds != ">=3.0" and not deployment.installed.python.sure:
        sure, where = False, f", unless another Python version is set on {title}"
    return Finding(
        ID,
        Severity.ERROR if sure else SEVERITY,
        requirement.span,
        f"«{version}» does not run with {other}{where}: {pair.error}.",
        _advice(pair),
        "high" if sure else "medium",
    )


def _advice(pair: Break) -> str:
    if not pair.remedy:
        return f"Delete the line: Python itself has what «{pair.package}» brought."
    older = pair.other == "python" and pair.other_bounds != ">=3.0"
    return f"Write «{pair.remedy}»" + (", or choose an older Python." if older else ".")
