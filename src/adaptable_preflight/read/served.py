"""A server meets its app: what loading the target adds to what becomes of the command."""

from adaptable_preflight.model import App, Environment, Failure, Launch, Run, Server
from adaptable_preflight.read.context import Context, Loaded
from adaptable_preflight.read.python.interfaces import made_by
from adaptable_preflight.value import Thing, Unknown, Value


def with_app(run: Run, launch: Launch, context: Context) -> Run:
    """Return the run of a server with what importing its app does: a failure, further sockets, or an unknown."""
    found = _loaded(run, launch, context)
    inside = (server._replace(workers=0) for server in found.servers[1:])  # they run in processes that are counted
    return found._replace(servers=(*found.servers[:1], *inside)) if len(found.servers) > 1 else found


def _loaded(run: Run, launch: Launch, context: Context) -> Run:
    server = run.servers[0] if run.servers else None
    if server is not None and server.target is None:
        return run._replace(app=_handed_over(server.app))
    if server is None or server.target is None:
        return run
    arguments = launch.words[:1] if server.hides_arguments else launch.words
    loaded = context.python.load(server.target, _environment(server, launch), launch.folder, arguments)
    run = run._replace(app=loaded.app)
    if run.failure is not None or run.unknown is not None:
        return run  # whatever is wrong with the command: it means this app
    failure = _failure(server, loaded)
    if failure is not None:
        return run if _survives(server, failure, loaded.run.status) else run._replace(failure=failure)
    servers = (*run.servers, *loaded.run.servers)
    if loaded.app.found is None and loaded.run.stays:
        own = server if server.binds_first else server._replace(binds=())
        return run._replace(servers=(own, *loaded.run.servers))
    if server.serves_without_app:
        return run._replace(servers=servers)
    unknown = loaded.run.unknown
    if loaded.app.found is None and unknown is None:
        unknown = Unknown(loaded.app.why or "the app object cannot be told", server.target.span)
    return run._replace(servers=servers, unknown=unknown, remarks=(*run.remarks, *loaded.run.remarks))


def _handed_over(value: Value | None) -> App | None:
    """Return the app object that code hands to a server."""
    if not isinstance(value, Thing) or value.span is None:
        return None
    framework, interface = made_by(value.name, value.kind == "instance", value.arguments)
    module = value.span.path.removesuffix(".py").replace("/", ".")
    return App(module, "", False, True, value.span.path, value.span, framework, interface)


def _environment(server: Server, launch: Launch) -> Environment:
    """Return the variables that the app sees: those that the server sets come on top."""
    env = launch.env
    for name, value in server.variables:
        env = env.with_variable(name, value)
    return env


def _failure(server: Server, loaded: Loaded) -> Failure | None:
    if loaded.run.failure is not None or loaded.app.found is not False or server.target is None:
        return loaded.run.failure
    target = server.target
    name = f"{target.module}:{target.attribute}" if target.attribute else target.module
    return Failure("missing-app", loaded.app.why or f"there is no «{name}»", target.span)


def _survives(server: Server, failure: Failure, status: int | None) -> bool:
    """Whether the sockets stay open although the app could not be loaded."""
    if server.serves_without_app:
        return True
    ends_hard = failure.kind == "ends" and status in server.fatal_statuses
    return failure.kind in server.survives and not ends_hard
