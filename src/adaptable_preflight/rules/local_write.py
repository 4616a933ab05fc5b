"""`local-write`: a request writes a file that the next deploy takes away."""

from collections.abc import Iterator

from adaptable_preflight.facts.disk import shown
from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.facts.files import WrittenFile, written_later
from adaptable_preflight.facts.mails import kept_mails
from adaptable_preflight.facts.stored import place, storing_documents
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment, Setting
from adaptable_preflight.value import text_of

ID = "local-write"
CLAUSE = "stateless"
SEVERITY = Severity.WARNING
SUMMARY = "A request handler writes a file on the instance's disk."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each function that writes files for requests, in them or beside them."""
    if deployment.platform.runtime.persistent_disk:
        return
    found: dict[tuple[str, str], list[WrittenFile]] = {}
    for file in written_later(deployment.code):
        passing = file.passing and not file.delivered
        if not (file.upload or file.temporary or passing) and happens(deployment, file.call.guards):
            found.setdefault((file.call.span.path, file.call.function), []).append(file)
    stored = storing_documents(deployment.code)
    for files in found.values():
        yield _finding(deployment, files, place(files[0].call.span, files[0].call.function) in stored)
    for setting in kept_mails(deployment.code):
        if happens(deployment, setting.guards):
            yield _mails(deployment, setting)


def _finding(deployment: Deployment, files: list[WrittenFile], copies: bool) -> Finding:
    """Tell of what one function writes; `copies`: it may be what the function keeps in a database as well."""
    first = files[0]
    passing = all(file.delivered and file.call.phase == "request" for file in files)
    severity, confidence = weighed(SEVERITY, doubts(first.call.guards, "request") + passing + copies)
    path = shown(text_of(first.path) or "")
    name = f"«{path}»" if path else "a file"
    who = "A request" if first.call.by_request else "What runs in the background"
    return Finding(
        ID,
        severity,
        first.call.span,
        f"{who} writes {name} on the instance's disk: on {deployment.platform.title} it is gone after the next "
        "deploy or restart, and no other instance ever sees it.",
        "Keep data in the database and files in an object store; what is needed for one request only belongs into a "
        "tempfile.TemporaryFile() or an io.BytesIO().",
        confidence,
        tuple(Related(file.call.span, "this one too") for file in files[1:6]),
    )


def _mails(deployment: Deployment, setting: Setting) -> Finding:
    severity, confidence = weighed(SEVERITY, doubts(setting.guards))
    return Finding(
        ID,
        severity,
        setting.span,
        f"On {deployment.platform.title} mails are written into files on the instance's disk: nobody gets them, and "
        "they are gone after the next deploy or restart.",
        "Send them by an SMTP server or a service, and keep this back end for development.",
        confidence,
    )
