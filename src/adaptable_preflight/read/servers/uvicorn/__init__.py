"""uvicorn: the command and `uvicorn.run`, `uvicorn.Server(uvicorn.Config(…)).run()`.

Source: `uvicorn.main`, `uvicorn.config.Config` and `uvicorn.server.Server` of uvicorn 0.54.0.
"""

from collections.abc import Mapping

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Call, Environment, Failure, Launch, Run, Server, Target, UnknownBind, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.call_arguments import arguments, without_none
from adaptable_preflight.read.servers.grammar.click import parse, words_by_name
from adaptable_preflight.read.servers.guards import runs_on_import
from adaptable_preflight.read.servers.outcome import Trouble, outcome
from adaptable_preflight.read.servers.places import file_exists
from adaptable_preflight.read.servers.uvicorn.options import GRAMMAR, OPTIONS
from adaptable_preflight.read.servers.uvicorn.serving import Place, is_on, serve
from adaptable_preflight.value import Known, Table, Thing, Unknown, show

COMMANDS = frozenset({"uvicorn"})
MODULES = frozenset({"uvicorn", "uvicorn.main"})


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a uvicorn command line."""
    parsed = parse(
        launch.words, GRAMMAR, launch.env, lambda word: file_exists(context.checkout, launch.folder, word.value)
    )
    options = words_by_name(parsed)
    place = Place(launch.words[0].span, launch.env, launch.folder, context)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    server, found = serve(options, place)
    if parsed.positionals:
        target = read_target(parsed.positionals[0], options, _folders(options.get("app_dir"), launch))
        if isinstance(target, Target):
            server = server._replace(target=target)
        else:
            found.append(target)
    return outcome(server, troubles + found)


def _run(call: Call, env: Environment, context: Context, positional: tuple[str, ...] = ()) -> Run:
    """`uvicorn.run(app, host=…, port=…)`; `positional`: parameters that need no keyword."""
    options = without_none(arguments(call, "app", *positional), keep=("host",))
    place = Place(call.span, env, context.folder, context)
    server, found = serve(options, place)
    found += [Trouble(problem) for problem in (_signature_problem(call, options, positional),) if problem is not None]
    app = options.get("app")
    text = app.text if app is not None else None
    apart = is_on(options.get("reload")) or (server.workers or 1) > 1
    if app is not None and text is None and not isinstance(app.value, Thing | Known):
        pass
    elif app is not None and text is not None:
        target = read_target(app, options, ())
        if isinstance(target, Target):
            server = server._replace(target=target)
        else:
            found.append(target)
    elif apart:
        message = 'uvicorn needs the app as text, such as "main:app", to start worker processes or to reload'
        found.append(Trouble(Failure("missing-app", message, call.span), 3))
    if apart and runs_on_import(call, context):
        message = "the worker processes import this module and start uvicorn once more: the call has no __main__ guard"
        found.append(Trouble(Failure("app-error", message, call.span), None))
    return outcome(server._replace(in_code=True, app=app.value if app is not None and text is None else None), found)


PARAMETERS = {option.name for option in OPTIONS} - {"help", "version"} | {"app", "ssl_context_factory"}
CONFIG_ONLY = {"callback_notify", "timeout_notify"}
LEVELS = ("critical", "error", "warning", "info", "debug", "trace")


def _signature_problem(call: Call, options: Mapping[str, Word], positional: tuple[str, ...]) -> Failure | None:
    """Tell which argument uvicorn's function does not take."""
    allowed = PARAMETERS | (CONFIG_ONLY if positional else set())
    strange = next((name for name in options if name not in allowed), None)
    if strange is not None:
        return Failure("rejected-option", f"uvicorn has no argument «{strange}»", options[strange].span)
    extra = [argument for argument in call.arguments if not argument.name][1 + len(positional) :]
    if extra and not isinstance(extra[0].value, Table):
        return Failure("rejected-option", "uvicorn takes everything but the app by keyword", extra[0].span)
    level = options.get("log_level")
    if level is not None and level.text is not None and not level.text.isdigit() and level.text.lower() not in LEVELS:
        return Failure("rejected-option", f"uvicorn knows no log level «{level.text}»", level.span)
    return None


def _config_run(call: Call, env: Environment, context: Context) -> Run:
    """`uvicorn.Server(uvicorn.Config(app, …)).run()`: one process, whatever the configuration says of workers."""
    made = call.receiver
    config = next((a.value for a in made.arguments), None) if isinstance(made, Thing) else None
    if not isinstance(config, Thing):
        span = call.span
        server = Server(
            "uvicorn", "asgi", span, (UnknownBind("uvicorn's configuration is not known", span),), in_code=True
        )
        return Run((server,))
    inner = call._replace(arguments=config.arguments)
    run = _run(inner, env, context, ("host", "port", "uds", "fd"))
    return run._replace(servers=tuple(server._replace(workers=1) for server in run.servers))


CALLS: Mapping[str, FromCall] = {
    "uvicorn.run": _run,
    "uvicorn.main.run": _run,
    "uvicorn.Server.run": _config_run,
    "uvicorn.Server.serve": _config_run,
    "uvicorn.server.Server.run": _config_run,
    "uvicorn.server.Server.serve": _config_run,
}


def read_target(word: Word, options: Mapping[str, Word], folders: tuple[str, ...]) -> Target | Trouble:
    """Take uvicorn's target apart: `MODULE:ATTRIBUTE`, with dots in the attribute."""
    if word.text is None:
        return Trouble(Unknown(f"the app «{show(word.value)}» is not known", word.span), None)
    module, _, attribute = word.text.partition(":")
    if not module or not attribute:
        message = f"uvicorn wants «module:attribute», and «{word.text}» is not of that form"
        return Trouble(Failure("missing-app", message, word.span), 3)
    return Target(module, attribute, word.span, folders, True if is_on(options.get("factory")) else None)


def _folders(app_dir: Word | None, launch: Launch) -> tuple[str, ...]:
    """Return where uvicorn looks for modules; `python -m` puts the working directory first besides."""
    text = app_dir.text if app_dir is not None else ""
    first = join(launch.folder, text) if text else launch.folder
    here = [launch.folder] if launch.by_module or not text else []
    folders = [*([first] if first is not None else []), *here, *folders_of_path(launch.env, launch.folder)]
    return tuple(dict.fromkeys(folders))
