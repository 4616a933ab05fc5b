"""`required-variable`: the app cannot be imported without a variable that nobody is known to set."""

from collections.abc import Iterator

from adaptable_preflight.facts.addresses import HERE, hosts_of
from adaptable_preflight.facts.connections import Connection, connections, passed_over
from adaptable_preflight.facts.given import gives
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Call, Deployment
from adaptable_preflight.value import FromEnv, text_of

ID = "required-variable"
CLAUSE = "startup"
SEVERITY = Severity.NOTICE
SUMMARY = "The app needs a variable that neither the platform nor the settings set."

ALWAYS_SET = frozenset("PATH HOME LANG PWD USER HOSTNAME SHELL TZ TMPDIR".split())
"""Variables that are there wherever a process runs, or whose absence is no surprise."""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each variable, where it is asked for first."""
    seen: set[str] = set()
    for call in deployment.code.calls:
        name = text_of(call.arguments[0].value) if call.name == "os.environ[]" and call.arguments else None
        if name is None or call.phase != "import" or name in ALWAYS_SET | seen or gives(deployment, name):
            continue
        seen.add(name)
        yield _missing(deployment, call, name)
    yield from _for_databases(deployment, seen)


def _missing(deployment: Deployment, call: Call, name: str) -> Finding:
    title = deployment.platform.title
    refused = name == deployment.platform.database.url_variable and deployment.settings.database == "none"
    sure = refused and not any(not guard.assumed for guard in call.guards)
    why = f"{title} does not set {name} for an app without a database" if refused else f"nobody is known to set {name}"
    return Finding(
        ID,
        Severity.ERROR if sure else SEVERITY,
        call.span,
        f"Importing the app fails on {title} unless {name} is set there: {why}.",
        f"Set {name} on {title} and list it under `environment` in the settings, or read it with a default: "
        f'os.environ.get("{name}", …)',
    )


def _for_databases(deployment: Deployment, seen: set[str]) -> Iterator[Finding]:
    """Yield a finding for each database that is only reached where a variable of the author's own is set."""
    for use in (*connections(deployment.code), *passed_over(deployment.code)):
        for name, default in hosts_of(use):
            if default in HERE and name not in seen and not gives(deployment, name):
                seen.add(name)
                yield _elsewhere(deployment, use, name, f" at «{default}»")
    for use in passed_over(deployment.code):
        name = use.url.name if isinstance(use.url, FromEnv) else ""
        if name and name not in seen and not gives(deployment, name):
            seen.add(name)
            yield _elsewhere(deployment, use, name, " in another place")


def _elsewhere(deployment: Deployment, use: Connection, name: str, place: str) -> Finding:
    title, url = deployment.platform.title, deployment.platform.database.url_variable
    return Finding(
        ID,
        SEVERITY,
        use.span,
        f"The app looks for its database{place} on {title} unless {name} is set there.",
        f"Read {url}, which {title} sets, or set {name} and list it under `environment` in the settings.",
    )
