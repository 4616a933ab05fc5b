"""`local-requirement`: a dependency that only the author's machine or network has."""

import re
from collections.abc import Iterator

from adaptable_preflight.finding import Edit, Finding, Fix, Severity
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Deployment, Installed, Requirement

ID = "local-requirement"
CLAUSE = "build"
SEVERITY = Severity.ERROR
SUMMARY = "A dependency comes from a path, a host or a build of somebody's own that the platform cannot reach."

_PRIVATE = late_pattern(
    r"(?:\w+\+)?https?://(?:[^/@]*@)?(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|[\w.-]+\.(?:local|lan|internal|corp)\b)"
)
_DRIVE = late_pattern(r"[A-Za-z]:[\\/]")


_LOCAL_VERSION = late_pattern(r"===?\s*([\w.!-]+)\+[\w.-]+")
_INDEX_OPTION = late_pattern(
    r"\s(?:-i|-f|--(?:extra-|default-)?index(?:-url)?|--find-links|--torch-backend)\b|PIP_|UV_|pip\.conf"
)


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each requirement that no public index has: by its address, or by its version."""
    yield from _addresses(deployment)
    yield from _versions(deployment)


def _versions(deployment: Deployment) -> Iterator[Finding]:
    """Judge versions with a local part (`1.9.0+cpu`), where pip is sent to the public index alone.

    Such a version is matched by itself alone, and a public index takes none: https://packaging.python.org/en/latest/
    specifications/version-specifiers/#local-version-identifiers (read on 2026-11-22).
    """
    used = [m for m in deployment.installed.manifests if m.used]
    if any(m.other_index for m in used) or _sent_elsewhere(deployment.installed):
        return
    for requirement in (r for m in used if m.kind == "requirements" for r in m.requirements):
        local = _LOCAL_VERSION.search(requirement.specifier)
        if local is None or requirement.url or not requirement.installed:
            continue
        name = requirement.name
        yield Finding(
            ID,
            SEVERITY,
            requirement.span,
            f"{deployment.platform.title} cannot install «{name}{requirement.specifier}»: no public index has a "
            "version with a local part («+…»), which whoever built the package gave it.",
            f"Write the version that the index has («{name}=={local[1]}», if it is there), or name the index that has "
            "this one with «--extra-index-url».",
        )


def _sent_elsewhere(installed: Installed) -> bool:
    """Whether a build's commands or variables may name another index."""
    given = (text for step in installed.steps for text in (f" {step.text}", *step.variables))
    return any(_INDEX_OPTION.search(text) for text in given)


def _addresses(deployment: Deployment) -> Iterator[Finding]:
    """Judge addresses that lead out of the repository and not onto the net."""
    paths = set(deployment.paths)
    for requirement in deployment.installed.requirements:
        why = _unreachable(requirement.url, paths) if requirement.installed else ""
        if not why:
            continue
        name = requirement.name
        yield Finding(
            ID,
            SEVERITY,
            requirement.span,
            f"{deployment.platform.title} cannot install «{name or requirement.url[:80]}»: {why}.",
            f"Write «{name}» and its version («{name}==…») instead of the address."
            if name
            else "Put the package into the repository, or take it from an index.",
            fix=_fix(requirement, deployment),
        )


def _unreachable(url: str, paths: set[str]) -> str:
    bare = url.partition("#")[0]
    path = re.sub(r"^file:(?://(?:localhost)?)?", "", bare)
    if bare.startswith("file:") and path.startswith("/"):
        return f"«{path[:80]}» is a path of the machine that wrote the file"
    if _DRIVE.match(path):
        return f"«{path[:80]}» is a path of a Windows machine"
    if bare.startswith(("/", "~")):
        return f"«{bare[:80]}» is a path outside the repository"
    if _PRIVATE.match(bare):
        return f"«{bare[:80]}» is an address of a private network"
    if bare.startswith(("./", "../")) or (bare.endswith((".whl", ".tar.gz")) and "://" not in bare):
        inside = bare.removeprefix("./").rstrip("/")
        if inside.startswith("..") or not any(p == inside or p.startswith(f"{inside}/") for p in paths):
            return f"«{bare[:80]}» is not in the repository"
    return ""


def _fix(requirement: Requirement, deployment: Deployment) -> Fix | None:
    """Return the replacement by the name alone, in a requirements file: the version is not known."""
    manifest = next((m for m in deployment.installed.manifests if m.used), None)
    if not requirement.name or manifest is None or manifest.kind != "requirements":
        return None
    return Fix((Edit(requirement.span, requirement.name),))
