"""`unquoted-database-url`: a URL is built from parts that may hold special characters."""

from collections.abc import Iterator

from adaptable_preflight.facts.connections import Connection, connections
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.given import gives
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.value import Concat, FromEnv, leading, split_last, text_of

ID = "unquoted-database-url"
CLAUSE = "database"
SEVERITY = Severity.WARNING
SUMMARY = "A database URL is put together from parts that are not URL-encoded."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each URL with such a part."""
    for use in connections(deployment.code):
        if not isinstance(use.url, Concat) or not happens(deployment, use.guards):
            continue
        password, query = _password(use.url), _appended(use.url)
        if password is not None:
            severity = SEVERITY if gives(deployment, password) else Severity.NOTICE
            message = (
                f"{password} may hold special characters, and it is put into the URL as it is: with a «/» or «@» in it "
                f"the URL leads nowhere, and on {deployment.platform.title} the app gets no database."
            )
            yield _finding(use, severity, message, f'Encode it: urllib.parse.quote(os.environ["{password}"], safe="")')
        if query is not None and gives(deployment, query):
            message = f"{query} may carry options of its own behind a «?»: a second one breaks the URL."
            yield _finding(use, SEVERITY, message, "Pass the option as an argument instead, such as connect_args.")


def _finding(use: Connection, severity: Severity, message: str, advice: str) -> Finding:
    severity, confidence = weighed(severity, doubts(use.guards, use.phase))
    return Finding(ID, severity, use.span, message, advice, confidence)


def _password(url: Concat) -> str | None:
    """Return the variable that stands as it is in the password's place, between `user:` and `@`."""
    halves = split_last(url, "@")
    if "://" not in leading(url) or halves is None or not isinstance(halves[0], Concat):
        return None
    before = list(halves[0].parts)
    last = before[-1]
    text = text_of(before[-2]) if len(before) > 1 else None
    in_place = text is not None and text.endswith(":") and not text.endswith("://")
    return last.name if isinstance(last, FromEnv) and in_place else None


def _appended(url: Concat) -> str | None:
    """Return the variable of a whole URL to which `?…` is appended."""
    for part, following in zip(url.parts, url.parts[1:], strict=False):
        if isinstance(part, FromEnv) and (text_of(following) or "").startswith("?") and len(url.parts) <= 3:
            return part.name
    return None
