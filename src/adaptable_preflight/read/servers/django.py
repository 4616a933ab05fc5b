"""Django: `manage.py runserver`, `django-admin runserver` and `python -m django runserver`.

Source: `django.core.management` and `django.core.management.commands.runserver` of Django 5.2.19.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Call, Environment, Failure, Launch, Package, Run, Server, Target, Tcp, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.address import kernel_host, port_of, refusal
from adaptable_preflight.read.servers.call_arguments import arguments
from adaptable_preflight.read.servers.grammar import Parsed, table
from adaptable_preflight.read.servers.grammar.argparse import Grammar, parse
from adaptable_preflight.read.servers.in_code import MANY
from adaptable_preflight.read.servers.modules import module_at
from adaptable_preflight.read.servers.outcome import Problem, Trouble, outcome
from adaptable_preflight.source import Span
from adaptable_preflight.value import Items, Known, Unknown, Value, show, split_last, text_of

COMMANDS = frozenset({"django-admin", "django-admin.py"})
MODULES = frozenset({"django", "django.__main__"})
OPTIONS = table(
    """
help -h --help ends
version --version ends
verbosity -v --verbosity choices=0|1|2|3
settings --settings
pythonpath --pythonpath
traceback --traceback flag
no_color --no-color flag
force_color --force-color flag
skip_checks --skip-checks flag
use_ipv6 --ipv6 -6 flag
use_threading --nothreading flag
use_reloader --noreload flag
use_static_handler --nostatic flag
insecure_serving --insecure flag
"""
)
GRAMMAR = Grammar("manage.py runserver", OPTIONS, ("?",))
KNOWN_COMMANDS = frozenset(
    "check compilemessages createcachetable dbshell diffsettings dumpdata flush inspectdb loaddata makemessages "
    "makemigrations migrate optimizemigration sendtestemail shell showmigrations sqlflush sqlmigrate "
    "sqlsequencereset squashmigrations startapp startproject test testserver collectstatic findstatic changepassword "
    "createsuperuser remove_stale_contenttypes clearsessions help version".split()
)
"""The commands of Django and of its own apps: they do their work and end."""
_ADDRESS = late_pattern(r"(?P<host>\d{1,3}(?:\.\d{1,3}){3}|\[[a-fA-F0-9:]+\]|[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*)")


class _Project(NamedTuple):
    """A project whose command is run."""

    words: tuple[Word, ...]
    """The program and its arguments."""
    env: Environment
    folders: tuple[str, ...]
    """Where modules are looked for."""
    context: Context
    folder: str
    """The working directory."""


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of `django-admin …` or `python -m django …`."""
    here = (launch.folder,) if launch.by_module else ()
    folders = (*here, *folders_of_path(launch.env, launch.folder))
    return _command(_Project(launch.words, launch.env, folders, context, launch.folder))


def _from_manage(call: Call, env: Environment, context: Context) -> Run:
    """`execute_from_command_line(sys.argv)`."""
    given = arguments(call, "argv").get("argv")
    if given is None or not isinstance(given.value, Items) or not given.value.complete:
        return Run((Server("django", "dev", call.span),), unknown=Unknown("the arguments are not known", call.span))
    words = tuple(Word(item, item.span or given.span) for item in given.value.items)
    folder = call.span.path.rpartition("/")[0]
    return _command(_Project(words, env, (folder,), context, context.folder))


def _command(project: _Project) -> Run:
    if len(project.words) < 2:
        return Run()
    command = project.words[1]
    name = command.text
    if name in ("runserver", "runserver_plus"):
        return _runserver(project)
    if name is None:
        server = Server("django", "dev", command.span)
        return Run((server,), unknown=Unknown(f"the command «{show(command.value)}» is not known", command.span))
    if name in KNOWN_COMMANDS or name.startswith("-"):
        return Run()
    message = f"manage.py has no command «{name}» of Django's own"
    return Run(unknown=Unknown(message, command.span)) if _may_have(name, project) else Run(status=1)


def _may_have(name: str, project: _Project) -> bool:
    """Whether an app of the project may bring a command: one of the checkout, or a library's."""
    if any(path.endswith(f"management/commands/{name}.py") for path in project.context.checkout.paths):
        return True
    settings, _ = _settings(Parsed(), project)
    apps = settings.get("INSTALLED_APPS")
    if not isinstance(apps, Items) or not apps.complete:
        return True
    names = [text_of(item) for item in apps.items]
    return any(app is None or not (app.startswith("django.") or _is_local(app, project)) for app in names)


def _is_local(app: str, project: _Project) -> bool:
    path = app.partition(".")[0]
    places = [module_at(project.context.checkout, folder, path) for folder in project.folders]
    return any(place is not None and place.path is not None for place in places)


def _runserver(project: _Project) -> Run:
    _, command, *rest = project.words
    parsed = parse((command, *rest), GRAMMAR)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    word = parsed.positionals[0] if parsed.positionals else None
    bind, problem = _bind(word, command, ipv6=parsed.has("use_ipv6"))
    server = Server("django", "dev", command.span, (bind,), packages=(Package("Django", command.span),))
    reload = None if parsed.has("use_reloader") else command.span
    threaded = not parsed.has("use_threading")
    server = server._replace(threads=None if threaded else 1, parallel=MANY if threaded else 1, reload=reload)
    settings, failure = _settings(parsed, project)
    debug = settings.get("DEBUG")
    if command.text == "runserver_plus" and isinstance(debug, Known) and debug.value:  # it brings Werkzeug's console
        server = server._replace(debug=debug.span or command.span)
    refused = _hosts_problem(settings, command), _urls_problem(settings, parsed, project)
    problems = (problem, refusal((bind,)), failure, *refused)
    troubles += [Trouble(each) for each in problems if each is not None]
    return outcome(server._replace(target=_target(settings, project, command.span)), troubles)


def _bind(word: Word | None, command: Word, *, ipv6: bool) -> tuple[Tcp, Failure | None]:
    """Return the socket of `[HOST:]PORT`, and why Django does not take it."""
    own: Value = Known("::1" if ipv6 else "127.0.0.1")
    if word is None or word.text == "":
        return Tcp(own, Known(8000), command.span, implied=True), None
    pieces = split_last(word.value, ":")
    host, port = pieces if pieces is not None else (None, word.value)
    text = text_of(port)
    bad = text is not None and not (text.isascii() and text.isdigit())
    known = text_of(host) if host is not None else None
    bad = bad or (known is not None and not _ADDRESS.fullmatch(known))
    bad = bad or (known is not None and ipv6 and re.fullmatch(r"\d+(\.\d+){3}", known) is not None)
    number = port_of(port) if not bad else port
    address = own if host is None else kernel_host(_bare(host), version=6 if ipv6 else 4)
    bind = Tcp(address, number if number is not None else port, word.span, implied=host is None)
    message = f"«{show(word.value)}» is not a valid port number or address:port pair"
    return bind, Failure("bad-address", message, word.span) if bad else None


def _bare(host: Value) -> Value:
    text = text_of(host)
    return host if text is None else Known(text.strip("[]"), host.span)


def _settings(parsed: Parsed, project: _Project) -> tuple[Mapping[str, Value], Problem | None]:
    """Return the settings' names, and why the settings module cannot be imported."""
    chosen = parsed.value("settings")
    value = chosen.value if chosen is not None else project.env.get("DJANGO_SETTINGS_MODULE")
    name = text_of(value)
    place = chosen.span if chosen is not None else project.words[min(1, len(project.words) - 1)].span
    if value is not None and name is None:
        return {}, Unknown("the settings module is not known", place)
    if not name:
        return {}, Failure("missing-app", "DJANGO_SETTINGS_MODULE is not set", place)
    if not project.folders:
        message = f"django-admin does not look for «{name}» in the working directory; «python -m django» does"
        return {}, Failure("missing-app", message, place)
    env = project.env.with_variable("DJANGO_SETTINGS_MODULE", Known(name))
    loaded = project.context.python.load(Target(name, "", place, project.folders), env, project.folder)
    if loaded.run.failure is not None:
        return {}, loaded.run.failure
    path = loaded.app.path or _path(name, project)
    if path is None:
        return {}, Failure("missing-app", f"there is no settings module «{name}»", place)
    values = project.context.python.values(path, env, project.folder)
    return values.names, values.unknown


def _path(name: str, project: _Project) -> str | None:
    places = [module_at(project.context.checkout, folder, name.replace(".", "/")) for folder in project.folders]
    return next((place.path for place in places if place is not None and place.path is not None), None)


def _hosts_problem(settings: Mapping[str, Value], command: Word) -> Failure | None:
    debug, hosts = settings.get("DEBUG", Known(False)), settings.get("ALLOWED_HOSTS", Items(()))
    off = isinstance(debug, Known) and not debug.value
    if settings and off and isinstance(hosts, Items) and not hosts.items and hosts.complete:
        message = "runserver refuses to start with DEBUG off and no ALLOWED_HOSTS"
        return Failure("rejected-option", message, hosts.span or command.span)
    return None


def _urls_problem(settings: Mapping[str, Value], parsed: Parsed, project: _Project) -> Problem | None:
    name = text_of(settings.get("ROOT_URLCONF"))
    if not name or parsed.has("skip_checks"):
        return None
    span = settings["ROOT_URLCONF"].span or project.words[1].span
    loaded = project.context.python.load(Target(name, "", span, project.folders), project.env, project.folder)
    return loaded.run.failure


def _target(settings: Mapping[str, Value], project: _Project, span: Span) -> Target | None:
    name = text_of(settings.get("WSGI_APPLICATION"))
    module, _, attribute = (name or "").rpartition(".")
    return Target(module, attribute, span, project.folders) if module else None


CALLS: Mapping[str, FromCall] = {"django.core.management.execute_from_command_line": _from_manage}
