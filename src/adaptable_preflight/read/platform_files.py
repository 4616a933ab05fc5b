"""Start commands in the files of platforms, such as render.yaml, fly.toml and app.yaml, and of compose."""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from adaptable_preflight.checkout import Checkout, join
from adaptable_preflight.model import SourceKind, Unreadable
from adaptable_preflight.read import toml
from adaptable_preflight.read.build_command import BuildCommand
from adaptable_preflight.read.candidates import Candidate, exec_words, split
from adaptable_preflight.read.shell.excerpt import of_source, of_value
from adaptable_preflight.read.yaml_tree import YamlError, compose, entries, items, text_at
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Known

if TYPE_CHECKING:
    import yaml

Finder = Callable[[Any], Iterator[tuple[str, "yaml.Node", str]]]
"""From a document's root to (process, command, folder)."""


# --- YAML ------------------------------------------------------------------------------------------------------


def _render(root: Any) -> Iterator[tuple[str, Any, str]]:
    for service in items(entries(root).get("services")):
        told = entries(service)
        name = {"web": "web", "pserv": "private"}.get(text_at(told.get("type")), "worker")
        if "startCommand" in told and text_at(told.get("runtime") or told.get("env")) not in ("node", "static"):
            yield name, told["startCommand"], text_at(told.get("rootDir"))
        elif "dockerCommand" in told:
            yield name, told["dockerCommand"], text_at(told.get("rootDir"))


def _app_engine(root: Any) -> Iterator[tuple[str, Any, str]]:
    told = entries(root)
    if "entrypoint" in told and "runtime" in told:
        yield "web", told["entrypoint"], ""


def _digital_ocean(root: Any) -> Iterator[tuple[str, Any, str]]:
    spec = entries(root)
    spec = entries(spec.get("spec")) or spec
    for key, name in (("services", "web"), ("workers", "worker")):
        for service in items(spec.get(key)):
            told = entries(service)
            if "run_command" in told:
                yield name, told["run_command"], text_at(told.get("source_dir"))


def _app_runner(root: Any) -> Iterator[tuple[str, Any, str]]:
    run = entries(entries(root).get("run"))
    if "command" in run:
        yield "web", run["command"], ""


def _heroku(root: Any) -> Iterator[tuple[str, Any, str]]:
    for name, command in entries(entries(root).get("run")).items():
        node = command if text_at(command) else entries(command).get("command")
        if node is not None:
            yield name, node, ""


def _heroku_image(checkout: Checkout, root: Any) -> Iterator[Candidate]:
    """Yield what the image of heroku.yml starts, where the file names no command: it is built in its own folder.

    Source: https://devcenter.heroku.com/articles/build-docker-images-heroku-yml
    """
    told = entries(root)
    image = entries(entries(told.get("build")).get("docker")).get("web")
    path = text_at(image) or text_at(entries(image).get("dockerfile"))
    if "web" not in entries(told.get("run")) and path and "/" not in path:
        from adaptable_preflight.read import dockerfile

        yield from dockerfile.candidates(checkout, path, text_at(entries(image).get("target")))


def _compose(root: Any) -> Iterator[tuple[str, Any, str]]:
    for name, service in entries(entries(root).get("services")).items():
        told = entries(service)
        if "command" in told and ("build" in told or name in ("web", "app", "api")):
            yield name, told["command"], ""


_YAML: dict[str, tuple[SourceKind, Finder]] = {
    "render.yaml": ("platform-file", _render),
    "app.yaml": ("platform-file", _app_engine),
    ".do/app.yaml": ("platform-file", _digital_ocean),
    "apprunner.yaml": ("platform-file", _app_runner),
    "heroku.yml": ("platform-file", _heroku),
    "docker-compose.yml": ("compose", _compose),
    "docker-compose.yaml": ("compose", _compose),
    "compose.yaml": ("compose", _compose),
    "compose.yml": ("compose", _compose),
}


def _from_yaml(source: Source, root: Any) -> Iterator[Candidate]:
    kind, finder = _YAML[source.path]
    for name, node, folder in finder(root):
        yield from _yaml_candidate(source, kind, name, node, join("", folder or ".") or "")


def _yaml_candidate(source: Source, kind: SourceKind, name: str, node: Any, folder: str) -> Iterator[Candidate]:
    chosen = kind != "compose"
    start, end = node.start_mark.index, node.end_mark.index
    text = text_at(node)
    if node.id == "sequence" and all(text_at(item) for item in node.value):
        excerpt = of_source(source, start, end)
        words = exec_words(excerpt)
        if words is not None:
            span = source.span(start, end)
            yield Candidate(name, kind, span, excerpt.text, None, words, chosen, folder)
        return
    if not text.strip():
        return
    while source.text[start:end] and source.text[end - 1] in " \n\r":
        end -= 1
    span = source.span(start, end)
    written = source.text[start:end]
    text = text.strip()
    at = written.find(text)
    if at >= 0:
        excerpt = of_source(source, start + at, start + at + len(text))
        span = source.span(start + at, start + at + len(text))
    else:
        excerpt = of_value(Known(text, span), span)
    yield Candidate(name, kind, span, text, excerpt, (), chosen, folder)


# --- TOML and JSON ---------------------------------------------------------------------------------------------


def _nixpacks(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "web", looked_up(table, "start", "cmd")


def _railway(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "web", looked_up(table, "deploy", "startCommand")


def _fly(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    processes = looked_up(table, "processes")
    if not isinstance(processes, dict):
        return
    web = looked_up(table, "http_service", "processes")
    names = web if isinstance(web, list) and web else [name for name in ("app", "web") if name in processes][:1]
    for name, command in processes.items():
        yield ("web" if name in names else name), command


def looked_up(table: Any, *keys: str) -> Any:
    """Return what tables within tables hold; None where one of them is none."""
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


_TABLES: dict[str, Callable[[dict[str, Any]], Iterator[tuple[str, Any]]]] = {
    "fly.toml": _fly,
    "railway.toml": _railway,
    "railway.json": _railway,
    "railpack.json": _railway,
    "nixpacks.toml": _nixpacks,
}


def _from_table(source: Source, table: Any) -> Iterator[Candidate]:
    if not isinstance(table, dict):
        return
    for name, command in _TABLES[source.path](table):
        if isinstance(command, str) and command.strip():
            span = _place(source, command)
            yield Candidate(name, "platform-file", span, command, of_value(Known(command, span), span))


def _railway_image(table: Any, checkout: Checkout) -> str:
    """Return the Dockerfile from which Railway builds; empty where another builder is named, or there is none.

    Source: https://docs.railway.com/builds/dockerfiles
    """
    builder = looked_up(table, "build", "builder")
    path = looked_up(table, "build", "dockerfilePath") or "Dockerfile"
    docker = builder is None or str(builder).upper() == "DOCKERFILE"
    inside = join("", str(path).lstrip("/")) if docker else None
    return inside if inside is not None and checkout.is_file(inside) else ""


def _without_shell(candidate: Candidate, checkout: Checkout, image: str) -> Candidate:
    """Return the start command as it stands in for the image's own: in exec form.

    Source: https://docs.railway.com/deployments/start-command («Dockerfile / Image»)
    """
    from adaptable_preflight.read import dockerfile

    try:
        words = split(candidate.script) if candidate.script is not None else ()
    except ValueError:
        return candidate
    return dockerfile.within(candidate._replace(script=None, words=words), checkout, image) if words else candidate


def _place(source: Source, text: str) -> Span:
    at = source.text.find(text)
    return source.span(at, at + len(text)) if at >= 0 else source.line_span(1)


def candidates(checkout: Checkout, path: str) -> Iterator[Candidate]:
    """Yield the processes of a platform's file."""
    source = checkout.text(path)
    root = root_of(source) if source is not None else None
    if source is not None and not isinstance(root, Unreadable):
        yield from _from_yaml(source, root) if path in _YAML else _in_image(_from_table(source, root), root, checkout)
        if path == "heroku.yml":
            yield from _heroku_image(checkout, root)


def build_command(checkout: Checkout, path: str) -> BuildCommand | None:
    """Return the build command of the first web service of a render.yaml; None of other files.

    Source: https://render.com/docs/blueprint-spec
    """
    source = checkout.text(path) if path == "render.yaml" else None
    root = root_of(source) if source is not None else None
    if source is None or isinstance(root, Unreadable):
        return None
    for service in items(entries(root).get("services")):
        told = entries(service)
        if text_at(told.get("type")) == "web" and "startCommand" in told:
            node = told.get("buildCommand")
            start, end = (node.start_mark.index, node.end_mark.index) if node is not None and text_at(node) else (0, 0)
            quoted = source.text[start : start + 1] in ("'", '"')
            folder = join("", text_at(told.get("rootDir")) or ".") or ""
            return BuildCommand(source, start + quoted, end - quoted, folder)
    return None


def _in_image(found: Iterator[Candidate], root: Any, checkout: Checkout) -> Iterator[Candidate]:
    """Yield the commands of a table; Railway's run in the image of a Dockerfile where there is one."""
    for candidate in found:
        railway = candidate.span.path.startswith("railway.")
        image = _railway_image(root, checkout) if railway else ""
        yield _without_shell(candidate, checkout, image) if image else candidate


def unreadable(checkout: Checkout, path: str) -> Unreadable | None:
    """Return why a platform's file tells nothing, where its text is not of the format that it has to be of."""
    source = checkout.text(path)
    root = root_of(source) if source is not None else None
    return root if isinstance(root, Unreadable) else None


def root_of(source: Source) -> Any:
    """Return what a file holds, or why it cannot be read."""
    if source.path.endswith(".toml"):
        return toml.load(source)
    try:
        return compose(source.text) if source.path in _YAML else json.loads(source.text)
    except YamlError as error:
        if "another document" in str(error):
            return None  # several documents in one file: that of another tool, such as Kubernetes
        return Unreadable(source.path, f"it is no valid YAML: {error}", source.line_span(error.line))
    except json.JSONDecodeError as error:
        return Unreadable(source.path, f"it is no valid JSON: {error.msg.lower()}", source.line_span(error.lineno))
    except RecursionError:
        return Unreadable(source.path, "it is nested too deeply", source.start())
