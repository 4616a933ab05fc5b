"""Names that the app imports and that the versions which will be installed have no more."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.pickled_imports import imports
from adaptable_preflight.knowledge.chosen import lacks
from adaptable_preflight.knowledge.tables import Removed, removed
from adaptable_preflight.model import Deployment, Import


class Gone(NamedTuple):
    """A name that an import asks for in vain."""

    name: str
    row: Removed
    one: Import

    @property
    def at_import(self) -> bool:
        """Whether the import of the app ends there."""
        return self.one.phase == "import"


def gone(deployment: Deployment) -> Iterator[Gone]:
    """Yield each such name once, where nothing catches that it is missing."""
    seen = set[str]()
    for one in imports(deployment):
        for name, row in _asked_for(one):
            if name not in seen and lacks(row, deployment.installed):
                seen.add(name)
                yield Gone(name, row, one)


def _asked_for(one: Import) -> Iterator[tuple[str, Removed]]:
    if one.guarded or one.phase not in ("import", "request"):
        return
    parts = one.module.split(".")
    for end in range(len(parts), 0, -1):
        row = removed().get(".".join(parts[:end]))
        if row is not None and row.whole:
            yield ".".join(parts[:end]), row
    for name in one.names:
        row = removed().get(f"{one.module}.{name}")
        if row is not None:
            yield f"{one.module}.{name}", row
