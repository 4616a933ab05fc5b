from pathlib import Path

import pytest

from adaptable_preflight.model import Tcp, UnknownBind
from tests.servers.starting import sockets, start


@pytest.mark.parametrize(
    ("command", "env", "expected"),
    [
        ("gunicorn app:app", {"PORT": "5000"}, ["0.0.0.0:5000"]),
        ("gunicorn app:app", {}, ["127.0.0.1:8000"]),
        ("gunicorn -p 9000 app:app", {"PORT": "5000"}, ["0.0.0.0:5000"]),
        ("gunicorn -b 0.0.0.0 app:app", {"PORT": "5000"}, ["0.0.0.0:8000"]),
        ("gunicorn --bind= app:app", {"PORT": "5000"}, ["0.0.0.0:8000"]),
        ("gunicorn --bin=:$PORT app:app", {}, ["0.0.0.0:$PORT"]),
        ("gunicorn -b0:$PORT app:app", {}, ["0.0.0.0:$PORT"]),
        ("gunicorn -b tcp://LOCALHOST:08000 app:app", {}, ["127.0.0.1:8000"]),
        ("gunicorn -b [::]:7000 app:app", {}, [":::7000"]),
        ("gunicorn -b :1 -b 127.0.0.1:2 app:app", {}, ["0.0.0.0:1", "127.0.0.1:2"]),
        ("gunicorn -b unix:web.sock app:app", {}, ["unix:web.sock"]),
        ("gunicorn -b $HOST:$PORT app:app", {}, ["$HOST:$PORT"]),
        ("gunicorn app:app", {"GUNICORN_CMD_ARGS": "--bind=0.0.0.0:7 -w 2"}, ["0.0.0.0:7"]),
        ("gunicorn -b :8 app:app", {"GUNICORN_CMD_ARGS": "--bind=0.0.0.0:7"}, ["0.0.0.0:8"]),
        ("python -m gunicorn app:app", {"PORT": "5000"}, ["0.0.0.0:5000"]),
    ],
)
def test_binds(tmp_path: Path, command: str, env: dict[str, str], expected: list[str]) -> None:
    run = start(tmp_path, command, env=env)
    assert (run.failure, run.unknown) == (None, None)
    assert sockets(run.servers[0]) == expected


@pytest.mark.parametrize(
    ("command", "env", "reason", "status"),
    [
        ("gunicorn app:app", {"PORT": ""}, "not a valid port number", 1),
        ("gunicorn -b 0.0.0.0:port app:app", {}, "not a valid port number", 1),
        ("gunicorn -b ::1:8000 app:app", {}, "not a valid port number", 1),
        ("gunicorn -b :70000 app:app", {}, "not between 0 and 65535", 1),
        ("gunicorn -b $PORT app:app", {}, "where the host belongs", 1),
        ("gunicorn -b 8000 app:app", {}, "not an address of the machine", 1),
        ("gunicorn -b *:8000 app:app", {}, "not an address of the machine", 1),
        ("gunicorn -b [::]:80 -b 0.0.0.0:80 app:app", {}, "in use already", 1),
        ("gunicorn -b fd://3 app:app", {}, "as descriptor 3", 1),
        ("gunicorn -b unix:run/web.sock app:app", {}, "run/web.sock» does not exist", 1),
        ("gunicorn --port 80 app:app", {}, "unrecognized arguments: --port", 2),
        ("gunicorn --worker 2 app:app", {}, "ambiguous", 2),
        ("gunicorn -w two app:app", {}, "invalid int value", 2),
        ("gunicorn -w -1 app:app", {}, "below zero", 1),
        ("gunicorn app:app", {"WEB_CONCURRENCY": "auto"}, "WEB_CONCURRENCY", 1),
        ("gunicorn -k eventlet app:app", {}, "eventlet", 1),
        ("gunicorn --chdir src app:app", {}, "no folder «src»", 1),
        ("gunicorn -c other.py app:app", {}, "no configuration file", 1),
        ("gunicorn --certfile cert.pem --keyfile key.pem app:app", {}, "no file «cert.pem»", 1),
        ("gunicorn --pid run/web.pid app:app", {}, "folder of «run/web.pid»", 1),
        ("gunicorn -b :$PORT", {}, "No application module", 1),
        ("gunicorn --log-file= app:app", {}, "without a name", 1),
        ("gunicorn --env A app:app", {}, "no NAME=VALUE", 1),
        ("gunicorn --reload-extra-file none.txt app:app", {}, "no file «none.txt»", 1),
        ("gunicorn --worker-tmp-dir none app:app", {}, "no folder «none»", 1),
        ("gunicorn --log-config none.conf app:app", {}, "no file «none.conf»", 1),
        ("gunicorn --http-protocols h1,h3 app:app", {}, "neither h1 nor h2", 1),
        ("gunicorn --forwarded-allow-ips 10.0.0.1/8 app:app", {}, "not an address", 1),
        ("gunicorn app:app", {"GUNICORN_CMD_ARGS": '"'}, "quotation marks", 1),
        ("gunicorn app:app", {"GUNICORN_CMD_ARGS": "--nope"}, "unrecognized", 2),
        ("gunicorn app:app", {"LISTEN_FDS": "x"}, "LISTEN_FDS", 1),
        ("gunicorn app:site.app", {}, "does not understand", 4),
        ("gunicorn platform:app", {}, "imported already", 4),
        ("gunicorn --help", {}, "print a text", 0),
    ],
)
def test_failures_name_the_reason_and_keep_the_server(
    tmp_path: Path, command: str, env: dict[str, str], reason: str, status: int
) -> None:
    run = start(tmp_path, command, env=env)
    assert run.failure is not None
    assert reason in run.failure.message
    assert run.status == status
    assert run.servers[0].name == "gunicorn"


@pytest.mark.parametrize(
    ("options", "env", "worker_class", "workers", "threads"),
    [
        ("", {}, "sync", 1, 1),
        ("", {"WEB_CONCURRENCY": "4"}, "sync", 4, 1),
        ("-w 2", {"WEB_CONCURRENCY": "4"}, "sync", 2, 1),
        ("--thread 4", {}, "gthread", 1, 4),
        ("-k sync --threads=3", {}, "gthread", 1, 3),
        ("-k gthread", {}, "gthread", 1, 1),
        ("-k gevent --threads 4 -w 3", {}, "gevent", 3, 1),
        ("--threads 0", {}, "sync", 1, 1),
        ("-w $WORKERS", {}, "sync", None, 1),
        ("-w 08 -m 022", {}, "sync", 8, 1),
    ],
)
def test_concurrency(
    tmp_path: Path, options: str, env: dict[str, str], worker_class: str, workers: int | None, threads: int
) -> None:
    server = start(tmp_path, f"gunicorn {options} app:app", env=env).servers[0]
    assert (server.worker_class, server.workers, server.threads) == (worker_class, workers, threads)


def test_threads_that_an_event_loop_ignores_are_pointed_at(tmp_path: Path) -> None:
    server = start(tmp_path, "gunicorn -k gevent --threads 4 app:app").servers[0]
    assert server.ignored_threads is not None
    assert server.ignored_threads.column == len("gunicorn -k gevent --threads ") + 1


def test_a_file_that_is_not_seen_leaves_open_what_it_decides(tmp_path: Path) -> None:
    server = start(tmp_path, "gunicorn -k gevent -c /etc/conf.py app:app").servers[0]
    assert (server.ignored_threads, server.workers) == (None, None)
    assert [type(bind) for bind in server.binds] == [UnknownBind]


def test_the_configuration_file_stands_between_variables_and_options(tmp_path: Path) -> None:
    files = {"gunicorn.conf.py": "bind = '127.0.0.1:9'\nworkers = '3'\nthreads = 2\nBIND = 'ignored'\n"}
    server = start(tmp_path, "gunicorn -w 5 app:app", files, {"PORT": "5000", "WEB_CONCURRENCY": "9"}).servers[0]
    assert sockets(server) == ["127.0.0.1:9"]
    assert (server.workers, server.worker_class) == (5, "gthread")


@pytest.mark.parametrize("text", ["bind = 8000", "workers = None", "workers = 'many'", "preload_app = 1", "bind = [1]"])
def test_values_that_the_configuration_file_cannot_hold(tmp_path: Path, text: str) -> None:
    run = start(tmp_path, "gunicorn app:app", {"gunicorn.conf.py": text})
    assert run.failure is not None
    assert run.status == 1


def test_a_hook_that_raises_ends_gunicorn(tmp_path: Path) -> None:
    files = {"gunicorn.conf.py": "def when_ready(server):\n    raise SystemExit(9)\n"}
    run = start(tmp_path, "gunicorn app:app", files)
    assert run.failure is not None
    assert run.failure.span.path == "gunicorn.conf.py"


def test_the_bind_points_at_the_smallest_text(tmp_path: Path) -> None:
    bind = start(tmp_path, "gunicorn --bind=127.0.0.1:$PORT app:app").servers[0].binds[0]
    assert isinstance(bind, Tcp)
    assert (bind.span.column, bind.span.end_column, bind.implied) == (17, 32, False)
    implied = start(tmp_path, "gunicorn app:app").servers[0].binds[0]
    assert isinstance(implied, Tcp)
    assert (implied.span.column, implied.span.end_column, implied.implied) == (1, 9, True)


@pytest.mark.parametrize(
    ("target", "module", "attribute", "call"),
    [
        ("wsgi", "wsgi", "application", False),
        ("pkg.web:site", "pkg.web", "site", False),
        ("'app:make()'", "app", "make", True),
        ("'app:make(debug=False)'", "app", "make", True),
    ],
)
def test_targets(tmp_path: Path, target: str, module: str, attribute: str, call: bool) -> None:
    server = start(tmp_path, f"gunicorn --pythonpath lib --chdir src {target}", {"src/x": ""}).servers[0]
    assert server.target is not None
    assert (server.target.module, server.target.attribute, server.target.call) == (module, attribute, call)
    assert server.target.folders == ("src/lib", "src", "")


def test_a_uvicorn_worker_makes_the_app_by_itself(tmp_path: Path) -> None:
    server = start(tmp_path, "gunicorn -k uvicorn.workers.UvicornWorker app:make").servers[0]
    assert server.interface == "asgi"
    assert server.target is not None
    assert server.target.call is None


@pytest.mark.parametrize(
    ("options", "files", "tls"),
    [
        ("--certfile c.pem --keyfile k.pem", {"c.pem": "CERT", "k.pem": "PRIVATE KEY"}, True),
        ("--certfile c.pem", {"c.pem": "PRIVATE KEY"}, True),
        ("--certfile c.pem", {"c.pem": "CERTIFICATE"}, False),
        ("--ca-certs c.pem", {"c.pem": ""}, False),
    ],
)
def test_tls_needs_a_certificate_and_a_key(tmp_path: Path, options: str, files: dict[str, str], tls: bool) -> None:
    assert bool(start(tmp_path, f"gunicorn {options} app:app", files).servers[0].tls) is tls


def test_a_daemon_listens_and_is_remarked_upon(tmp_path: Path) -> None:
    run = start(tmp_path, "gunicorn -D app:app")
    assert run.stays
    assert [remark.kind for remark in run.remarks] == ["detached"]


@pytest.mark.parametrize("options", ["-k some.module.Worker", "--user webuser", "--logger-class some.module.Logger"])
def test_what_only_the_machine_can_tell_is_unknown(tmp_path: Path, options: str) -> None:
    run = start(tmp_path, f"gunicorn {options} app:app")
    assert run.failure is None
    assert run.unknown is not None
