"""`name-only-in-main`: a request needs a name that is only bound when the file is run by hand."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import UNBOUND_NAME, Deployment
from adaptable_preflight.value import text_of

ID = "name-only-in-main"
CLAUSE = "startup"
SEVERITY = Severity.WARNING
SUMMARY = "A request uses a name that is only bound below `__main__`, and a server imports the module."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each such name, where it is read first."""
    seen = set[tuple[str, str]]()
    for call in deployment.code.calls:
        name = text_of(call.arguments[0].value) if call.name == UNBOUND_NAME and call.arguments else None
        if name is None or (call.span.path, name) in seen or not happens(deployment, call.guards):
            continue
        seen.add((call.span.path, name))
        severity, confidence = weighed(SEVERITY, doubts(call.guards, call.phase))
        yield Finding(
            ID,
            severity,
            call.span,
            f"On {deployment.platform.title} a server imports this module, and what stands below __main__ never runs: "
            f"requests that come here are answered with 500, NameError: name '{name}' is not defined.",
            f'Bind «{name}» in the module itself, above «if __name__ == "__main__":».',
            confidence,
        )
