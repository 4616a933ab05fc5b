"""The start command that would serve an app: exact text for messages, made only from an app object that was found."""

from adaptable_preflight.model import App
from adaptable_preflight.platforms import Platform


def start_command(app: App, platform: Platform) -> str:
    """Return a command for an app object; empty where it was not found or its interface is not known."""
    if app.found is not True or app.interface is None or not app.attribute:
        return ""
    listen = platform.listen
    port = f"${listen.port_variable}" if listen.port_variable else str(listen.port)
    target = f"{app.module}:{app.attribute}"
    called = app.factory or app.uncalled
    if app.interface == "asgi":
        factory = " --factory" if called else ""
        return f"uvicorn {target}{factory} --host {listen.host} --port {port}"
    target = f'"{target}()"' if called else target
    return f"gunicorn --bind {listen.host}:{port} --threads 4 {target}"
