"""Servers that Python code starts: gevent, eventlet, bjoern, tornado, aiohttp, Bottle, Quart, Dash, waitress."""

from pathlib import Path

import pytest

from tests.servers.starting import call, sockets, start


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("waitress.serve", "serve(app)", ["0.0.0.0:8080"]),
        ("waitress.serve", "serve(app, port='80')", ["0.0.0.0:80"]),
        ("waitress.serve", "serve(app, listen='127.0.0.1:1 *:2')", ["127.0.0.1:1", "0.0.0.0:2", ":::2"]),
        ("waitress.serve", "serve(app, host='localhost', port=80)", ["127.0.0.1:80", "::1:80"]),
        ("waitress.serve", "serve(app, unix_socket='web.sock')", ["unix:web.sock"]),
        ("waitress.serve", "serve(app, listen=['127.0.0.1:1', '127.0.0.1:2'])", ["127.0.0.1:1", "127.0.0.1:2"]),
        ("bjoern.run", "run(app, '', 80)", ["0.0.0.0:80"]),
        ("bjoern.run", "run(app, 'unix:web.sock')", ["unix:web.sock"]),
        ("aiohttp.web.run_app", "run_app(app)", ["0.0.0.0:8080", ":::8080"]),
        ("aiohttp.web.run_app", "run_app(app, host='localhost', port=80)", ["127.0.0.1:80", "::1:80"]),
        ("aiohttp.web.run_app", "run_app(app, path='web.sock')", ["unix:web.sock"]),
        ("bottle.run", "run(host='0.0.0.0', port='80')", ["0.0.0.0:80"]),
        ("bottle.run", "run()", ["127.0.0.1:8080"]),
        ("quart.Quart.run", "run()", ["127.0.0.1:5000"]),
        ("tornado.web.Application.listen", "listen(80)", ["0.0.0.0:80", ":::80"]),
        ("tornado.web.Application.listen", "listen('80', address='127.0.0.1')", ["127.0.0.1:80"]),
    ],
)
def test_calls(tmp_path: Path, name: str, code: str, expected: list[str]) -> None:
    run = call(tmp_path, name, code)
    assert run.failure is None
    assert sockets(run.servers[0]) == expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("WSGIServer(80, app)", [":::80"]),
        ("WSGIServer(':80', app)", ["0.0.0.0:80"]),
        ("WSGIServer(('', 80), app)", [":::80"]),
        ("WSGIServer(('127.0.0.1', 80), app)", ["127.0.0.1:80"]),
    ],
)
def test_gevent(tmp_path: Path, made: str, expected: list[str]) -> None:
    run = call(tmp_path, "gevent.pywsgi.WSGIServer.serve_forever", "server.serve_forever()", made=made)
    assert run.failure is None
    assert sockets(run.servers[0]) == expected


def test_dash_takes_host_and_port_from_the_environment(tmp_path: Path) -> None:
    env = {"PORT": "5000", "HOST": "0.0.0.0"}
    assert sockets(call(tmp_path, "dash.Dash.run", "app.run()", env).servers[0]) == ["0.0.0.0:5000"]
    assert sockets(call(tmp_path, "dash.Dash.run", "app.run(port=8050)", env).servers[0]) == ["0.0.0.0:8050"]
    assert call(tmp_path, "dash.Dash.run", "app.run()", {"PORT": "99999"}).failure is not None


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("waitress.serve", "serve(app, bind='0.0.0.0:80')", "no adjustment «bind»"),
        ("waitress.serve", "serve(app, host='0.0.0.0', listen='*:80')", "beside"),
        ("waitress.serve", "serve(app, listen=':80')", "empty host"),
        ("waitress.serve", "serve(app, port='port')", "wants a number"),
        ("waitress.serve", "serve(app, host=None)", "not an address"),
        ("bjoern.run", "run(app, '::', 80)", "IPv4 alone"),
        ("bottle.run", "run(server='gevent')", "monkey.patch_all"),
        ("dash.Dash.run_server", "app.run_server()", "since version 3"),
        ("waitress.serve", "serve(app, trusted_proxy_count=1)", "wants «trusted_proxy»"),
    ],
)
def test_calls_that_raise(tmp_path: Path, name: str, code: str, reason: str) -> None:
    run = call(tmp_path, name, code)
    assert run.failure is not None
    assert reason in run.failure.message


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("waitress-serve --port=$PORT app:app", ["0.0.0.0:$PORT"]),
        ("waitress-serve --listen=*:80 --no-ipv6 app:app", ["0.0.0.0:80"]),
        ("waitress-serve --listen=127.0.0.1:80 --listen=[::]:81 app:app", ["127.0.0.1:80", ":::81"]),
        ("waitress-serve --hos 127.0.0.1 app:app", ["127.0.0.1:8080"]),
        ("waitress-serve --listen=0.0.0.0:$PORT app:app", ["0.0.0.0:$PORT"]),
        ("python -m aiohttp.web -P 80 app:init", ["127.0.0.1:80", "::1:80"]),
        ("python -m gevent.pywsgi app:app", ["0.0.0.0:8080"]),
        ("quart run -p 80", ["127.0.0.1:80"]),
    ],
)
def test_commands(tmp_path: Path, command: str, expected: list[str]) -> None:
    run = start(tmp_path, command)
    assert run.failure is None
    assert sockets(run.servers[0]) == expected


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("waitress-serve app:app --port=80", "exactly one app"),
        ("waitress-serve --port=80", "exactly one app"),
        ("waitress-serve --app=app:app", "not recognized"),
        ("waitress-serve --t app:app", "not a unique prefix"),
        ("waitress-serve --call=yes app:make", "must not have an argument"),
        ("waitress-serve 'app:make()'", "does not understand"),
        ("quart run --bind 0.0.0.0:80", "no such option"),
    ],
)
def test_rejected_commands(tmp_path: Path, command: str, reason: str) -> None:
    run = start(tmp_path, command)
    assert run.failure is not None
    assert reason in run.failure.message


def test_waitress_finds_the_longest_module_where_no_colon_tells(tmp_path: Path) -> None:
    files = {"pkg/__init__.py": "", "pkg/web.py": ""}
    target = start(tmp_path, "waitress-serve pkg.web.app", files).servers[0].target
    assert target is not None
    assert (target.module, target.attribute) == ("pkg.web", "app")
