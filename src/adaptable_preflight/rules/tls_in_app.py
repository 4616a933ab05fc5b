"""`tls-in-app`: the app's own server speaks TLS, where the platform connects with plain HTTP."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment

ID = "tls-in-app"
CLAUSE = "no-tls"
SEVERITY = Severity.ERROR
SUMMARY = "The server is started with a certificate of its own."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each server of the web process that speaks TLS."""
    platform = deployment.platform
    if not platform.runtime.ends_tls:
        return
    for process in deployment.web_processes:
        for server in process.servers:
            if not server.tls:
                continue
            first, *others = server.tls
            yield Finding(
                ID,
                SEVERITY,
                first,
                f"{server.name} speaks TLS here, but {platform.title} ends TLS itself and connects with plain HTTP: "
                "every request fails.",
                "Start the server without a certificate; visitors still use https://, the platform sees to it.",
                related=tuple(Related(span, "this belongs to it") for span in others),
                process=process,
            )
