"""`missing-server`: what the start command runs is not installed."""

import re
from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.knowledge.presence import likely_bearer, presence
from adaptable_preflight.knowledge.production_servers import NAMES
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Deployment, Package, Process, Server
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
        states = [(package, presence(installed, package.name, package.extra)) for package in _needed(process.server)]
        if all(found.installed is not False for _, found in states):
            yield from _unreached(deployment, process)
        for package, found in states:
            if found.installed is not False:
                continue
            manifest = next(m for m in installed.manifests if m.used)
            remedy = add(installed, package.name, package.extra)
            bearer = likely_bearer(found, package.name, _framework(process), installed)
            beside = f" (of «{bearer}» it is not known what it brings)" if bearer else ""
            yield Finding(
                ID,
                SEVERITY.lowered() if bearer else SEVERITY,
                package.span,
                f"{deployment.platform.title} does not find «{package.name}» when it starts the app: "
                f"{manifest.path} does not install it{beside}.",
                remedy.advice,
                "high" if found.sure == "lock" else "medium",
                asked_in_vain(installed, package.name),
                fix=remedy.fix,
                process=process,
            )


def _framework(process: Process) -> str:
    return process.app.framework or "" if process.app is not None else ""


_WRAPPED = late_pattern(r"\b(?:poetry|uvx?|pipenv|pdm|conda|activate|supervisord|xargs)\b|bin/")
"""What may let a command find a server that PATH does not lead to."""


def _unreached(deployment: Deployment, process: Process) -> Iterator[Finding]:
    """Yield a finding where the image holds the server, and not where its command looks for it."""
    why, server, image = deployment.installed.unreached, process.server, deployment.installed.image
    if why is None or server is None or image is None or server.span.path != image.path or server.in_code:
        return
    if server.name not in process.command or _WRAPPED.search(process.command):
        return
    if why.programs and re.search(rf"-m[\s\",]+{re.escape(server.name)}", process.command):
        return
    yield Finding(
        ID,
        SEVERITY,
        server.span,
        f"{deployment.platform.title} does not find «{server.name}» when it starts the app: {why.why}.",
        why.advice,
        related=(Related(why.span, "it is installed here"),),
        process=process,
    )


def _needed(server: Server | None) -> Iterator[Package]:
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
