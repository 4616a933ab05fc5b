"""From a path that names an app's module to the module's name, as Flask and Granian find it."""

from typing import NamedTuple

from adaptable_preflight.checkout import Checkout, join


class ModulePlace(NamedTuple):
    """A module's dotted name, and the folder that has to be on the search path."""

    name: str
    folder: str
    path: str | None = None
    """The file, where there is one."""


def module_at(checkout: Checkout, folder: str, path: str) -> ModulePlace | None:
    """Return the module that a path such as `src/web.py`, `pkg` or `pkg.web` leads to; None outside the checkout.

    Folders that are packages belong to the module's name, as in `flask.cli.prepare_import`.
    """
    place = join(folder, path)
    if place is None:
        return None
    place = place.removesuffix(".py").removesuffix("/__init__")
    parent, _, module = place.rpartition("/")
    while parent and checkout.is_file(f"{parent}/__init__.py"):
        parent, _, package = parent.rpartition("/")
        module = f"{package}.{module}"
    return ModulePlace(module, parent, _file(checkout, parent, module))


def _file(checkout: Checkout, folder: str, module: str) -> str | None:
    stem = f"{folder}/{module.replace('.', '/')}" if folder else module.replace(".", "/")
    return next((path for path in (f"{stem}/__init__.py", f"{stem}.py") if checkout.is_file(path)), None)
