"""What will be installed: which dependency file counts on the platform, for which Python, and what it says."""

from collections.abc import Callable
from typing import Final

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Installed, Interpreter, Manifest
from adaptable_preflight.platforms import Platform
from adaptable_preflight.read.manifests import Reading, Site, requirements
from adaptable_preflight.settings import Settings

Reader = Callable[[str, Site], Reading]

READERS: Final[dict[str, tuple[str, Reader | None]]] = {
    "requirements.txt": ("requirements", requirements.read),
    "Pipfile": ("pipfile", None),
    "pyproject.toml": ("pyproject", None),
    "environment.yml": ("conda", None),
    "package-list.txt": ("conda-list", None),
}
"""The dependency files by name: their kind, and what reads them."""


def installed(checkout: Checkout, settings: Settings, platform: Platform) -> Installed:
    """Return what the platform's builder installs from the repository."""
    python = _interpreter(settings, platform)
    site = Site(checkout, python.version)
    found = [name for name in platform.build.manifests if checkout.is_file(name)]
    if not found:
        return Installed(supplied=platform.build.supplied, python=python)
    reading = _read(found[0], site)
    others = tuple(Manifest(name, READERS[name][0], used=False) for name in found[1:] if name in READERS)
    return Installed(
        (reading.manifest._replace(used=True), *others),
        supplied=platform.build.supplied,
        unreadable=reading.unreadable,
        python=python,
    )


def _interpreter(settings: Settings, platform: Platform) -> Interpreter:
    if settings.python_version:
        return Interpreter(settings.python_version, "setting")
    return Interpreter(platform.build.default_python)


def _read(name: str, site: Site) -> Reading:
    kind, reader = READERS.get(name, ("", None))
    if reader is None:
        return Reading(Manifest(name, kind, used=False, complete=False))
    return reader(name, site)
