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
            conda = manifest.kind in ("conda", "conda-list")  # which brings the Python that it asks for
            if manifest.used and manifest.python and not conda and excludes(manifest.python, python.version):
                yield _excluded(manifest, python, offered, title)
    for pin in installed.ignored_pins:
        if pin.span is not None and not pin.version:
            yield _malformed(pin, pin.span, python, title)
        elif pin.span is not None and not _agrees(pin.version, python.version):
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


def _excluded(manifest: Manifest, python: Interpreter, offered: tuple[str, ...], title: str) -> Finding:
    """Judge a file that excludes the Python: for certain, or unless a version that it allows is set on the platform."""
    span = manifest.python_span or Span(manifest.path, 1, 1, 1, 1)
    allowed = [one for one in offered if not excludes(manifest.python, one)]
    settable = not python.sure and bool(allowed)
    hard = manifest.kind in ("poetry", "pyproject", "setup.py", "setup.cfg") or manifest.closed
    unless = f" unless another version is set ({title} offers {', '.join(allowed)})" if settable else ""
    severity = SEVERITY if hard else Severity.WARNING
    return Finding(
        ID,
        Severity.NOTICE if settable else severity,
        span,
        f"{title} runs Python {python.version}{unless}, which {manifest.path} excludes («{manifest.python}»): the "
        "installation stops.",
        f"Set the Python version on the platform to {allowed[-1]}, and `python-version` in the settings of this check."
        if allowed
        else f"Widen «{manifest.python}» so that it allows Python {python.version}.",
        "medium",
    )


def _agrees(pin: str, version: str) -> bool:
    """Whether two versions are the same as far as both are told."""
    return all(a == b for a, b in zip(pin.split("."), version.split("."), strict=False))


def _malformed(pin: Interpreter, span: Span, python: Interpreter, title: str) -> Finding:
    wanted = f"python-{python.version}" if span.path == "runtime.txt" else python.version
    return Finding(
        ID,
        Severity.WARNING,
        span,
        f"No platform can read the Python version «{pin.pin[:40]}» in {span.path}; {title} does not look at the file.",
        f"Write «{wanted}», or delete the file.",
    )


def _ignored(pin: Interpreter, span: Span, python: Interpreter, title: str) -> Finding:
    return Finding(
        ID,
        Severity.NOTICE,
        span,
        f"{title} does not look at {span.path}: it runs Python {python.version}, and not {pin.version}.",
        f'Set the Python version on the platform, and `python-version: "{pin.version}"` in the settings of this check.',
    )
