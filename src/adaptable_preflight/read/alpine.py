"""What images of Alpine lack that others bring."""

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Failure, Run
from adaptable_preflight.read.context import Context
from adaptable_preflight.source import Span

_ALPINE = late_pattern(r"(?:docker\.io/)?(?:library/)?(?:alpine|(?:python|node):\S*alpine)\S*")
_ADDS = late_pattern(r"\bapk\b[^\n;&|]*\badd\b[^\n;&|]*(?:\bbash\b|[$`(])")


def without_bash(name: str, span: Span, context: Context) -> Run | None:
    """Return that an image of Alpine has no bash, unless a step of the build installs it.

    Source: https://hub.docker.com/_/alpine: it brings BusyBox alone.
    """
    image = context.installed.image
    if name != "bash" or image is None or not _ALPINE.fullmatch(image.name):
        return None
    installs = any(package.name == "bash" for package in context.installed.system)
    if installs or any(_ADDS.search(step.text) for step in context.installed.steps):
        return None
    why = f"images of Alpine, such as «{image.name}», have no bash"
    advice = "Write «RUN apk add --no-cache bash» in the Dockerfile, or start the script with sh."
    return Run(failure=Failure("missing-program", why, span, advice), status=127)
