"""`slow-start-command`: the start command does slow work before the server listens."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment

ID = "slow-start-command"
CLAUSE = "startup"
SEVERITY = Severity.WARNING
SUMMARY = "The start command waits, installs or migrates before the server starts."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each slow step of a web process."""
    limit = deployment.platform.start.limit_seconds
    for process in deployment.web_processes:
        for remark in process.remarks if process.servers else ():
            if remark.kind == "slow-step":
                message = (
                    f"{remark.message[:1].upper()}{remark.message[1:]}: every start of an instance takes that longer"
                )
                advice = "Move it to the build, or out of the start command."
                severity = Severity.ERROR if limit and remark.seconds > limit else SEVERITY
            elif remark.kind == "migration":
                message = f"{remark.message[:1].upper()}{remark.message[1:]}, each time an instance starts"
                advice = "Keep it short: a long migration delays the start, and two instances may run it at one time."
                severity = Severity.NOTICE
            else:
                continue
            within = f"; the app has to listen within {limit} seconds." if limit else "."
            yield Finding(ID, severity, remark.span, message + within, advice, process=process)
