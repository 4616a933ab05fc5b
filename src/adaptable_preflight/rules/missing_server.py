"""`missing-server`: what the start command runs is not installed."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.knowledge.production_servers import NAMES
from adaptable_preflight.model import Deployment, Package, Server
from adaptable_preflight.offer import offer
from adaptable_preflight.remedy import add, asked_in_vain
from adaptable_preflight.source import Span

ID = "missing-server"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The server that the start command names is not installed, or no server for the app is."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each process whose server is not installed, or one where no start command could name any."""
    if not deployment.web_processes:
        yield from _none_at_all(deployment)
    installed = deployment.installed
    for process in deployment.web_processes:
        for package in _of_the_server(process.server):
            found = presence(installed, package.name, package.extra)
            if found.installed is not False:
                continue
            manifest = next(m for m in installed.manifests if m.used)
            remedy = add(installed, package.name, package.extra)
            yield Finding(
                ID,
                SEVERITY,
                package.span,
                f"{deployment.platform.title} does not find «{package.name}» when it starts the app: "
                f"{manifest.path} does not install it.",
                remedy.advice,
                "high" if found.sure == "lock" else "medium",
                asked_in_vain(installed, package.name),
                fix=remedy.fix,
                process=process,
            )


def _of_the_server(server: Server | None) -> Iterator[Package]:
    """Yield the distributions that the server itself needs; its worker class's are another rule's."""
    if server is not None:
        yield from (p for p in server.packages if server.worker_span is None or p.span != server.worker_span)


def _none_at_all(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding where the app that would be offered has no server that a start command could run."""
    app, installed, title = deployment.offered, deployment.installed, deployment.platform.title
    manifest, offered = next((m for m in installed.manifests if m.used), None), offer(app, deployment)
    if manifest is None or offered is None or app is None or app.found is not True or app.interface is None:
        return
    if all(presence(installed, name).installed is False for name in NAMES[app.interface]):
        server = offered.server
        remedy = add(installed, server)
        yield Finding(
            ID,
            SEVERITY.lowered(),
            Span(manifest.path, 1, 1, 1, 1),
            f"No start command can serve the app in production on {title}: nothing that {manifest.path} installs is a "
            f"server for it, such as {server}.",
            remedy.advice,
            "medium",
            asked_in_vain(installed, server),
            fix=remedy.fix,
        )
