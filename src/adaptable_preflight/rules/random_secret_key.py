"""`random-secret-key`: the key that signs sessions changes with every start."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, weighed
from adaptable_preflight.facts.secret_keys import is_random, secret_keys
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "random-secret-key"
CLAUSE = "stateless"
SEVERITY = Severity.WARNING
SUMMARY = "The secret key is made anew at each start."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each key that is random in every process that starts, and not only without a variable."""
    for value, span, guards in secret_keys(deployment.code):
        fallback = any(guard.assumed and guard.variables for guard in guards)
        if is_random(value) and not fallback:
            severity, confidence = weighed(SEVERITY, doubts(guards))
            yield Finding(
                ID,
                severity,
                span,
                f"Each start makes a new secret key: with every deploy, restart or further instance on "
                f"{deployment.platform.title} all users are logged out, and so with every other worker.",
                'Take it from a variable that is set once on the platform: os.environ["SECRET_KEY"].',
                confidence,
            )
