"""A server's target that leads nowhere: which app object of the repository was meant."""

import posixpath
from typing import NamedTuple

from adaptable_preflight.model import App, Deployment, Process, Target

_ASIDE = frozenset({"test", "tests", "docs", "examples", "example", "samples", "templates", "node_modules"})


class Meant(NamedTuple):
    """The app object that a target was probably meant to name."""

    target: str
    """As a server is told of it: `module:object`."""
    folder: str = ""
    """The folder that holds the module, seen from the one where the server looks for it; empty: that one itself."""
    certain: bool = True
    """Whether nothing else of the repository could be meant."""
    path: str = ""
    """The file that holds it."""


def meant(process: Process, deployment: Deployment) -> Meant | None:
    """Return the app object that was meant, if one is to be seen."""
    app, target = process.app, process.server.target if process.server is not None else None
    if app is not None and app.instead:
        return Meant(f"{app.module}:{app.instead}", path=app.path or "")
    if target is not None and app is not None and app.path is None:
        found = _respelled(target, deployment) or _elsewhere(target, deployment)
        if found is not None and not _is_deeper(found, deployment.offered):
            return found
    return _offered(target, deployment.offered, deployment)


def hidden_module(app: App | None, paths: tuple[str, ...]) -> str:
    """Return the module that a package of the same name stands in front of; empty where the app is in no such package.

    Source: https://docs.python.org/3/reference/import.html (`FileFinder` looks for a package first)
    """
    package = (app.path or "") if app is not None and app.found is False else ""
    module = f"{package.removesuffix('/__init__.py')}.py"
    return module if package.endswith("/__init__.py") and module in paths else ""


def _is_deeper(found: Meant, offered: App | None) -> bool:
    """Whether just the package of the target is found, and the app stands in a module of it."""
    package = found.path.removesuffix("__init__.py")
    inside = offered is not None and offered.found is True and (offered.path or "").startswith(package)
    return package != found.path and inside and offered is not None and offered.path != found.path


def _respelled(target: Target, deployment: Deployment) -> Meant | None:
    """Return the target with a colon where a dot or nothing stands, and without the file's ending: `pkg.wsgi.app`."""
    plain = target.module.removesuffix(".py").replace("/", ".")
    parent, _, last = plain.rpartition(".")
    for module, attribute in ((plain, target.attribute), (parent, last)):
        path = _module(module, target.folders[:1], deployment.paths)
        if module and path and (module, attribute) != (target.module, target.attribute):
            return Meant(f"{module}:{attribute}", path=path)
    return None


def _elsewhere(target: Target, deployment: Deployment) -> Meant | None:
    """Return the same target in the one folder that holds its module."""
    inside = f"/{target.module.replace('.', '/')}"
    ends = (f"{inside}.py", f"{inside}/__init__.py")
    found = [(path, end) for path in _own(deployment) for end in ends if path.endswith(end)]
    if len(found) != 1:
        return None
    path, end = found[0]
    return Meant(f"{target.module}:{target.attribute}", _from(target, path.removesuffix(end)), path=path)


def _offered(target: Target | None, offered: App | None, deployment: Deployment) -> Meant | None:
    """Return the app object that a start command would name if there were none."""
    if offered is None or not offered.attribute or offered.found is not True:
        return None
    name = posixpath.basename(offered.path or "")
    alike = [path for path in _own(deployment) if posixpath.basename(path) == name]
    called = "()" if offered.factory else ""
    folder = offered.folder if target is None else _from(target, offered.folder)
    return Meant(f"{offered.name}{called}", folder, len(alike) == 1, offered.path or "")


def _module(name: str, folders: tuple[str, ...], paths: tuple[str, ...]) -> str:
    """Return the file of a module; empty where there is none."""
    inside = name.replace(".", "/")
    wanted = (posixpath.join(folder, f"{inside}{end}") for folder in folders for end in (".py", "/__init__.py"))
    return next((path for path in wanted if path in paths), "")


def _from(target: Target, folder: str) -> str:
    """Return a folder of the checkout as it is seen from where a server looks for modules."""
    start = target.folders[0] if target.folders else ""
    seen = folder if start.startswith("/") else posixpath.relpath(folder or ".", start or ".")
    return "" if seen == "." else seen


def _own(deployment: Deployment) -> list[str]:
    return [path for path in deployment.paths if _ASIDE.isdisjoint(path.lower().split("/")[:-1])]
