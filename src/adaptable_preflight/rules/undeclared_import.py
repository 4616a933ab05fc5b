"""`undeclared-import`: a module that nothing of the declared dependencies brings."""

from collections.abc import Iterable, Iterator

from adaptable_preflight.facts.missing_extras import MissingExtra, missing_extras
from adaptable_preflight.facts.pickled_imports import imports
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.knowledge.modules import Providers, of_python, providers, resembles
from adaptable_preflight.knowledge.presence import frozen, presence
from adaptable_preflight.knowledge.tables import brought_by, share_bringing
from adaptable_preflight.model import Absent, Deployment, Import, Installed
from adaptable_preflight.remedy import add, asked_in_vain

ID = "undeclared-import"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "The app imports a module that no declared dependency brings."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each distribution that is imported on the way to the app and missing."""
    shown = [each for each in deployment.absent if each.evidence != "nothing"]
    yield from _beside(shown, deployment)
    yield from (_nowhere(each, deployment) for each in shown if each.evidence in ("elsewhere", "unknown-name"))
    yield from (_without_extra(each, deployment) for each in missing_extras(deployment))
    installed, told = deployment.installed, {each.top for each in shown}
    if not installed.known or _is_another_project(deployment):
        return
    seen = set[str]()
    for one in imports(deployment):
        if one.module.partition(".")[0] in told:
            continue
        if one.guarded or one.phase not in ("import", "request") or of_python(one.module):
            continue
        found = providers(one.module)
        if found is None or found.names[0] in seen:
            continue
        severity = _missing(one, found, deployment)
        if severity is not None:
            seen.add(found.names[0])
            yield _finding(one, found.names[0], severity, deployment)


def _is_another_project(deployment: Deployment) -> bool:
    """Whether the app that would be offered has dependency files of its own: it is built from its own folder."""
    app = deployment.offered if deployment.app_is_guessed else None
    parts = (app.path or "").split("/")[:-1] if app is not None else []
    folders = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    names = deployment.platform.build.manifests
    used = {path for m in deployment.installed.manifests if m.used for path in (m.path, *m.included)}
    own = {f"{folder}/{name}" for folder in folders for name in names}
    return not own.isdisjoint(deployment.paths) and own.isdisjoint(used)


def _beside(absent: Iterable[Absent], deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each folder whose modules are imported as only Python 2 finds them."""
    by_folder: dict[str, list[Absent]] = {}
    for each in absent:
        if each.evidence == "beside":
            by_folder.setdefault(each.one.span.path.rpartition("/")[0], []).append(each)
    for folder, (first, *others) in by_folder.items():
        looked = " and ".join(f"«{place}»" if place else "the repository's root" for place in first.one.folders[:2])
        yield Finding(
            ID,
            _weighed(Severity.ERROR, first, deployment),
            first.one.span,
            f"The import of «{first.one.module}» fails on {deployment.platform.title}: Python 3 looks for modules in "
            f"{looked}, and not beside the file that imports, where «{first.path}» is.",
            _qualified(first) + ("." if _is_package(folder, deployment) else f", or start the server in «{folder}»."),
            "medium" if deployment.installed.image is not None else "high",
            tuple(Related(each.one.span, f"so does that of «{each.one.module}»") for each in others[:5]),
        )


def _qualified(absent: Absent) -> str:
    """Return advice to name a module by its place."""
    one, base = absent.one, absent.one.folders[0]
    inside = one.span.path.rpartition("/")[0].removeprefix(base).strip("/").replace("/", ".")
    if one.setting:
        return f"Write «{inside}.{one.module}»"
    return f"Write `from {inside}.{one.module} import …`" if one.names else f"Write `from {inside} import {absent.top}`"


def _is_package(folder: str, deployment: Deployment) -> bool:
    return f"{folder}/__init__.py" in deployment.paths


def _nowhere(absent: Absent, deployment: Deployment) -> Finding:
    when = "when it starts" if absent.one.phase == "import" else "in a request"
    message = f"The app imports «{absent.one.module}» {when}, and "
    if absent.path:
        message += f"«{absent.path}» is not in a folder where {deployment.platform.title} lets Python look for modules."
        advice = "Name it by its place in the repository, or start the server in the folder that holds it."
    else:
        message += "neither the repository nor any declared dependency has a module of that name."
        advice = "Commit the module, or declare the distribution that brings it."
    return Finding(ID, _weighed(SEVERITY, absent, deployment), absent.one.span, message, advice, "medium")


def _without_extra(missing: MissingExtra, deployment: Deployment) -> Finding:
    """Report a module of a library that imports what only an extra of the library brings."""
    one, row = missing
    remedy = add(deployment.installed, row.needed)
    return Finding(
        ID,
        _proven(one, deployment),
        one.span,
        f"The import of «{row.module}» fails on {deployment.platform.title}: it imports «{row.needed}», which "
        f"this {row.package} brings only with its extra ({row.package}[{row.extra}]), and nothing else does.",
        remedy.advice,
        fix=remedy.fix,
    )


def _weighed(severity: Severity, absent: Absent, deployment: Deployment) -> Severity:
    """Lower what only a request meets, what an image's steps may have mended, what hangs on a guessed folder."""
    doubts = (absent.one.phase != "import", deployment.installed.image is not None, deployment.app_is_guessed)
    return severity.lowered(sum(doubts))


def _proven(one: Import, deployment: Deployment) -> Severity:
    return Severity.ERROR if one.phase == "import" and not deployment.app_is_guessed else SEVERITY


def _missing(one: Import, found: Providers, deployment: Deployment) -> Severity | None:
    """Return how certain it is that nothing brings the module; None where something does, or may."""
    installed = deployment.installed
    states = [presence(installed, name) for name in found.names]
    if any(state.installed is not False for state in states):
        return None
    declared = [r.name for r in installed.requirements if r.installed]
    if not found.known and any(resembles(one.module, name) for name in declared):
        return None
    opaque = _opaque(installed)
    if not found.known and (opaque or not brought_by((found.names[0],))[1]):
        return None
    if found.known and states[0].sure == "lock":
        return _proven(one, deployment)
    if opaque and not frozen(installed) and not (one.phase == "import" and _is_served(one, deployment)):
        unlikely = len(opaque) * share_bringing(found.names) < _DOUBT
        return SEVERITY.lowered() if unlikely else None
    return SEVERITY if one.phase == "import" or not opaque else SEVERITY.lowered()


_DOUBT = 0.1
"""How many of the distributions whose needs are not known may bring a module, so that its absence is worth a notice."""


def _opaque(installed: Installed) -> list[str]:
    """Return the declared distributions of which it is not known what they bring along."""
    return [r.name for r in installed.requirements if r.installed and not brought_by((r.name,))[1]]


def _is_served(one: Import, deployment: Deployment) -> bool:
    """Whether a module is the framework of the app itself: an add-on that brings it bears its name, as a rule."""
    app = deployment.served_app if deployment.web is not None else deployment.offered
    return app is not None and app.framework == one.module.partition(".")[0]


def _finding(one: Import, name: str, severity: Severity, deployment: Deployment) -> Finding:
    remedy = add(deployment.installed, name)
    manifest = next(m.path for m in deployment.installed.manifests if m.used)
    when = "when it starts" if one.phase == "import" else "in a request"
    opaque = _opaque(deployment.installed) if severity < Severity.ERROR else []
    subject = f"The app imports «{one.module}»"
    if one.pickle:
        subject = f"Unpickling «{one.pickle}» imports «{one.module}»"
    brings = f"is known to bring it (of «{opaque[0]}» that is not known)" if opaque else "brings it"
    return Finding(
        ID,
        severity,
        one.span,
        f"{subject} {when}, and nothing that {manifest} installs {brings}.",
        remedy.advice,
        "medium" if severity < Severity.ERROR else "high",
        asked_in_vain(deployment.installed, name),
        fix=remedy.fix,
    )
