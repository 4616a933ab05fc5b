"""`unsupported-python`: the version of Python that is pinned and the one that will run do not go together."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.versions import excludes
from adaptable_preflight.model import Deployment, Installed, Interpreter, Manifest
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
    elif python.origin != "image" and python.version and _missing(python, offered):
        newest = offered[-1]
        yield Finding(
            ID, SEVERITY, python.span or _nowhere(installed),
            f"{title} offers Python {offered[0]} to {newest}, and not {python.version}.",
            f"Set the Python version to {newest}.",
        )  # fmt: skip
    if python.version:
        for manifest in installed.manifests:
            if manifest.used and manifest.python and excludes(manifest.python, python.version):
                yield _excluded(manifest, python, title)
    for pin in installed.ignored_pins:
        if pin.span is not None and pin.version and not _agrees(pin.version, python.version):
            yield _ignored(pin, pin.span, python, title)


def _missing(python: Interpreter, offered: tuple[str, ...]) -> bool:
    return bool(offered) and ".".join(python.version.split(".")[:2]) not in offered


def _nowhere(installed: Installed) -> Span:
    return Span(installed.manifests[0].path if installed.manifests else "requirements.txt", 1, 1, 1, 1)


def _pinned(python: Interpreter, span: Span, offered: tuple[str, ...], title: str) -> Finding:
    wanted = offered[-1] if offered else "3.12"
    text = f"python-{wanted}" if span.path == "runtime.txt" else wanted
    if not python.version:
        message = f"{title} cannot read the Python version «{python.pin[:40]}» in {span.path}."
    else:
        message = f"{title} offers Python {offered[0]} to {offered[-1]}, and {span.path} asks for {python.version}."
    return Finding(ID, SEVERITY, span, message, f"Write «{text}».")


def _excluded(manifest: Manifest, python: Interpreter, title: str) -> Finding:
    span = manifest.python_span or Span(manifest.path, 1, 1, 1, 1)
    hard = manifest.kind in ("poetry", "pyproject", "setup.py", "setup.cfg") or manifest.closed
    return Finding(
        ID,
        SEVERITY if hard else Severity.WARNING,
        span,
        f"{title} runs Python {python.version}, which {manifest.path} excludes («{manifest.python}»), so that the "
        "installation stops.",
        f"Choose a Python that the file allows (setting `python-version`), or widen «{manifest.python}».",
        "medium",
    )


def _agrees(pin: str, version: str) -> bool:
    """Whether two versions are the same as far as both are told."""
    return all(a == b for a, b in zip(pin.split("."), version.split("."), strict=False))


def _ignored(pin: Interpreter, span: Span, python: Interpreter, title: str) -> Finding:
    return Finding(
        ID,
        Severity.NOTICE,
        span,
        f"{title} does not look at {span.path}: it runs Python {python.version}, and not {pin.version}.",
        f'Set the Python version on the platform, and `python-version: "{pin.version}"` in the settings of this check.',
    )
