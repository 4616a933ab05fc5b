"""Requirements that stand as texts in other files: the step from a PEP 508 text to a `Requirement`."""

from adaptable_preflight.model import Requirement, Unreadable
from adaptable_preflight.read.manifests import Site
from adaptable_preflight.read.manifests.markers import holds
from adaptable_preflight.read.manifests.pep508 import Rejected, parse
from adaptable_preflight.source import Span


def requirement(text: str, span: Span, site: Site, group: str = "", wanted: bool = True) -> Requirement | Unreadable:
    """Return the requirement that a text is; `wanted`: whether its group is installed."""
    parsed = parse(text)
    if isinstance(parsed, Rejected):
        return Unreadable(span.path, f"«{text[:80]}» is no requirement: {parsed.why}", span)
    installed = wanted and holds(parsed.marker, site.python) is not False
    return Requirement(parsed.name, parsed.specifier, span, group, parsed.extras, parsed.marker, installed, parsed.url)
