"""`debug-enabled`: what is deployed runs in debug mode."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Edit, Finding, Fix, Severity
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
    literal = isinstance(debug.value, Known)
    severity, confidence = weighed(debug.severity, doubts(debug.guards) + (not literal))
    variable = f" unless {debug.value.name} is set there" if isinstance(debug.value, FromEnv) else ""
    span = debug.value.span if isinstance(debug.value, Known) and debug.value.span is not None else None
    return Finding(
        ID,
        severity,
        debug.span,
        f"The app runs in debug mode on {deployment.platform.title}{variable}: {debug.harm}.",
        'Turn it on by a variable that is only set on your own machine: os.environ.get("DEBUG") == "1"',
        confidence,
        fix=Fix((Edit(span, "False"),)) if span is not None and debug.value == Known(True, span) else None,
    )
