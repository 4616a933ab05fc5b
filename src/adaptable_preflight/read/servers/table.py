"""The table of servers: where each one's reader stands, and what starts it."""

from typing import NamedTuple


class Entry(NamedTuple):
    """One server. A test compares it with what the reader says of itself."""

    module: str
    """The module of this package that reads it."""
    commands: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


def _methods(classes: tuple[str, ...], *names: str) -> tuple[str, ...]:
    return tuple(f"{owner}.{name}" for owner in classes for name in names)


SERVERS: tuple[Entry, ...] = (
    Entry("gunicorn", ("gunicorn",), ("gunicorn", "gunicorn.app.wsgiapp"), ("gunicorn.app.base.BaseApplication.run",)),
    Entry(
        "uvicorn",
        ("uvicorn",),
        ("uvicorn", "uvicorn.main"),
        (
            "uvicorn.run",
            "uvicorn.main.run",
            *_methods(("uvicorn.Server", "uvicorn.server.Server"), "run", "serve"),
        ),
    ),
    Entry(
        "hypercorn",
        ("hypercorn",),
        ("hypercorn", "hypercorn.__main__"),
        ("hypercorn.asyncio.serve", "hypercorn.trio.serve"),
    ),
    Entry("daphne", ("daphne",), ("daphne", "daphne.__main__")),
    Entry(
        "granian",
        ("granian",),
        ("granian", "granian.__main__"),
        _methods(("granian.Granian", "granian.server.Granian", "granian.server.Server"), "serve"),
    ),
    Entry(
        "waitress",
        ("waitress-serve",),
        ("waitress", "waitress.__main__", "waitress.runner"),
        ("waitress.serve", "waitress.server.serve"),
    ),
    Entry("uwsgi", ("uwsgi",)),
    Entry(
        "cheroot",
        ("cheroot",),
        ("cheroot", "cheroot.__main__"),
        _methods(
            ("cheroot.wsgi.Server", "cheroot.wsgi.WSGIServer", "cheroot.server.HTTPServer"),
            "start",
            "safe_start",
            "serve",
        ),
    ),
    Entry(
        "gevent",
        modules=("gevent.pywsgi",),
        calls=_methods(("gevent.pywsgi.WSGIServer", "gevent.wsgi.WSGIServer"), "serve_forever", "start"),
    ),
    Entry("eventlet", calls=("eventlet.wsgi.server",)),
    Entry("bjoern", calls=("bjoern.run",)),
    Entry(
        "tornado",
        calls=_methods(
            ("tornado.web.Application", "tornado.httpserver.HTTPServer", "tornado.tcpserver.TCPServer"),
            "listen",
            "bind",
        ),
    ),
    Entry(
        "aiohttp",
        modules=("aiohttp.web",),
        calls=("aiohttp.web.run_app", "aiohttp.web.TCPSite.start", "aiohttp.web_runner.TCPSite.start"),
    ),
    Entry(
        "werkzeug",
        calls=(
            "werkzeug.serving.run_simple",
            "werkzeug.run_simple",
            "werkzeug.serving.make_server.serve_forever",
        ),
    ),
    Entry("wsgiref", calls=_methods(("wsgiref.simple_server.make_server",), "serve_forever", "handle_request")),
    Entry(
        "http_server",
        modules=("http.server", "SimpleHTTPServer"),
        calls=_methods(
            (
                "http.server.HTTPServer",
                "http.server.ThreadingHTTPServer",
                "socketserver.TCPServer",
                "socketserver.ThreadingTCPServer",
                "wsgiref.simple_server.WSGIServer",
                "BaseHTTPServer.HTTPServer",
            ),
            "serve_forever",
        ),
    ),
    Entry(
        "flask",
        ("flask",),
        ("flask", "flask.__main__", "flask.cli"),
        _methods(
            (
                "flask.Flask",
                "flask.app.Flask",
                "apiflask.APIFlask",
                "flask_openapi3.OpenAPI",
                "flask_api.FlaskAPI",
            ),
            "run",
        ),
    ),
    Entry("quart", ("quart",), ("quart", "quart.__main__"), _methods(("quart.Quart", "quart.app.Quart"), "run")),
    Entry("fastapi", ("fastapi",), ("fastapi", "fastapi.__main__", "fastapi_cli", "fastapi_cli.__main__")),
    Entry(
        "django",
        ("django-admin", "django-admin.py"),
        ("django", "django.__main__"),
        ("django.core.management.execute_from_command_line",),
    ),
    Entry("bottle", calls=("bottle.run", "bottle.Bottle.run", "bottle.app.run")),
    Entry("cherrypy", calls=("cherrypy.quickstart", "cherrypy.engine.start")),
    Entry("socketio", calls=("flask_socketio.SocketIO.run",)),
    Entry("sanic", calls=_methods(("sanic.Sanic", "sanic.app.Sanic"), "run")),
    Entry("streamlit", ("streamlit",), ("streamlit", "streamlit.__main__")),
    Entry(
        "gradio",
        calls=_methods(
            ("gradio.Blocks", "gradio.Interface", "gradio.ChatInterface", "gradio.TabbedInterface", "gradio.Series"),
            "launch",
            "queue.launch",
        ),
    ),
    Entry("nicegui", calls=("nicegui.ui.run", "nicegui.ui_run.run")),
    Entry("dash", calls=("dash.Dash.run", "dash.Dash.run_server", "dash.dash.Dash.run")),
)
"""Every server. The readers are imported when they are needed: a start with gunicorn pays for gunicorn alone."""
