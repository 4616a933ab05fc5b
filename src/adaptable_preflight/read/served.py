"""A server meets its app: what loading the target adds to what becomes of the command."""

from adaptable_preflight.model import Failure, Launch, Run, Server
from adaptable_preflight.read.context import Context
from adaptable_preflight.value import Unknown


def with_app(run: Run, launch: Launch, context: Context) -> Run:
    """Return the run of a server with what importing its app does: a failure, further sockets, or an unknown."""
    server = run.servers[0] if run.servers else None
    if server is None or server.target is None or run.failure is not None or run.unknown is not None:
        return run
    loaded = context.python.load(server.target, launch.env, launch.folder)
    if loaded.app.found is None and not server.serves_without_app:
        why = loaded.run.unknown or Unknown(loaded.app.why or "the app object cannot be told", server.target.span)
        return run._replace(unknown=why, servers=(*run.servers, *loaded.run.servers))
    failure = _failure(server, loaded.app.found, loaded.run.failure, loaded.app.why)
    if failure is not None and not server.serves_without_app:
        return run._replace(failure=failure)
    unknown = None if server.serves_without_app else loaded.run.unknown
    return run._replace(servers=(*run.servers, *loaded.run.servers), unknown=unknown)


def _failure(server: Server, found: bool | None, failure: Failure | None, why: str) -> Failure | None:
    if failure is not None or found is not False or server.target is None:
        return failure
    target = server.target
    name = f"{target.module}:{target.attribute}" if target.attribute else target.module
    return Failure("missing-app", why or f"there is no «{name}»", target.span)
