"""`debug-enabled`: what is deployed runs in debug mode."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Edit, Finding, Fix, Related, Severity
from adaptable_preflight.model import Call, Deployment, Guard, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import Either, FromEnv, Known, Value, text_of

ID = "debug-enabled"
CLAUSE = "server"
SEVERITY = Severity.ERROR
SUMMARY = "The debugger or debug mode is on in what is deployed."


class Debug(NamedTuple):
    """A place that turns debug mode on, and what that does."""

    value: Value
    span: Span
    severity: Severity
    harm: str
    guards: tuple[Guard, ...] = ()


_PAGES = "whoever causes an error gets to see the code and the settings"
_CONSOLE = "whoever causes an error gets a console that runs Python code in the app"
_DJANGO = ("django.settings", "DEBUG")
_FLASK = ("flask.Flask", "DEBUG")
_OBJECTS = frozenset({"fastapi.FastAPI", "starlette.applications.Starlette", "litestar.Litestar", "sanic.Sanic"})
_ATTRIBUTES = frozenset({"flask.Flask.debug=", "fastapi.FastAPI.debug="})


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each place that turns debug mode on."""
    for process in deployment.web_processes:
        for server in process.servers:
            if server.debug is not None:
                found = Debug(Known(True), server.debug, SEVERITY, _CONSOLE)
                yield _finding(deployment, found)._replace(process=process)
    found_in_code = [*map(_of_setting, deployment.code.settings), *map(_of_call, deployment.code.calls)]
    for debug in found_in_code:
        if debug is not None and _on(debug.value) and happens(deployment, debug.guards):
            yield _finding(deployment, debug)


def _of_setting(setting: Setting) -> Debug | None:
    if (setting.owner, setting.name) == _DJANGO:
        return Debug(setting.value, setting.span, SEVERITY, _PAGES, setting.guards)
    if (setting.owner, setting.name) == _FLASK:
        harm = "exceptions get past the app's own error pages, and templates are read anew for each request"
        return Debug(setting.value, setting.span, Severity.WARNING, harm, setting.guards)
    return None


def _of_call(call: Call) -> Debug | None:
    if call.phase != "import":
        return None
    if call.name == "werkzeug.debug.DebuggedApplication":
        evalex = call.argument(1, "evalex")
        console = evalex is not None and evalex.value == Known(True, getattr(evalex.value, "span", None))
        return Debug(Known(True), call.span, SEVERITY, _CONSOLE if console else _PAGES, call.guards)
    argument = call.argument(0, "debug") if call.name in _ATTRIBUTES else call.argument(99, "debug")
    if argument is None or call.name not in _OBJECTS | _ATTRIBUTES:
        return None
    return Debug(argument.value, argument.span, Severity.WARNING, _PAGES, call.guards)


def _on(value: Value) -> bool:
    """Whether debug mode is on when nobody sets a variable."""
    if isinstance(value, Either):
        return any(_on(option) for option in value.options)
    if isinstance(value, FromEnv):
        return value.default is not None and _on(value.default)
    return isinstance(value, Known) and bool(value.value) and text_of(value) not in ("0", "False", "false")


def _finding(deployment: Deployment, debug: Debug) -> Finding:
    deciding, place = _decided_by(deployment, debug)
    doubted = doubts(tuple(g for g in debug.guards if not g.assumed)) + isinstance(debug.value, Either)
    severity, confidence = weighed(min(debug.severity, Severity.WARNING) if deciding else debug.severity, doubted)
    span = debug.value.span if isinstance(debug.value, Known) and place == debug.span else None
    return Finding(
        ID,
        severity,
        place,
        f"The app runs in debug mode on {deployment.platform.title}{deciding}: {debug.harm}.",
        'Turn it on by a variable that is only set on your own machine: os.environ.get("DEBUG") == "1"',
        confidence,
        () if place == debug.span else (Related(debug.span, "debug mode is turned on here"),),
        Fix((Edit(span, "False"),)) if span is not None and debug.value == Known(True, span) else None,
    )


def _decided_by(deployment: Deployment, debug: Debug) -> tuple[str, Span]:
    """Return which variable would turn it off, as the end of a sentence, and the place that decides."""
    if isinstance(debug.value, FromEnv):
        return f" unless {debug.value.name} is set there", debug.span
    chosen = next((guard for guard in debug.guards if guard.assumed and guard.variables), None)
    if chosen is not None:
        return f" unless {chosen.variables[0]} is set there", chosen.span
    web = deployment.web
    for name, value in web.variables if web is not None else ():
        if "DEBUG" in name and _on(value) and isinstance(value, Known) and value.span is not None:
            return "", value.span
    return "", debug.span
