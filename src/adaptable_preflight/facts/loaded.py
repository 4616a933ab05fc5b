"""Which of the declared distributions what is served loads: by its imports, by what those need, or by a name."""

from collections.abc import Iterator

from adaptable_preflight.facts.pickled_imports import imports
from adaptable_preflight.knowledge import production_servers
from adaptable_preflight.knowledge.drivers import DJANGO, SQLALCHEMY
from adaptable_preflight.knowledge.modules import providers
from adaptable_preflight.knowledge.tables import brought_by, extras_of, share_bringing
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Deployment

_BY_NAME = frozenset(
    name for drivers in (SQLALCHEMY, DJANGO) for driver in drivers.values() for name in driver.names
).union(*production_servers.NAMES.values())
"""What a URL, a setting or an option names, so that no import tells of it."""
_DOUBT = 0.1
"""How many of the distributions whose needs are not known may need one, so that it counts as needed by none."""

_FOR_AUTHORS = late_pattern(
    r"[\[-](?:dev\w*|tests?|testing|docs?|documentation|lint\w*|typing|types|typecheck|mypy|cov|coverage|benchmarks?|"
    r"build|ci|qa|style|quality|release|pre-commit)(?:-.*)?\]"
)
"""An extra with what a library's own authors use: its tests, its pages, its release."""


def is_loaded(deployment: Deployment, name: str) -> bool | None:
    """Return whether what is served loads a declared distribution (normalised name), or may do so.

    None: nothing that was seen does, and not all code could be followed. Extras of what is imported count as needed,
    because a library looks for what they bring and goes on without it; not so those for who works on the library.
    """
    if name in _BY_NAME or not deployment.code.modules:
        return True
    declared = [r.name for r in deployment.installed.requirements if r.installed]
    here = {*declared, *brought_by(declared)[0]}
    roots = {root for root in _roots(deployment) if root in here}
    extras = {extra for root in roots for extra in extras_of(root) if not _FOR_AUTHORS.search(extra)}
    asked_for = {
        f"{r.name}[{extra}]" for r in deployment.installed.requirements if r.name in roots for extra in r.extras
    }
    if name in brought_by([*roots, *extras, *asked_for])[0]:
        return True
    opaque = [root for root in roots if not brought_by((root,))[1]]
    if any(name in root for root in opaque) or len(opaque) * share_bringing((name,)) >= _DOUBT:
        return True
    return False if _followed(deployment) else None


def _roots(deployment: Deployment) -> Iterator[str]:
    """Yield the distributions that code imports, and those of the servers."""
    for one in imports(deployment):
        if one.phase in ("import", "request", "background"):
            found = providers(one.module)
            yield from found.names if found is not None else ()
    for process in deployment.web_processes:
        yield from (package.name for server in process.servers for package in server.packages)


def _followed(deployment: Deployment) -> bool:
    """Whether all code was followed; what stands behind an exception that ends the import was, where it parses."""
    failure, code = deployment.web.failure if deployment.web is not None else None, deployment.code
    if failure is None or failure.kind != "app-error":
        return code.complete
    return code.complete or all(gap.span == failure.span for gap in code.gaps)
