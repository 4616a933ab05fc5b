"""`missing-server`: what the start command runs is not installed."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.model import Deployment, Package, Server
from adaptable_preflight.remedy import add, asked_in_vain

ID = "missing-server"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The server that the start command names is not among the installed dependencies."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each process whose server is not installed."""
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
