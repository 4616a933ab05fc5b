"""Without a start command: which app object of the repository a start command would name."""

import ast
import re
from collections.abc import Callable, Iterator

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import App, Target
from adaptable_preflight.read.context import Loaded
from adaptable_preflight.read.python.parse import parse
from adaptable_preflight.source import Source, Span

MAX_LOADED = 12
"""Modules that are tried; an app stands in one of the first few or nowhere."""

_MAKERS = (
    "(?:Flask|FastAPI|Quart|Starlette|Sanic|Dash|Litestar|APIFlask|Bottle|get_wsgi_application|"
    "get_asgi_application|make_wsgi_app|create_app|make_app)\\("
)
MAKERS = late_pattern(rb"\b" + _MAKERS.encode())
"""What makes an app object, as text: the files that hold it are looked at."""

ASIDE = frozenset(
    "test tests testing docs doc examples example samples scripts tools migrations alembic notebooks benchmarks bench "
    "node_modules templates static fixtures build dist venv env".split()
)
"""Folders whose modules are not the app."""

NAMES = ("wsgi.py", "app.py", "main.py", "application.py", "asgi.py", "__init__.py", "server.py", "run.py", "api.py")
"""File names by how likely they hold what is served, the likeliest first."""

ATTRIBUTES = ("app", "application", "server", "api", "web")
"""What an app is called, also where another module makes it; other names count in a module that is called like one."""
_NAMED = late_pattern(r"^(\w+)[ \t]*(?::[^=\n]+)?=[ \t]*(?:[\w.]+\.)?" + _MAKERS, re.MULTILINE)
FACTORIES = ("create_app", "make_app", "build_app", "get_app", "start_app", "app_factory", "create_application")


ADDS_ROUTES = late_pattern(rb"\b(?:route|register_blueprint|add_url_rule|include_router|add_api_route|mount)\(")
"""What gives an app its routes, as text: another module may do so with an app that it imports."""

Loads = Callable[[Target, str], Loaded]
Misses = Callable[[str, str, str], int]
"""How many modules that a module needs, loaded from a folder, are found from other folders around its place only."""
Serves = Callable[[str, str], bool]
"""Whether a module, loaded from a folder, leaves functions that handle requests."""


Starts = Callable[[str, str], Span | None]
"""The call by which a file starts a server when it is run as a program in a folder."""


def find_app(checkout: Checkout, load: Loads, misses: Misses, serves: Serves, starts: Starts) -> App | None:
    """Return the app object that would be served, or None where none is found."""
    paths = list(_ranked(checkout, MAKERS))[:MAX_LOADED]
    found = _first(checkout, paths, load, misses)
    if found is None:
        return None
    if found.found and not found.factory and not serves(found.module, found.folder):
        found = _with_routes(checkout, found, load, serves) or found
    if found.at_import is not None:
        return found._replace(own_start=found.at_import.span)
    beside = [path for path in paths if (found.path or "").startswith(path[: path.rfind("/") + 1])]
    started = (starts(path, found.folder) for path in dict.fromkeys((found.path or "", *beside)))
    return found._replace(own_start=next((span for span in started if span is not None), None))


def _first(checkout: Checkout, paths: list[str], load: Loads, misses: Misses) -> App | None:
    """Return the first app that is there; else the first factory, a script's app, the first one whose import fails."""
    factory: App | None = None
    script: App | None = None
    broken: App | None = None
    for path in paths:
        found = _from_somewhere(checkout, path, load, misses)
        if found is None:
            continue
        if not found.found:
            broken = broken or found
        elif found.factory:
            factory = factory or found
        elif _is_script(checkout, path):
            script = script or found
        else:
            return found
    return factory or script or broken


_ENTERS = late_pattern(r"^(?:with +|\w+ *= *)?\w+\.app_context\(\)", re.MULTILINE)


def _is_script(checkout: Checkout, path: str) -> bool:
    """Whether a module that is not called like an app's works with the app itself, in the app's context."""
    source = checkout.text(path) if path.rpartition("/")[2] not in NAMES else None
    return source is not None and _ENTERS.search(source.text) is not None


def _with_routes(checkout: Checkout, app: App, load: Loads, serves: Serves) -> App | None:
    """Return the same app from the module that gives it its routes."""
    needed = app.attribute.encode()
    for path in list(_ranked(checkout, ADDS_ROUTES))[:MAX_LOADED]:
        data = checkout.bytes(path)
        if not isinstance(data, bytes) or needed not in data or path == app.path:
            continue
        for module, folder in _names(path):
            if folder == app.folder and module != "__init__":
                loaded = load(Target(module, app.attribute, Span(path, 1, 1, 1, 1), (folder,), False), folder)
                if loaded.app.span == app.span and loaded.run.failure is None and serves(module, folder):
                    return loaded.app._replace(folder=folder)
    return None


def _from_somewhere(checkout: Checkout, path: str, load: Loads, misses: Misses) -> App | None:
    """Return the app of a module, loaded from the folder from which it finds most of what it imports."""
    source = checkout.text(path)
    if source is None:
        return None
    best: App | None = None
    fewest = (False, 0)
    for module, folder in _names(path):
        found = _in_module(module, folder, path, source.text, load)
        if found is None or (found.framework is not None and module.startswith(f"{found.framework}.")):
            continue  # the framework itself wins over a folder of its name
        missed = misses(module, folder, path.rpartition("/")[0])
        wrong = (_is_cut_off(found), missed + (found.failure is not None))
        if best is None or wrong < fewest:
            best, fewest = found, wrong
        if wrong == (False, 0):
            break
    return best if best is not None and (best.attribute or best.failure) else None  # else importing it ends too early


def _is_cut_off(app: App) -> bool:
    """Whether a module imports relatively to a package from whose folder it was loaded: it was never meant to be."""
    return app.failure is not None and "with no known parent package" in app.failure.message


def has_main(source: Source) -> bool:
    """Whether something of a module runs only when the file is run as a program."""
    tree = parse(source) if "__main__" in source.text else None
    blocks = (block for block in tree.body if isinstance(block, ast.If)) if isinstance(tree, ast.Module) else ()
    return any("__main__" in ast.dump(block.test) for block in blocks)


def _ranked(checkout: Checkout, holding: re.Pattern[bytes]) -> Iterator[str]:
    """Yield the modules that hold a text and may hold an app, the likeliest first."""
    found = []
    for path in checkout.paths:
        folders = path.split("/")[:-1]
        if not path.endswith(".py") or any(folder.lower() in ASIDE for folder in folders):
            continue
        data = checkout.bytes(path)
        if isinstance(data, bytes) and holding.search(data):
            name = path.rpartition("/")[2]
            rank = NAMES.index(name) if name in NAMES else len(NAMES)
            found.append((name != "wsgi.py", len(folders), rank, path))
    return (path for *_, path in sorted(found))


def _names(path: str) -> Iterator[tuple[str, str]]:
    """Yield the dotted names of a module with the folder that they start from."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    yield ".".join(parts), ""
    for end in range(1, len(parts)):
        yield ".".join(parts[end:]), "/".join(parts[:end])


def _in_module(module: str, folder: str, path: str, text: str, load: Loads) -> App | None:
    """Return the app of a module; `found` is None where importing the module does not come to its end.

    `text`: the module's source.
    """
    span = Span(path, 1, 1, 1, 1)
    if module == "__init__":
        return None
    unfinished: Loaded | None = None
    likely = path.rpartition("/")[2] in NAMES
    attributes = dict.fromkeys((*ATTRIBUTES, *(_NAMED.findall(text) if likely else ())))
    for attribute, call in (*((name, False) for name in attributes), *((name, True) for name in FACTORIES)):
        loaded = load(Target(module, attribute, span, (folder,), call), folder)
        failure = loaded.run.failure
        if failure is not None and failure.kind != "missing-app":
            unfinished = unfinished or loaded
        if loaded.app.interface is None or (failure is not None and failure.kind == "missing-app"):
            continue
        app = loaded.app._replace(
            folder=folder, at_import=next((s for s in loaded.run.servers if s.span.in_file), None)
        )
        return app if unfinished is None else app._replace(found=None, failure=unfinished.run.failure)
    failure = unfinished.run.failure if unfinished is not None else None
    if failure is not None and failure.span.path == path and "SyntaxError" in failure.message:
        return App(module, "", False, None, path, folder=folder, failure=failure)  # none of its objects is known
    return App(module, "", False, None, path, folder=folder) if failure is not None and failure.kind == "ends" else None
