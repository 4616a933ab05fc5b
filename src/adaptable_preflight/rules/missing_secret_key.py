"""`missing-secret-key`: requests change Flask's session, and nothing sets the key that signs it."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import happens
from adaptable_preflight.facts.signed_sessions import has_no_key, signed
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment

ID = "missing-secret-key"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "Requests need Flask's session or a form's token, and nothing sets the secret key."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding, at the first place that needs the key."""
    if not has_no_key(deployment):
        return
    uses = [call for call in signed(deployment) if happens(deployment, call.guards)]
    for first in uses[:1]:
        yield Finding(
            ID,
            SEVERITY,
            first.span,
            f"Requests that come here are answered with 500 Internal Server Error on {deployment.platform.title}: "
            "nothing sets the secret key that signs the session.",
            'Take it from a variable that is set once on the platform: app.secret_key = os.environ["SECRET_KEY"].',
            related=tuple(Related(call.span, "this needs it too") for call in uses[1:6]),
        )
