"""`missing-worker-class`: the worker class needs a package that is not installed."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.model import Deployment
from adaptable_preflight.remedy import add, asked_in_vain

ID = "missing-worker-class"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The server's worker class needs a package that is not among the installed dependencies."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each process whose worker class lacks a package."""
    installed = deployment.installed
    for process in deployment.web_processes:
        server = process.server
        if server is None or server.worker_span is None:
            continue
        for package in server.packages:
            if package.span != server.worker_span:
                continue
            found = presence(installed, package.name, package.extra)
            if found.installed is False:
                remedy = add(installed, package.name, package.extra)
                yield Finding(
                    ID,
                    SEVERITY,
                    package.span,
                    f"{server.name} cannot load its worker class on {deployment.platform.title}: "
                    f"«{package.name}», which the class needs, is not installed.",
                    remedy.advice,
                    "high" if found.sure == "lock" else "medium",
                    asked_in_vain(installed, package.name),
                    fix=remedy.fix,
                    process=process,
                )
