"""`required-variable`: the app cannot be imported without a variable that nobody is known to set."""

from collections.abc import Iterator

from adaptable_preflight.facts.addresses import HERE, told
from adaptable_preflight.facts.connections import Connection, connections, passed_over
from adaptable_preflight.facts.given import gives
from adaptable_preflight.facts.signed_sessions import unset_key
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import NEEDED_VARIABLE, Call, Deployment
from adaptable_preflight.value import FromEnv, text_of

ID = "required-variable"
CLAUSE = "startup"
SEVERITY = Severity.NOTICE
SUMMARY = "The app needs a variable that neither the platform nor the settings set."

ALWAYS_SET = frozenset("PATH HOME LANG PWD USER HOSTNAME SHELL TZ TMPDIR".split())
"""Variables that are there wherever a process runs, or whose absence is no surprise."""


_REPAIRS = {
    "item": 'read it with a default: os.environ.get("{name}", …)',
    "get": 'read it with a default: os.environ.get("{name}", "…")',
    "config": 'give it a default: config("{name}", default=…)',
    "env": 'give it a default: env("{name}", default=…)',
    "field": "give the field a default",
    "condition": "let the code go on without it",
    "file": 'let the app go on without the file: from_envvar("{name}", silent=True)',
    "library": "make the object in the first request that needs it",
}
"""How the code could do without a variable, by the way in which it asks for it."""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each variable, where it is asked for first."""
    seen: set[str] = set()
    for call in deployment.code.calls:
        name = text_of(call.arguments[0].value) if call.name == NEEDED_VARIABLE and call.arguments else None
        if name is None or call.phase != "import" or name in ALWAYS_SET | seen or gives(deployment, name):
            continue
        seen.add(name)
        yield _missing(deployment, call, name)
    yield from _for_databases(deployment, seen)
    yield from _for_sessions(deployment, seen)


def _missing(deployment: Deployment, call: Call, name: str) -> Finding:
    title = deployment.platform.title
    refused = name == deployment.platform.database.url_variable and deployment.settings.database == "none"
    way = text_of(call.arguments[1].value) if len(call.arguments) > 1 else None
    sure = refused and not any(not guard.assumed for guard in call.guards)
    why = f"{title} does not set {name} for an app without a database" if refused else f"nobody is known to set {name}"
    return Finding(
        ID,
        Severity.ERROR if sure else SEVERITY,
        call.span,
        f"Importing the app fails on {title} unless {name} is set there: {why}.",
        f"Set {name} on {title} and list it under `environment` in the settings, or "
        f"{_REPAIRS[way or 'item'].format(name=name)}.",
    )


def _for_databases(deployment: Deployment, seen: set[str]) -> Iterator[Finding]:
    """Yield a finding for each database that is only reached where a variable of the author's own is set."""
    title = deployment.platform.title
    for use in (*connections(deployment.code), *passed_over(deployment.code)):
        asked_before = {name for guard in use.guards for name in guard.variables}
        for clue in told(use):
            if not seen.isdisjoint(clue.by) or any(gives(deployment, name) for name in clue.by):
                continue
            if clue.default in HERE:
                what = f"The app looks for its database at «{clue.default}» on {title}"
            elif clue.default is None and asked_before.isdisjoint(clue.by):
                what = f"On {title} nothing tells the app where its database is"
            else:
                continue
            seen.update(clue.by)
            yield _elsewhere(deployment, use, clue.by[0], what)
    for use in passed_over(deployment.code):
        name = use.url.name if isinstance(use.url, FromEnv) else ""
        if name and name not in seen and not gives(deployment, name):
            seen.add(name)
            yield _elsewhere(deployment, use, name, f"The app looks for its database in another place on {title}")


def _for_sessions(deployment: Deployment, seen: set[str]) -> Iterator[Finding]:
    """Yield a finding where the key that signs sessions is a variable without a default."""
    variable = unset_key(deployment)
    if variable is None or variable.name in seen or gives(deployment, variable.name) or variable.span is None:
        return
    title, name = deployment.platform.title, variable.name
    message = f"Requests that need the session fail on {title} unless {name} is set there: it is the secret key."
    advice = f"Set {name} on {title} and list it under `environment` in the settings."
    yield Finding(ID, SEVERITY, variable.span, message, advice)


def _elsewhere(deployment: Deployment, use: Connection, name: str, what: str) -> Finding:
    title, database = deployment.platform.title, deployment.platform.database
    offered = not use.dialect or use.dialect.startswith(database.kinds)
    read = f"Read {database.url_variable}, which {title} sets, or set" if offered and database.url_variable else "Set"
    advice = f"{read} {name} on {title} and list it under `environment` in the settings."
    return Finding(ID, SEVERITY, use.span, f"{what} unless {name} is set there.", advice)
