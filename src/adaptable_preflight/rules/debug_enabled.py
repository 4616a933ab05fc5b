"""`debug-enabled`: what is deployed runs in debug mode."""

from collections.abc import Iterator

from adaptable_preflight.facts.debug_mode import CONSOLE, Debug, debug_modes, decided_by
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Edit, Finding, Fix, Related, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.value import Either, FromEnv, Known

ID = "debug-enabled"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The debugger or debug mode is on in what is deployed."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each place that turns debug mode on."""
    for process in deployment.web_processes:
        for server in process.servers:
            if server.debug is not None:
                found = Debug(Known(True), server.debug, SEVERITY, CONSOLE)
                yield _finding(deployment, found)._replace(process=process)
    offered = deployment.offered
    if offered is not None and offered.at_import is not None and offered.at_import.debug is not None:
        yield _finding(deployment, Debug(Known(True), offered.at_import.debug, SEVERITY, CONSOLE))
    for debug in debug_modes(deployment.code):
        if happens(deployment, debug.guards):
            yield _finding(deployment, debug)


def _finding(deployment: Deployment, debug: Debug) -> Finding:
    deciding, place = decided_by(deployment, debug)
    doubted = doubts(tuple(g for g in debug.guards if not g.assumed)) + isinstance(debug.value, Either)
    severity, confidence = weighed(min(debug.severity, Severity.WARNING) if deciding else debug.severity, doubted)
    span = debug.value.span if isinstance(debug.value, Known) and place == debug.span else None
    return Finding(
        ID,
        severity,
        place,
        f"The app runs in debug mode on {deployment.platform.title}{deciding}: {debug.harm}.",
        _advice(deployment, debug),
        confidence,
        () if place == debug.span else (Related(debug.span, "debug mode is turned on here"),),
        Fix((Edit(span, "False"),)) if span is not None and debug.value == Known(True, span) else None,
    )


def _advice(deployment: Deployment, debug: Debug) -> str:
    chosen = next((guard.variables[0] for guard in debug.guards if guard.assumed and guard.variables), "")
    if chosen and not isinstance(debug.value, FromEnv):
        return f"Set {chosen} on {deployment.platform.title} and list it under `environment` in the settings."
    return 'Turn it on by a variable that is only set on your own machine: os.environ.get("DEBUG") == "1"'
