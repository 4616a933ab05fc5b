"""`local-upload`: what somebody uploads is kept on the instance's disk."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, unless, weighed
from adaptable_preflight.facts.files import WrittenFile, written_later
from adaptable_preflight.facts.storages import OLD_SETTINGS
from adaptable_preflight.facts.stored_models import choosing, stored_uploads
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import text_of

ID = "local-upload"
CLAUSE = "stateless"
SEVERITY = Severity.ERROR
SUMMARY = "An uploaded file is kept on the instance's disk."

ADVICE = (
    "Hand the file on to an object store (S3 or one that speaks its protocol) and keep its address in the database."
)


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each upload that a handler stores, and one for all that Django's models store."""
    if deployment.platform.runtime.persistent_disk:
        return
    for file in written_later(deployment.code):
        if file.upload and not file.temporary and happens(deployment, file.call.guards):
            yield _of_handler(deployment, file)
    fields = stored_uploads(deployment)
    if fields and happens(deployment, choosing(deployment.code)):
        yield _of_models(deployment, fields)


def _of_models(deployment: Deployment, fields: tuple[Span, ...]) -> Finding:
    first, *others = fields
    guards = choosing(deployment.code)
    severity, confidence = weighed(SEVERITY, doubts(guards))
    found = Finding(
        ID,
        severity,
        first,
        f"The files that are uploaded into this field are stored on the instance's disk{unless(guards)}: on "
        f"{deployment.platform.title} they are gone after the next deploy or restart.",
        f"{ADVICE} In Django: STORAGES with the S3 storage of django-storages.",
        confidence,
        tuple(Related(span, "this field too") for span in others)[:6],
        from_absence=True,
    )
    idle = next((setting for setting in deployment.code.unread if setting.name == OLD_SETTINGS["default"]), None)
    return _at_idle(found, idle) if idle is not None else found


def _at_idle(found: Finding, idle: Setting) -> Finding:
    """Return the finding at the setting that was to keep the files elsewhere, and that Django reads no more."""
    message = found.message.replace("into this field", "into a field of a model")
    return found._replace(
        span=idle.span,
        message=f"Django 5.1 and newer do not read {idle.name}. {message}",
        advice=f'Name that storage in STORAGES: STORAGES = {{"default": {{"BACKEND": "{_shown(idle)}"}}, …}}',
        related=(Related(found.span, "a field"), *found.related)[:6],
    )


def _shown(setting: Setting) -> str:
    return text_of(setting.value) or "…"


def _of_handler(deployment: Deployment, file: WrittenFile) -> Finding:
    title = deployment.platform.title
    if file.users:
        message = "The upload is written to the instance's disk, and nothing removes it when it has been worked on."
        advice = "Write it to a tempfile.NamedTemporaryFile(), which removes itself, or work on it in memory."
        return Finding(ID, Severity.WARNING, file.call.span, message, advice, "medium")
    severity, confidence = weighed(SEVERITY, doubts(file.call.guards, "request"))
    message = (
        f"The uploaded file is stored on the instance's disk: on {title} it is gone after the next deploy or restart, "
        "and no other instance ever sees it."
    )
    return Finding(ID, severity, file.call.span, message, ADVICE, confidence)
