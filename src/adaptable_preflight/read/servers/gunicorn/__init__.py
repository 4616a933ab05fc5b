"""gunicorn: settings from variables, `gunicorn.conf.py` and options; its workers; its binds.

Source: gunicorn 27.0.1, https://github.com/benoitc/gunicorn; observed with 23.0.0 and 20.1.0 too.
"""

from collections.abc import Mapping

from adaptable_preflight.checkout import join
from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import (
    Bind,
    Call,
    Environment,
    Failure,
    FailureKind,
    Installed,
    Launch,
    Package,
    Remark,
    Run,
    Server,
    Target,
    Word,
)
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.counts import asked_in, usual
from adaptable_preflight.read.servers.gunicorn import workers as worker_classes
from adaptable_preflight.read.servers.gunicorn.address import read_bind, unusable
from adaptable_preflight.read.servers.gunicorn.opening import opened
from adaptable_preflight.read.servers.gunicorn.settings import Configuration, Setting, gather, gather_in_code
from adaptable_preflight.read.servers.gunicorn.target import read_target
from adaptable_preflight.read.servers.gunicorn.validation import number_of
from adaptable_preflight.read.servers.outcome import Problem, Trouble, outcome
from adaptable_preflight.read.servers.places import is_stream
from adaptable_preflight.read.servers.tls import given, holds_key, missing
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Table, Thing, Unknown, Value, show, split_first, text_of, variables

COMMANDS = frozenset({"gunicorn"})
MODULES = frozenset({"gunicorn", "gunicorn.app.wsgiapp"})


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a gunicorn command line."""
    return _served(gather(launch, context), launch, context)


def _served(configuration: Configuration, launch: Launch, context: Context) -> Run:
    binds, troubles = _binds(configuration)
    worker, server = _with_workers(
        configuration, Server("gunicorn", "wsgi", launch.words[0].span, binds), launch.env, context.installed
    )
    evaluates = held_below(context.installed, "gunicorn", "20")
    target, bad_target = _target(configuration, launch.env, finds_factories=worker.finds_factories, evaluates=evaluates)
    server = server._replace(
        target=target,
        tls=_tls(configuration, context),
        serves_without_app=server.workers == 0 and configuration.is_on("preload_app") is None,
        binds_first=configuration.is_on("preload_app") is None,
        survives=_survives(configuration),
        fatal_statuses=(3, 4),
        variables=_variables(configuration),
        reload=configuration.is_on("reload"),
        configured_in=_configured_in(configuration),
        log_files=_log_files(configuration),
        trusted_proxies=_trusted(configuration),
        takes_address=server.interface == "asgi",  # gunicorn/http/wsgi.py sets REMOTE_ADDR to who connects
    )
    found = [
        *configuration.problems,
        *_ends(configuration),
        *opened(configuration, _folders(configuration, launch.env), launch.env, context),
        *troubles,
    ]
    certificate, key = (_word(configuration, name) for name in ("certfile", "keyfile"))
    files = missing(context.checkout, configuration.folder, certificate, key)
    address = unusable_binds(binds, configuration, context)
    found += [Trouble(problem) for problem in (address, files) if problem is not None]
    if bad_target is not None and not server.serves_without_app:
        found.append(Trouble(bad_target, 4))
    daemon = configuration.is_on("daemon")
    remarks = () if daemon is None else (Remark("detached", "gunicorn goes to the background", daemon),)
    return outcome(server, found, remarks)


def unusable_binds(binds: tuple[Bind, ...], configuration: Configuration, context: Context) -> Problem | None:
    """Tell why one of the sockets cannot be opened."""
    shared = configuration.is_on("reuse_port") is not None
    return unusable(binds, context.checkout, configuration.folder, shared=shared)


def _binds(configuration: Configuration) -> tuple[tuple[Bind, ...], list[Trouble]]:
    setting = configuration.settings["bind"]
    binds: list[Bind] = []
    troubles: list[Trouble] = []
    for word in setting.words:
        bind, problem = read_bind(word, implied=setting.level == "default")
        binds += [bind] if bind is not None else []
        troubles += [Trouble(problem)] if problem is not None else []
    if not setting.words:
        span = configuration.parsed.given[0].span if configuration.parsed.given else Span("", 1, 1, 1, 1)
        troubles.append(Trouble(Failure("bad-address", "gunicorn is told an empty list of binds", span), None))
    return tuple(binds), troubles


def _with_workers(
    configuration: Configuration, server: Server, env: Environment, installed: Installed
) -> tuple[worker_classes.Worker, Server]:
    """Return the worker class, and the server with all that follows from it."""
    threads_setting, asked = configuration.settings.get("threads"), configuration.settings.get("workers")
    threads = 1 if threads_setting is None else number_of(usual(threads_setting.value, env))
    count = 1 if asked is None else number_of(usual(asked.value, env))
    chosen = configuration.settings.get("worker_class")
    name = "sync" if chosen is None else text_of(chosen.value)
    if name is None or (threads is None and name == "sync"):
        span = chosen.words[-1].span if chosen else None
        return worker_classes.Worker(), server._replace(workers=count, threads=None, worker_span=span)
    name = worker_classes.effective(name, threads)
    worker = worker_classes.of(name)
    threaded = worker.parallel == 0
    each = (threads if threaded else worker.parallel) or 1
    place = chosen.words[-1].span if chosen else server.span
    needed = worker_classes.packages_of(worker, installed)
    packages = (Package("gunicorn", server.span), *(Package(package, place) for package in needed))
    return worker, server._replace(
        interface=worker.interface,
        awaits_factories=worker.awaits_factories,
        workers=count,
        threads=max(threads or 1, 1) if threaded else 1,
        worker_class=name,
        worker_span=chosen.words[-1].span if chosen else None,
        parallel=max(count, 1) * each if count is not None else each if each > 1 else None,
        packages=packages,
        ignored_threads=threads_setting.words[-1].span
        if threads_setting and not threaded and _asked(threads_setting, threads) and worker.parallel != 1
        else None,
        asked_workers=asked_in(asked.words[-1], count) if asked and asked.level != "default" else None,
    )


def _asked(setting: Setting, threads: int | None) -> bool:
    """Whether several threads are asked for, and not by a variable that another worker class may need."""
    told = threads is not None or not (variables(setting.value) or isinstance(setting.value, Unknown))
    return threads != 1 and told


def _target(
    configuration: Configuration, env: Environment, *, finds_factories: bool, evaluates: bool
) -> tuple[Target | None, Problem | None]:
    word = configuration.target
    if word is None or "paste" in configuration.settings:
        unknown = (
            Unknown("a Paste file names the app", configuration.settings["paste"].words[-1].span)
            if word or "paste" in configuration.settings
            else None
        )
        return None, unknown
    if word.text is None:
        return None, Unknown(f"the app «{show(word.value)}» is not known", word.span)
    folders = _folders(configuration, env)
    target = read_target(word, folders, finds_factories=finds_factories, evaluates=evaluates)
    return (target, None) if isinstance(target, Target) else (None, target)


def _folders(configuration: Configuration, env: Environment) -> tuple[str, ...]:
    """Return where gunicorn looks for modules, first hit first."""
    pythonpath = (configuration.text("pythonpath") or "").split(",")
    added = [join(configuration.folder, path) for path in reversed(pythonpath) if path]
    folders = [*(path for path in added if path is not None), configuration.folder, configuration.start]
    return tuple(dict.fromkeys([*folders, *folders_of_path(env, configuration.start)]))


def _survives(configuration: Configuration) -> tuple[FailureKind, ...]:
    """Return the failures of the import after which the sockets stay open: the master starts workers again."""
    if configuration.is_on("preload_app") is not None:
        return ()
    return ("ends", "bad-syntax") if configuration.is_on("reload") is not None else ("ends",)


def _ends(configuration: Configuration) -> list[Trouble]:
    for name in ("print_config", "check_config"):
        span = configuration.is_on(name)
        if span is not None:
            return [Trouble(Failure("ends", "gunicorn only shows or checks its configuration, and ends", span), None)]
    return []


def _tls(configuration: Configuration, context: Context) -> tuple[Span, ...]:
    """Return what turns TLS on: a certificate with a key, in one file or in two."""
    certificate, key = (_word(configuration, name) for name in ("certfile", "keyfile"))
    if certificate is None or not given(certificate):
        return ()
    if key is not None and given(key):
        return (certificate.span, key.span)
    useless = holds_key(context.checkout, configuration.folder, certificate) is False
    return () if useless else (certificate.span,)


def _variables(configuration: Configuration) -> tuple[tuple[str, Value], ...]:
    setting = configuration.settings.get("raw_env")
    pairs = [split_first(word.value, "=") for word in setting.words] if setting is not None else []
    return tuple((text_of(pair[0]) or "", pair[1]) for pair in pairs if pair is not None)


def _configured_in(configuration: Configuration) -> Span | None:
    """Return a setting of the configuration file, where no option of the command line wins over the file."""
    settings = configuration.settings
    if any(settings[name].level == "option" for name in ("workers", "threads") if name in settings):
        return None
    found = (each.words[-1].span for each in settings.values() if each.level == "file" and each.words)
    return next(found, None)


def _word(configuration: Configuration, name: str) -> Word | None:
    setting = configuration.settings.get(name)
    return setting.words[-1] if setting is not None and setting.words else None


def _log_files(configuration: Configuration) -> tuple[Word, ...]:
    words = [
        configuration.settings[name].words[-1] for name in ("accesslog", "errorlog") if name in configuration.settings
    ]
    return tuple(word for word in words if word.text not in (None, "", "-") and not is_stream(word.text or ""))


def _trusted(configuration: Configuration) -> Value | None:
    setting = configuration.settings.get("forwarded_allow_ips")
    if setting is None or setting.text is None:
        return setting.value if setting is not None and not isinstance(setting.value, Known) else None
    return Known(setting.text, setting.words[-1].span)


def _run_call(call: Call, env: Environment, context: Context) -> Run:
    """`Standalone(app, options).run()`, a `BaseApplication` as gunicorn's documentation has it.

    Its `load_config` is taken to set what its one mapping holds, and its `load` to return its `application`.
    """
    made = call.receiver
    attributes = dict(made.attributes) if isinstance(made, Thing) else {}
    tables = [value for value in attributes.values() if isinstance(value, Table)]
    app = attributes.get("application", attributes.get("app"))
    if app is None or len(tables) > 1:
        return Run((Server("gunicorn", "wsgi", call.span, in_code=True),), unknown=Unknown("code sets gunicorn up"))
    launch = Launch((Word(Known("gunicorn"), call.span),), env, context.folder)
    run = _served(gather_in_code(tables[0] if tables else Table(()), launch, context), launch, context)
    return run._replace(servers=tuple(server._replace(in_code=True, app=app) for server in run.servers))


CALLS: Mapping[str, FromCall] = {"gunicorn.app.base.BaseApplication.run": _run_call}
