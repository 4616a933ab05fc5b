"""Which interface the app objects of libraries speak, by what made them.

Sources: the documentation of each framework on deployment; PEP 3333 (WSGI); https://asgi.readthedocs.io/ (ASGI).
"""

from typing import Literal

from adaptable_preflight.value import Argument, Thing

Interface = Literal["wsgi", "asgi"]

WSGI: Interface = "wsgi"
ASGI: Interface = "asgi"

FRAMEWORKS: dict[str, tuple[str, Interface | None]] = {
    "flask.Flask": ("flask", WSGI),
    "flask.app.Flask": ("flask", WSGI),
    "flask_openapi3.OpenAPI": ("flask", WSGI),
    "apiflask.APIFlask": ("flask", WSGI),
    "flask_appbuilder.AppBuilder": ("flask", None),
    "dash.Dash": ("dash", WSGI),
    "dash.Dash.server": ("flask", WSGI),
    "bottle.Bottle": ("bottle", WSGI),
    "bottle.default_app": ("bottle", WSGI),
    "bottle.app": ("bottle", WSGI),
    "django.core.wsgi.get_wsgi_application": ("django", WSGI),
    "django.core.handlers.wsgi.WSGIHandler": ("django", WSGI),
    "configurations.wsgi.get_wsgi_application": ("django", WSGI),
    "dj_static.Cling": ("django", WSGI),
    "falcon.API": ("falcon", WSGI),
    "falcon.App": ("falcon", WSGI),
    "pyramid.config.Configurator.make_wsgi_app": ("pyramid", WSGI),
    "webapp2.WSGIApplication": ("webapp2", WSGI),
    "web.application.wsgifunc": ("web.py", WSGI),
    "cherrypy.tree.mount": ("cherrypy", WSGI),
    "cherrypy.Application": ("cherrypy", WSGI),
    "hug.API": ("hug", None),
    "eve.Eve": ("eve", WSGI),
    "socketio.WSGIApp": ("python-socketio", WSGI),
    "flask_socketio.SocketIO": ("flask-socketio", None),
    "connexion.FlaskApp.app": ("flask", WSGI),
    "django.core.asgi.get_asgi_application": ("django", ASGI),
    "channels.routing.ProtocolTypeRouter": ("django", ASGI),
    "channels.routing.get_default_application": ("django", ASGI),
    "fastapi.FastAPI": ("fastapi", ASGI),
    "fastapi.applications.FastAPI": ("fastapi", ASGI),
    "starlette.applications.Starlette": ("starlette", ASGI),
    "quart.Quart": ("quart", ASGI),
    "quart.app.Quart": ("quart", ASGI),
    "sanic.Sanic": ("sanic", ASGI),
    "litestar.Litestar": ("litestar", ASGI),
    "starlite.Starlite": ("starlite", ASGI),
    "blacksheep.Application": ("blacksheep", ASGI),
    "blacksheep.server.Application": ("blacksheep", ASGI),
    "falcon.asgi.App": ("falcon", ASGI),
    "socketio.ASGIApp": ("python-socketio", ASGI),
    "aiohttp.web.Application": ("aiohttp", None),
    "tornado.web.Application": ("tornado", None),
    "gradio.mount_gradio_app": ("gradio", ASGI),
}
"""What makes an app, its framework and its interface (None: of its own kind)."""

ADAPTERS: dict[str, Interface] = {
    "asgiref.wsgi.WsgiToAsgi": ASGI,
    "a2wsgi.WSGIMiddleware": ASGI,
    "a2wsgi.ASGIMiddleware": WSGI,
    "uvicorn.middleware.wsgi.WSGIMiddleware": ASGI,
    "starlette.middleware.wsgi.WSGIMiddleware": ASGI,
    "fastapi.middleware.wsgi.WSGIMiddleware": ASGI,
    "hypercorn.middleware.AsyncioWSGIMiddleware": ASGI,
    "apig_wsgi.make_lambda_handler": WSGI,
    "tornado.wsgi.WSGIAdapter": WSGI,
}
"""What turns an app of the one interface into one of the other."""


def made_by(
    name: str, instance: bool, arguments: tuple[Argument, ...], depth: int = 0
) -> tuple[str | None, Interface | None]:
    """Return framework and interface of an object by what made it; middleware speaks what it wraps."""
    if name in ADAPTERS and instance:
        return None, ADAPTERS[name]
    if name in FRAMEWORKS and (instance or name.rpartition(".")[2].islower()):
        return FRAMEWORKS[name]
    inner = arguments[0].value if arguments else None
    if instance and isinstance(inner, Thing) and depth < 5:
        return made_by(inner.name, inner.kind == "instance", inner.arguments, depth + 1)
    return None, None
