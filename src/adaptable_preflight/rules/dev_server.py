"""`dev-server`: a development server is what serves the app."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.bots import waits
from adaptable_preflight.model import Deployment, Process, Server
from adaptable_preflight.offer import offer_instead

ID = "dev-server"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "The framework's own development server is what the platform starts."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each development server of a web process."""
    for process in deployment.web_processes:
        for server in process.servers[:1]:
            if server.interface != "dev":
                continue
            yield Finding(
                ID,
                SEVERITY,
                server.span,
                f"{deployment.platform.title} serves visitors with {server.name}'s development server: it is neither "
                "hardened nor made for load.",
                _advice(process, server, deployment),
                process=process,
            )


def _advice(process: Process, server: Server, deployment: Deployment) -> str:
    """Return the command to write instead, and what has to change so that it works."""
    if any(waits(call.name, bool(call.arguments)) for call in deployment.code.calls if call.phase == "import"):
        return (
            "The program runs a bot beside the server, and no other server would start that: let waitress serve the "
            'app in its thread, by waitress.serve(app, host="0.0.0.0", port=int(os.environ["PORT"])).'
        )
    found = offer_instead(process, deployment)
    if found is not None:
        guard = "" if server.guarded else _GUARD
        return f"Write {found.steps}{guard}"
    if server.buried is not None:
        place = f"line {server.buried.line} of {server.buried.path}"
        return (
            f"No other server can import the app object, because {place} makes it in a function or below `__main__`: "
            "make it at the top level of the module, and start it with a production server."
        )
    if server.app is None and server.target is None and process.app is None and not _lost(process):
        threads = f"make it a «{server.parallel_form}» at least, so that requests do not wait for each other, or "
        return (
            f"No other server can take this over: {threads if server.parallel == 1 else ''}write the handlers with a "
            "framework, such as Flask or FastAPI, that a production server can serve."
        )
    return "Start the app with a production server, such as gunicorn (WSGI) or uvicorn (ASGI)."


def _lost(process: Process) -> bool:
    """Whether there is an app of a framework that was just not found."""
    return process.failure is not None and process.failure.kind in ("missing-app", "app-error", "bad-syntax")


_GUARD = ' Put this call below «if __name__ == "__main__":», because a server that imports the module would run it too.'
