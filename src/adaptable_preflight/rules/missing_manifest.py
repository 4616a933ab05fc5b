"""`missing-manifest`: no dependency file where the builder looks."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment, Process
from adaptable_preflight.source import Span

ID = "missing-manifest"
CLAUSE = "build"
SEVERITY = Severity.ERROR
SUMMARY = "There is no dependency file where the platform's builder looks for one."

_NAMES = ("requirements.txt", "Pipfile", "pyproject.toml", "environment.yml", "poetry.lock", "setup.py")


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding where something has to be installed and nothing says what."""
    installed = deployment.installed
    if any(m.used for m in installed.manifests) or installed.image or installed.unreadable:
        return
    process = deployment.web
    needed = _needed(deployment, process)
    place = _place(deployment, process)
    if needed is None or place is None:
        return
    build = deployment.platform.build
    looked = ", ".join(build.manifests)
    beside = place.path.rpartition("/")[0]
    elsewhere = _elsewhere(tuple(p for p in deployment.paths if p.startswith(f"{beside}/"))) if beside else ""
    unsure = bool(elsewhere) or process is None  # the platform may be told to build in another folder
    severity = SEVERITY.lowered() if unsure else SEVERITY
    elsewhere = elsewhere or _elsewhere(deployment.paths)
    hint = f" «{elsewhere}» is not looked at: move it, or name it in one of those." if elsewhere else ""
    refused = [manifest for manifest in installed.manifests if manifest.refused]
    there = "".join(f"; {manifest.path} is, but {manifest.refused}" for manifest in refused)
    yield Finding(
        ID,
        severity,
        place,
        f"{deployment.platform.title} installs nothing, because none of the dependency files it looks for "
        f"({looked}) is there{there}. The app needs «{needed}».",
        f"Write a requirements.txt at the root that lists «{needed}» and whatever else the app imports.{hint}",
        related=tuple(Related(Span(manifest.path, 1, 1, 1, 1), "the file that is passed over") for manifest in refused),
        process=process,
    )


def _needed(deployment: Deployment, process: Process | None) -> str | None:
    """Return a distribution that the app cannot start without."""
    supplied = deployment.installed.supplied
    if process is not None and process.server is not None:
        for package in process.server.packages:
            if package.name not in supplied:
                return package.name
    app = process.app if process is not None else deployment.offered
    return app.framework if app is not None and app.framework else None


def _place(deployment: Deployment, process: Process | None) -> Span | None:
    """Return the start command, else line 1 of the app's module."""
    if process is not None:
        return process.origin.span
    found = deployment.offered
    return Span(found.path, 1, 1, 1, 1) if found is not None and found.path else None


def _elsewhere(paths: tuple[str, ...]) -> str:
    """Return a dependency file in a place, or of a spelling, that the builder does not look at."""
    by_depth = sorted(paths, key=lambda path: (path.count("/"), path))
    for path in by_depth:
        name = path.rpartition("/")[2].lower()
        if name in map(str.lower, _NAMES) or (name.startswith("requirement") and name.endswith((".txt", ".in"))):
            return path
    return ""
