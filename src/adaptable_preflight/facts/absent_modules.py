"""Modules that the app imports and that are in no folder where it looks: what tells that nothing else brings them."""

import posixpath
import re
from collections.abc import Iterator

from adaptable_preflight.knowledge.modules import familiar, of_python, resembles
from adaptable_preflight.knowledge.presence import is_brought, may_bring
from adaptable_preflight.knowledge.tables import brought_by, removed
from adaptable_preflight.knowledge.versions import python_is_in
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Absent, Deployment, Import, Installed

_PROJECTS = ("pyproject.toml", "setup.py", "setup.cfg")
_ASIDE = late_pattern(r"(?:^|/)(?:tests?|docs?|examples?|node_modules|site-packages|env|\.?venv)/")


def absent_modules(deployment: Deployment) -> Iterator[Absent]:
    """Yield each such module once for `Deployment.absent`, those that an installed distribution brings left out."""
    seen = set[str]()
    if python_is_in(deployment.installed, ">=3.0") is False:
        return  # Python 2 looks beside the importing file first
    listing = "\n".join(deployment.paths).casefold()
    for one in deployment.code.imports:
        top = one.module.partition(".")[0]
        if top in seen or not _counts(one, top) or _may_be_here(one, top, deployment.paths, listing):
            continue
        seen.add(top)
        found = _evidence(one, top, deployment)
        if found is not None:
            yield found


def _counts(one: Import, top: str) -> bool:
    """Whether an import has to succeed, and is one that some file or distribution answers."""
    if one.guarded or not one.folders or one.phase not in ("import", "request") or of_python(top):
        return False
    return top not in removed() or removed()[top].package != "python"


def _may_be_here(one: Import, top: str, paths: tuple[str, ...], listing: str) -> bool:
    """Whether a file of another kind has the name: a compiled module, a link, one that differs in case.

    Most names stand nowhere in the listing, which is all paths without their case: that saves looking at each path.
    """
    if top.casefold() not in listing:
        return False
    places = "|".join(re.escape(posixpath.join(folder, top)) for folder in one.folders)
    here = re.compile(
        rf"(?:{places})(?:/.*|(?:\.(?:cpython|abi|cp|pypy)[^/]*)?\.(?:py|pyc|pyd|pyx|so))?", re.IGNORECASE
    )
    return any(here.fullmatch(path) for path in paths)


def _evidence(one: Import, top: str, deployment: Deployment) -> Absent | None:
    """Return what shows that a module is missing; None where something that is installed may well bring it."""
    if is_brought(deployment.installed, one.module):
        return None
    if _is_made(top, deployment):
        return Absent(one, top, "nothing")
    beside = _named_in(posixpath.dirname(one.span.path), top, deployment.paths)
    known = deployment.installed.known and not _installs_itself(deployment.installed)
    beside = "" if beside == one.span.path else beside  # a module that imports its own name means another one
    if beside and known and not may_bring(deployment.installed, one.module):
        return Absent(one, top, "beside", beside)
    around = _around(one, top, deployment.paths)
    if around and known and not _has_python_path(deployment):
        return Absent(one, top, "around", around)
    out = next((each.path for each in deployment.repository.left_out if _names(each.path, top)), "")
    if out:
        return Absent(one, top, "left-out", out)
    return None if familiar(one.module) else _by_requirements(one, top, deployment)


def _around(one: Import, top: str, paths: tuple[str, ...]) -> str:
    """Return the folder around the importing file that is meant, because it holds what is imported from it."""
    parts = one.span.path.split("/")[:-1]
    inside = one.module.split(".")[1:]
    for end in range(len(parts), 0, -1):
        folder = "/".join(parts[:end])
        if parts[end - 1] == top and inside and _named_in("/".join([folder, *inside[:-1]]), inside[-1], paths):
            return folder
    return ""


def _has_python_path(deployment: Deployment) -> bool:
    """Whether folders are added to those in which Python looks, which may be named as the container has them."""
    told = [*deployment.settings.environment, *(deployment.web.variables if deployment.web is not None else ())]
    return any(name == "PYTHONPATH" for name, _ in told)


def _by_requirements(one: Import, top: str, deployment: Deployment) -> Absent | None:
    """Judge a module that nobody has heard of by what is declared."""
    installed = deployment.installed
    if may_bring(installed, one.module, lambda name, module: resembles(module, name)):
        return None
    elsewhere = _elsewhere(top, deployment.paths)
    if not installed.known or (elsewhere and _installs_itself(installed)):
        return Absent(one, top, "nothing")
    if elsewhere:
        return Absent(one, top, "elsewhere", elsewhere)
    return Absent(one, top, "unknown-name" if _all_known(installed) else "nothing")


def _names(path: str, top: str) -> bool:
    return path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2] == top


def _is_made(top: str, deployment: Deployment) -> bool:
    """Whether a build step, a start command or a submodule may put the module there."""
    named = re.compile(rf"\b{re.escape(top)}\b")
    steps = any(named.search(step.text) for step in deployment.installed.steps)
    commands = [process.command for process in deployment.web_processes]
    starts = any(f"{top}.py" in text or ("install" in text and named.search(text)) for text in commands)
    return steps or starts or ".gitmodules" in deployment.paths


def _named_in(folder: str, top: str, paths: tuple[str, ...]) -> str:
    """Return the file of a module, or the folder of a package, in a folder."""
    place = posixpath.join(folder, top)
    if f"{place}.py" in paths:
        return f"{place}.py"
    inside = any(path.startswith(f"{place}/") and path.endswith(".py") for path in paths)
    return place if inside else ""


def _elsewhere(top: str, paths: tuple[str, ...]) -> str:
    found = [p for p in paths if p.endswith((f"/{top}.py", f"/{top}/__init__.py")) and not _ASIDE.search(p)]
    return min(found, key=lambda path: (path.count("/"), path)).removesuffix("/__init__.py") if found else ""


def _installs_itself(installed: Installed) -> bool:
    """Whether the repository's own project is installed, so that its packages are found from everywhere."""
    used = [path for m in installed.manifests if m.used for path in (m.path, *m.included)]
    return any(map(_is_project, used))


def _all_known(installed: Installed) -> bool:
    """Whether it is known what every declared dependency brings along, and nothing else makes the image.

    What a project in a folder of the repository brings is not: its build may compile modules, or name folders anew.
    """
    names = [r.name for r in installed.requirements if r.installed]
    built = any(_is_project(path) for m in installed.manifests if m.used for path in m.included)
    return installed.image is None and not built and brought_by(names)[1] and all(names)


def _is_project(path: str) -> bool:
    return posixpath.basename(path) in _PROJECTS
