"""Apps of a Django project whose models no migration makes tables for.

Source: https://docs.djangoproject.com/en/stable/ref/django-admin/#migrate (`--run-syncdb`); tried with Django 5.0:
`makemigrations` without a label passes over an app that has no package of migrations.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.connections import connections
from adaptable_preflight.facts.static_files import texts_of
from adaptable_preflight.model import DJANGO_MODEL, Call, Deployment


class Unmigrated(NamedTuple):
    """An app with models and without migrations."""

    name: str
    folder: str
    model: Call
    """The first model."""
    doubted: bool
    """Whether a script of the repository may make the migrations or the tables."""


def unmigrated_apps(deployment: Deployment) -> Iterator[Unmigrated]:
    """Yield each installed app of the repository whose models have no migration, where a server keeps the data."""
    settings = {s.name: s.value for s in deployment.code.settings if s.owner == "django.settings"}
    if "INSTALLED_APPS" not in settings or "MIGRATION_MODULES" in settings or not _uses_server(deployment):
        return
    installed = {re.sub(r"\.apps\.\w+$", "", name).replace(".", "/") for name in texts_of(settings["INSTALLED_APPS"])}
    seen = set[str]()
    for call in deployment.code.calls:
        folder = _folder(call.span.path) if call.name == DJANGO_MODEL else ""
        if not folder or folder in seen or not any(f"/{folder}".endswith(f"/{name}") for name in installed - {""}):
            continue
        seen.add(folder)
        if not _has_migrations(deployment, folder) and not _may_be_made(deployment, folder):
            scripts = any(path.endswith((".sh", ".sql", "Makefile", "render.yaml")) for path in deployment.paths)
            yield Unmigrated(posixpath.basename(folder), folder, call, scripts)


def _uses_server(deployment: Deployment) -> bool:
    """Whether the data is kept by a database server, which knows of no table that nobody makes."""
    return any(use.library != "sqlite3" and use.dialect != "sqlite" for use in connections(deployment.code))


def _folder(path: str) -> str:
    """Return the folder of the app whose module of models a path is; empty for other modules."""
    folder, _, name = path.rpartition("/")
    if name == "models.py":
        return folder
    return path[: path.index("/models/")] if "/models/" in path else ""


def _has_migrations(deployment: Deployment, folder: str) -> bool:
    start = f"{folder}/migrations/"
    return any(p.startswith(start) and p.endswith(".py") and not p.endswith("/__init__.py") for p in deployment.paths)


def _may_be_made(deployment: Deployment, folder: str) -> bool:
    """Whether a command of the deployment makes the migrations or the tables."""
    commands = [process.command for process in deployment.processes]
    commands += [step.text for step in deployment.installed.steps]
    package = f"{folder}/migrations/__init__.py" in deployment.paths
    label = re.compile(rf"makemigrations\b[^;&|\n]*\b{re.escape(posixpath.basename(folder))}\b")
    return any(
        "run-syncdb" in text or label.search(text) is not None or (package and "makemigrations" in text)
        for text in commands
    )
