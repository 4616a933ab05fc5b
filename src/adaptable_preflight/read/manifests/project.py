"""A project in a folder of the repository, as `pip install .` sees it: whichever of its files tells what it needs."""

from adaptable_preflight.model import Manifest
from adaptable_preflight.read.manifests import Reading, Site, layout, pyproject, setup_files


def read(folder: str, site: Site, extras: tuple[str, ...] = ()) -> Reading | None:
    """Return what a project needs; None where the folder holds none, or is being read already."""
    if folder in site.projects:
        return Reading(Manifest(_path(folder, "setup.py"), "project", used=False))
    inner = site._replace(groups=frozenset(extras), projects=site.projects | {folder})
    readings = [
        reader(path, inner)
        for name, reader in (
            ("pyproject.toml", pyproject.read),
            ("setup.cfg", setup_files.read_setup_cfg),
            ("setup.py", setup_files.read_setup_py),
        )
        if site.checkout.is_file(path := _path(folder, name))
    ]
    if not readings:
        return None
    reading = _telling(readings)
    return reading._replace(manifest=reading.manifest._replace(roots=layout.roots(folder, site)))


def _telling(readings: list[Reading]) -> Reading:
    """Return what the file says that tells what the project needs."""
    telling = [r for r in readings if r.manifest.requirements or r.unreadable]
    if telling and len(readings) > 1 and telling[0].manifest.kind != "setup.py":
        return telling[0]
    return telling[-1] if telling else readings[-1]


def _path(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
