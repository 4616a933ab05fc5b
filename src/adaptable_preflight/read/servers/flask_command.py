"""The command `flask run`: its variables, `.env` and `.flaskenv`, and how it finds the app.

Source: `flask.cli` of Flask 3.1.3.
"""

import re
from typing import NamedTuple

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Environment, Failure, Launch, Package, Run, Server, Target, Word
from adaptable_preflight.read import dotenv
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import folders_of_path
from adaptable_preflight.read.servers.call_arguments import is_none
from adaptable_preflight.read.servers.expressions import read_expression
from adaptable_preflight.read.servers.grammar import Parsed, table
from adaptable_preflight.read.servers.grammar.click import Grammar, parse, truth, words_by_name
from adaptable_preflight.read.servers.listening import Rules
from adaptable_preflight.read.servers.modules import ModulePlace, module_at
from adaptable_preflight.read.servers.outcome import Trouble, outcome
from adaptable_preflight.read.servers.places import file_exists
from adaptable_preflight.read.servers.werkzeug import serve, sockets
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Thing, Unknown, Value, show, text_of

GROUP = table(
    """
env_file -e --env-file path
app -A --app
debug --debug /--no-debug flag
version --version ends
help --help ends
"""
)
OPTIONS = table(
    """
debug --debug /--no-debug flag
host -h --host
port -p --port int
cert --cert
key --key path
reload --reload /--no-reload flag
debugger --debugger /--no-debugger flag
with_threads --with-threads /--without-threads flag
extra_files --extra-files
exclude_patterns --exclude-patterns
help --help ends
"""
)
RULES = Rules("flask run", port=5000, text_port=True, wraps=True)
OTHER_COMMANDS = frozenset({"shell", "routes"})
NAMES = ("app", "application")
"""What the app is called where nothing names it."""
FACTORIES = ("create_app", "make_app")
FLASK_CLASSES = frozenset({"flask.Flask", "flask.app.Flask", "apiflask.APIFlask", "flask_openapi3.OpenAPI"})
"""Classes whose instances Flask takes for an app."""


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a flask command line."""
    place = launch.words[0]
    group = parse(launch.words, Grammar("flask", GROUP, None, interspersed=False), launch.env)
    if group.failure is not None:
        server = Server("flask", "dev", place.span)
        return outcome(server, [Trouble(group.failure, 0 if group.failure.kind == "ends" else 2)])
    command = group.positionals[0] if group.positionals else None
    if command is None or command.text != "run":
        return _other(command, place)
    env = _with_files(group, launch, context)
    words = (command, *group.positionals[1:])
    grammar = Grammar("flask run", OPTIONS, 0, prefix="FLASK_RUN")
    parsed = parse(words, grammar, env, lambda word: file_exists(context.checkout, launch.folder, word.value))
    run = _serve(parsed, env, launch._replace(words=(place, *words)), context)
    target = _target(group, env, launch, context)
    if isinstance(target, Target) or target is None:
        return run._replace(servers=tuple(server._replace(target=target) for server in run.servers))
    if run.failure is not None:
        return run
    return run._replace(unknown=target) if isinstance(target, Unknown) else run._replace(failure=target, status=2)


def _other(command: Word | None, place: Word) -> Run:
    if command is None:
        return Run(status=2)
    if command.text in OTHER_COMMANDS:
        return Run()
    if command.text is None:
        why = Unknown(f"the command «flask {show(command.value)}» is not known", command.span)
        return Run((Server("flask", "dev", place.span),), unknown=why)
    return Run(status=None)


def _with_files(group: Parsed, launch: Launch, context: Context) -> Environment:
    """Load `--env-file`, then `.env`, then `.flaskenv` from the folder or one above; what is set stays."""
    env = launch.env
    named = group.value("env_file")
    name = named.text if named is not None else text_of(env.get("FLASK_ENV_FILE"))
    if text_of(env.get("FLASK_SKIP_DOTENV")) not in (None, "", "0", "false", "no"):
        return env
    paths = [join(launch.folder, name)] if name else []
    paths += [_upwards(file, launch.folder, context) for file in (".env", ".flaskenv")]
    for path in paths:
        source = context.checkout.text(path) if path else None
        env = dotenv.loaded(source, env, override=False) if source is not None else env
    return env.with_variable("FLASK_RUN_FROM_CLI", Known("true"))


def _upwards(name: str, folder: str, context: Context) -> str | None:
    while True:
        path = f"{folder}/{name}" if folder else name
        if context.checkout.is_file(path):
            return path
        if not folder:
            return None
        folder = folder.rpartition("/")[0]


def _serve(parsed: Parsed, env: Environment, launch: Launch, context: Context) -> Run:
    place = launch.words[0].span
    given = words_by_name(parsed)
    debug = _debug(parsed, env)
    host, port = given.get("host"), given.get("port")
    binds, problem = sockets(host, port, place, RULES, env)
    options = {"threaded": Word(Known(truth(parsed, "with_threads", True)), place)}
    for name, option in (("use_reloader", "reload"), ("use_debugger", "debugger")):
        word = given.get(option) or debug
        if word is not None:
            options[name] = word
    certificate, key = given.get("cert"), given.get("key")
    failure = parsed.failure or _certificate_problem(certificate, key, launch, context)
    if certificate is not None and not is_none(certificate):
        options["ssl_context"] = certificate
    server = Server("flask", "dev", place, binds, packages=(Package("Flask", place),))
    server = server._replace(debug=debug.span if debug is not None else None, variables=_changed(env, launch.env))
    run = serve(server, options, problem, launch.folder, context)
    if failure is not None:
        return run._replace(failure=failure, status=0 if failure.kind == "ends" else 2)
    return run


def _changed(env: Environment, before: Environment) -> tuple[tuple[str, Value], ...]:
    return tuple((name, value) for name, value in env.variables.items() if name not in before.variables)


def _debug(parsed: Parsed, env: Environment) -> Word | None:
    given = parsed.last("debug")
    if given is not None:
        return Word(Known(True), given.span) if given.flag not in given.option.negative else None
    value = env.get("FLASK_DEBUG")
    text = text_of(value)
    if value is not None and text and text.lower() not in ("0", "false", "no") and value.span is not None:
        return Word(Known(True), value.span)
    return None


def _certificate_problem(
    certificate: Word | None, key: Word | None, launch: Launch, context: Context
) -> Failure | None:
    if certificate is None:
        if key is not None:
            return Failure("rejected-option", "flask run needs --cert beside --key", key.span)
        return None
    if certificate.text == "adhoc":
        if key is not None:
            return Failure("rejected-option", "with --cert=adhoc flask run takes no --key", key.span)
        return None
    if file_exists(context.checkout, launch.folder, certificate.value) is False:
        text = show(certificate.value)
        if text.replace(".", "_").isidentifier() and "." not in text:
            return None
        return Failure("rejected-option", f"flask run finds no certificate «{text}»", certificate.span)
    if key is None:
        return Failure("rejected-option", "flask run needs --key beside --cert", certificate.span)
    return None


def _target(group: Parsed, env: Environment, launch: Launch, context: Context) -> Target | Failure | Unknown | None:
    """Find the app: `--app`, else FLASK_APP, else `wsgi.py` or `app.py`."""
    word = group.value("app")
    value = word.value if word is not None else env.get("FLASK_APP")
    place = launch.words[0].span
    span = word.span if word is not None else (value.span if value is not None and value.span else place)
    search = _Search(span, launch, env, context)
    if value is None or text_of(value) == "":
        for name in ("wsgi.py", "app.py"):
            found = module_at(context.checkout, launch.folder, name)
            if found is not None and found.path is not None:
                return _best(found, search)
        return Failure("missing-app", "flask run finds no app: there is neither wsgi.py nor app.py", span)
    text = text_of(value)
    if text is None:
        return Unknown(f"the app «{show(value)}» is not known", span)
    path, *rest = re.split(r":(?![\\/])", text, maxsplit=1)
    module = module_at(context.checkout, launch.folder, path)
    if module is None:
        return Unknown(f"«{path}» lies outside the repository", span)
    return _named(rest[0], module, search) if rest and rest[0] else _best(module, search)


class _Search(NamedTuple):
    """What finding the app needs."""

    span: Span
    launch: Launch
    env: Environment
    context: Context

    def target(self, place: ModulePlace, attribute: str, call: bool | None = False, arguments: int = 0) -> Target:
        here = (self.launch.folder,) if self.launch.by_module else ()
        folders = (place.folder, *here, *folders_of_path(self.env, self.launch.folder))
        return Target(place.name, attribute, self.span, tuple(dict.fromkeys(folders)), call, arguments)


def _named(expression: str, place: ModulePlace, search: _Search) -> Target | Failure:
    """Return the app by its name; a function is called whether it has parentheses or not."""
    found = read_expression(expression.strip())
    if found is None or "." in found.name:
        message = f"flask does not understand «{expression}» as the name of an app or as a call with plain values"
        return Failure("missing-app", message, search.span)
    return search.target(place, found.name, True if found.call else None, found.arguments)


def _best(place: ModulePlace, search: _Search) -> Target | Failure:
    """Return the app of a module that nothing names: `flask.cli.find_best_app`."""
    if place.path is None:
        return search.target(place, NAMES[0])
    names = search.context.python.values(place.path, search.env, search.launch.folder)
    apps = [name for name, value in names.names.items() if _is_app(value)]
    for name in NAMES:
        value = names.names.get(name)
        if value is not None and (_is_app(value) or not isinstance(value, Thing)):
            return search.target(place, name)
    if len(apps) == 1:
        return search.target(place, apps[0])
    if len(apps) > 1:
        return Failure("missing-app", f"flask finds more than one app in «{place.path}»", search.span)
    for name in FACTORIES:
        if isinstance(names.names.get(name), Thing):
            return search.target(place, name, True)
    if names.failure is not None or names.unknown is not None:
        return search.target(place, NAMES[0])
    return Failure("missing-app", f"flask finds no app and no factory in «{place.path}»", search.span)


def _is_app(value: Value) -> bool:
    return isinstance(value, Thing) and value.kind == "instance" and value.name in FLASK_CLASSES
