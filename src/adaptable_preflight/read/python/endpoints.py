"""Flask's names of views and blueprints: what it refuses when the app is imported.

Sources: `add_url_rule` in https://github.com/pallets/flask/blob/3.1.3/src/flask/sansio/app.py (as in 1.1.4),
`register` and `_check_setup_finished` in https://github.com/pallets/flask/blob/3.1.3/src/flask/sansio/blueprints.py.
"""

import ast

from adaptable_preflight.knowledge.chosen import surely_in
from adaptable_preflight.read.python.machine import Check, Machine, Raise, Route
from adaptable_preflight.read.python.objects import Arguments, External, Function, Object
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known

_APP, _BLUEPRINT = "flask.Flask", "flask.Blueprint"
_VERBS = ("route", "get", "post", "put", "delete", "patch")
_SETUP = (
    *_VERBS,
    *"add_url_rule endpoint before_request after_request teardown_request context_processor url_value_preprocessor "
    "url_defaults errorhandler register_error_handler record record_once register_blueprint before_app_request "
    "after_app_request teardown_app_request app_context_processor app_errorhandler app_template_filter".split(),
)
"""Methods that a blueprint takes only until it is registered."""


def _text(value: object) -> str:
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else ""


def _told_name(made: External) -> str:
    """Return the name that a blueprint, or what `as_view` makes, was given first; empty where it is not known."""
    return next((_text(one.value) for one in made.arguments if one.name in ("", "name")), "")


def _name_of(view: Object) -> str:
    """Return the name under which Flask keeps a view for which no other is told; empty where it is not known."""
    if isinstance(view, Function):
        return view.called
    return _told_name(view) if isinstance(view, External) and view.name.endswith(".as_view") else ""


def _keep(machine: Machine, holder: Object | None, endpoint: object, view: Object | None, span: Span) -> None:
    """Keep a view that is registered at an app, which refuses another one of the same name, or at a blueprint."""
    told = endpoint is not None and not (isinstance(endpoint, Known) and endpoint.value is None)
    name = _text(endpoint) if told else _name_of(view) if view is not None else ""
    if not isinstance(holder, External) or view is None or not name or not machine.certain:
        return
    route = Route(name, view, span)
    if holder.name == _APP:
        _take(machine, holder, route)
    else:
        machine.recorded.setdefault(holder, []).append(route)


def _take(machine: Machine, app: External, route: Route) -> None:
    """Let an app keep a view by its name."""
    first = machine.routes.setdefault(app, {}).setdefault(route.endpoint, route)
    if first.view is route.view:
        return
    advice = f"Put «@functools.wraps(…)» over «{route.endpoint}» in the decorator: it hides the names of all views."
    if not _is_wrapper(route):
        where = f"line {first.span.line} of {first.span.path}"
        advice = f"Give this function or its endpoint another name: the route in {where} has this one already."
    message = f"View function mapping is overwriting an existing endpoint function: {route.endpoint}"
    raise Raise("AssertionError", message, route.span, advice=advice)


def _is_wrapper(route: Route) -> bool:
    """Whether the view is what a decorator of the repository made: it is not defined below its route."""
    node = route.view.node if isinstance(route.view, Function) else None
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return all(one.lineno != route.span.line for one in node.decorator_list)


def decorated(machine: Machine, function: External, arguments: Arguments, span: Span) -> None:
    """`@app.route("/")` at work: `function` is what `app.route("/")` made."""
    endpoint = next((one.value for one in function.arguments if one.name == "endpoint"), None)
    _keep(machine, function.receiver, endpoint, arguments.get(0, "f"), span)


def added(machine: Machine, function: External, arguments: Arguments, span: Span) -> None:
    """`app.add_url_rule("/", view_func=f)`."""
    _refuse_late(machine, function, arguments, span)
    if arguments.complete:
        _keep(machine, function.receiver, arguments.get(1, "endpoint"), arguments.get(2, "view_func"), span)


def _refuse_late(machine: Machine, function: External, arguments: Arguments, span: Span) -> None:
    """A blueprint's methods after its registration: refused since 2.3, of no consequence before."""
    del arguments
    blueprint = function.receiver
    if not isinstance(blueprint, External) or blueprint.name != _BLUEPRINT or not machine.certain:
        return
    taken = any(blueprint in known.values() for known in machine.blueprints.values())
    if not taken or not surely_in(machine.installed, "flask", ">=2.3"):
        return
    method, name = function.name.rpartition(".")[2], _told_name(blueprint)
    message = f"The setup method '{method}' can no longer be called on the blueprint '{name}'"
    raise Raise("AssertionError", message, span, advice="Register the blueprint behind everything that is added to it.")


def mounted(machine: Machine, function: External, arguments: Arguments, span: Span) -> None:
    """`app.register_blueprint(blueprint)`: its views get names of the app, and it has a name itself."""
    app, blueprint = function.receiver, arguments.get(0, "blueprint")
    if not isinstance(app, External) or not isinstance(blueprint, External) or blueprint.name != _BLUEPRINT:
        return
    name = _text(arguments.named["name"]) if "name" in arguments.named else _told_name(blueprint)
    if not name or not machine.certain or not arguments.complete or "name_prefix" in arguments.named:
        return
    known = machine.blueprints.setdefault(app, {})
    if name in known and surely_in(machine.installed, "flask", ">=2.1"):
        which = "this" if known[name] is blueprint else "a different"
        message = f"The name '{name}' is already registered for {which} blueprint"
        advice = "Register it once, or give each registration a «name» of its own."
        raise Raise("ValueError", message, span, advice=advice)
    known[name] = blueprint
    for route in machine.recorded.get(blueprint, ()):
        _take(machine, app, route._replace(endpoint=f"{name}.{route.endpoint}"))


CHECKS: dict[str, Check] = {
    **{f"{_APP}.{verb}()": decorated for verb in _VERBS},
    **{f"{_BLUEPRINT}.{verb}()": decorated for verb in _VERBS},
    **{f"{_BLUEPRINT}.{method}": _refuse_late for method in _SETUP},
    f"{_APP}.add_url_rule": added,
    f"{_BLUEPRINT}.add_url_rule": added,
    f"{_APP}.register_blueprint": mounted,
}
