"""Programs that start another program."""

import pytest

from tests.start.conftest import Runs

FILES = {
    ".env": "PORT=7\nNAME='a b' # note\nexport URL=http://${PORT}\n",
    "other.env": "PORT=8\n",
    "Pipfile": '[scripts]\nweb = "serve -b $PORT"\ncall = {call = "a:b"}\n',
    "pyproject.toml": (
        '[tool.poetry.scripts]\nown = "a:b"\n[tool.pdm.scripts]\nweb = "serve pdm"\nall = {shell = "cd src && serve $PWD"}\n'
        '[tool.hatch.envs.default.scripts]\nweb = "serve hatch"\nmany = ["echo a", "serve many"]\n'
    ),
    "Procfile": "web: serve web $PORT\nworker: sleep 100\n",
    "Procfile.two": "one: serve 1 $PORT\ntwo: serve 2 $PORT\n",
    "Makefile": "P ?= 5\nall: web\nweb: first\n\t@serve make $(PORT) $$HOME $(P)\nfirst:\n\t-false\n",
    "supervisord.conf": (
        "[supervisord]\nnodaemon=true\n[program:web]\ncommand=serve %(ENV_PORT)s ; note\ndirectory=src\n"
        'environment=A="1",B=2\n[program:off]\ncommand=serve off\nautostart=false\n'
    ),
    "bad.conf": "[program:web]\ncommand=serve %(ENV_NOPE)s\n",
    "src/x.py": "",
}


@pytest.mark.parametrize(
    ("command", "served"),
    [
        ("env -i PORT=1 /usr/bin/serve a", ["a"]),
        ("env -u PORT serve $PORT", ["9"]),
        ("nohup nice -n 5 ionice -c 2 setsid serve a", ["a"]),
        ("timeout -k 5 60 serve a", ["a"]),
        ("dumb-init -- serve a", ["a"]),
        ("tini -g -- serve a", ["a"]),
        ("gosu app serve a", ["a"]),
        ("newrelic-admin run-program serve a", ["a"]),
        ("ddtrace-run serve a", ["a"]),
        ("opentelemetry-instrument --traces_exporter console serve a", ["a"]),
        ("conda run -n web --no-capture-output serve a", ["a"]),
        ("dotenv run sh -c 'serve $PORT $NAME $URL'", ["7 a b http://7"]),
        ("dotenv -f other.env run --no-override sh -c 'serve $PORT'", ["9"]),
        ("pipenv run web", ["-b 7"]),
        ("pipenv run serve '$PORT'", ["7"]),
        ("poetry run serve a", ["a"]),
        ("uv run --no-dev --extra web serve a", ["a"]),
        ("uv run --env-file other.env -- sh -c 'serve $PORT'", ["9"]),
        ("pdm run web x", ["pdm x"]),
        ("hatch run web x", ["hatch x"]),
        ("hatch run many", ["many"]),
        ("honcho start", ["web 7"]),
        ("honcho -e none start web", ["web 9"]),
        ("honcho -e none -f Procfile.two start", ["1 9", "2 109"]),
        ("honcho run serve a", ["a"]),
        ("make", ["make 9 h 5"]),
        ("make web P=6 PORT=3", ["make 3 h 6"]),
        ("supervisord -c supervisord.conf", ["9"]),
        ("watchfiles 'serve a' src", ["a"]),
        ("watchmedo auto-restart -d src -p '*.py' -R -- serve a", ["a"]),
    ],
)
def test_what_is_started(run: Runs, command: str, served: list[str]) -> None:
    _, recorder = run(command, FILES, env={"PORT": "9", "HOME": "h"})
    assert recorder.served == served


@pytest.mark.parametrize(
    "command",
    [
        "dotenv -f none.env run serve a",
        "honcho start nope",
        "make nope",
        "supervisord -c none.conf",
        "supervisord -c bad.conf",
        "sh -c 'cd src && honcho start'",
    ],
)
def test_what_fails(run: Runs, command: str) -> None:
    result, recorder = run(command, FILES, env={"PORT": "9"})
    assert result.failure is not None
    assert not recorder.served


@pytest.mark.parametrize(
    "command", ["poetry run own", "pipenv run call", "npm start", "timeout 5 serve a", "honcho -f /Procfile start"]
)
def test_what_cannot_be_told(run: Runs, command: str) -> None:
    result, _ = run(command, FILES, env={"PORT": "9"})
    assert result.unknown is not None


def test_a_function_of_make_is_not_handed_to_a_shell(run: Runs) -> None:
    makefile = "ARGUMENTS = $(filter-out $@,$(MAKECMDGOALS))\nweb:\n\tserve $(ARGUMENTS)\n"
    result, _ = run("make web", {"Makefile": makefile})
    assert (result.failure, len(result.servers)) == (None, 1)
    assert result.unknown is not None
    assert "filter-out $@,$(MAKECMDGOALS)" in result.unknown.why


def test_folders_and_variables_of_a_supervised_program(run: Runs) -> None:
    _, recorder = run("supervisord -n", FILES, env={"PORT": "9"})
    assert recorder.launches[0].folder == "src"
    assert {"A", "B"} <= set(recorder.launches[0].env.variables)


def test_a_symbolic_port_passes_through(run: Runs) -> None:
    _, recorder = run("make web", FILES)
    assert recorder.served == ["make $PORT … ${P:-5}"]  # nobody knows HOME here
