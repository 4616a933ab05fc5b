"""`slow-import`: importing the app takes long, or waits for somebody else."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.opened_files import large_models
from adaptable_preflight.facts.slow_calls import endless, slow
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Call, Deployment

ID = "slow-import"
CLAUSE = "startup"
SEVERITY = Severity.WARNING
SUMMARY = "Importing the app sleeps, downloads something or waits for another server."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each slow call that runs when the app is imported."""
    limit, title = deployment.platform.start.limit_seconds, deployment.platform.title
    within = f"which has to listen within {limit} seconds" if limit else "which should listen at once"
    script = any(call.phase == "request" and not call.function for call in deployment.code.calls)
    for call in deployment.code.calls:
        visited = call.phase == "request" and not call.function  # the body of a script that each visitor runs anew
        what = slow(call) if (call.phase == "import" or visited) and happens(deployment, call.guards) else ""
        if not what:
            yield from _endless(call, deployment)
            continue
        later = script and not visited  # a server of scripts listens before it runs one
        severity, confidence = weighed(SEVERITY, doubts(call.guards) + later)
        message = f"Importing the app {what}: each start of an instance on {title}, {within}, waits for it."
        if visited:
            message = f"The script {what}: each visitor of the app on {title} waits for it."
        elif later:
            message = f"A module of the script {what}: the first visitor of each instance on {title} waits for it."
        yield Finding(
            ID,
            severity,
            call.span,
            message,
            "Do it while the image is built, or lazily in the first request that needs it.",
            confidence,
        )
    for path, megabytes, call in large_models(deployment):
        if happens(deployment, call.guards):
            severity, confidence = weighed(SEVERITY, doubts(call.guards))
            yield Finding(
                ID,
                severity,
                call.span,
                f"Importing the app loads «{path}» of {megabytes} MB: each start of an instance on {title}, {within}, "
                "waits for it.",
                "Load it lazily, in the first request that needs it, or make the model smaller.",
                confidence,
            )


def _endless(call: Call, deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for a call that never returns, where a server imports the module and waits for that to end."""
    server = deployment.web.server if deployment.web is not None else None
    imports = deployment.web is None or (server is not None and not server.in_code)
    why = endless(call) if call.phase == "import" and imports and happens(deployment, call.guards) else ""
    if why:
        severity, confidence = weighed(SEVERITY, doubts(call.guards))
        yield Finding(
            ID,
            severity,
            call.span,
            f"Importing the app never ends: {why}, and {server.name if server else 'the server'} on "
            f"{deployment.platform.title} never comes to serve it.",
            'Put it below `if __name__ == "__main__":`, and run it as a program of its own.',
            confidence,
        )
