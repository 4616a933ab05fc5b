"""`undeclared-import`: a module that nothing of the declared dependencies brings."""

from collections.abc import Iterable, Iterator

from adaptable_preflight.facts.pickled_imports import imports
from adaptable_preflight.facts.unmet_needs import Unmet, unmet_needs
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.knowledge.modules import Providers, of_python, providers, resembles
from adaptable_preflight.knowledge.needs import Need
from adaptable_preflight.knowledge.presence import absence, opaque, presence
from adaptable_preflight.knowledge.tables import brought_by
from adaptable_preflight.model import Absent, Deployment, Import, Installed
from adaptable_preflight.remedy import Remedy, add, asked_in_vain

ID = "undeclared-import"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "The app imports a module that no declared dependency brings."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each distribution that is imported on the way to the app and missing."""
    shown = [each for each in deployment.absent if each.evidence != "nothing"]
    yield from _beside(shown, deployment)
    yield from _around(shown, deployment)
    yield from (_nowhere(each, deployment) for each in shown if each.evidence in ("elsewhere", "unknown-name"))
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
    yield from _used(deployment, seen)


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


def _around(absent: Iterable[Absent], deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each package that is imported by its name from within, where nobody finds it by that name."""
    for each in absent:
        if each.evidence != "around":
            continue
        looked = " and ".join(f"«{place}»" if place else "the repository's root" for place in each.one.folders[:2])
        yield Finding(
            ID,
            SEVERITY.lowered(deployment.app_is_guessed),
            each.one.span,
            f"The import of «{each.one.module}» fails on {deployment.platform.title} unless PYTHONPATH is set there: "
            f"Python looks for modules in {looked}, where no «{each.top}» is.",
            f"Start the program where «{each.top}» is seen as a folder, such as by «python -m {each.top}.…», or write "
            f"the import without «{each.top}.».",
            "medium",
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


def _used(deployment: Deployment, seen: set[str]) -> Iterator[Finding]:
    """Yield a finding for each line that uses of libraries need, at the use that weighs most."""
    by_remedy: dict[tuple[str, str, str], list[Unmet]] = {}
    for unmet in unmet_needs(deployment):
        if unmet.need.needed[0] not in seen:
            by_remedy.setdefault(unmet.need.remedy, []).append(unmet)
    for found in by_remedy.values():
        first, *others = sorted(found, key=lambda unmet: -_of_use(unmet, deployment))
        places = dict.fromkeys(other.used.span for other in others if other.used.span != first.used.span)
        related = tuple(Related(span, "so does this") for span in tuple(places)[:5])
        yield _of_need(first, _of_use(first, deployment), related, deployment)


def _of_use(unmet: Unmet, deployment: Deployment) -> Severity:
    stops = unmet.at_start and not deployment.app_is_guessed
    return (Severity.ERROR if stops else SEVERITY).lowered(unmet.doubts)


def _of_need(unmet: Unmet, severity: Severity, related: tuple[Related, ...], deployment: Deployment) -> Finding:
    need, installed = unmet.need, deployment.installed
    remedy = _remedy(need, installed)
    then = "the app does not start" if unmet.at_start else "it fails in a request"
    return Finding(
        ID,
        severity,
        unmet.used.span,
        f"{_subject(unmet)} needs «{need.needed[0]}», which nothing that {_manifest(installed)} installs brings: "
        f"{then} ({need.error.rstrip('.')}).",
        remedy.advice,
        "medium" if severity < Severity.ERROR else "high",
        (*asked_in_vain(installed, *need.needed), *related),
        fix=remedy.fix,
        ends_start=unmet.at_start,
    )


def _remedy(need: Need, installed: Installed) -> Remedy:
    """Return what brings it: a line more, or an extra of what is declared."""
    name, extra, bounds = need.remedy
    if extra and installed.find(name) is not None:
        return Remedy(f"Ask for «{name}[{extra}]» where «{name}» stands among the dependencies.")
    return add(installed, name, extra, bounds)


def _subject(unmet: Unmet) -> str:
    """Return what is used, in words; of a long chain of attributes only its ends."""
    parts = unmet.used.name.removesuffix("()").split(".")
    name = ".".join(parts if len(parts) < 5 else (parts[0], "…", parts[-1]))
    match unmet.used.way:
        case "import":
            return f"The import of «{name}»"
        case "async":
            return f"A coroutine function that is given to «{name}»"
        case "setting":
            return f"The setting «{name}»"
        case "field" | "parameter":
            return f"The {unmet.used.way} that is told by «{name}»"
        case "base":
            return f"A class made from «{name}»"
    return f"«{name}» as it is called here"


def _manifest(installed: Installed) -> str:
    return next(m.path for m in installed.manifests if m.used)


def _weighed(severity: Severity, absent: Absent, deployment: Deployment) -> Severity:
    """Lower what only a request meets, what an image's steps may have mended, what hangs on a guessed folder."""
    doubts = (absent.one.phase != "import", deployment.installed.image is not None, deployment.app_is_guessed)
    return severity.lowered(sum(doubts))


def _proven(one: Import, deployment: Deployment) -> Severity:
    return Severity.ERROR if one.phase == "import" and not deployment.app_is_guessed else SEVERITY


def _missing(one: Import, found: Providers, deployment: Deployment) -> Severity | None:
    """Return how certain it is that nothing brings the module; None where something does, or may."""
    installed = deployment.installed
    if any(presence(installed, name).installed is not False for name in found.names):
        return None
    declared = [r.name for r in installed.requirements if r.installed]
    if not found.known and any(resembles(one.module, name) for name in declared):
        return None
    if not found.known and (opaque(installed) or not brought_by((found.names[0],))[1]):
        return None
    why = absence(installed, found.names)
    if found.known and why == "lock":
        return _proven(one, deployment)
    if why is None or why == "unlikely":
        served = one.phase == "import" and _is_served(one, deployment)
        return SEVERITY if served else SEVERITY.lowered() if why else None
    return SEVERITY if one.phase == "import" or why != "listed" else SEVERITY.lowered()


def _is_served(one: Import, deployment: Deployment) -> bool:
    """Whether a module is the framework of the app itself: an add-on that brings it bears its name, as a rule."""
    app = deployment.served_app if deployment.web is not None else deployment.offered
    return app is not None and app.framework == one.module.partition(".")[0]


def _finding(one: Import, name: str, severity: Severity, deployment: Deployment) -> Finding:
    remedy = add(deployment.installed, name)
    when = "when it starts" if one.phase == "import" else "in a request"
    unknown = opaque(deployment.installed) if severity < Severity.ERROR else []
    subject = f"The app imports «{one.module}»"
    if one.pickle:
        subject = f"Unpickling «{one.pickle}» imports «{one.module}»"
    brings = f"is known to bring it (of «{unknown[0]}» that is not known)" if unknown else "brings it"
    return Finding(
        ID,
        severity,
        one.span,
        f"{subject} {when}, and nothing that {_manifest(deployment.installed)} installs {brings}.",
        remedy.advice,
        "medium" if severity < Severity.ERROR else "high",
        asked_in_vain(deployment.installed, name),
        fix=remedy.fix,
        ends_start=one.phase == "import",
    )
