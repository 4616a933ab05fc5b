"""`removed-api`: the app uses a name that the version which will be installed has no more."""

from collections.abc import Iterator

from adaptable_preflight.facts.pickled_imports import imports
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.knowledge.tables import Removed, removed
from adaptable_preflight.knowledge.unread_settings import unread
from adaptable_preflight.knowledge.versions import newest_is_in, python_in
from adaptable_preflight.model import Call, Deployment, Import, Installed, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known

ID = "removed-api"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "The app uses a name that the installed version has no more."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each use, imports first."""
    installed, seen = deployment.installed, set[str]()
    for one in imports(deployment):
        for name, row in _imported(one):
            if name not in seen and _lacks(row, installed):
                seen.add(name)
                found = _finding(name, row, one.span, one.phase == "import", deployment)
                yield _of_pickle(found, one.pickle, row) if one.pickle else found
    for call in deployment.code.calls:
        named = removed().get(call.name)
        if named is not None and call.name not in seen and not call.guards and _lacks(named, installed):
            seen.add(call.name)
            yield _finding(call.name, named, call.span, call.phase == "import", deployment)
        gone = _argument(call, installed)
        if gone is not None:
            yield gone._replace(message=gone.message.replace("PLATFORM", deployment.platform.title))
    for setting in deployment.code.unread:
        yield from _setting(setting, deployment)


def _imported(one: Import) -> Iterator[tuple[str, Removed]]:
    if one.guarded or one.phase not in ("import", "request"):
        return
    parts = one.module.split(".")
    for end in range(len(parts), 0, -1):
        row = removed().get(".".join(parts[:end]))
        if row is not None and row.whole:
            yield ".".join(parts[:end]), row
    for name in one.names:
        row = removed().get(f"{one.module}.{name}")
        if row is not None:
            yield f"{one.module}.{name}", row


def _lacks(row: Removed, installed: Installed) -> bool:
    """Whether the version that will be installed is one of those that lack the name."""
    if row.package == "python":
        return python_in(installed, row.bounds).here is True
    bounds = [r.specifier for m in installed.manifests if m.used for r in m.constraints if r.name == row.package]
    requirement = installed.find(row.package)
    if requirement is not None:
        return not requirement.url and newest_is_in(",".join((requirement.specifier, *bounds)), row.bounds)
    if not any(m.used for m in installed.manifests) and installed.image is None:
        return newest_is_in("", row.bounds)  # whatever will be declared: nothing holds it back
    return _follows(row, installed) and newest_is_in(",".join(bounds), row.bounds)


def _follows(row: Removed, installed: Installed) -> bool:
    """Whether the package is brought along by something that leaves its version open."""
    found = presence(installed, row.package)
    bringing = installed.find(found.via) if found.installed and found.via else None
    return bringing is not None and newest_is_in(bringing.specifier, ">=0") and "==" not in bringing.specifier


def _finding(name: str, row: Removed, span: Span, at_import: bool, deployment: Deployment) -> Finding:
    requirement = deployment.installed.find(row.package)
    exact = requirement is not None and "==" in requirement.specifier
    title, unless, where = deployment.platform.title, "", ""
    if row.package == "python":
        exact = row.bounds == ">=3.0" or deployment.installed.python.sure
        unless = python_in(deployment.installed, row.bounds).unless
        where = (
            "" if exact else f", unless {f'Python {unless}' if unless else 'another Python version'} is set on {title}"
        )
    version = f"Python {deployment.installed.python.version}" if row.package == "python" else row.package
    return Finding(
        ID,
        Severity.NOTICE if where else Severity.ERROR if exact and at_import else SEVERITY,
        span,
        f"«{name}» is not in the {version} that {title} installs{where}: it was removed ({row.bounds}).",
        f"Use {row.instead}." if row.package == "python" else f"Use {row.instead}, or pin an older {row.package}.",
        "high" if exact else "medium",
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
    ("sqlalchemy.MetaData", "bind", "sqlalchemy", ">=2.0", "metadata.create_all(engine)"),
)
_METHODS = frozenset({"sha256", "sha1", "md5", "plain"})


def _argument(call: Call, installed: Installed) -> Finding | None:
    """Judge an argument that was removed while the function stayed."""
    for name, keyword, package, bounds, instead in _ARGUMENTS:
        argument = call.argument(-1, keyword) if call.name == name else None
        row = Removed(package, bounds, instead, "")
        if argument is not None and _lacks(row, installed):
            message = f"The {package} that PLATFORM installs knows no argument «{keyword}» here ({bounds})."
            return Finding(ID, SEVERITY, argument.span, message, f"Write {instead}.", "medium")
    if call.name == "werkzeug.security.generate_password_hash":
        method = call.argument(1, "method")
        row = Removed("werkzeug", ">=3.0", "", "")
        known = method is not None and isinstance(method.value, Known) and method.value.value in _METHODS
        if method is not None and known and _lacks(row, installed):
            message = (
                "The werkzeug that PLATFORM installs hashes no password by this method (>=3.0): it raises ValueError."
            )
            return Finding(ID, SEVERITY, method.span, message, "Leave the argument out, or write «scrypt».", "medium")
    return None
