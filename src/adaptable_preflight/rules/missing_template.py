"""`missing-template`: a handler renders a template that the app does not find."""

from collections.abc import Iterator

from adaptable_preflight.facts.django_templates import missing_django_templates
from adaptable_preflight.facts.doubt import happens
from adaptable_preflight.facts.templates import MissingTemplate, missing_templates
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Deployment

ID = "missing-template"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "A request renders a template that is in none of the app's folders."

_OF_WINDOWS = late_pattern(r"(?:^|/)[A-Za-z]:[/\\]")


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each module that renders such templates, at the first of them."""
    found: dict[str, list[MissingTemplate]] = {}
    for missing in (*missing_templates(deployment), *missing_django_templates(deployment)):
        if happens(deployment, missing.call.guards):
            found.setdefault(missing.call.span.path, []).append(missing)
    for first, *others in found.values():
        yield Finding(
            ID,
            SEVERITY,
            first.span,
            f"Requests that render «{first.name}» are answered with 500 Internal Server Error on "
            f"{deployment.platform.title}: {_why(first)}.",
            _advice(first),
            related=tuple(Related(each.span, _why(each)) for each in others[:5]),
        )


def _advice(missing: MissingTemplate) -> str:
    if not missing.elsewhere:
        return "Commit the template, or write its name as the file is called."
    if _OF_WINDOWS.search(missing.folder):
        return "Take template_folder out, or write a folder as it is seen from the module: Linux has no drives."
    if missing.library != "Flask":
        return f"Tell {missing.library} the whole path of the folder: directory=Path(__file__).resolve().parent / …"
    return f"Move «{missing.elsewhere}» into «{missing.folder}», or tell Flask its folder: Flask(…, template_folder=…)."


def _why(missing: MissingTemplate) -> str:
    if missing.other:
        return f"the file is «{missing.other}», and the case of letters counts on Linux"
    if missing.elsewhere:
        return f"the file is «{missing.elsewhere}», and {missing.library} looks in «{missing.folder}»"
    return f"there is no «{missing.folder}/{missing.name.strip('/')}»"
