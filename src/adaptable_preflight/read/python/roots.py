"""From which folder the modules are found that an app imports, where nothing tells in which folder it is started."""

import sys
from collections.abc import Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Unreadable
from adaptable_preflight.read.python import modules
from adaptable_preflight.read.python.django_choice import VARIABLE
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.value import Concat, leading, text_of


def misses(machine: Machine, checkout: Checkout, folder: str, place: str) -> int:
    """Count the modules that are wanted, are not found from `folder`, and are found from another folder around.

    `place` is the folder of the module that is loaded: the folders around it are it, and those that hold it.
    """
    others = [one for one in _around(place) if one != folder]
    wanted = {one for one in _wanted(machine) if one.partition(".")[0] not in sys.stdlib_module_names}
    absent = [one for one in sorted(wanted) if not _holds(checkout, folder, one)]
    return sum(1 for one in absent if any(_holds(checkout, other, one) for other in others))


def _wanted(machine: Machine) -> Iterator[str]:
    """Yield the modules that the app does not go on without, and the package of Django's settings."""
    for one in machine.imports:
        if not one.guarded:
            yield one.module
    named = machine.env.get(VARIABLE)
    settings = leading(named) if isinstance(named, Concat) else text_of(named) or ""
    if settings:
        yield settings.rpartition(".")[0] or settings


def _around(place: str) -> list[str]:
    parts = place.split("/") if place else []
    return ["/".join(parts[:end]) for end in range(len(parts) + 1)]


def _holds(checkout: Checkout, folder: str, name: str) -> bool:
    """Whether a folder has a module or package of that name, or a folder with modules."""
    found = modules.find(checkout, [folder], name)
    if found is None or isinstance(found, Unreadable):
        return found is not None
    return found.source is not None or any(one.endswith(".py") for one in checkout.names(found.path))
