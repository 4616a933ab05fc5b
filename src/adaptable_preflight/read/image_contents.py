"""Whether the image of a Dockerfile holds the repository at all."""

import re

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.read.candidates import Candidate
from adaptable_preflight.read.manifests.docker_stages import Stage, needed

_OFFICIAL = late_pattern(
    r"(?:docker\.io/|public\.ecr\.aws/docker/)?(?:library/)?"
    r"(?:python|pypy|debian|ubuntu|alpine|fedora|centos|rockylinux|almalinux|amazonlinux|oraclelinux|buildpack-deps|node)"
    r"(?::(?!\S*onbuild)\S+)?(?:@\S+)?"
)
"""Base images of which everybody knows that they hold nobody's app; one for `ONBUILD` copies it by itself."""

_TOOLS = late_pattern(
    r"(?:ghcr\.io/)?astral-sh/uv(?:[:@].*)?|(?:docker\.io/)?(?:continuumio|mambaorg|condaforge)/.*|gcr\.io/distroless/.*"
    r"|mcr\.microsoft\.com/(?:vscode/)?devcontainers/.*|scratch"
)
"""Further images that start no app by themselves, though they may hold more than a system and Python."""

_BRINGS = late_pattern(
    r"--mount|<<|\b(?:git|hg|svn|curl|wget|scp|rsync|tar|unzip|gsutil|aws|cookiecutter|startproject)\b|https?:|>\s*\S+\.py\b"
)
"""What a step may put an app into an image with."""


def with_contents(candidate: Candidate, stages: tuple[Stage, ...], folder: str) -> Candidate:
    """Return an image's command, followed as if all of the repository were there where nothing copies it."""
    lacks = _lacks_repository(stages, candidate.command)
    if lacks is False:
        return candidate._replace(place=folder) if _is_followed(stages) else candidate
    if lacks is None:
        return candidate._replace(problem=f"how the app comes into «{folder}» of the image is not known")
    return candidate._replace(folder="", homes=((folder, ""),), without_code=True)


def _lacks_repository(stages: tuple[Stage, ...], command: str) -> bool | None:
    """Whether nothing puts the repository into the image; None: nothing copies it, and something else may bring it.

    `command` is what the image starts: a package that a step installs by that name may be the app.
    """
    used = needed(stages)
    steps = [one for stage in used for one in stage.instructions]
    if any(one.word in ("COPY", "ADD") for one in steps):
        return False
    names = {stage.name for stage in stages if stage.name}
    official = all(stage.base.lower() in names or _OFFICIAL.fullmatch(stage.base) for stage in used)
    runs = " ".join(one.text for one in steps if one.word in ("RUN", "ONBUILD"))
    modules = set(re.findall(r"\b([A-Za-z_]\w*)(?=[.:]\w)", re.sub(r"\S+\.py\b", "", command)))
    installs = any(re.search(rf"\b{re.escape(module)}\b", runs) for module in modules)
    return True if official and not installs and not _BRINGS.search(runs) else None


_ARRANGES = late_pattern(
    r"\b(?:cp|mv|ln|rsync|install -[dmD]|poetry install|uv (?:sync|run)|pdm|hatch|setup\.py|cookiecutter)\b"
    r"|pip\S* install\b[^\n]*\s(?:-e\b|--editable|\.{1,2}(?=[\s/\[]|$)|/\w)"
)
"""What may move the repository's files within an image, or install them."""


def _is_followed(stages: tuple[Stage, ...]) -> bool:
    """Whether nothing but its copies from the repository puts code into an image."""
    used = needed(stages)
    steps = [one for stage in used for one in stage.instructions]
    runs = "\n".join(one.text for one in steps if one.word in ("RUN", "ONBUILD", "SHELL", "VOLUME"))
    alone = len(used) == 1 and not any("--from" in one.text for one in steps if one.word == "COPY")
    return (
        alone and _OFFICIAL.fullmatch(used[0].base) is not None and not (_BRINGS.search(runs) or _ARRANGES.search(runs))
    )


def is_familiar(base: str) -> bool:
    """Whether everybody knows what an image holds: a system, Python and tools, and no app with a command for it."""
    return _OFFICIAL.fullmatch(base) is not None or _TOOLS.fullmatch(base) is not None
