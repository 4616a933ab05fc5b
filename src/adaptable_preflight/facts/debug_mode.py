"""What turns debug mode on in the deployed code, and which variable decides on it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.finding import Severity
from adaptable_preflight.model import Call, Code, Deployment, Guard, Server, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import Either, FromEnv, Known, Value, text_of


class Debug(NamedTuple):
    """A place that turns debug mode on, and what that does."""

    value: Value
    span: Span
    severity: Severity
    harm: str
    guards: tuple[Guard, ...] = ()
    of_flask: bool = False
    """Whether it is the switch of a Flask app, which Flask's own server hands on to its debugger."""


_PAGES: Final = "whoever causes an error gets to see the code and the settings"
CONSOLE: Final = "whoever causes an error gets a console that runs Python code in the app"
_DJANGO: Final = ("django.settings", "DEBUG")
_FLASK: Final = ("flask.Flask", "DEBUG")
_OBJECTS: Final = frozenset({"fastapi.FastAPI", "starlette.applications.Starlette", "litestar.Litestar", "sanic.Sanic"})
_ATTRIBUTES: Final = frozenset({"flask.Flask.debug=", "fastapi.FastAPI.debug="})


def debug_modes(code: Code) -> Iterator[Debug]:
    """Yield the places where debug mode is on unless somebody sets a variable."""
    for found in (*map(_of_setting, code.settings), *map(_of_call, code.calls)):
        if found is not None and (is_on(found.value) or is_text(found)) and not _is_chosen(found):
            yield found._replace(span=_switch(found.value) or found.span)


def _is_chosen(debug: Debug) -> bool:
    """Whether a variable that has to be set chooses, among configurations, one that turns debug mode on."""
    return any(not guard.assumed and guard.variables for guard in debug.guards)


def _switch(value: Value) -> Span | None:
    """Return where debug mode is turned on, of several places that set it."""
    found = (option.span for option in value.options if is_on(option)) if isinstance(value, Either) else ()
    return next((span for span in found if span is not None), None)


def _of_setting(setting: Setting) -> Debug | None:
    if (setting.owner, setting.name) == _DJANGO:
        return Debug(setting.value, setting.span, Severity.ERROR, _PAGES, setting.guards)
    if (setting.owner, setting.name) == _FLASK:
        harm = "exceptions get past the app's own error pages, and templates are read anew for each request"
        return Debug(setting.value, setting.span, Severity.WARNING, harm, setting.guards, of_flask=True)
    return None


def _of_call(call: Call) -> Debug | None:
    if call.phase != "import":
        return None
    if call.name == "werkzeug.debug.DebuggedApplication":
        if any(not guard.assumed for guard in call.guards):
            return None  # what decides is whether debug mode is on, which is not known then
        evalex = call.argument(1, "evalex")
        console = evalex is not None and evalex.value == Known(True, getattr(evalex.value, "span", None))
        return Debug(Known(True), call.span, Severity.ERROR, CONSOLE if console else _PAGES, call.guards)
    argument = call.argument(0, "debug") if call.name in _ATTRIBUTES else call.argument(99, "debug")
    if argument is None or call.name not in _OBJECTS | _ATTRIBUTES:
        return None
    of_flask = call.name.startswith("flask.")
    return Debug(argument.value, argument.span, Severity.WARNING, _PAGES, call.guards, of_flask)


def of_server(server: Server) -> Debug | None:
    """Return what turns on the debugger of a development server."""
    if server.debug is None:
        return None
    value = FromEnv(server.debug_unless, Known(True)) if server.debug_unless else Known(True)
    return Debug(value, server.debug, Severity.ERROR, CONSOLE)


def is_text(debug: Debug) -> bool:
    """Whether the switch is a variable's text as it is, with a default that says no: any text but the empty is true."""
    value = debug.value
    if not isinstance(value, FromEnv) or not value.plain or value.number or value.default is None:
        return False
    return bool(text_of(value.default)) and not is_on(value)


def is_on(value: Value) -> bool:
    """Whether debug mode is on when nobody sets a variable."""
    if isinstance(value, Either):
        return any(is_on(option) for option in value.options)
    if isinstance(value, FromEnv):
        return value.default is not None and is_on(value.default)
    return isinstance(value, Known) and bool(value.value) and text_of(value) not in ("0", "False", "false")


def decided_by(deployment: Deployment, debug: Debug) -> tuple[str, Span]:
    """Return which variable would turn it off, as the end of a sentence, and the place that decides."""
    if is_text(debug):
        return "", debug.span
    if isinstance(debug.value, FromEnv):
        return f" unless {debug.value.name} is set there", debug.span
    chosen = next((guard for guard in debug.guards if guard.assumed and guard.variables), None)
    if chosen is not None:
        return f" unless {chosen.variables[0]} is set there", chosen.span
    web = deployment.web
    for name, value in web.variables if web is not None else ():
        if "DEBUG" in name and is_on(value) and isinstance(value, Known) and value.span is not None:
            return "", value.span
    return "", debug.span
