"""Whether anything fills the folder from which Django's static files are served."""

import posixpath
from collections.abc import Iterator
from typing import Final

from adaptable_preflight.facts.disk import shown
from adaptable_preflight.model import BuildStep, Deployment, Process
from adaptable_preflight.platforms import builder
from adaptable_preflight.value import Items, Known, Value, text_of

COMMAND: Final = "collectstatic"
_RUNNERS: Final = frozenset({"make", "npm", "npx", "yarn", "pnpm", "just", "task", "invoke", "nox"})
"""Programs that run what a file of theirs says."""
_SCRIPTS: Final = (".sh", ".py", ".bash")


def is_filled(deployment: Deployment, folder: Value) -> bool:
    """Whether a folder holds files when the server answers, or it cannot be told that it does not."""
    if isinstance(folder, Known) and not folder.value:
        return False
    path = text_of(folder)
    inner = posixpath.normpath(shown(path)) if path is not None else "/"
    if inner.startswith(("/", "..")):
        return True
    return _is_committed(deployment, inner) or _may_be_collected(deployment)


def _is_committed(deployment: Deployment, folder: str) -> bool:
    """Whether files of the repository lie there. A relative path is seen from the working folder, which may be any."""
    return any(
        f"/{folder}/" in f"/{path}" and not posixpath.basename(path).startswith(".") for path in deployment.paths
    )


def _may_be_collected(deployment: Deployment) -> bool:
    """Whether something runs `collectstatic` in the container that serves, or may do so where nobody sees it.

    A `release:` process does not: it has a disk of its own.
    """
    web = deployment.web
    if web is None or web.unknown is not None or COMMAND in web.command or _remarked(web):
        return True
    if any(COMMAND in text for text in _told(deployment)):
        return True
    if deployment.installed.image is not None:
        return not deployment.installed.known or any(_may_collect(deployment, s) for s in deployment.installed.steps)
    return builder(deployment.settings.builder, deployment.platform).collects_static != "no"


def _remarked(process: Process) -> bool:
    return any(remark.kind == "static-files" for remark in process.remarks)


def _told(deployment: Deployment) -> Iterator[str]:
    """Yield the texts that the app's code hands to calls, such as `call_command("collectstatic")`."""
    for call in deployment.code.calls:
        for argument in call.arguments:
            inner = argument.value.items if isinstance(argument.value, Items) else (argument.value,)
            yield from (text for value in inner if (text := text_of(value)) is not None)


def _may_collect(deployment: Deployment, step: BuildStep) -> bool:
    """Whether a step of a Dockerfile collects the files, or runs a script or a program that may."""
    names = {posixpath.basename(word) for word in step.text.replace('"', " ").replace("'", " ").split()}
    scripts = {posixpath.basename(path) for path in deployment.paths if path.endswith(_SCRIPTS)} - {"manage.py"}
    return COMMAND in step.text or bool(names & (scripts | _RUNNERS))
