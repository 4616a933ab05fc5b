"""`server-at-import`: importing the app starts another server."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, Server

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
                yield _finding(server, named.name)._replace(process=process)
    offered = deployment.offered
    if not deployment.web_processes and offered is not None and offered.at_import is not None:
        yield _finding(offered.at_import, "a production server")


def _finding(server: Server, other: str) -> Finding:
    return Finding(
        ID,
        SEVERITY,
        server.span,
        f"When {other} imports this module to serve its app, this line starts {server.name} on the spot: the import "
        "never comes to its end, and the other server never serves it.",
        'Start it only when the file is the main program: put it under `if __name__ == "__main__":`.',
    )
