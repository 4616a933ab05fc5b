"""`interface-mismatch`: a WSGI server gets an ASGI app, or the reverse."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.offer import offer

ID = "interface-mismatch"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The server speaks another interface (WSGI, ASGI) than the app."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each web process whose server and app do not fit."""
    for process in deployment.web_processes:
        app, server = process.app, process.server
        if app is None or server is None or app.found is not True or app.uncalled or server.either_interface:
            continue
        if app.interface is None or server.interface not in ("wsgi", "asgi") or server.interface == app.interface:
            continue
        span, found = server.worker_span or server.span, offer(app, deployment)
        made = (Related(app.span, "the app is made here"),) if app.span else ()
        name, interface = app.framework or "the app", "an ASGI" if app.interface == "asgi" else "a WSGI"
        yield Finding(
            ID,
            SEVERITY,
            span,
            f"{server.name} calls the app as {server.interface.upper()}, but {name} is {interface} app: "
            "every request is answered with an error.",
            f"Write {found.steps} Or wrap the app in an adapter." if found else "Wrap the app in an adapter.",
            related=made,
            process=process,
        )
