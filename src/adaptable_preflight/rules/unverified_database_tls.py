"""`unverified-database-tls`: TLS to the database is off, or the database's certificate is not looked at."""

from collections.abc import Iterator

from adaptable_preflight.facts.addresses import address_of
from adaptable_preflight.facts.connections import connections
from adaptable_preflight.facts.database_tls import Mode, modes, overwritten
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.value import text_of

ID = "unverified-database-tls"
CLAUSE = "database"
SEVERITY = Severity.WARNING
SUMMARY = "TLS to the database is off, or its certificate is not verified."

_UNVERIFIED = frozenset({"allow", "prefer", "require", "verify-ca"})


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each connection that asks for less than the platform offers."""
    if deployment.platform.database.tls != "verify-full":
        return
    for use in connections(deployment.code):
        if use.dialect not in ("postgres", "postgresql", "") or address_of(use).here:
            continue
        for mode in modes(use):
            if (mode.name == "disable" or mode.name in _UNVERIFIED) and happens(deployment, use.guards):
                yield _finding(deployment, mode, doubts(use.guards, use.phase))

    for call in overwritten(deployment.code):
        mode = Mode(text_of(call.arguments[0].value) or "", call.span)
        if (mode.name == "disable" or mode.name in _UNVERIFIED) and happens(deployment, call.guards):
            yield _finding(deployment, mode, doubts(call.guards))


def _finding(deployment: Deployment, mode: Mode, doubted: int) -> Finding:
    title = deployment.platform.title
    refused = mode.name == "disable"
    by_helper = _by_helper(deployment, mode)
    severity, confidence = weighed(Severity.ERROR if refused else SEVERITY, doubted + bool(by_helper))
    harm = (
        f"{title}'s database refuses connections without TLS, so the app gets none."
        if refused
        else f"With «{mode.name}» nobody looks whose certificate it is: whoever gets between the app and {title}'s "
        "database can read and change what they say."
    )
    return Finding(
        ID,
        severity,
        mode.span,
        harm,
        by_helper
        or "Leave the mode out, so that PGSSLMODE=verify-full and PGSSLROOTCERT of the platform count; a driver that "
        'does not read them takes ssl.create_default_context(cafile=os.environ["PGSSLROOTCERT"])',
        confidence,
    )


def _by_helper(deployment: Deployment, mode: Mode) -> str:
    """Return advice where a library's function writes the settings: no mode stands in the code, and nobody chose it."""
    helper = next((c for c in deployment.code.calls if c.span == mode.span and c.name.endswith(".settings")), None)
    if helper is None:
        return ""
    return (
        f'Write `DATABASES = {{"default": dj_database_url.config()}}`, and `{helper.name}(locals(), databases=False)`: '
        "PGSSLMODE=verify-full and PGSSLROOTCERT of the platform count then."
    )
