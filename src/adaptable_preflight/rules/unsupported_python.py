"""`unsupported-python`: the version of Python that is pinned and the one that will run do not go together."""

import re
from collections.abc import Iterator

from adaptable_preflight.facts.clashes import Clash, clashes
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.knowledge.versions import excludes, minor, newest_is_in, version
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Deployment, Installed, Interpreter, Manifest, Requirement, Unmet
from adaptable_preflight.source import Span

ID = "unsupported-python"
CLAUSE = "build"
SEVERITY = Severity.ERROR
SUMMARY = "The Python version is not offered by the platform, or the dependency files exclude it."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield what is wrong with the version, then pins that the builder does not look at."""
    installed = deployment.installed
    python, offered = installed.python, deployment.platform.build.python
    title = deployment.platform.title
    if python.origin == "pin" and python.span is not None and (not python.version or _missing(python, offered)):
        yield _pinned(python, python.span, offered, title)
    elif python.origin not in ("image", "conda") and python.version and _missing(python, offered):
        newest = offered[-1]
        yield Finding(
            ID, SEVERITY, python.span or _nowhere(installed),
            f"{title} offers Python {offered[0]} to {newest}, and not {python.version}.",
            f"Set the Python version to {newest}.",
        )  # fmt: skip
    if python.version:
        for manifest in installed.manifests:
            conda = manifest.kind in ("conda", "conda-list")  # which brings the Python that it asks for
            if manifest.used and manifest.python and not conda and excludes(manifest.python, python.version):
                yield _excluded(manifest, python, offered, title)
    unmet = next((manifest for manifest in installed.manifests if manifest.used and manifest.unmet), None)
    if unmet is not None and unmet.unmet is not None:
        yield _unmet(unmet.path, unmet.unmet, python, offered, title)
    needing = tuple(clashes(deployment))
    for pin in map(_by_cloud_foundry, installed.ignored_pins):
        if pin.span is not None and not pin.version:
            if pin.span.path != ".python-version" or not _NAME.fullmatch(pin.pin):
                yield _malformed(pin, pin.span, python, title)
        elif pin.span is not None and unmet is None and not _agrees(pin.version, python.version):
            broken = tuple(clash.requirement for clash in needing if _spared(clash, pin))
            yield _ignored(pin, pin.span, broken, deployment)
            needing = () if broken else needing  # once is enough


def _missing(python: Interpreter, offered: tuple[str, ...]) -> bool:
    return bool(offered) and minor(python.version) not in offered


def _nowhere(installed: Installed) -> Span:
    return Span(installed.manifests[0].path if installed.manifests else "requirements.txt", 1, 1, 1, 1)


def _pinned(python: Interpreter, span: Span, offered: tuple[str, ...], title: str) -> Finding:
    wanted = offered[-1] if offered else "3.12"
    text = f"python-{wanted}" if span.path == "runtime.txt" else wanted
    if not python.version:
        message = f"{title} cannot read the Python version «{_shown(python.pin)}» in {span.path}."
    else:
        message = f"{title} offers Python {offered[0]} to {offered[-1]}, and {span.path} asks for {python.version}."
    return Finding(ID, SEVERITY, span, message, f"Write «{text}».")


def _excluded(manifest: Manifest, python: Interpreter, offered: tuple[str, ...], title: str) -> Finding:
    """Judge a file that excludes the Python: for certain, or unless a version that it allows is set on the platform."""
    span = manifest.python_span or Span(manifest.path, 1, 1, 1, 1)
    allowed = [one for one in offered if not excludes(manifest.python, one)]
    hard = manifest.kind in ("poetry", "pyproject", "setup.py", "setup.cfg") or manifest.closed
    settable = not python.sure and bool(allowed) and not (hard and _names_patch(manifest.python))
    unless = f" unless another version is set ({title} offers {', '.join(allowed)})" if settable else ""
    severity = SEVERITY if hard else Severity.WARNING
    return Finding(
        ID,
        Severity.NOTICE if settable else severity,
        span,
        f"{title} runs Python {python.version}{unless}, which {manifest.path} excludes («{manifest.python}»): the "
        "installation stops.",
        _allowing(manifest, allowed[-1]) if allowed else f"Widen «{manifest.python}» to allow Python {python.version}.",
        "medium",
    )


def _unmet(path: str, unmet: Unmet, python: Interpreter, offered: tuple[str, ...], title: str) -> Finding:
    """Judge a file that installs nothing: for certain, or unless a version that its lines are for is set."""
    allowed = [one for one in offered if one in unmet.pythons] if not python.sure else []
    unless = f", unless another version is set ({title} offers {', '.join(allowed)})" if allowed else ""
    also = f", or set the Python version on the platform to {allowed[-1]}" if allowed else ""
    return Finding(
        ID,
        Severity.NOTICE if allowed else SEVERITY,
        unmet.span,
        f"Nothing of {path} is installed with the Python {python.version} that {title} runs{unless}: each of its lines "
        f"is for another one («{unmet.marker}»).",
        f"Take the marker out of the lines (`poetry export` writes it from the `python` in pyproject.toml){also}.",
    )


def _allowing(manifest: Manifest, version: str) -> str:
    """Return advice to set a version; of one that a file names to the patch, the platform takes the newest."""
    text = f'python_version = "{version}"' if manifest.kind == "pipfile" else f"=={version}.*"
    first = f"Write «{text}», because the newest patch is taken, and set" if _names_patch(manifest.python) else "Set"
    return (
        f"{first} the Python version on the platform to {version}, and `python-version` in the settings of this check."
    )


def _names_patch(bounds: str) -> bool:
    return re.fullmatch(r"==\d+\.\d+\.\d+", bounds) is not None


def _agrees(pin: str, version: str) -> bool:
    """Whether two versions are the same as far as both are told."""
    return all(a == b for a, b in zip(pin.split("."), version.split("."), strict=False))


_NAME = late_pattern(r"(?!python)[A-Za-z][\w.+-]*", re.IGNORECASE)
"""A virtual environment's name, which pyenv takes for a version (https://github.com/pyenv/pyenv-virtualenv)."""


def _by_cloud_foundry(pin: Interpreter) -> Interpreter:
    """Return a pin with the version that Cloud Foundry reads in it, which wants no «python-» and takes any patch.

    Source: https://github.com/cloudfoundry/python-buildpack/blob/master/src/python/supply/supply.go (`InstallPython`)
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)*)(?:\.[xX*])?", pin.pin)
    return pin._replace(version=match[1]) if match and not pin.version else pin


def _malformed(pin: Interpreter, span: Span, python: Interpreter, title: str) -> Finding:
    wanted = f"python-{python.version}" if span.path == "runtime.txt" else python.version
    return Finding(
        ID,
        Severity.WARNING,
        span,
        f"No platform can read the Python version «{_shown(pin.pin)}» in {span.path}, and {title} does not look at it.",
        f"Write «{wanted}», or delete the file.",
    )


def _ignored(pin: Interpreter, span: Span, broken: tuple[Requirement, ...], deployment: Deployment) -> Finding:
    """Judge a pin that nobody looks at; the same version may be set on the platform."""
    python, title = deployment.installed.python, deployment.platform.title
    lost = f", with which «{broken[0].name}{broken[0].specifier}» does not run" if broken else ""
    return Finding(
        ID,
        Severity.NOTICE,
        span,
        f"{title} does not look at {span.path}: it runs Python {python.version}{lost}, and not {pin.version}.",
        _instead(pin, span.path, bool(broken), deployment),
        related=tuple(Related(one.span, "it needs another Python") for one in broken[:6]),
    )


def _spared(clash: Clash, pin: Interpreter) -> bool:
    """Whether a requirement fails on the Python that runs, and not on the one that is pinned."""
    return any(not newest_is_in(f"=={pin.version}", bounds) for bounds in clash.pair.pythons)


def _instead(pin: Interpreter, path: str, needed: bool, deployment: Deployment) -> str:
    """Return advice for a version that is pinned in vain: to set it, or what is best of those that can be set.

    `needed`: something that is declared runs with the pinned version and not with the one that runs.
    """
    offered, title = deployment.platform.build.python, deployment.platform.title
    wanted, running = minor(pin.version), deployment.installed.python.version
    if not offered or wanted in offered:
        return (
            f"Set the Python version on the platform to {wanted}, and "
            f'`python-version: "{wanted}"` in the settings of this check.'
        )
    if version(wanted) < (3,):
        return f"{title} offers no Python 2: bring the code to Python 3 ({offered[0]} to {offered[-1]})."
    if version(wanted) < version(offered[0]) and not needed:
        return f"Delete {path}, which nothing reads: {title} offers {offered[0]} to {offered[-1]}, and runs {running}."
    nearest = offered[0] if version(wanted) < version(offered[0]) else offered[-1]
    where = "" if nearest == running else " and set that on the platform, and as `python-version` in the settings here"
    return f"{title} offers Python {offered[0]} to {offered[-1]}: make the app run on {nearest}{where}."


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
