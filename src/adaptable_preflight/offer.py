"""The start command that would serve an app: exact text for messages, made only from an app object that was found."""

from typing import NamedTuple

from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.model import App, Deployment, Installed, Process
from adaptable_preflight.remedy import add


class Offer(NamedTuple):
    """A start command, and what has to be installed for it."""

    command: str
    requirement: str = ""
    """The advice to declare the server; empty where it is installed, or where that cannot be told."""

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


def _offer(target: str, interface: str, called: bool, folder: str, deployment: Deployment) -> Offer:
    listen = deployment.platform.listen
    port = f"${listen.port_variable}" if listen.port_variable else str(listen.port)
    if interface == "asgi":
        options = (" --factory" if called else "") + (f" --app-dir {folder}" if folder else "")
        command = f"uvicorn {target}{options} --host {listen.host} --port {port}"
        return Offer(command, _requirement(deployment.installed, "uvicorn"))
    target = f'"{target}()"' if called else target
    folder = f" --chdir {folder}" if folder else ""
    command = f"gunicorn --bind {listen.host}:{port} --threads 4{folder} {target}"
    return Offer(command, _requirement(deployment.installed, "gunicorn"))


def _requirement(installed: Installed, package: str) -> str:
    """Return the advice to declare a server where nothing installs it."""
    nothing = not (any(m.used for m in installed.manifests) or installed.unreadable or installed.image)
    if package in installed.supplied or not (nothing or presence(installed, package).installed is False):
        return ""
    advice = add(installed, package).advice
    return f"Nothing installs {package} yet: {advice[0].lower()}{advice[1:]}"
