"""`local-requirement`: a dependency that only the author's machine or network has."""

import re
from collections.abc import Iterator

from adaptable_preflight.finding import Edit, Finding, Fix, Severity
from adaptable_preflight.model import Deployment, Requirement

ID = "local-requirement"
CLAUSE = "build"
SEVERITY = Severity.ERROR
SUMMARY = "A dependency comes from a path or a host that the platform's builder cannot reach."

_PRIVATE = re.compile(
    r"(?:\w+\+)?https?://(?:[^/@]*@)?(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|[\w.-]+\.(?:local|lan|internal|corp)\b)"
)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each requirement whose address leads out of the repository and not onto the net."""
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
