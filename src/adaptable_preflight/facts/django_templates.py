"""The templates that Django's views render.

Where Django looks depends on its settings and on every installed app, so a template counts as missing only where no
file of the repository is called so, in whatever folder.
Source: https://docs.djangoproject.com/en/stable/topics/templates/#django.template.loader.get_template
"""

from collections.abc import Iterator
from typing import Final

from adaptable_preflight.facts.templates import MissingTemplate
from adaptable_preflight.model import Call, Deployment
from adaptable_preflight.value import known_text

_RENDERERS: Final = {
    "django.shortcuts.render": (1, "template_name"),
    "django.template.loader.get_template": (0, "template_name"),
    "django.template.loader.render_to_string": (0, "template_name"),
    "django.template.response.TemplateResponse": (1, "template"),
}
_FOLDER: Final = "templates"


def missing_django_templates(deployment: Deployment) -> Iterator[MissingTemplate]:
    """Yield each template once of which no file of the repository has the name, and that no installed app may bring."""
    rendered = {name: call for call in reversed(deployment.code.calls) if (name := _rendered(call)) is not None}
    if not rendered or ".gitmodules" in deployment.paths:
        return
    by_lower_case = {f"/{path.lower()}": path for path in deployment.paths}
    built = any(path.endswith("package.json") for path in deployment.paths)
    for name, call in rendered.items():
        if any(f"/{path}".endswith(f"/{name}") for path in deployment.paths):
            continue
        other = next((path for low, path in by_lower_case.items() if low.endswith(f"/{name.lower()}")), "")
        if other or not (built or _may_be_brought(name, deployment.paths)):
            yield MissingTemplate(name, call, _FOLDER, other, "", call.span)


def _rendered(call: Call) -> str | None:
    place = _RENDERERS.get(call.name)
    if place is None or call.phase != "request" or call.caught:
        return None
    argument = call.argument(*place)
    name = known_text(argument.value) if argument is not None else None
    return name if name and name.endswith((".html", ".txt", ".xml")) else None


def _may_be_brought(name: str, paths: tuple[str, ...]) -> bool:
    """Whether an app of another project may bring a template: those keep theirs in a folder of their name."""
    folder = name.rpartition("/")[0]
    own = any(f"/{_FOLDER}/{folder}/" in f"/{path}" if folder else f"/{_FOLDER}/" in f"/{path}" for path in paths)
    return not own
