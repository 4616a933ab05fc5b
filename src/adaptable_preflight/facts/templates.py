"""The templates that Flask renders, and the folders in which it looks for them.

Source: https://github.com/pallets/flask/blob/main/src/flask/templating.py (`DispatchingJinjaLoader`): the app's folder,
then those of its blueprints; `get_root_path` in `helpers.py`: they are seen from the module that an app is named for.
"""

import posixpath
from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.facts.disk import shown
from adaptable_preflight.facts.opened_files import located, working_folders
from adaptable_preflight.model import Call, Code, Deployment
from adaptable_preflight.source import Span
from adaptable_preflight.value import Argument, Items, Thing, known_text

RENDERERS: Final = frozenset({"flask.render_template", "flask.templating.render_template"})
_APP: Final = "flask.Flask"
_BLUEPRINTS: Final = frozenset({"flask.Blueprint", "flask.blueprints.Blueprint"})
_RESPONSES: Final = frozenset(f"{one}.templating.Jinja2Templates.TemplateResponse" for one in ("fastapi", "starlette"))
_LOADERS: Final = ("jinja_loader=", "template_folder=", "jinja_options=", "root_path=", "loader=")
"""Assignments that let an app look for its templates somewhere else."""


class MissingTemplate(NamedTuple):
    """A template that a request renders and that is in none of the folders."""

    name: str
    call: Call
    folder: str
    """The app's own folder of templates."""
    other: str
    """The file whose name differs in case only."""
    elsewhere: str
    """The file of that name in a folder where nobody looks."""
    span: Span
    """Where the template is named."""
    library: str = "Flask"
    """What looks for it."""


def missing_templates(deployment: Deployment) -> Iterator[MissingTemplate]:
    """Yield each template once that is not found, where all folders are known and nothing else brings templates."""
    yield from _of_flask(deployment)
    yield from _of_starlette(deployment)


def _of_starlette(deployment: Deployment) -> Iterator[MissingTemplate]:
    """Yield the templates that `Jinja2Templates` does not find: a relative folder is seen from where the app runs.

    Source: https://www.starlette.dev/templates/, https://jinja.palletsprojects.com/en/stable/api/#jinja2.FileSystemLoader
    """
    seen, paths = set[str](), frozenset(deployment.paths)
    for call in deployment.code.calls:
        named = _named_to_starlette(call)
        folders = _folders_of(deployment, call) if named is not None else []
        name = known_text(named.value) if named is not None else None
        if named is None or name is None or name in seen or not folders or _may_be_linked(deployment, tuple(folders)):
            continue
        seen.add(name)
        wanted = [_joined(folder, name) for folder in folders]
        if paths.intersection(wanted):
            continue
        other = next((path for path in deployment.paths if path.lower() in {one.lower() for one in wanted}), "")
        elsewhere = "" if other else _elsewhere(name, deployment.paths)
        if other or elsewhere or not _may_be_made(deployment, folders[0]):
            yield MissingTemplate(name, call, folders[0], other, elsewhere, named.span, "Jinja2Templates")


def _named_to_starlette(call: Call) -> Argument | None:
    """Return the argument that names a template: behind the request, and in front of it before Starlette 1."""
    if call.name not in _RESPONSES or call.phase != "request" or call.caught:
        return None
    told = call.argument(99, "name")
    first, second = call.argument(0), call.argument(1)
    return told or (first if first is not None and known_text(first.value) is not None else second)


def _folders_of(deployment: Deployment, call: Call) -> list[str]:
    """Return the folders of the object that renders, as the checkout has them; none where they are not known."""
    made = call.receiver.arguments if isinstance(call.receiver, Thing) else ()
    told = next((a.value for a in made if a.name in ("directory", "")), None)
    texts = [known_text(one) for one in (told.items if isinstance(told, Items) else [told])]
    if told is None or None in texts or any(a.name == "env" for a in made):
        return []
    places = [located(home, text) for text in texts if text for home in working_folders(deployment, call)]
    return [] if any(place.startswith(("/", "..")) for place in places) else places


def _of_flask(deployment: Deployment) -> Iterator[MissingTemplate]:
    folders = template_folders(deployment.code)
    if not folders or _may_be_linked(deployment, folders):
        return
    made = _may_be_made(deployment, folders[0])
    paths, seen = frozenset(deployment.paths), set[str]()
    by_lower_case = {path.lower(): path for path in deployment.paths}
    for call in deployment.code.calls:
        name = _rendered(call)
        if name is None or name in seen or _of_extension(name, deployment.code):
            continue
        seen.add(name)
        wanted = [_joined(folder, name) for folder in folders]
        if not paths.intersection(wanted):
            other = next((by_lower_case[path.lower()] for path in wanted if path.lower() in by_lower_case), "")
            elsewhere = "" if other else _elsewhere(name, deployment.paths)
            if elsewhere or not made:
                yield MissingTemplate(name, call, folders[0], other, elsewhere, call.arguments[0].span)


def template_folders(code: Code) -> tuple[str, ...]:
    """Return where the apps of the code look for templates, the first one's folder first; empty: that is not known."""
    apps = {call.span: call for call in code.calls if call.name == _APP}
    if not apps or any(call.name.endswith(_LOADERS) or "jinja2." in call.name for call in code.calls):
        return ()
    makers = [*apps.values(), *(call for call in code.calls if call.name in _BLUEPRINTS)]
    folders = [_folder(call, "templates" if call.name == _APP else "") for call in makers]
    if None in folders or not _mounted(code) <= {call.span for call in makers}:
        return ()
    return tuple(dict.fromkeys(folder for folder in folders if folder))


def _mounted(code: Code) -> set[Span | None]:
    """Return where the blueprints were made that apps take; None for one of which that is not known."""
    taken = [c.arguments[0].value for c in code.calls if c.name.endswith(".register_blueprint") and c.arguments]
    return {value.span if isinstance(value, Thing) and value.name in _BLUEPRINTS else None for value in taken}


def _folder(call: Call, default: str) -> str | None:
    """Return the folder of an app or a blueprint; empty where it has none, None where it cannot be told."""
    told = call.argument(99, "template_folder")
    if any(argument.name == "root_path" for argument in call.arguments):
        return None
    if told is None and not default:
        return ""
    text = default if told is None else known_text(told.value)
    given = call.argument(0 if call.name == _APP else 1, "import_name")
    root = _root(call, known_text(given.value) if given is not None else None)
    if text is None or root is None:
        return None
    inside = shown(text)
    path = inside if inside != text else posixpath.join(root, text)
    return None if path.startswith(("/", "..")) else posixpath.normpath(path)


def _root(call: Call, name: str | None) -> str | None:
    """Return the folder of the module that an app is named for, where that is the module around it or its package."""
    if name is None or name == "__main__":
        return posixpath.dirname(call.span.path) if name else None
    module = call.span.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    if f".{module}".endswith(f".{name}"):
        return posixpath.dirname(call.span.path)
    package = posixpath.dirname(call.span.path)
    while package and not f".{package.replace('/', '.')}".endswith(f".{name}"):
        package = posixpath.dirname(package)
    return package or None


def _rendered(call: Call) -> str | None:
    """Return the name of the template that a request renders for certain and without a second attempt."""
    if call.name not in RENDERERS or call.phase != "request" or call.caught or not call.arguments:
        return None
    return known_text(call.arguments[0].value)


def _joined(folder: str, name: str) -> str:
    """Return the path of a template as Jinja makes it; one that leads upwards is never found."""
    return "/".join([folder, *(piece for piece in name.split("/") if piece and piece != ".")])


def _of_extension(name: str, code: Code) -> bool:
    """Whether a template may be one of an extension, which keeps its own in a folder of its name."""
    folder = name.partition("/")[0].lower() if "/" in name else ""
    return any(folder and folder in one.module.lower().replace("flask_", "") for one in code.imports)


def _elsewhere(name: str, paths: tuple[str, ...]) -> str:
    """Return the only file of that name; what a build makes has no second copy among the sources."""
    found = [path for path in paths if f"/{path}".endswith(f"/{name.strip('/')}")]
    return found[0] if len(found) == 1 else ""


def _may_be_linked(deployment: Deployment, folders: tuple[str, ...]) -> bool:
    """Whether a link or a submodule leads to the templates."""
    linked = any(folder == path or folder.startswith(f"{path}/") for folder in folders for path in deployment.paths)
    return linked or ".gitmodules" in deployment.paths


def _may_be_made(deployment: Deployment, folder: str) -> bool:
    """Whether a build may put all templates there, because none is in the repository."""
    absent = not any(path.startswith(f"{folder}/") for path in deployment.paths)
    built = any(path.endswith("package.json") for path in deployment.paths)
    return absent and (built or deployment.installed.image is not None)
