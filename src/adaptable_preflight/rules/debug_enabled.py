"""`debug-enabled`: what is deployed runs in debug mode."""

from collections.abc import Iterator

from adaptable_preflight.facts.debug_mode import Debug, debug_modes, decided_by, is_text, of_server
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.given import gives
from adaptable_preflight.finding import Edit, Finding, Fix, Related, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.value import Either, FromEnv, Known, text_of

ID = "debug-enabled"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The debugger or debug mode is on in what is deployed."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each place that turns debug mode on; a server's tells of the app's own switch, too."""
    served = list(_of_servers(deployment))
    own = [debug for debug in debug_modes(deployment.code) if happens(deployment, debug.guards)]
    switches = [debug for debug in own if debug.of_flask and served]
    places = tuple(Related(debug.span, "debug mode is turned on here") for debug in switches)
    yield from (found._replace(related=found.related or places) for found in served)
    yield from (_finding(deployment, debug) for debug in own if debug not in switches)


def _of_servers(deployment: Deployment) -> Iterator[Finding]:
    for process in deployment.web_processes:
        for debug in filter(None, map(of_server, process.servers)):
            if not _is_decided(deployment, debug):
                yield _finding(deployment, debug)._replace(process=process)
    offered = deployment.offered
    if offered is not None and offered.at_import is not None:
        found = of_server(offered.at_import)
        if found is not None and not _is_decided(deployment, found):
            yield _finding(deployment, found)


def _is_decided(deployment: Deployment, debug: Debug) -> bool:
    """Whether the variable is set that debug mode hangs on."""
    return isinstance(debug.value, FromEnv) and gives(deployment, debug.value.name)


def _finding(deployment: Deployment, debug: Debug) -> Finding:
    deciding, place = decided_by(deployment, debug)
    doubted = doubts(tuple(g for g in debug.guards if not g.assumed)) + isinstance(debug.value, Either)
    severity, confidence = weighed(min(debug.severity, Severity.WARNING) if deciding else debug.severity, doubted)
    span = debug.value.span if isinstance(debug.value, Known) and place == debug.span else None
    return Finding(
        ID,
        severity,
        place,
        f"The app runs in debug mode on {deployment.platform.title}{deciding}: {_cause(debug)}{debug.harm}.",
        _advice(deployment, debug),
        confidence,
        () if place == debug.span else (Related(debug.span, "debug mode is turned on here"),),
        Fix((Edit(span, "False"),)) if span is not None and debug.value == Known(True, span) else None,
    )


def _cause(debug: Debug) -> str:
    """Return why the mode is on though the code seems to turn it off, as the beginning of a sentence."""
    if not is_text(debug) or not isinstance(debug.value, FromEnv):
        return ""
    return f"{debug.value.name} is a text, and «{text_of(debug.value.default)}» is as true as any other; "


def _advice(deployment: Deployment, debug: Debug) -> str:
    chosen = next((guard.variables[0] for guard in debug.guards if guard.assumed and guard.variables), "")
    if isinstance(debug.value, FromEnv):
        chosen = debug.value.name if "DEBUG" not in debug.value.name else ""
    if chosen:
        return f"Set {chosen} on {deployment.platform.title} and list it under `environment` in the settings."
    return 'Turn it on by a variable that is only set on your own machine: os.environ.get("DEBUG") == "1"'
