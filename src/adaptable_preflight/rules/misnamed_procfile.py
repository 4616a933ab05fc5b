"""`misnamed-procfile`: a file that was meant to tell the start command, and does not."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, Misfit

ID = "misnamed-procfile"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "A Procfile or Dockerfile has another name or place, another encoding, or no line that counts."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each such file where nothing else tells the start command."""
    for misfit in deployment.misfits:
        if _counts(misfit, deployment):
            starts = "may start nothing from" if misfit.mild else "starts nothing from"
            if misfit.always:
                starts = "may start something else than is meant from"
            message = f"{deployment.platform.title} {starts} «{misfit.path}»: {misfit.why}."
            advice = misfit.advice[:1].upper() + misfit.advice[1:]
            severity = Severity.NOTICE if misfit.mild else SEVERITY
            yield Finding(ID, severity, misfit.span, message, f"{advice}." if advice else "")


def _counts(misfit: Misfit, deployment: Deployment) -> bool:
    """Whether the start command depends on the file."""
    web = deployment.web
    if web is None or web.origin.kind == "found-app":
        return True
    return (misfit.voids or (misfit.always and web.origin.span.path == misfit.path)) and web.origin.kind != "setting"
