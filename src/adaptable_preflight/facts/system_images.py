"""Which programs and libraries of the system the image has in which the app runs."""

import fnmatch
import re

from adaptable_preflight.knowledge.base_images import packages_of
from adaptable_preflight.knowledge.system_needs import Part, brought
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Deployment, Image
from adaptable_preflight.platforms import builder

_OPEN_STEP = late_pattern(
    r"\.sh\b|\$\(|<\(|\bxargs\b|\binstall\b[^;&|]*\$|--install-deps|\b(?:make|nix|brew|ansible\S*)\b"
)
"""A step of a build of which nobody knows what it brings."""
_OF_PYTHON = late_pattern(
    r"(?:^|[\s/])(?:pip[\d.]*\s+install|uv\s+(?:pip|sync|add)|(?:poetry|pdm|pipenv)\s+(?:install|sync|add))\b"
)
"""A step that installs Python packages alone, whatever they are called."""


def lacks(part: Part, deployment: Deployment) -> bool | None:
    """Whether the image is without a part; None where nobody knows what the image holds."""
    if not part.packages:
        return True
    installed = deployment.installed
    if _stands_in_repository(part, deployment) or _start_brings(part, deployment) or _by_conda(deployment):
        return None
    if any(installed.find(name) is not None for name in part.distributions):
        return False
    if installed.image is not None:
        return _docker_lacks(part, installed.image, deployment)
    build = deployment.platform.build
    chosen = builder(deployment.settings.builder, deployment.platform) if deployment.settings.builder else build
    return not _is_among(part, chosen.packages) if chosen.packages is not None else None


def is_bare(deployment: Deployment) -> bool:
    """Whether a Dockerfile makes the image, from one that holds next to nothing."""
    image = deployment.installed.image
    return image is not None and packages_of(image.name) == ()


def _docker_lacks(part: Part, image: Image, deployment: Deployment) -> bool | None:
    own = packages_of(image.name)
    if own is None or image.foreign:
        return None
    if _is_among(part, (*own, *(package.name for package in deployment.installed.system))):
        return False
    words = re.compile(part.words or re.escape(part.name), re.IGNORECASE)
    steps = [step.text for step in deployment.installed.steps if not _OF_PYTHON.search(step.text)]
    if any(words.search(step) or _OPEN_STEP.search(step) for step in steps):
        return None
    return None if part.library and _may_come_along(deployment) else True


def _is_among(part: Part, packages: tuple[str, ...]) -> bool:
    known = (brought(name) for name in packages) if part.library else ()
    along = any(part.library in libraries for libraries in known if libraries)
    return along or any(fnmatch.fnmatchcase(name, pattern) for name in packages for pattern in part.packages)


def _may_come_along(deployment: Deployment) -> bool:
    """Whether a package of which nobody knows what it needs may bring a library."""
    return any(brought(package.name) is None for package in deployment.installed.system)


def _stands_in_repository(part: Part, deployment: Deployment) -> bool:
    """Whether a file has its name, which the app may come to by itself."""
    names = {part.name.lower(), part.packages[0]}
    return any(path.rpartition("/")[2].lower() in names for path in deployment.paths)


def _start_brings(part: Part, deployment: Deployment) -> bool:
    """Whether what is run before the app mentions the part, or fetches something that nobody knows."""
    words = re.compile(rf"{part.words or re.escape(part.name)}|\bapt(?:-get)?\b|\bapk\b", re.IGNORECASE)
    return any(words.search(process.command) for process in deployment.web_processes if process.origin.chosen)


def _by_conda(deployment: Deployment) -> bool:
    """Whether conda installs the packages, which hold programs and libraries too."""
    used = (manifest for manifest in deployment.installed.manifests if manifest.used)
    return any(manifest.kind in ("conda", "conda-list") for manifest in used)
