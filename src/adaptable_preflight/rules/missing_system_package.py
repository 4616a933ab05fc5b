"""`missing-system-package`: the app runs a program, or loads a library, of the system that the image does not have."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.system_images import is_bare, lacks
from adaptable_preflight.facts.system_parts import Need, needs
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment

ID = "missing-system-package"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "The app needs a program, a library of the system or a device that the image does not have."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each part that the image is known to lack: for a program in each file that runs it."""
    found: dict[tuple[str, str], list[Need]] = {}
    for need in needs(deployment):
        if happens(deployment, need.guards):
            place = "" if need.loads else need.span.path  # the first import that fails is the end
            found.setdefault((place, need.part.name), []).append(need)
    absent = {name: lacks(several[0].part, deployment) for (_, name), several in found.items()}
    for (_, name), several in found.items():
        if absent[name]:
            yield _finding(several, deployment)


def _finding(several: list[Need], deployment: Deployment) -> Finding:
    need, *others = several
    certain = need.loads and need.phase == "import" and is_bare(deployment)
    severity, confidence = weighed(Severity.ERROR if certain else SEVERITY, doubts(need.guards, need.phase))
    return Finding(
        ID,
        severity,
        need.span,
        f"{_what(need, deployment)}: {_then(need)}.",
        _advice(need, deployment),
        confidence if certain or confidence != "high" else "medium",
        tuple(Related(other.span, f"so does {other.what}") for other in others[:5]),
        ends_start=need.loads and need.phase == "import",
    )


def _what(need: Need, deployment: Deployment) -> str:
    if need.part.device:
        return f"«{need.what}» opens {need.part.name}, which no machine of {deployment.platform.title} has"
    if not need.part.packages:
        return f"«{need.what}» runs {need.part.name}, which there is not on Linux"
    verb = "loads" if need.loads else "runs"
    lack = f"the image {_whose(deployment)} has none"
    return f"«{need.what}» {verb} «{need.part.name}», which is in no Python package, and {lack}"


def _whose(deployment: Deployment) -> str:
    if deployment.installed.image is not None:
        return "that the Dockerfile makes"
    return f"that {deployment.platform.title} builds"


def _then(need: Need) -> str:
    if need.part.device:
        return "what it should bring never comes"
    if need.phase == "import":
        return "importing the app fails" if not need.caught else "what needs it fails"
    return "each request that comes here fails" if need.phase == "request" else "this work fails"


def _advice(need: Need, deployment: Deployment) -> str:
    image = deployment.installed.image
    if need.part.instead:
        return need.part.instead
    if image is not None:
        manager = "apk add" if "alpine" in image.name else "apt-get update && apt-get install -y"
        return f"Install it in the image: `RUN {manager} {need.part.packages[0]}`."
    return f"Build with a Dockerfile that installs «{need.part.packages[0]}», or do without it."
