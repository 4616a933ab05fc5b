"""What to write into which dependency file so that a distribution is installed, in the style of that file."""

from typing import NamedTuple

from adaptable_preflight.finding import Edit, Fix, Related
from adaptable_preflight.knowledge.tables import newest
from adaptable_preflight.knowledge.versions import range_of, version
from adaptable_preflight.model import Installed, Manifest


class Remedy(NamedTuple):
    """Advice to add a line, and the edit that does it where one does."""

    advice: str
    fix: Fix | None = None


def add(installed: Installed, name: str, extra: str = "", bounds: str = "") -> Remedy:
    """Return what installs a distribution, within bounds if there are any: the line, the file and the place in it."""
    manifest = next((m for m in installed.manifests if m.used), None)
    if manifest is None:
        return Remedy(f"List «{name}{bounds}» in a requirements.txt at the repository's root.")
    package = f"{name}[{extra}]" if extra else name
    if manifest.hashed:  # https://pip.pypa.io/en/stable/topics/secure-installs/
        return Remedy(
            f"Add «{package}{bounds}» to what {manifest.path} is made from, and make it anew: it names hashes, and pip "
            "refuses a line without one beside them."
        )
    bounded = _pins(manifest) and not _before_advice(installed, manifest)
    line = _within(manifest, package, bounds) if bounds else _line(manifest, package, newest(name) if bounded else "")
    place = {
        "pipfile": "under [packages] of ",
        "poetry": "under [tool.poetry.dependencies] of ",
        "pyproject": "to `dependencies` under [project] of ",
        "conda": "under `- pip:` in ",
        "dockerfile": "to a `RUN pip install` of ",
    }.get(manifest.kind, "to ")
    again = " Then make the lock anew." if manifest.closed else ""
    advice = f"Add the line «{line}» {place}{manifest.path}.{again}"
    if manifest.kind != "requirements" or manifest.end is None or manifest.encoding:
        return Remedy(advice)
    start = "" if manifest.end.column == 1 else "\n"
    return Remedy(advice, Fix((Edit(manifest.end, f"{start}{line}\n"),)))


def asked_in_vain(installed: Installed, *names: str) -> tuple[Related, ...]:
    """Return where one of some distributions stands in a dependency file that is not read, because another one is."""
    used = next((m.path for m in installed.manifests if m.used), "")
    vain = [m for m in installed.manifests if not m.used]
    found = [r.span for m in vain for r in m.requirements if r.name in names and r.installed]
    return tuple(Related(span, f"{span.path} lists it, and is not read where {used} is") for span in found[:1])


def _within(manifest: Manifest, package: str, bounds: str) -> str:
    match manifest.kind:
        case "pipfile" | "poetry":
            return f'{package} = "{bounds}"'
        case "pyproject":
            return f'"{package}{bounds}",'
    return f"- {package}{bounds}" if manifest.kind == "conda" else f"{package}{bounds}"


def _line(manifest: Manifest, package: str, chosen: str) -> str:
    match manifest.kind:
        case "pipfile":
            return f'{package} = "=={chosen}"' if chosen else f'{package} = "*"'
        case "poetry":
            return f'{package} = "^{chosen}"' if chosen else f'{package} = "*"'
        case "pyproject":
            return f'"{package}>={chosen}",' if chosen else f'"{package}",'
        case "conda":
            return f"- {package}=={chosen}" if chosen else f"- {package}"
        case _:
            return f"{package}{_operator(manifest)}{chosen}" if chosen else package


def _written(manifest: Manifest) -> list[str]:
    """Return the bounds as the author wrote them; what a lock chose is no style."""
    return [r.specifier for r in manifest.requirements if not r.locked]


def _operator(manifest: Manifest) -> str:
    """Return how the file bounds versions, mostly: exactly, or from below."""
    bounded = [text for text in _written(manifest) if text]
    return "==" if sum(text.startswith("==") for text in bounded) * 2 >= len(bounded) else ">="


def _pins(manifest: Manifest) -> bool:
    """Whether most lines of the file fix or bound a version."""
    written = _written(manifest)
    return sum(map(bool, written)) * 2 > len(written)


_SINCE = "3.8"
"""The Python from which on the versions of `newest.txt` install."""


def _before_advice(installed: Installed, manifest: Manifest) -> bool:
    """Whether the Python that runs, or one that the project's file has to suit, is too old for the versions advised."""
    wanted = [v for v in (installed.python.version, *installed.settable) if v]
    suits_older = manifest.kind in ("poetry", "pyproject") and manifest.python != ""
    lowest = range_of(manifest.python).low if suits_older else version(_SINCE)
    return lowest < version(_SINCE) or any(version(one) < version(_SINCE) for one in wanted)
