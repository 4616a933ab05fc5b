"""`missing-manifest`: no dependency file where the builder looks."""

import posixpath
from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Deployment, Misplaced, Process
from adaptable_preflight.offer import offer
from adaptable_preflight.source import Span

ID = "missing-manifest"
CLAUSE = "build"
SEVERITY = Severity.ERROR
SUMMARY = "There is no dependency file where the platform's builder looks for one."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding where something has to be installed and nothing says what."""
    installed = deployment.installed
    if any(m.used for m in installed.manifests) or installed.image or installed.unreadable:
        return
    process = deployment.web
    needed = _needed(deployment, process)
    place = _place(deployment, process)
    if not needed or place is None:
        return
    build = deployment.platform.build
    refused = [manifest for manifest in installed.manifests if manifest.refused]
    passed = "".join(f"; {manifest.path} is passed over: {manifest.refused}" for manifest in refused)
    told = {*deployment.code.modules, *(manifest.path for manifest in refused)}
    looked = ", ".join(name for name in build.manifests if name not in told)
    beside = place.path.rpartition("/")[0]
    lost = _meant([each for each in installed.elsewhere if each.path not in told], needed, deployment)
    near = beside and any(path.startswith(f"{beside}/") for path in lost)
    unsure = bool(near) or process is None  # the platform may be told to build in another folder
    names = " and ".join(f"«{name}»" for name in needed)
    advice = f"Write a requirements.txt at the root that lists {names} and whatever else the app imports."
    misspelt = next((path for path in lost[:1] if "/" not in path and path.lower().startswith("req")), "")
    if misspelt:
        advice = f"Rename «{misspelt}», which is not looked at, to «requirements.txt»."
    elif lost:
        advice += f" «{lost[0]}» is not looked at: move it, or name it in one of those."
    if any(one.origin.kind == "dockerfile" and not one.origin.chosen for one in deployment.processes):
        advice += " If the Dockerfile makes the image, write `builder: dockerfile` into the settings of this check."
    yield Finding(
        ID,
        SEVERITY.lowered() if unsure else SEVERITY,
        place,
        f"{deployment.platform.title} installs nothing, because none of the dependency files it looks for "
        f"({looked}) is there{passed}. The app needs {names}.",
        advice,
        related=tuple(
            Related(Span(path, 1, 1, 1, 1), "the file that is passed over")
            for path in (*(manifest.path for manifest in refused), misspelt)
            if path
        ),
        process=process,
    )


_FOR_AUTHORS = late_pattern(r"(?:^|[-_./])(?:dev\w*|tests?|docs?|lint|ci)(?:$|[-_./])")


def _meant(lost: list[Misplaced], needed: tuple[str, ...], deployment: Deployment) -> list[str]:
    """Return those that may be meant for the app, the likeliest first: it names what the app needs, and is near it."""
    app = deployment.served_app or deployment.offered
    folders = (app.path or "").split("/")[:-1] if app is not None else []

    def rank(each: Misplaced) -> tuple[int, int, bool]:
        own = each.path.split("/")[:-1]
        apart = len(own) + len(folders) - 2 * len(posixpath.commonprefix([own, folders]))
        return -sum(name in each.words for name in needed[:1]), apart, each.path.endswith((".in", ".lock"))

    return [
        each.path for each in sorted(lost, key=rank) if each.words & {*needed} or not _FOR_AUTHORS.search(each.path)
    ]


def _needed(deployment: Deployment, process: Process | None) -> tuple[str, ...]:
    """Return the distributions that the app cannot start without: its framework's and its server's."""
    server = process.server if process is not None else None
    app = process.app if process is not None else deployment.offered
    names = [package.name.lower() for package in server.packages] if server is not None else []
    offered = offer(app, deployment) if process is None else None
    if offered is not None:
        names = [offered.server]
    if app is not None and app.framework:
        names.insert(0, app.framework)
    return tuple(dict.fromkeys(name for name in names if name not in deployment.installed.supplied))


def _place(deployment: Deployment, process: Process | None) -> Span | None:
    """Return the start command, else line 1 of the app's module."""
    if process is not None:
        return process.origin.span
    found = deployment.offered
    return Span(found.path, 1, 1, 1, 1) if found is not None and found.path else None
