"""The command `fastapi run` and `fastapi dev`: it finds the app, and uvicorn serves it.

Source: `fastapi_cli.cli` and `fastapi_cli.discover` of fastapi-cli 0.0.34.
"""

from collections.abc import Mapping
from typing import NamedTuple

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Failure, Launch, Package, Run, Server, Target, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers import FromCall, folders_of_path
from adaptable_preflight.read.servers.grammar import Parsed, table
from adaptable_preflight.read.servers.grammar.click import Grammar, parse, words_by_name
from adaptable_preflight.read.servers.modules import ModulePlace, module_at
from adaptable_preflight.read.servers.outcome import Problem, Trouble, outcome
from adaptable_preflight.read.servers.uvicorn.serving import Place, serve
from adaptable_preflight.read.toml import load, value_at
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Thing, Unknown, Value, show

COMMANDS = frozenset({"fastapi"})
MODULES = frozenset({"fastapi", "fastapi.__main__", "fastapi_cli", "fastapi_cli.__main__"})
CALLS: Mapping[str, FromCall] = {}
OPTIONS = table(
    """
host --host
port --port int env=PORT
reload --reload /--no-reload flag
reload_dir --reload-dir
workers --workers int
root_path --root-path
app --app
entrypoint --entrypoint -e
proxy_headers --proxy-headers /--no-proxy-headers flag
forwarded_allow_ips --forwarded-allow-ips
verbose --verbose -v /--no-verbose flag
help --help ends
"""
)
GROUP = table(
    """
version --version ends
install_completion --install-completion flag
show_completion --show-completion flag
help --help ends
"""
)
ONLY = {"run": ("reload_dir",), "dev": ("workers",)}
"""Options that one of the two commands does not have."""
PATHS = ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py")
"""Where the app is looked for when nothing names it."""
NAMES = ("app", "api")
CLASSES = frozenset({"fastapi.FastAPI", "fastapi.applications.FastAPI"})


def read(launch: Launch, context: Context) -> Run:
    """Return what becomes of a fastapi command line."""
    word = launch.words[0]
    group = parse(launch.words, Grammar("fastapi", GROUP, None, interspersed=False), launch.env)
    server = Server("fastapi", "asgi", word.span)
    if group.failure is not None:
        return outcome(server, [Trouble(group.failure, 0 if group.failure.kind == "ends" else 2)])
    command = group.positionals[0] if group.positionals else None
    if command is None:
        return Run(status=2)
    if command.text not in ("run", "dev"):
        why = f"fastapi has no command «{show(command.value)}» that this tool knows"
        return outcome(server, [Trouble(Unknown(why, command.span), None)])
    return _start(command, group, launch, context)


def _start(command: Word, group: Parsed, launch: Launch, context: Context) -> Run:
    name = command.text or "run"
    options = tuple(option for option in OPTIONS if option.name not in ONLY[name])
    grammar = Grammar(f"fastapi {name}", options, 1, required=False)
    parsed = parse((command, *group.positionals[1:]), grammar, launch.env)
    troubles = [Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2)] if parsed.failure else []
    given = words_by_name(parsed)
    place = launch.words[0].span
    if name == "run":
        given.setdefault("host", Word(Known("0.0.0.0"), place))  # noqa: S104
    else:
        given.setdefault("reload", Word(Known(True), place))
    server, found = serve(given, Place(place, launch.env, launch.folder, context))
    packages = (Package("fastapi", place, "standard"), *server.packages)
    interface = server.interface if name == "run" else "dev"
    server = server._replace(name="fastapi", interface=interface, packages=packages)
    target = _target(parsed, given, _Search(place, launch, context))
    if isinstance(target, Target):
        server = server._replace(target=target)
    else:
        troubles.append(Trouble(target))
    return outcome(server, troubles + found)


class _Search(NamedTuple):
    """What finding the app needs."""

    span: Span
    launch: Launch
    context: Context

    def target(self, module: str, attribute: str, folder: str, span: Span) -> Target:
        folders = (folder, *folders_of_path(self.launch.env, self.launch.folder))
        return Target(module, attribute, span, tuple(dict.fromkeys(folders)), None)


def _target(parsed: Parsed, given: Mapping[str, Word], search: _Search) -> Target | Problem:
    """Find the app: a path and `--app`, else the entry point of the option or of `pyproject.toml`, else by itself."""
    path = parsed.positionals[0] if parsed.positionals else None
    entry, app = given.get("entrypoint"), given.get("app")
    if entry is not None and (path is not None or app is not None):
        message = "fastapi takes --entrypoint only without a path and without --app"
        return Failure("rejected-option", message, entry.span)
    if path is None and app is None:
        entry = entry or _configured(search)
        if entry is not None:
            return _entry(entry, search)
    if path is None:
        return _discover(app, search)
    if path.text is None:
        return Unknown(f"the path «{show(path.value)}» is not known", path.span)
    inside = join(search.launch.folder, path.text)
    checkout = search.context.checkout
    if inside is None or not (checkout.is_file(inside) or checkout.is_folder(inside)):
        return Failure("missing-app", f"fastapi finds no file «{path.text}»", path.span)
    return _at(path.text, path.span, app, search)


def _entry(entry: Word, search: _Search) -> Target | Problem:
    if entry.text is None:
        return Unknown(f"the app «{show(entry.value)}» is not known", entry.span)
    module, _, attribute = entry.text.partition(":")
    if not module or not attribute:
        return Failure("missing-app", "fastapi wants its entry point as «module:app»", entry.span)
    return search.target(module, attribute, search.launch.folder, entry.span)


def _configured(search: _Search) -> Word | None:
    """Return the entry point of `[tool.fastapi]` in `pyproject.toml`."""
    source = search.context.checkout.text(f"{search.launch.folder}/pyproject.toml".lstrip("/"))
    if source is None or "tool.fastapi" not in source.text:
        return None
    entry = value_at(load(source), "tool", "fastapi", "entrypoint")
    line = next((n for n, text in enumerate(source.text.splitlines(), 1) if text.lstrip().startswith("entrypoint")), 1)
    return Word(Known(entry), source.line_span(line)) if isinstance(entry, str) else None


def _discover(app: Word | None, search: _Search) -> Target | Problem:
    for path in PATHS:
        inside = join(search.launch.folder, path)
        if inside is not None and search.context.checkout.is_file(inside):
            return _at(path, search.span, app, search)
    return Failure("missing-app", f"fastapi finds no app: there is none of {', '.join(PATHS)}", search.span)


def _at(path: str, span: Span, app: Word | None, search: _Search) -> Target | Problem:
    """Return the app of a file or of a package."""
    place = module_at(search.context.checkout, search.launch.folder, path)
    if place is None:
        return Unknown(f"«{path}» lies outside the repository", span)
    if app is not None:
        if app.text is None:
            return Unknown(f"the app «{show(app.value)}» is not known", app.span)
        return search.target(place.name, app.text, place.folder, app.span)
    return _best(place, span, search)


def _best(place: ModulePlace, span: Span, search: _Search) -> Target | Problem:
    if place.path is None:
        return Failure("missing-app", f"fastapi finds no app in «{place.name}»", span)
    values = search.context.python.values(place.path, search.launch.env, search.launch.folder)
    found = sorted(name for name, value in values.names.items() if _is_app(value))
    chosen = next((name for name in (*NAMES, *found) if name in found), None)
    if chosen is not None:
        return search.target(place.name, chosen, place.folder, span)
    open_ended = any(isinstance(value, Unknown) for value in values.names.values())
    if values.failure is not None or values.unknown is not None or open_ended:
        return search.target(place.name, NAMES[0], place.folder, span)
    return Failure("missing-app", f"fastapi finds no app in «{place.path}»", span)


def _is_app(value: Value) -> bool:
    return isinstance(value, Thing) and value.kind == "instance" and value.name in CLASSES
