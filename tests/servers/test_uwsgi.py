from pathlib import Path

import pytest

from tests.servers.starting import sockets, start


def ini(text: str) -> dict[str, str]:
    return {"u.ini": f"[uwsgi]\nmodule = app:app\n{text}\n"}


@pytest.mark.parametrize(
    ("command", "files", "expected"),
    [
        ("uwsgi --http :$PORT -w app:app", {}, ["0.0.0.0:$PORT"]),
        ("uwsgi --http-socket=localhost:80 -w app:app", {}, ["127.0.0.1:80"]),
        ("uwsgi --http-socket [::]:80 -w app:app", {}, [":::80"]),
        ("uwsgi -s web.sock -w app:app", {}, ["unix:web.sock"]),
        ("uwsgi --http 8000 -w app:app", {}, ["unix:8000"]),
        ("uwsgi --http-socket web:80 -w app:app", {}, ["255.255.255.255:80"]),
        ("uwsgi --http-socket :70000 -w app:app", {}, ["0.0.0.0:4464"]),
        ("uwsgi --shared-socket :80 --http =0 -w app:app", {}, ["0.0.0.0:80"]),
        ("uwsgi --set http-socket=:80 -w app:app", {}, ["0.0.0.0:80"]),
        ("uwsgi u.ini", ini("http-socket = :80 ; comment"), ["0.0.0.0:80"]),
        ("uwsgi u.ini", ini("http-socket = 0.0.0.0:$(WEB)"), ["0.0.0.0:7000"]),
        ("uwsgi u.ini", ini("p = 81\nhttp-socket = :%(p)"), ["0.0.0.0:81"]),
        ("uwsgi --set-ph p=82 u.ini", ini("http-socket = :%(p)"), ["0.0.0.0:82"]),
        (
            "uwsgi u.ini",
            ini("if-env = WEB\nhttp-socket = :%(_)\nendif =\nhttp-socket = :1"),
            ["0.0.0.0:7000", "0.0.0.0:1"],
        ),
        ("uwsgi u.ini", ini("if-not-env = WEB\nhttp-socket = :2\nendif =\nhttp-socket = :1"), ["0.0.0.0:1"]),
        ("uwsgi u.ini", ini("ini = b.ini") | {"b.ini": "[uwsgi]\nhttp-socket = :83\n"}, ["0.0.0.0:83"]),
        ("uwsgi --ini u.ini:prod", {"u.ini": "[uwsgi]\nsocket = :1\n[prod]\nsocket = :2\n"}, ["0.0.0.0:2"]),
        ("uwsgi --yaml u.yaml", {"u.yaml": "uwsgi:\n  http-socket: :84 # web\n"}, ["0.0.0.0:84"]),
        ("uwsgi u.xml", {"u.xml": "<uwsgi><http-socket>:85</http-socket><master/></uwsgi>"}, ["0.0.0.0:85"]),
    ],
)
def test_sockets(tmp_path: Path, command: str, files: dict[str, str], expected: list[str]) -> None:
    run = start(tmp_path, command, files, {"WEB": "7000"})
    assert (run.failure, run.unknown) == (None, None)
    assert sockets(run.servers[0]) == expected


def test_a_dollar_sign_in_a_file_is_no_variable(tmp_path: Path) -> None:
    server = start(tmp_path, "uwsgi u.ini", ini("http-socket = :$PORT"), {"PORT": "80"}).servers[0]
    assert sockets(server) == ["0.0.0.0:$PORT"]


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        ("uwsgi -w app:app", {}, "told no socket"),
        ("uwsgi app.py", {}, "cannot load a configuration"),
        ("uwsgi none.ini", {}, "no configuration file"),
        ("uwsgi --host 0.0.0.0 -w app:app", {}, "not recognized"),
        ("uwsgi --http-socket 1.2.3.4:80 -w app:app", {}, "not an address"),
        ("uwsgi --http-socket run/web.sock -w app:app", {}, "does not exist"),
        ("uwsgi --http-socket :80 --http-socket 127.0.0.1:80", {}, "in use already"),
        ("uwsgi --http-socket :80 --chdir src -w app:app", {}, "no folder «src»"),
        ("uwsgi --http-socket :80 --processes two -w app:app", {}, "«two» processes"),
        ("uwsgi --http-socket :80 --listen 10000 -w app:app", {}, "listen queue"),
        ("uwsgi --http-socket :80 --need-app", {}, "needs an app"),
        ("uwsgi --https :443,c.pem,k.pem -w app:app", {}, "no file «c.pem»"),
        ("uwsgi u.ini", ini("strict = true\nhttp-socket = :80\nport = 80"), "no option «port»"),
        ("uwsgi u.ini", {"u.ini": "http-socket = :80\n"}, "told no socket"),
    ],
)
def test_failures(tmp_path: Path, command: str, files: dict[str, str], reason: str) -> None:
    run = start(tmp_path, command, files)
    assert run.failure is not None
    assert reason in run.failure.message


@pytest.mark.parametrize("command", ["uwsgi --ini $WHERE/u.ini", "uwsgi --need-app --ini $WHERE"])
def test_a_file_that_nobody_knows_may_hold_what_is_missing(tmp_path: Path, command: str) -> None:
    run = start(tmp_path, command, ini("http-socket = :80"))
    assert run.failure is None
    assert run.unknown is not None
    assert run.servers[0].parallel is None


@pytest.mark.parametrize(
    "block",
    [
        "if-file = /etc/own.ini\nini = %(_)\nendif =",
        "if-exists = own.ini\nini = own.ini\nelse =\nini = other.ini\nendif =",
        "for = a b\nini = %(_).ini\nendfor =",
    ],
)
def test_no_option_of_an_undecided_block_is_claimed(tmp_path: Path, block: str) -> None:
    run = start(tmp_path, "uwsgi u.ini", ini(f"http-socket = :80\n{block}"))
    assert run.failure is None
    assert run.unknown is not None
    assert sockets(run.servers[0]) == ["0.0.0.0:80"]


def test_options_that_a_build_with_pcre_has(tmp_path: Path) -> None:
    text = "strict = true\nhttp-socket = :80\nroute = ^/x break:404\nerror-route-status = 404 goto:x\nlog-drain = /up"
    run = start(tmp_path, "uwsgi u.ini", ini(text))
    assert (run.failure, run.unknown) == (None, None)


def test_variables_are_options_and_the_command_line_comes_later(tmp_path: Path) -> None:
    env = {"UWSGI_HTTP_SOCKET": ":80", "UWSGI_PROCESSES": "2"}
    server = start(tmp_path, "uwsgi -w app:app -p 3", env=env).servers[0]
    assert sockets(server) == ["0.0.0.0:80"]
    assert server.workers == 3


@pytest.mark.parametrize(
    ("options", "workers", "parallel"),
    [("", 1, 1), ("-p 4 --threads 2", 4, 8), ("-p 4 --cheaper 2", 2, 4), ("--gevent 100", 1, 100)],
)
def test_concurrency(tmp_path: Path, options: str, workers: int, parallel: int) -> None:
    server = start(tmp_path, f"uwsgi --http :80 {options} -w app:app").servers[0]
    assert (server.workers, server.parallel) == (workers, parallel)


@pytest.mark.parametrize(
    ("options", "module", "attribute", "folder"),
    [
        ("-w app:app", "app", "app", ""),
        ("--module app --callable make()", "app", "make", ""),
        ("--wsgi-file src/web.py --callable app", "web", "app", ""),
        ("--mount /=app.py", "app", "application", ""),
        ("--chdir src -w web", "web", "application", "src"),
    ],
)
def test_targets(tmp_path: Path, options: str, module: str, attribute: str, folder: str) -> None:
    server = start(tmp_path, f"uwsgi --http :80 {options}", {"src/web.py": ""}).servers[0]
    assert server.target is not None
    assert (server.target.module, server.target.attribute, server.target.folders[0]) == (module, attribute, folder)
    assert server.serves_without_app


def test_a_daemon_is_remarked_upon_and_tls_is_pointed_at(tmp_path: Path) -> None:
    run = start(tmp_path, "uwsgi --https :443,c.pem,k.pem --daemonize u.log", {"c.pem": "", "k.pem": ""})
    assert [remark.kind for remark in run.remarks] == ["detached"]
    assert run.servers[0].tls


@pytest.mark.parametrize(
    ("options", "module", "attribute", "file"),
    [
        ("-w site.wsgi", "site.wsgi", "application", ""),
        ("-w site.wsgi:app", "site.wsgi", "app", ""),
        ("--wsgi-file src/web.wsgi", "web", "application", "src/web.wsgi"),
        ("--mount /=src/web.py", "web", "application", "src/web.py"),
        ("--mount /=site.wsgi:app", "site", "app", "site.wsgi"),
        ("--wsgi-file src/web.py -w app:app", "app", "app", ""),
    ],
)
def test_a_module_is_no_file_whatever_its_name_ends_with(
    tmp_path: Path, options: str, module: str, attribute: str, file: str
) -> None:
    target = start(tmp_path, f"uwsgi --http :80 {options}").servers[0].target
    assert target is not None
    assert (target.module, target.attribute, target.file) == (module, attribute, file)


def test_statistics_are_told_aside(tmp_path: Path) -> None:
    server = start(tmp_path, "uwsgi --http :80 --stats 127.0.0.1:1717 -w app:app").servers[0]
    assert sockets(server) == ["0.0.0.0:80"]
    assert len(server.aside) == 1


def test_what_runs_beside_is_remarked_upon(tmp_path: Path) -> None:
    files = ini("http = :80\ncron = 0 3 -1 -1 -1 python clean.py\nspooler = jobs\nmule = true")
    run = start(tmp_path, "uwsgi u.ini", files)
    assert [remark.kind for remark in run.remarks] == ["timetable", "background-command", "background-command"]


def test_parts_of_the_files_own_path(tmp_path: Path) -> None:
    text = "[uwsgi]\nhttp = :80\nmodule = site_%n.wsgi:app\nchdir = %d\npidfile = %d/u.pid\n"
    server = start(tmp_path, "uwsgi conf/api.ini", {"conf/api.ini": text}).servers[0]
    assert server.target is not None
    assert (server.target.module, server.target.folders) == ("site_api.wsgi", ("conf",))
