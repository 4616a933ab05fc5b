"""hypercorn, daphne and granian."""

from pathlib import Path

import pytest

from adaptable_preflight.value import Thing
from tests.servers.starting import sockets, start

TOML = {"h.toml": 'bind = ["0.0.0.0:7000"]\nworkers = 3\n'}


@pytest.mark.parametrize(
    ("command", "files", "env", "expected"),
    [
        ("hypercorn main:app", {}, {"PORT": "5000", "WEB_CONCURRENCY": "4"}, ["127.0.0.1:8000"]),
        ("hypercorn -b :$PORT main:app", {}, {}, ["0.0.0.0:$PORT"]),
        ("hypercorn -b [::]:80 -b 127.0.0.1:81 main:app", {}, {}, [":::80", "127.0.0.1:81"]),
        ("hypercorn -b ::1:80 main:app", {}, {}, ["::1:80"]),
        ("hypercorn -b unix:web.sock main:app", {}, {}, ["unix:web.sock"]),
        ("hypercorn -c h.toml main:app", TOML, {}, ["0.0.0.0:7000"]),
        ("hypercorn -c file:conf.py main:app", {"conf.py": "bind = ':9'"}, {}, ["0.0.0.0:9"]),
        ("hypercorn --insecure-bind :80 main:app", {}, {}, ["127.0.0.1:8000"]),
        ("daphne main:app", {}, {}, ["127.0.0.1:8000"]),
        ("daphne -p 80 main:app", {}, {}, ["127.0.0.1:80"]),
        ("daphne -b 0.0.0.0 main:app", {}, {}, ["0.0.0.0:8000"]),
        ("daphne -b [::] -p $PORT main:app", {}, {}, [":::$PORT"]),
        ("daphne -u web.sock main:app", {}, {}, ["unix:web.sock"]),
        ("daphne -e tcp:port=80:interface=127.0.0.1 main:app", {}, {}, ["127.0.0.1:80"]),
        ("daphne -e tcp:$PORT main:app", {}, {}, ["0.0.0.0:$PORT"]),
        ("granian main:app", {}, {}, ["127.0.0.1:8000"]),
        ("granian main:app --port 80", {}, {"GRANIAN_HOST": "0.0.0.0", "GRANIAN_PORT": "90"}, ["0.0.0.0:80"]),
        ("granian --metrics --interface ASGI main:app", {}, {}, ["127.0.0.1:8000", "127.0.0.1:9090"]),
    ],
)
def test_binds(tmp_path: Path, command: str, files: dict[str, str], env: dict[str, str], expected: list[str]) -> None:
    run = start(tmp_path, command, files, env)
    assert (run.failure, run.unknown) == (None, None)
    assert sockets(run.servers[0]) == expected


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        ("hypercorn -b 0.0.0.0:port main:app", {}, "not an address"),
        ("hypercorn -c none.toml main:app", {}, "no configuration file"),
        ("hypercorn -c h.toml main:app", {"h.toml": "bind = :80"}, "not TOML"),
        ("hypercorn -c python:conf main:app", {"conf.py": ""}, "no module"),
        ("hypercorn -k gevent main:app", {}, "no worker class"),
        ("hypercorn -b :80 -b :80 main:app", {}, "in use already"),
        ("hypercorn", {}, "argument is missing"),
        ("daphne -b 0.0.0.0:80 main:app", {}, "not an address"),
        ("daphne main", {}, "module:attribute"),
        ("daphne -p '' main:app", {}, "invalid int value"),
        ("daphne -e ssl:443 main:app", {}, "no file «server.pem»"),
        ("daphne -e tcp: main:app", {}, "not a port"),
        ("daphne --proxy-headers-host X main:app", {}, "needs --proxy-headers"),
        ("granian --host localhost main:app", {}, "wants an IP address"),
        ("granian --workers 0 main:app", {}, "not a valid int"),
        ("granian --interface asgi --blocking-threads 4 main:app", {}, "WSGI alone"),
        ("granian --bind 0.0.0.0:80 main:app", {}, "no such option"),
    ],
)
def test_failures(tmp_path: Path, command: str, files: dict[str, str], reason: str) -> None:
    run = start(tmp_path, command, files)
    assert run.failure is not None
    assert reason in run.failure.message


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("hypercorn main", ("main", "app", ("",))),
        ("hypercorn src/main.py:site.app", ("main", "site.app", ("src",))),
        ("hypercorn wsgi:pkg.web:app", ("pkg.web", "app", ("",))),
        ("granian main", ("main", "app", ("",))),
        ("granian pkg/web.py:site", ("pkg.web", "site", ("",))),
        ("granian --working-dir src main:app", ("main", "app", ("", "src"))),
    ],
)
def test_targets(tmp_path: Path, command: str, expected: tuple[object, ...]) -> None:
    target = start(tmp_path, command, {"pkg/__init__.py": "", "src/main.py": ""}).servers[0].target
    assert target is not None
    assert (target.module, target.attribute, tuple(f for f in target.folders if f in expected[2])) == expected  # type: ignore[operator]


def test_hypercorn_needs_certificate_and_key_for_tls(tmp_path: Path) -> None:
    files = {"c.pem": "", "k.pem": ""}
    assert not start(tmp_path, "hypercorn --certfile c.pem main:app", files).servers[0].tls
    assert start(tmp_path, "hypercorn --certfile c.pem --keyfile k.pem main:app", files).servers[0].tls


def test_hypercorn_in_code_takes_the_attributes_of_its_configuration(tmp_path: Path) -> None:
    from adaptable_preflight.checkout import Checkout
    from adaptable_preflight.model import Call, Environment, Run
    from adaptable_preflight.read import servers
    from adaptable_preflight.read.context import Context
    from adaptable_preflight.source import Span
    from adaptable_preflight.value import Argument, Items, Known, Unknown
    from tests.servers.starting import Assignments

    span = Span("main.py", 1, 1, 1, 2)
    config = Thing("hypercorn.config.Config", attributes=(("bind", Items((Known("0.0.0.0:80"),))),))
    call = Call("hypercorn.asyncio.serve", span, (Argument(Thing("app"), span), Argument(config, span)), "import")
    reader = servers.call_reader(call.name)
    assert reader is not None
    checkout = Checkout(str(tmp_path))
    context = Context(checkout, Assignments(checkout), lambda launch: Run(unknown=Unknown("")))
    run = reader(call, Environment({}, closed=True), context)
    assert sockets(run.servers[0]) == ["0.0.0.0:80"]
