"""What will be installed: which dependency file counts on the platform, for which Python, and what it says."""

from typing import Final

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.knowledge.versions import excludes, minor, version
from adaptable_preflight.model import Installed, Interpreter, Manifest, Misplaced
from adaptable_preflight.platforms import Build, Platform, builder
from adaptable_preflight.read.build_command import BuildCommand, by_command
from adaptable_preflight.read.manifests import Reading, Site, python_pin
from adaptable_preflight.read.manifests.pointer import pointer
from adaptable_preflight.settings import Settings

KINDS: Final[dict[str, str]] = {
    "requirements.txt": "requirements",
    "Pipfile": "pipfile",
    "Pipfile.lock": "pipfile",
    "pyproject.toml": "pyproject",
    "poetry.lock": "poetry",
    "pdm.lock": "pyproject",
    "uv.lock": "pyproject",
    "pylock.toml": "pylock",
    "environment.yml": "conda",
    "package-list.txt": "conda-list",
    "setup.py": "setup.py",
    "setup.cfg": "setup.cfg",
}
"""The dependency files by name, with what kind of manifest each is."""


def installed(
    checkout: Checkout,
    settings: Settings,
    platform: Platform,
    dockerfile: str = "",
    command: BuildCommand | None = None,
) -> Installed:
    """Return what is installed into the image.

    `dockerfile`: what makes it, instead of the platform's builder. `command`: what the platform's file has it run.
    """
    if not dockerfile and settings.builder == "dockerfile" and checkout.is_file("Dockerfile"):
        dockerfile = "Dockerfile"
    if dockerfile:
        return _by_dockerfile(dockerfile, checkout, settings)
    build = builder(settings.builder, platform) if settings.builder else platform.build
    python, ignored = _interpreter(checkout, settings, build)
    site = Site(checkout, python.version)
    made = by_command(command, build, site) if command is not None and not settings.builder else None
    if made is not None:
        return made._replace(python=python, ignored_pins=ignored)
    present = [name for name in build.manifests if checkout.is_file(name)]
    refused = tuple(_refused(name, build, site) for name in present)
    found = [name for name, why in zip(present, refused, strict=True) if not why]
    passed = tuple(Manifest(n, KINDS[n], used=False, refused=w) for n, w in zip(present, refused, strict=True) if w)
    asked = [minor(pin.version) for pin in ignored if pin.version]
    if not found:
        return Installed(
            passed,
            supplied=build.supplied,
            python=python,
            ignored_pins=ignored,
            elsewhere=_elsewhere(checkout),
            settable=_offered(asked, build, python),
        )
    reading = _read(found[0], build, site)
    python = _of_conda(reading.manifest) or python
    asked += _allowed(reading.manifest, build, python)
    others = tuple(
        _read(name, build, site).manifest._replace(path=name, kind=KINDS[name], used=False) for name in found[1:]
    )
    return Installed(
        (reading.manifest._replace(used=True), *others, *passed),
        supplied=build.supplied,
        unreadable=reading.unreadable,
        python=python,
        ignored_pins=ignored,
        settable=_offered(asked, build, python),
    )


def _refused(name: str, build: Build, site: Site) -> str:
    """Return why a builder passes over a file: Poetry's buildpack looks for the version of Python as Poetry writes it.

    Source: https://github.com/paketo-buildpacks/poetry/blob/v0.6.4/detect.go
    """
    if name != "pyproject.toml" or build.project_tool != "poetry":
        return ""
    from adaptable_preflight.read.manifests import pyproject

    taken = pyproject.names_python_for_poetry(name, site)
    return "" if taken else "Poetry's buildpack wants `python` under [tool.poetry.dependencies]"


def _elsewhere(checkout: Checkout) -> tuple[Misplaced, ...]:
    from adaptable_preflight.read.manifests.elsewhere import elsewhere

    return tuple(elsewhere(checkout))


def _allowed(manifest: Manifest, build: Build, python: Interpreter) -> list[str]:
    """Return the versions that a file asks for which excludes the default, the newest first."""
    if not manifest.python or not python.version or not excludes(manifest.python, python.version):
        return []
    return [one for one in reversed(build.python) if not excludes(manifest.python, one)]


def _offered(asked: list[str], build: Build, python: Interpreter) -> tuple[str, ...]:
    """Return those of the versions that can be set; none where the repository or its user tells the one that runs."""
    return () if python.sure else tuple(one for one in asked if not build.python or one in build.python)


def _read(name: str, build: Build, site: Site) -> Reading:
    """Return what the tool that a file's name stands for installs. Each tool's reader is imported when it is wanted."""
    broken = pointer(name, site.checkout)
    if broken is not None:
        return Reading(Manifest(name, KINDS[name], used=False, complete=False), (broken,))
    if name == "requirements.txt":
        from adaptable_preflight.read.manifests import requirements

        return requirements.read(name, site)
    from adaptable_preflight.read.manifests import conda, pipfile, project, tools

    if name == "pyproject.toml" and build.project_tool == "poetry":
        return tools.poetry_project(name, site)
    match name:
        case "Pipfile" | "Pipfile.lock":
            return pipfile.read("Pipfile", site)
        case "poetry.lock" | "pdm.lock":
            return tools.poetry_project("pyproject.toml", site, name)
        case "uv.lock":
            return tools.uv_project("pyproject.toml", site)
        case "pylock.toml":
            return tools.lock_alone(name, site)
        case "environment.yml":
            return conda.read(name, site)
        case "package-list.txt":
            return conda.read_list(name, site)
        case _:
            return project.read("", site) or Reading(Manifest(name, KINDS[name], used=False))


def _interpreter(checkout: Checkout, settings: Settings, build: Build) -> tuple[Interpreter, tuple[Interpreter, ...]]:
    """Return the Python that the builder takes, and the pins that it does not look at."""
    site = Site(checkout, "")
    pins = {name: pin for name in python_pin.PINS if (pin := python_pin.read(name, site)) is not None}
    chosen = next((name for name in build.python_pins if name in pins), None)
    if settings.python_version:
        return Interpreter(minor(settings.python_version), "setting"), tuple(pins.values())
    if chosen is None:
        return Interpreter(build.default_python, newest=max(build.python, key=version, default="")), tuple(
            pins.values()
        )
    return pins.pop(chosen), tuple(pins.values())


def _of_conda(manifest: Manifest) -> Interpreter | None:
    """Return the Python that conda installs, where the file names its version."""
    version = python_pin.of_bounds(manifest.python) if manifest.kind in ("conda", "conda-list") else ""
    return Interpreter(version, "conda", manifest.python_span, manifest.python) if version else None


def _by_dockerfile(path: str, checkout: Checkout, settings: Settings) -> Installed:
    from adaptable_preflight.read.manifests import dockerfile

    base = dockerfile.python_of(path, Site(checkout, ""))
    version = base or settings.python_version
    build = dockerfile.read(path, Site(checkout, version or "3.11"))
    return Installed(
        build.manifests,
        supplied=build.supplied,
        unreadable=build.unreadable,
        python=Interpreter(version, "image", build.image.span if build.image else None, base),
        system=build.system,
        image=build.image,
        steps=build.steps,
        missing_sources=build.missing_sources,
        build_failures=build.failures,
        unreached=build.unreached,
    )
