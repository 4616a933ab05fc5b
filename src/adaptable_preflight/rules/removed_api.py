"""`removed-api`: the app uses a name that the version which will be installed has no more, or not yet."""

from collections.abc import Iterator

from adaptable_preflight.facts.removed_names import gone
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.knowledge.chosen import is_chosen, is_fixed, lacks, surely_in
from adaptable_preflight.knowledge.tables import Removed, removed
from adaptable_preflight.knowledge.unread_settings import unread
from adaptable_preflight.knowledge.versions import newest_is_in, python_in
from adaptable_preflight.model import Call, Deployment, Installed, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, leading

ID = "removed-api"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "The app uses a name that the installed version has no more, or not yet."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each use, imports first."""
    installed, seen = deployment.installed, set[str]()
    for name, row, one in gone(deployment):
        seen.add(name)
        stops = one.phase == "import" and (row.package == "python" or is_chosen(row, installed))
        found = _finding(name, row, one.span, stops, deployment)
        yield _of_pickle(found, one.pickle, row) if one.pickle else found
    for call in deployment.code.calls:
        named = removed().get(call.name)
        by_hand = call.phase in ("main", "cli")
        if named is not None and call.name not in seen and not (call.guards or by_hand) and lacks(named, installed):
            seen.add(call.name)
            stops = call.phase == "import" and (named.package == "python" or is_fixed(named, installed))
            yield _finding(call.name, named, call.span, stops, deployment)
    yield from _arguments(deployment)
    for setting in deployment.code.unread:
        yield from _setting(setting, deployment)


def _finding(name: str, row: Removed, span: Span, stops: bool, deployment: Deployment) -> Finding:
    """Report one name; `stops`: the import of the app ends there, whichever version an open requirement gets."""
    package, title = row.package, deployment.platform.title
    if package == "python":
        return _of_python(name, row, span, stops, deployment)
    return Finding(
        ID,
        Severity.ERROR if stops else SEVERITY,
        span,
        f"«{name}» is not in the {package} that {title} installs: it was removed ({row.bounds}).",
        f"Use {row.instead}, or pin an older {package}.",
        "high" if stops else "medium",
    )


def _of_python(name: str, row: Removed, span: Span, stops: bool, deployment: Deployment) -> Finding:
    """Report a name that Python itself lacks, for certain or unless another version is set on the platform."""
    installed, title = deployment.installed, deployment.platform.title
    since = row.bounds.removeprefix("<") if row.bounds.startswith("<") else ""
    newest = installed.python.newest
    sure = (
        row.bounds == ">=3.0"
        or installed.python.sure
        or bool(since and newest and newest_is_in(f"=={newest}", row.bounds))
    )
    other = python_in(installed, row.bounds).unless
    unless = "" if sure else f", unless {f'Python {other}' if other else 'another Python version'} is set on {title}"
    return Finding(
        ID,
        Severity.NOTICE if unless else Severity.ERROR if stops else SEVERITY,
        span,
        f"«{name}» is not in the Python {installed.python.version} that {title} installs{unless}: "
        + (f"it is there since {since}." if since else f"it was removed ({row.bounds})."),
        f"Use {row.instead}{f', or let Python {since} or a newer one run the app' if since else ''}.",
        "high" if sure else "medium",
    )


def _of_pickle(found: Finding, path: str, row: Removed) -> Finding:
    """Return the finding of a name that stands in a pickle, where nobody can write another one."""
    advice = f"Make the file anew with the {row.package} that is installed, or pin an older {row.package}."
    return found._replace(message=f"Unpickling «{path}» fails: {found.message}", advice=advice)


def _setting(setting: Setting, deployment: Deployment) -> Iterator[Finding]:
    """Judge a setting that does nothing; silent where the one that took its place is there for older versions' sake."""
    why = unread(setting, deployment.installed)
    if why is None or any(
        s.owner == setting.owner and why.instead.startswith(s.name) for s in deployment.code.settings
    ):
        return
    yield Finding(
        ID,
        Severity.NOTICE,
        setting.span,
        f"«{setting.name}» does nothing in the {why.package} that {deployment.platform.title} installs: it is read "
        f"no more (>={why.since}), and {why.package}'s own default counts.",
        f"Set {why.instead} instead.",
    )


_ARGUMENTS = (
    (
        "flask_sqlalchemy.SQLAlchemy.create_all",
        "app",
        "flask-sqlalchemy",
        ">=3.0",
        "with app.app_context(): db.create_all()",
    ),
    (
        "flask_sqlalchemy.SQLAlchemy.drop_all",
        "app",
        "flask-sqlalchemy",
        ">=3.0",
        "with app.app_context(): db.drop_all()",
    ),
    ("sqlalchemy.create_engine", "convert_unicode", "sqlalchemy", ">=2.0", "the call without it"),
    ("sqlalchemy.create_engine", "encoding", "sqlalchemy", ">=2.0", "the call without it"),
    ("sqlalchemy.MetaData", "bind", "sqlalchemy", ">=2.0", "metadata.create_all(engine)"),
    ("pydantic.Field", "regex", "pydantic", ">=2.0", "pattern="),
    ("pydantic.Field", "const", "pydantic", ">=2.0", "typing.Literal"),
    ("pydantic.Field", "unique_items", "pydantic", ">=2.0", "a set"),
    ("pydantic.constr", "regex", "pydantic", ">=2.0", "pattern="),
    ("pydantic.conlist", "min_items", "pydantic", ">=2.0", "min_length="),
    ("pydantic.conlist", "max_items", "pydantic", ">=2.0", "max_length="),
    ("pydantic.conlist", "unique_items", "pydantic", ">=2.0", "conset"),
)
"""Source of those of pydantic: https://github.com/pydantic/pydantic/blob/v2.12.0/pydantic/ (fields.py, types.py)."""
_METHODS = frozenset({"sha256", "sha1", "md5", "plain"})


def _arguments(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each file and kind of argument that calls take no more, at the first such call."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for call in deployment.code.calls:
        one = _argument(call, deployment.installed)
        if one is not None:
            found.setdefault((one.span.path, one.message), []).append(one)
    for first, *others in found.values():
        message = first.message.replace("PLATFORM", deployment.platform.title)
        yield first._replace(message=message, related=tuple(Related(o.span, "the same here") for o in others[:5]))


def _argument(call: Call, installed: Installed) -> Finding | None:
    """Judge an argument that was removed while the function stayed."""
    for name, keyword, package, bounds, instead in _ARGUMENTS:
        argument = call.argument(-1, keyword) if call.name == name else None
        row = Removed(package, bounds, instead, "")
        if argument is not None and lacks(row, installed):
            message = f"The {package} that PLATFORM installs knows no argument «{keyword}» here ({bounds})."
            return Finding(ID, _severity(call, row, installed), argument.span, message, f"Write {instead}.", "medium")
    if call.name == "werkzeug.security.generate_password_hash":
        method = call.argument(1, "method")
        row = Removed("werkzeug", ">=3.0", "", "")
        known = method is not None and isinstance(method.value, Known) and method.value.value in _METHODS
        if method is not None and known and lacks(row, installed):
            message = (
                "The werkzeug that PLATFORM installs hashes no password by this method (>=3.0): it raises ValueError."
            )
            return Finding(ID, SEVERITY, method.span, message, "Leave the argument out, or write «scrypt».", "medium")
    return _name_first(call, installed) or _without_mode(call, installed)


def _severity(call: Call, row: Removed, installed: Installed) -> Severity:
    """Return how bad it is that a call is refused: an error where the import of the app ends there for certain."""
    stops = call.phase == "import" and not call.guards and surely_in(installed, row.package, row.bounds)
    return Severity.ERROR if stops else SEVERITY


_ROOT_VALIDATOR = Removed("pydantic", ">=2.0", "", "https://docs.pydantic.dev/latest/migration/")


def _without_mode(call: Call, installed: Installed) -> Finding | None:
    """`@root_validator` without saying when: refused since 2.0 (`root_validator` in deprecated/class_validators.py)."""
    told = {argument.name for argument in call.arguments}
    if (
        call.name != "pydantic.root_validator"
        or told & {"pre", "skip_on_failure"}
        or not lacks(_ROOT_VALIDATOR, installed)
    ):
        return None
    message = "The pydantic that PLATFORM installs refuses a root validator that does not say when it runs (>=2.0)."
    advice = "Write @root_validator(skip_on_failure=True), or @model_validator(mode=…)."
    return Finding(ID, _severity(call, _ROOT_VALIDATOR, installed), call.span, message, advice, "medium")


_TEMPLATES = (
    "fastapi.templating.Jinja2Templates.TemplateResponse",
    "starlette.templating.Jinja2Templates.TemplateResponse",
)
_NAME_FIRST = Removed("starlette", ">=1.0", "", "https://www.starlette.io/release-notes/")
"""Tried: 0.52.1 takes the name first, 1.0.0 does not."""


def _name_first(call: Call, installed: Installed) -> Finding | None:
    given = call.argument(0, "name") if call.name in _TEMPLATES and call.argument(-1, "request") is None else None
    if given is None or not leading(given.value) or not lacks(_NAME_FIRST, installed):
        return None
    message = "The starlette that PLATFORM installs wants the request first (>=1.0): this is answered with 500."
    return Finding(ID, SEVERITY, given.span, message, "Write TemplateResponse(request, name, context).", "medium")
