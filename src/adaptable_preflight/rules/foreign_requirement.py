"""`foreign-requirement`: a package that exists for another operating system alone."""

from collections.abc import Iterator

from adaptable_preflight.finding import Edit, Finding, Fix, Severity
from adaptable_preflight.knowledge.tables import foreign
from adaptable_preflight.model import Deployment, Requirement

ID = "foreign-requirement"
CLAUSE = "build"
SEVERITY = Severity.ERROR
SUMMARY = "A dependency exists only for Windows, macOS, conda or Debian's own Python."

_MARKERS = {"Windows": "sys_platform == 'win32'", "macOS": "sys_platform == 'darwin'"}


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each such requirement that no marker keeps away from Linux."""
    for requirement in deployment.installed.requirements:
        system = foreign().get(requirement.name)
        if system is None or not requirement.installed or requirement.url or requirement.locked:
            continue
        marker = _MARKERS.get(system)
        fix = _fix(requirement, marker, deployment)
        advice = f"Write «{_written(requirement)}; {marker}»." if marker else "Delete the line: nothing imports it."
        yield Finding(
            ID,
            SEVERITY,
            requirement.span,
            f"The build on {deployment.platform.title} fails, because «{requirement.name}» exists only for {system}.",
            advice,
            fix=fix,
        )


def _written(requirement: Requirement) -> str:
    return f"{requirement.name}{requirement.specifier}"


def _fix(requirement: Requirement, marker: str | None, deployment: Deployment) -> Fix | None:
    manifest = next((m for m in deployment.installed.manifests if m.used), None)
    if manifest is None or manifest.kind != "requirements" or requirement.marker:
        return None
    text = f"{_written(requirement)}; {marker}" if marker else f"# {_written(requirement)}"
    return Fix((Edit(requirement.span, text),), safe=bool(marker))
