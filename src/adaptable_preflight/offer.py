"""The start command that would serve an app: exact text for messages, made only from an app object that was found."""

from typing import Final, NamedTuple

from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.model import App, Deployment, Installed, Process
from adaptable_preflight.remedy import add


class Offer(NamedTuple):
    """A start command, and what has to be installed for it."""

    command: str
    requirement: str = ""
    """The advice to declare the server; empty where it is installed, or where that cannot be told."""
    server: str = ""
    """The distribution that brings the server."""

    @property
    def steps(self) -> str:
        """The command between its marks, and what else is to do."""
        return f"«{self.command}»." if not self.requirement else f"«{self.command}». {self.requirement}"


def offer(app: App | None, deployment: Deployment) -> Offer | None:
    """Return a command for an app object; None where it was not found or its interface is not known."""
    if app is None or app.interface is None or not app.attribute:
        return None
    if app.found is not True and app.at_import is None:
        return None
    return _offer(app.name, app.interface, app.factory or app.uncalled, app.folder, deployment)


def offer_instead(process: Process, deployment: Deployment) -> Offer | None:
    """Return a command that serves what a process serves, also where its code hands the app object over."""
    app, server = process.app, process.server
    if app is None or server is None or server.importable is None or app.interface is None:
        return offer(app, deployment)
    named = server.importable
    return _offer(f"{named.module}:{named.attribute}", app.interface, False, named.folders[0], deployment)


class _Form(NamedTuple):
    """How a server is told to serve an app, with `{host}`, `{port}` and `{target}` in it."""

    server: str
    command: str
    factory: str | None
    """The same for a factory that the server has to call; None where it calls none."""
    folder: str = ""
    """The option that names the folder which holds the module; empty: the command has to be run in that folder."""


_FORMS: Final[dict[str, tuple[_Form, ...]]] = {
    "wsgi": (
        _Form(
            "gunicorn",
            "gunicorn --bind {host}:{port} --threads 4{folder} {target}",
            'gunicorn --bind {host}:{port} --threads 4{folder} "{target}()"',
            " --chdir {folder}",
        ),
        _Form(
            "waitress",
            "waitress-serve --host={host} --port={port} {target}",
            "waitress-serve --host={host} --port={port} --call {target}",
        ),
    ),
    "asgi": (
        _Form(
            "uvicorn",
            "uvicorn {target}{folder} --host {host} --port {port}",
            "uvicorn {target} --factory{folder} --host {host} --port {port}",
            " --app-dir {folder}",
        ),
        _Form("hypercorn", "hypercorn --bind {host}:{port} {target}", 'hypercorn --bind {host}:{port} "{target}()"'),
        _Form("daphne", "daphne -b {host} -p {port} {target}", None),
        _Form(
            "granian",
            "granian --interface asgi --host {host} --port {port} {target}",
            "granian --interface asgi --host {host} --port {port} --factory {target}",
        ),
    ),
}
"""The commands, each of which was really started (2026-11-22); the first one is offered where none is installed."""


def _offer(target: str, interface: str, called: bool, folder: str, deployment: Deployment) -> Offer:
    listen, form = deployment.platform.listen, _form(interface, called, deployment.installed)
    port = f"${listen.port_variable}" if listen.port_variable else str(listen.port)
    option = form.folder.format(folder=folder) if folder else ""
    text = (form.factory or form.command) if called else form.command
    command = text.format(host=listen.host, port=port, target=target, folder=option)
    there = f"cd {folder} && " if folder and not form.folder else ""
    return Offer(there + command, _requirement(deployment.installed, form.server), form.server)


def _form(interface: str, called: bool, installed: Installed) -> _Form:
    """Return how the usual server is told of an app, or else one that is installed where that one is not."""
    usual, *others = _FORMS[interface]
    if usual.server in installed.supplied or presence(installed, usual.server).installed is not False:
        return usual
    able = (form for form in others if form.factory is not None or not called)
    return next((form for form in able if presence(installed, form.server).installed is True), usual)


def _requirement(installed: Installed, package: str) -> str:
    """Return the advice to declare a server where nothing installs it."""
    nothing = not (any(m.used for m in installed.manifests) or installed.unreadable or installed.image)
    if package in installed.supplied or not (nothing or presence(installed, package).installed is False):
        return ""
    advice = add(installed, package).advice
    return f"Nothing installs {package} yet: {advice[0].lower()}{advice[1:]}"
