"""`foreign-requirement`: a package that exists for another operating system alone, or a module that only runs there."""

from collections.abc import Iterator

from adaptable_preflight.finding import Edit, Finding, Fix, Severity
from adaptable_preflight.knowledge.tables import ForeignModule, foreign, foreign_modules
from adaptable_preflight.model import Deployment, Import, Requirement

ID = "foreign-requirement"
CLAUSE = "build"
SEVERITY = Severity.ERROR
SUMMARY = "A dependency is no package for Linux (Windows', macOS', conda's or Python's own), or needs a display."

_MARKERS = {"Windows": "sys_platform == 'win32'", "macOS": "sys_platform == 'darwin'"}


_MODULE_OF = "module of "


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each such requirement that no marker keeps away from Linux, and for each such import."""
    yield from _imports(deployment)
    for requirement in deployment.installed.requirements:
        system = foreign().get(requirement.name)
        if system is None or not requirement.installed or requirement.url or requirement.locked:
            continue
        marker = _MARKERS.get(system)
        fix = _fix(requirement, marker, deployment)
        why, advice = _told(requirement, system)
        message = f"The build on {deployment.platform.title} fails, because {why}."
        yield Finding(ID, SEVERITY, requirement.span, message, advice, fix=fix)


def _told(requirement: Requirement, system: str) -> tuple[str, str]:
    """Return why nothing of that name can be installed on Linux, and what to write."""
    name, marker = requirement.name, _MARKERS.get(system)
    if system == "part of Python":
        return f"«{name}» is part of Python, and no package is called so", "Delete the line: Python brings the module."
    if system.startswith(_MODULE_OF):
        package = system.removeprefix(_MODULE_OF)
        return f"no package is called «{name}»: it is a module of «{package}»", f"Write «{package}»."
    advice = f"Write «{_written(requirement)}; {marker}»." if marker else "Delete the line: nothing imports it."
    return f"«{name}» exists only for {system}", advice


def _written(requirement: Requirement) -> str:
    return f"{requirement.name}{requirement.specifier}"


def _fix(requirement: Requirement, marker: str | None, deployment: Deployment) -> Fix | None:
    manifest = next((m for m in deployment.installed.manifests if m.used), None)
    if manifest is None or manifest.kind != "requirements" or requirement.marker:
        return None
    system = foreign().get(requirement.name, "")
    text = f"{_written(requirement)}; {marker}" if marker else f"# {_written(requirement)}"
    text = system.removeprefix(_MODULE_OF) if system.startswith(_MODULE_OF) else text
    return Fix((Edit(requirement.span, text),), safe=bool(marker))


def _imports(deployment: Deployment) -> Iterator[Finding]:
    """Look for modules that the app imports though they fail in a container, each once."""
    seen = set[str]()
    for one in deployment.code.imports:
        top = one.module.partition(".")[0]
        row = foreign_modules().get(top)
        if row is None or top in seen or one.guarded or one.phase not in ("import", "request"):
            continue
        if row.needs != "a display" or not _may_have_display(deployment):
            seen.add(top)
            yield _of_import(one, top, row, deployment)


def _may_have_display(deployment: Deployment) -> bool:
    """Whether an image of the author's own, or a variable, may bring a display such as Xvfb's."""
    named = any(name == "DISPLAY" for name, _ in deployment.settings.environment)
    return named or deployment.installed.image is not None


def _of_import(one: Import, top: str, row: ForeignModule, deployment: Deployment) -> Finding:
    title = deployment.platform.title
    stops = "the app does not start" if one.phase == "import" else "the request fails"
    return Finding(
        ID,
        Severity.WARNING if one.phase == "import" else Severity.NOTICE,
        one.span,
        f"«{top}» needs {row.needs}, and its import fails in the container that {title} runs ({row.error}): {stops}.",
        "Leave it out of what is deployed, or import it only where it runs (`try: … except Exception:`).",
        "medium",
    )
