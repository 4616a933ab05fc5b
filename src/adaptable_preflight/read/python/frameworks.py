"""Which functions of the repository a framework calls, and when: in a request, in a command, in a worker."""

from adaptable_preflight.model import Gap, Phase
from adaptable_preflight.read.python import mounting, uses
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import (
    Arguments,
    Bound,
    Class,
    External,
    Function,
    Instance,
    Object,
    Partial,
    Sequence,
    options_of,
)
from adaptable_preflight.read.python.public import public_arguments
from adaptable_preflight.value import Known, Unknown

WEB_OBJECTS = frozenset(
    "flask.Flask flask.Blueprint quart.Quart quart.Blueprint fastapi.FastAPI fastapi.APIRouter "
    "fastapi.routing.APIRouter fastapi.applications.FastAPI starlette.applications.Starlette sanic.Sanic "
    "sanic.Blueprint bottle.Bottle bottle flask_restx.Api flask_restx.Namespace flask_restful.Api flask_restplus.Api "
    "flask_restplus.Namespace flask_socketio.SocketIO dash.Dash aiohttp.web.RouteTableDef socketio.AsyncServer "
    "socketio.Server chalice.Chalice flask_smorest.Blueprint flask_openapi3.OpenAPI apiflask.APIFlask "
    "apiflask.APIBlueprint flask_login.LoginManager flask_jwt_extended.JWTManager connexion.FlaskApp ninja.NinjaAPI "
    "ninja.Router tornado.web.Application dash litestar cherrypy flask_httpauth.HTTPBasicAuth "
    "flask_httpauth.HTTPTokenAuth linebot.WebhookHandler linebot.v3.WebhookHandler linebot.v3.webhook.WebhookHandler "
    "linebot.webhook.WebhookHandler telebot.TeleBot telebot.async_telebot.AsyncTeleBot slack_bolt.App "
    "slack_bolt.async_app.AsyncApp slackeventsapi.SlackEventAdapter flask_ask.Ask flask_sock.Sock "
    "flask_sockets.Sockets flask_jsonrpc.JSONRPC flask_admin.Admin strawberry.type fastapi_users.FastAPIUsers".split()
)
"""What registers functions that handle requests: objects of these classes, or functions of these modules."""

REQUEST_METHODS = frozenset(
    "route get post put delete patch head options websocket api_route websocket_route middleware exception_handler "
    "errorhandler error_handler before_request after_request teardown_request teardown_appcontext before_app_request "
    "after_app_request teardown_app_request app_errorhandler before_first_request before_app_first_request "
    "context_processor app_context_processor on event on_error callback clientside_callback user_loader "
    "request_loader unauthorized_handler verify_password verify_token add_url_rule add_resource add_api_route "
    "add_route add_namespace listener hook error expose register_error_handler token_in_blocklist_loader "
    "url_value_preprocessor add_handlers view add default message_handler callback_query_handler "
    "register_next_step_handler command action message shortcut view_submission intent launch method add_view".split()
)
"""The methods by which they do; also as decorators."""

STARTUP_METHODS = frozenset({"on_event", "add_event_handler", "before_serving", "on_startup", "record"})

COMMAND_METHODS = frozenset({"command", "group", "cli.command", "cli.group", "shell_context_processor", "option"})
"""The methods that make a function a person's command."""

TASKS = frozenset(
    "celery.shared_task celery.Celery.task celery.task.task huey.RedisHuey.task huey.RedisHuey.periodic_task "
    "huey.SqliteHuey.task dramatiq.actor rq.decorators.job django_rq.job celery.task celery.decorators.task".split()
)
"""Decorators that make a function a job of a worker process."""

DEPENDENCIES = frozenset("fastapi.Depends fastapi.Security fastapi.param_functions.Depends".split())
"""What tells FastAPI to call a function before a handler."""

DJANGO_ROUTES = frozenset({"django.urls.path", "django.urls.re_path", "django.conf.urls.url", "django.urls.url"})
VIEW_METHODS = (
    "dispatch",
    "get",
    "post",
    "put",
    "delete",
    "patch",
    "head",
    "dispatch_request",
    "form_valid",
    "list",
    "create",
    "retrieve",
    "update",
    "destroy",
    "perform_create",
    "on_get",
    "on_post",
    "on_put",
    "get_queryset",
    "get_context_data",
    "prepare",
)
"""Methods of view classes that a request runs."""


MOUNTS = frozenset({"register_blueprint", "include_router", "blueprint", "mount"})
"""The methods by which an app takes the handlers of another object.

Sources: https://flask.palletsprojects.com/en/stable/blueprints/,
https://fastapi.tiangolo.com/tutorial/bigger-applications/, https://sanic.dev/en/guide/best-practices/blueprints.html
"""


def register(machine: Machine, function: External, arguments: Arguments) -> Object | None:
    """Note functions that a library is told to call later; return what a decorator makes of its function, else None."""
    if not function.instance and function.name in WEB_OBJECTS:
        for name in ("lifespan", "on_startup"):
            found = functions_of(arguments.named[name]) if name in arguments.named else []
            machine.waiting.extend((one, "import") for one in found)
        return None
    if function.name.rpartition(".")[2] in MOUNTS:
        mounting.note(machine, function, arguments)
    phase = _phase(function)
    if phase is None:
        return None
    if phase == "import" and _at_shutdown(function, arguments):
        phase = "background"
    found = [f for value in (*arguments.positional, *arguments.named.values()) for f in functions_of(value)]
    _note_gap(machine, function, arguments)
    for one in found:
        if function.receiver is not None:
            machine.owners.setdefault(one, []).append(function.receiver)
        if machine.by_request:
            machine.asked.add(one)
        if phase == "request":
            uses.note_registered(machine, function, one)
        if (one, phase) not in machine.waiting:
            machine.waiting.append((one, phase))
    if phase == "task" and found:
        made = External(f"{function.name}", None, instance=True, arguments=public_arguments(arguments))
        made.attributes["__wrapped__"] = arguments.positional[0] if arguments.positional else found[0]
        return made
    decorates = (
        len(arguments.positional) == 1 and not arguments.named and isinstance(arguments.positional[0], Function | Class)
    )
    return arguments.positional[0] if decorates and phase != "task" else None


HANDLER_PLACES = {"add_url_rule": (2, "view_func"), "add_api_route": (1, "endpoint")}
"""Where a call that registers a handler is told it.

Sources: https://flask.palletsprojects.com/en/stable/api/#flask.Flask.add_url_rule,
https://fastapi.tiangolo.com/reference/apirouter/
"""
VIEW_PLACE = (1, "view")
"""Where Django's `path` is told the view. Source: https://docs.djangoproject.com/en/stable/ref/urls/"""


def _note_gap(machine: Machine, function: External, arguments: Arguments) -> None:
    """Note that a handler is registered and that nobody knows which."""
    place = VIEW_PLACE if function.name in DJANGO_ROUTES else HANDLER_PLACES.get(function.name.rpartition(".")[2])
    view = arguments.get(*place) if place is not None else None
    if view is not None and not functions_of(view) and _is_unknown(view):
        span = arguments.spans[0] if arguments.spans else machine.source.start()
        machine.gaps.append(Gap(span, "which function handles these requests is not known"))


def _is_unknown(value: Object) -> bool:
    """Whether nobody knows what a handler is, or what it wraps."""
    return any(
        isinstance(o, Unknown) or (isinstance(o, External) and any(map(_is_unknown, o.given)))
        for o in options_of(value)
    )


def _phase(function: External) -> Phase | None:
    if function.name in TASKS:
        return "task"
    if function.name in DEPENDENCIES or function.name.startswith("gradio."):
        return "request"
    if function.name in DJANGO_ROUTES or function.name.endswith(".urls.path"):
        return "request"
    owner, _, method = function.name.rpartition(".")
    owner = owner.removesuffix(".server") if owner == "dash.Dash.server" else owner
    if owner.endswith(".cli") and method in COMMAND_METHODS:
        return "cli"
    if method in ("command", "group", "option") and owner == "flask_script.Manager":
        return "cli"
    if owner in WEB_OBJECTS or (owner in ("dash.Dash.server",)):
        if method in STARTUP_METHODS:
            return "import"
        return "request" if method in REQUEST_METHODS else None
    if method == "as_view" or owner in ("aiohttp.web.Application.router", "aiohttp.web"):
        return "request" if method in ("as_view", "add_get", "add_post", "add_route", "get", "post") else None
    if method in ("scheduled_job", "add_job") or owner in ("flask_apscheduler.APScheduler",):
        return "background" if method in ("scheduled_job", "add_job", "task") else None
    if method == "connect" and owner.startswith("django.db.models.signals"):
        return "request"
    if method == "add_task" and owner.endswith("BackgroundTasks"):
        return "background"
    return None


def _at_shutdown(function: External, given: Arguments) -> bool:
    """Whether `on_event("shutdown")` or `add_event_handler("shutdown", f)` is told of a function for the end."""
    told = [*given.positional, *(argument.value for argument in function.arguments)]
    return any(isinstance(one, Known) and one.value == "shutdown" for one in told)


def functions_of(value: Object) -> list[Function]:
    """Return the functions of the repository that an argument stands for."""
    found: list[Function] = []
    for one in options_of(value):
        match one:
            case Function():
                found.append(one)
            case Bound(function=function) | Partial(function=Function() as function):
                found.append(function)
            case Class():
                found.extend(f for name in VIEW_METHODS if isinstance(f := one.find(name), Function))
            case Instance():
                found.extend(f for f in (one.cls.find("__call__"),) if isinstance(f, Function))
            case External() if isinstance(one.receiver, Class):
                found.extend(functions_of(one.receiver))
            case External(given=given):
                found.extend(f for inner in given for f in functions_of(inner))
            case Sequence() if len(one.items) < 200:
                found.extend(f for item in one.items for f in functions_of(item))
    return found
