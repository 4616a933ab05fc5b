"""`server-at-import`: importing the app starts another server."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "server-at-import"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "Importing the app object starts a server of its own."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each server that starts while the real server imports the app."""
    for process in deployment.web_processes:
        named = process.server
        if named is None or named.in_code:
            continue
        for server in process.servers[1:]:
            if server.in_code and server.span.in_file:
                yield Finding(
                    ID,
                    SEVERITY,
                    server.span,
                    f"{named.name} imports this module to serve its app, and this line starts {server.name} on the "
                    f"spot: the import never comes to its end, so {named.name} answers nothing.",
                    'Start it only when the file is the main program: put it under `if __name__ == "__main__":`.',
                    process=process,
                )
