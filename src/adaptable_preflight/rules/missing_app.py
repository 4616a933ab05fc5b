"""`missing-app`: the server is pointed at a module or an object that cannot be loaded."""

from collections.abc import Iterator

from adaptable_preflight.facts.targets import Meant, hidden_module, meant
from adaptable_preflight.finding import Edit, Finding, Fix, Severity
from adaptable_preflight.model import Deployment, Failure, Process, Target
from adaptable_preflight.offer import offer
from adaptable_preflight.source import Span

ID = "missing-app"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The module or the app object that the server should serve is not there or cannot be loaded."


_HINT = "Make the import work: `python manage.py check` says the same."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process whose app, or its routes, cannot be loaded."""
    for process in deployment.web_processes:
        for remark in process.remarks:
            if remark.kind == "failing-routes":
                message = f"Each request is answered with 500 Internal Server Error: {remark.message}."
                yield Finding(ID, SEVERITY, remark.span, message, _HINT, process=process)
        failure = _failure(process)
        if failure is not None:
            yield _found(deployment, process, failure)
    offered = deployment.offered
    if offered is not None and offered.failure is not None and offered.failure.kind in ("app-error", "bad-syntax"):
        failure = offered.failure
        message = f"No server can load the app{_unless(failure)}: {failure.message}."
        yield Finding(ID, _severity(failure), failure.span, message, failure.advice)


def _found(deployment: Deployment, process: Process, failure: Failure) -> Finding:
    meaning = meant(process, deployment) if not failure.advice else None
    name = process.server.name if process.server else "the server"
    return Finding(
        ID,
        _severity(failure),
        failure.span,
        f"{name} cannot load the app{_unless(failure)}: {failure.message}.",
        failure.advice or _advice(meaning, process, deployment),
        fix=_fix(meaning, process, failure.span),
        process=process,
    )


def _severity(failure: Failure) -> Severity:
    return SEVERITY.lowered(1 if failure.unless else 0)


def _unless(failure: Failure) -> str:
    return f" unless {failure.unless} is set there" if failure.unless else ""


def _failure(process: Process) -> Failure | None:
    """Return why the app cannot be loaded, with what names it or breaks it."""
    failure, server = process.failure, process.server
    if failure is not None:
        return failure if failure.kind in ("missing-app", "app-error", "bad-syntax") else None
    if process.app is not None and process.app.found is False and server and server.target:
        return Failure("missing-app", process.app.why or "it is not there", server.target.span)
    return None


def _advice(meaning: Meant | None, process: Process, deployment: Deployment) -> str:
    """Return what to write so that the server finds the app that was meant."""
    server = process.server
    hidden = hidden_module(process.app, deployment.paths)
    if hidden:
        package = f"{hidden.removesuffix('.py')}/"
        return f"Rename «{hidden}» or the folder beside it: Python takes the package «{package}» for both."
    if meaning is None or server is None:
        return "Name the app that is there as MODULE:OBJECT, seen from the folder where the command runs."
    if server.target is not None and server.target.file:
        return _of_file(meaning, server.target)
    app, target = deployment.offered, f"«{meaning.target}»"
    if server.target is None and app is not None:
        return f"Name the app, {target}, or start it with {found.steps}" if (found := offer(app, deployment)) else ""
    if "(" in meaning.target:
        target = f'«"{meaning.target}"»'
    first = "Write" if meaning.certain else f"If the app is the one in {meaning.path}, write"
    if not meaning.folder:
        return f"{first} {target}."
    same = server.target is not None and meaning.target.startswith(f"{server.target.module}:")
    if same and process.origin.kind == "dockerfile" and meaning.folder.startswith(".."):
        package = meaning.target.partition(":")[0].partition(".")[0]
        return f"Let the image hold the folder «{package}» and not just what is in it: «COPY {package} ./{package}»."
    option = server.folder_form.format(folder=meaning.folder)
    if not option:
        return f"{first} «cd {meaning.folder} && » in front of the command" + ("." if same else f", and {target}.")
    return f"Add «{option}»: {meaning.path} is found from there." if same else f"{first} «{option}» and {target}."


def _of_file(meaning: Meant, target: Target) -> str:
    """Return what to write where the server is told of a file, and the app's name stands elsewhere."""
    if meaning.path == target.file:
        return f"The app is called «{meaning.target.rpartition(':')[2]}» there: tell the server that name."
    return f"The app is in {meaning.path}: write that file's path as it is seen from the folder where the server runs."


def _fix(meaning: Meant | None, process: Process, span: Span) -> Fix | None:
    """Return the edit of a target, where just its text is to be replaced and its place is known exactly."""
    target = process.server.target if process.server is not None else None
    if meaning is None or not meaning.certain or meaning.folder or target is None or target.file:
        return None
    if "(" in meaning.target:
        return None
    exact = span.end_column - span.column in (len(target.module), len(f"{target.module}:{target.attribute}"))
    return Fix((Edit(span, meaning.target),)) if exact and span.line == span.end_line else None
