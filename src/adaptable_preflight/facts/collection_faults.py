"""Settings with which Django's `collectstatic` fails, and what runs it.

Sources: `StaticFilesStorage.path` of django/contrib/staticfiles/storage.py, `FileSystemFinder.check` of finders.py,
`check_storages` of checks.py beside them, read in Django 5.2.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.facts.collected_files import COMMAND
from adaptable_preflight.facts.static_files import texts_of
from adaptable_preflight.facts.storages import asks_for_a_variable, storage
from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import OPEN, Deployment, Guard, Process, Setting
from adaptable_preflight.platforms import builder
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, Known, Table, Value, text_of

_FAILING_ON: Final = frozenset({"true", ":", "echo"})
"""What stands behind `||` where a step is allowed to fail."""


class Fault(NamedTuple):
    """Why the files cannot be collected."""

    why: str
    advice: str
    span: Span
    guards: tuple[Guard, ...]


class Runner(NamedTuple):
    """What runs the command: a step of the build, the builder itself, or the start command."""

    span: Span | None
    stops: bool
    """Whether the deploy ends where it fails."""
    process: Process | None = None


def fault(deployment: Deployment) -> Fault | None:
    """Return what makes the command fail, if the settings do."""
    made = {s.name: s for s in deployment.code.settings if s.owner == "django.settings"}
    settings = {name: setting for name, setting in made.items() if not asks_for_a_variable(setting)}
    apps = settings.get("INSTALLED_APPS")
    if apps is None or "django.contrib.staticfiles" not in texts_of(apps.value):
        return None
    read = not held_below(deployment.installed, "django", "4.2")
    return (_of_storages(settings) if read else None) or _of_root(settings, made, apps) or _of_folders(settings)


def _of_storages(settings: dict[str, Setting]) -> Fault | None:
    found = settings.get("STORAGES")
    if found is None or not isinstance(found.value, Table) or not found.value.complete:
        return None
    if not found.value.entries or found.value.get("staticfiles") is not None:
        return None
    why = "STORAGES replaces Django's own as a whole, and has no «staticfiles»"
    advice = 'Add "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"} to STORAGES.'
    return Fault(why, advice, found.span, found.guards)


def _of_root(settings: dict[str, Setting], made: dict[str, Setting], apps: Setting) -> Fault | None:
    values = {name: setting.value for name, setting in settings.items()}
    chosen = storage(values, "staticfiles")
    local = chosen is None or (text_of(chosen) or "").startswith(("django.contrib.staticfiles.", "whitenoise."))
    root = made.get("STATIC_ROOT")
    if not local or OPEN in made or (root is not None and not (isinstance(root.value, Known) and not root.value.value)):
        return None
    place = root or settings.get("STATIC_URL", apps)
    advice = 'Write in the settings: STATIC_ROOT = BASE_DIR / "staticfiles"'
    return Fault("STATIC_ROOT is not set", advice, place.span, place.guards)


def _of_folders(settings: dict[str, Setting]) -> Fault | None:
    folders, root = settings.get("STATICFILES_DIRS"), settings.get("STATIC_ROOT")
    if folders is None:
        return None
    if isinstance(folders.value, Known | Concat):
        return Fault("STATICFILES_DIRS is no list", "Write a list: [ … ]", folders.span, folders.guards)
    target = _folder(root.value) if root is not None else ""
    if target and any(_folder(item) == target for item in getattr(folders.value, "items", ())):
        advice = "Let the files be collected into a folder of their own, such as «staticfiles»."
        return Fault("STATIC_ROOT is one of STATICFILES_DIRS", advice, folders.span, folders.guards)
    return None


def _folder(value: Value) -> str:
    text = text_of(value)
    return posixpath.normpath(text) if text else ""


def runners(deployment: Deployment) -> Iterator[Runner]:
    """Yield what runs the command when the repository is deployed."""
    steps = deployment.installed.steps
    following = [*(step.text.partition(" ")[0] for step in steps), ""][1:]
    for step, after in zip(steps, following, strict=False):
        if _collects(step.text) and after not in _FAILING_ON:
            yield Runner(step.span, stops=True)
    by_builder = builder(deployment.settings.builder, deployment.platform).collects_static == "yes"
    if by_builder and deployment.installed.image is None and "manage.py" in deployment.paths:
        told = any(name == "DISABLE_COLLECTSTATIC" for name, _ in deployment.settings.environment)
        yield from () if told else (Runner(None, stops=False),)
    for process in deployment.web_processes:
        for remark in process.remarks:
            if remark.kind == "static-files":
                needed = re.search(rf"{COMMAND}[^;&|\n]*&&", process.command) is not None
                yield Runner(remark.span, needed, process)


def _collects(step: str) -> bool:
    """Whether a step of the build collects, with the settings that the app itself has."""
    return re.search(rf"manage\.py\s+{COMMAND}\b", step) is not None and "--settings" not in step
