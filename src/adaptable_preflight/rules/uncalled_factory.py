"""`uncalled-factory`: the server is pointed at a function that makes the app, and serves the function."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.notation import added

ID = "uncalled-factory"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The target is an app factory that nobody calls."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process whose target is a factory that is not called."""
    for process in deployment.web_processes:
        app, server = process.app, process.server
        if (
            app is None
            or not app.uncalled
            or server is None
            or server.target is None
            or server.target.call is not False
            or (server.awaits_factories and app.coroutine)
        ):
            continue
        advice = f'Write «"{app.name}()"», with the quotation marks where a shell reads it.'
        if server.factory_form:
            advice = added(process, server, server.target.span, server.factory_form)
        yield Finding(
            ID,
            SEVERITY,
            server.target.span,
            f"«{app.attribute}» makes the app, but {server.name} is not told to call it: every request is answered "
            "with an error.",
            advice,
            process=process,
        )
