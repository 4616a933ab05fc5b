"""`missing-start-command`: nothing says what the platform should start."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import App, Deployment
from adaptable_preflight.offer import offer

ID = "missing-start-command"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "No file and no setting tells which command starts the app."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding where an app stands ready and nothing starts it."""
    app, platform = deployment.offered, deployment.platform
    if deployment.web is not None or app is None or app.span is None:
        return
    kept_outside = platform.start.kept_outside
    unless = ", unless its own settings do" if kept_outside else ""
    found = offer(app, deployment)
    yield Finding(
        ID,
        Severity.NOTICE if kept_outside else SEVERITY,
        app.own_start or app.span,
        f"Nothing in the repository tells {platform.title} how to start this app{unless}.",
        f"Put «{found.command}» into {platform.start.where}{_after(app)}. {found.requirement}".rstrip()
        if found is not None
        else f"Put its command into {platform.start.where}.",
    )


def _after(app: App) -> str:
    """Return what has to be mended first."""
    return f", once line {app.at_import.span.line} no longer starts a server by itself" if app.at_import else ""
