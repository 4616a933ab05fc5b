"""What to write so that a server listens where it should and handles more than one request, in its own words."""

from adaptable_preflight.model import Server

_ADDRESS = {
    "gunicorn": "--bind {host}:{port}",
    "hypercorn": "--bind {host}:{port}",
    "uvicorn": "--host {host} --port {port}",
    "granian": "--host {host} --port {port}",
    "fastapi": "--host {host} --port {port}",
    "flask": "--host {host} --port {port}",
    "werkzeug": "--host {host} --port {port}",
    "quart": "--host {host} --port {port}",
    "daphne": "-b {host} -p {port}",
    "waitress": "--listen={host}:{port}",
    "uwsgi": "--http-socket {host}:{port}",
    "cheroot": "--bind {host}:{port}",
    "django": "{host}:{port}",
    "http.server": "{port} --bind {host}",
    "streamlit": "--server.address {host} --server.port {port}",
}
_PARALLEL = {
    "gunicorn": "--threads 4",
    "waitress": "--threads=4",
    "uwsgi": "--enable-threads --threads 4",
    "cheroot": "--threads 4",
}
_FACTORY = {"uvicorn": "--factory", "granian": "--factory", "waitress": "--call"}
_FOLDER = {"gunicorn": "--chdir {folder}", "uwsgi": "--chdir {folder}", "uvicorn": "--app-dir {folder}"}
_PARALLEL_IN_CODE = {
    "gunicorn": '"threads": 4',
    "http.server": "http.server.ThreadingHTTPServer",
    "werkzeug": "threaded=True",
}
_PROXIES = {
    "gunicorn": "--forwarded-allow-ips={proxies}",
    "uvicorn": "--proxy-headers --forwarded-allow-ips={proxies}",
    "fastapi": "--proxy-headers --forwarded-allow-ips={proxies}",
}
"""What makes an ASGI server believe the headers of proxies; gunicorn's worker of uvicorn asks for no other option.

Source: https://github.com/encode/uvicorn/blob/0.38.0/uvicorn/workers.py
"""
_PROXIES_IN_CODE = {"uvicorn": 'proxy_headers=True, forwarded_allow_ips="{proxies}"'}
_FACTORY_IN_CODE = "factory=True"
_IN_CODE = 'host="{host}", port=int(os.environ["{variable}"])'
_PAIR = '("{host}", int(os.environ["{variable}"]))'
_ADDRESS_IN_CODE = {
    "gradio": 'server_name="{host}", server_port=int(os.environ["{variable}"])',
    "granian": 'address="{host}", port=int(os.environ["{variable}"])',
    "tornado": 'port=int(os.environ["{variable}"]), address="{host}"',
    "gunicorn": '"bind": "{host}:" + os.environ["{variable}"]',
    "hypercorn": 'config.bind = ["{host}:" + os.environ["{variable}"]]',
    "cheroot": f"bind_addr={_PAIR}",
    "cherrypy": '"server.socket_host": "{host}", "server.socket_port": int(os.environ["{variable}"])',
    "http.server": _PAIR,
    "gevent": _PAIR,
    "eventlet": f"eventlet.listen({_PAIR})",
}
"""How a call is told its address, where that is not by `host` and `port`; the readers in `servers` name the sources."""


def with_forms(server: Server) -> Server:
    """Return the server with what sets its address and its parallelism."""
    if server.in_code:
        parallel = _PARALLEL_IN_CODE.get(server.name, "")
        proxies = _PROXIES_IN_CODE.get(server.name, "")
        server = server._replace(parallel_form=parallel, proxy_form=proxies)
        return server._replace(address_form=_ADDRESS_IN_CODE.get(server.name, _IN_CODE), factory_form=_FACTORY_IN_CODE)
    return server._replace(
        address_form=_ADDRESS.get(server.name, ""),
        parallel_form=_PARALLEL.get(server.name, ""),
        folder_form=_FOLDER.get(server.name, ""),
        factory_form=_FACTORY.get(server.name, ""),
        proxy_form=_PROXIES.get(server.name, ""),
    )
