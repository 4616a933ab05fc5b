"""An allow that nothing needs, or one without a reason; `triage` finds it when all other rules have spoken."""

from collections.abc import Iterator

from adaptable_preflight.finding import Edit, Finding, Fix, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.source import Span

ID = "unused-allow"
CLAUSE = "settings"
SEVERITY = Severity.WARNING
SUMMARY = "An allow that no finding needs, or that gives no reason"


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield nothing: what is not used is known only after all rules."""
    del deployment
    return iter(())


def finding(span: Span, rules: tuple[str, ...], reason: str) -> Finding:
    """Return the finding on an allow that silenced nothing."""
    names = ", ".join(rules) or "no rule"
    if not reason:
        message = f"This allow of {names} gives no reason, so it allows nothing"
        return Finding(ID, SEVERITY, span, message, f"preflight: allow[{', '.join(rules)}] why it is accepted")
    message = f"This allow of {names} is not needed: there is no such finding here"
    fix = Fix((Edit(span, ""),)) if span.column > 1 else None
    return Finding(ID, SEVERITY, span, message, "nothing: remove the allow", fix=fix)
