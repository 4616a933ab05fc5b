"""`undecoded-database-url`: the URL is taken apart by hand, and its parts stay URL-encoded."""

from collections.abc import Iterator

from adaptable_preflight.facts.connections import connections
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.origin import calls_behind, is_part_of
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "undecoded-database-url"
CLAUSE = "database"
SEVERITY = Severity.WARNING
SUMMARY = "The database URL is taken apart by hand, and its parts are not URL-decoded."

_DECODES = frozenset({"urllib.parse.unquote", "urllib.parse.unquote_plus"})
_ENCODED = ("password", "user")
"""The parts that may hold special characters; the password first, which mostly does."""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each connection that gets an encoded part."""
    url = deployment.platform.database.url_variable
    for use in connections(deployment.code):
        for name in _ENCODED:
            part = use.part(name)
            if part is None or not is_part_of(part.value, url):
                continue
            if not _DECODES & set(calls_behind(part.value)) and happens(deployment, use.guards):
                severity, confidence = weighed(SEVERITY, doubts(use.guards, use.phase))
                yield Finding(
                    ID,
                    severity,
                    part.span,
                    f"The {name} is passed on as it stands in {url}, where special characters are URL-encoded: with "
                    f"one of them in it the database of {deployment.platform.title} refuses the app.",
                    "Hand the library the whole URL, or decode the part: urllib.parse.unquote(…)",
                    confidence,
                )
                break
