"""Projects as Poetry, PDM and uv install them: the declaration, and the lock beside it where there is one."""

from adaptable_preflight.model import Manifest, Requirement, Unreadable
from adaptable_preflight.read.manifests import Reading, Site, layout, locks, pyproject
from adaptable_preflight.read.toml import value_at


def poetry_project(path: str, site: Site, lock: str = "poetry.lock") -> Reading:
    """Return what `poetry install` (or `pdm install`, by the lock's name) puts into the environment."""
    reading = _with_lock(pyproject.read(path, site), lock, site)
    data = layout.table(_folder(path), site)
    alone = value_at(data, "tool", "poetry", "package-mode") is False
    return reading if alone or value_at(data, "tool", "pdm", "distribution") is False else _itself(reading, site)


def uv_project(path: str, site: Site) -> Reading:
    """Return what `uv sync` puts into the environment; the project itself where it is a package.

    Source: https://docs.astral.sh/uv/concepts/projects/config/#project-packaging
    """
    reading = _with_lock(pyproject.read(path, site), "uv.lock", site)
    data = layout.table(_folder(path), site)
    told = value_at(data, "tool", "uv", "package")
    return _itself(reading, site) if (told if isinstance(told, bool) else "build-system" in data) else reading


def _itself(reading: Reading, site: Site) -> Reading:
    """Return what is installed with the project itself."""
    found = layout.roots(_folder(reading.manifest.path), site)
    return reading._replace(manifest=reading.manifest._replace(roots=found))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def lock_alone(path: str, site: Site) -> Reading:
    """Return what a lock that stands for itself (`pylock.toml`, PEP 751) lists."""
    lock = locks.read(path, site)
    if not isinstance(lock, locks.Lock):
        return Reading(Manifest(path, "pylock", used=False, complete=False), (lock,) if lock else ())
    return Reading(Manifest(path, "pylock", used=False, requirements=locks.installed(lock, (), site), closed=True))


def _with_lock(reading: Reading, name: str, site: Site) -> Reading:
    manifest = reading.manifest
    folder = _folder(manifest.path)
    lock = locks.read(f"{folder}/{name}" if folder else name, site)
    if lock is None:
        return reading
    if isinstance(lock, Unreadable):
        return Reading(manifest._replace(complete=False, included=(lock.path,)), (*reading.unreadable, lock))
    locked = locks.installed(lock, manifest.requirements, site)
    there = {r.name for r in locked if r.installed}
    kept: tuple[Requirement, ...] = tuple(r for r in manifest.requirements if r.name in there or not r.installed)
    closed = manifest._replace(requirements=(*kept, *locked), closed=True, included=(lock.path,), opaque=())
    return Reading(closed._replace(complete=not reading.unreadable), reading.unreadable)
