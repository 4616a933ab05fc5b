"""Programs that open no socket: what becomes of a start command when one of them is run.

The tables hold what people put in front of a server. A deploy relies on these steps to succeed, so they are taken to.
"""

from collections.abc import Callable

from adaptable_preflight.model import Launch, Remark, Run, Word
from adaptable_preflight.value import Unknown


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENDS_WELL = _names("""
    echo printf mkdir cp mv rm ln touch chmod chown cat ls pwd date printenv id whoami uname which dirname basename
    tar unzip gunzip sed awk cut head tr sort uniq tee xxd base64 find true sync mktemp install hostname stat wc
    pip pip3 pip2 pipx easy_install apt apt-get apk yum git alembic aerich pybabel black isort flake8 pytest
    coverage mypy ruff tsc webpack psql pg_dump pg_restore createdb dropdb mysql sqlite3 mongosh redis-cli openssl
    ssh-keygen aws gcloud az envsubst stty clear logger sysctl service update-ca-certificates locale-gen fc-cache
""")
CHECKS = _names("nc ncat netcat pg_isready curl wget ping grep egrep fgrep diff cmp mysqladmin pgrep ps")
"""Programs that look at something outside: whether they succeed cannot be told."""
_NEEDS_FILES = _names("cat ls head wc stat cp mv rm chmod chown tar unzip gunzip")
SLOW = _names("pip pip2 pip3 pipx easy_install apt apt-get apk yum npm yarn pnpm")
PACKAGE_MANAGERS = _names("npm yarn pnpm")
"""Programs that either install packages or run what a file of theirs says."""
WORKERS = _names("""
    celery rq rqworker rqscheduler huey_consumer huey_consumer.py dramatiq arq faust procrastinate taskiq cron crond
    airflow prefect
""")
"""Programs that work through a queue or a timetable and serve no HTTP."""
FOREIGN = _names("""
    node nodemon deno bun npx ruby rails bundle rackup puma unicorn thin java javac gradle mvn mvnw go php php-fpm
    heroku-php-apache2 heroku-php-nginx apache2 httpd apachectl apache2-foreground nginx caddy traefik haproxy dotnet
    cargo mix elixir erl perl R Rscript sbt scala swift docker docker-compose podman jupyter jupyter-lab
    jupyter-notebook voila panel bokeh mlflow chainlit rasa solara chalice passenger ray vllm shiny twist twistd
""")
"""Programs that may well serve HTTP, in a way that this tool does not read."""

FRONTS = _names("nginx caddy traefik haproxy apache2 httpd apachectl")
"""Those of them that hand on what they get, often to a unix socket."""

_SERVICES = _names("service systemctl rc-service")

OBSERVED_SECONDS = 12
"""When after the start it is looked at what listens."""

_MANAGEMENT = _names("""
    migrate collectstatic makemigrations loaddata createsuperuser compilemessages check clearsessions syncdb
    createcachetable flush compress rebuild_index update_index sqlmigrate showmigrations help version
""")
_MIGRATIONS = frozenset({"migrate", "syncdb"})
_FLASK_VALUE_OPTIONS = frozenset({"-A", "--app", "-e", "--env-file"})


def is_known(name: str) -> bool:
    """Whether a program of that name is one of the tables."""
    return name in ENDS_WELL or name in CHECKS or name in WORKERS


def on_files(launch: Launch, exists: Callable[[str], bool | None]) -> Run | None:
    """Return what becomes of a program that fails where a file is missing. `exists`: None where that is open."""
    name = launch.program
    if name not in _NEEDS_FILES or any(word.text is None for word in launch.words):
        return None
    texts = [word.text or "" for word in launch.words[1:]]
    options = "".join(text for text in texts if text.startswith("-"))
    operands = [text for text in texts if not text.startswith("-")]
    if name in ("cp", "mv"):
        operands = operands[:-1]
    elif name in ("chmod", "chown"):
        operands = operands[1:]
    if "f" in options and name == "rm":
        return Run()
    found = [exists(path) for path in operands]
    if all(found):
        return None
    return Run(status=1 if False in found else None)


def _front(launch: Launch) -> str:
    """Return the program that hands on what it gets, if one is started, be it as a service; else an empty text."""
    asked = [launch.program] if launch.program not in _SERVICES else [word.text or "" for word in launch.words[1:]]
    return next((name for name in asked if name in FRONTS), "")


def quick(launch: Launch) -> Run | None:
    """Return what becomes of a program that opens no socket; None where it is none of the tables."""
    name, span = launch.program, launch.words[0].span
    front = _front(launch)
    if front:
        remark = Remark("front-server", f"«{front}» may stand in front", span)
        return Run(unknown=Unknown(f"what «{front}» does is not known", span), status=None, remarks=(remark,))
    if name in ENDS_WELL:
        return Run(remarks=_slow(launch))
    if name in CHECKS:
        return Run(status=None)
    if name in WORKERS:
        return Run(remarks=(Remark("worker-program", f"«{name}» serves no HTTP", span),))
    if name in FOREIGN:
        return Run(unknown=Unknown(f"what «{name}» does is not known", span), status=None)
    if name in PACKAGE_MANAGERS:
        return _package_manager(launch)
    if name == "sleep":
        return _sleep(launch)
    if name == "tail" and any(word.text in ("-f", "-F", "--follow") for word in launch.words):
        return Run(remarks=(Remark("worker-program", "«tail -f» serves no HTTP", span),))
    return Run() if name in ("tail", "wait-for-it", "wait-for-it.sh") and len(launch.words) > 1 else None


def _package_manager(launch: Launch) -> Run:
    """Tell `npm install`, which ends, from `npm start`, which runs what a file says."""
    texts = [word.text for word in launch.words[1:]]
    if texts[:1] in (["install"], ["ci"], ["i"], ["add"], []) or texts[:2] in (["run", "build"], ["build"]):
        return Run(remarks=_slow(launch))
    why = Unknown(f"what «{launch.program} {texts[0] or ''}» starts is not read", launch.words[0].span)
    return Run(unknown=why, status=None)


def _slow(launch: Launch) -> tuple[Remark, ...]:
    name = launch.program
    texts = [word.text for word in launch.words[1:]]
    if name == "alembic" and "upgrade" in texts:
        return (Remark("migration", "«alembic upgrade» runs before the server starts", launch.words[0].span),)
    if name in SLOW and any(text in ("install", "ci", "i", "add", "sync", "update") for text in texts):
        return (Remark("slow-step", f"«{name} {texts[0]}» runs before the server starts", launch.words[0].span),)
    return ()


def _sleep(launch: Launch) -> Run:
    seconds = duration(launch.words[1]) if len(launch.words) > 1 else 0.0
    span = launch.words[0].span
    if seconds is None or seconds > 10_000:
        return Run(remarks=(Remark("worker-program", "«sleep» serves no HTTP", span),))
    if seconds >= 5:
        return Run(remarks=(Remark("slow-step", f"«sleep» waits {seconds:g} seconds", span, seconds),))
    return Run()


def duration(word: Word) -> float | None:
    """Return the seconds that an argument of `sleep` or `timeout` stands for; None for `infinity` and the unknown."""
    text = word.text or ""
    unit = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(text[-1:], 0)
    try:
        seconds = float(text[:-1] if unit else text) * (unit or 1)
    except ValueError:
        return None
    return seconds if seconds < float("inf") else None


def management(words: tuple[Word, ...]) -> Run | None:
    """Return what becomes of `manage.py COMMAND` where the command ends by itself; the first word names the program."""
    command = next((word for word in words[1:] if not (word.text or "-").startswith("-")), None)
    if command is None or command.text not in _MANAGEMENT:
        return None
    if command.text in _MIGRATIONS:
        return Run(remarks=(Remark("migration", f"«{command.text}» runs before the server starts", command.span),))
    if command.text == "collectstatic":
        return Run(
            remarks=(Remark("static-files", "static files are collected before the server starts", command.span),)
        )
    return Run()


def flask_command(words: tuple[Word, ...]) -> Run | None:
    """Return what becomes of `flask COMMAND` where the command is not `run`; the first word names the program."""
    rest = list(words[1:])
    while rest and (rest[0].text or "").startswith("-"):
        takes = rest[0].text in _FLASK_VALUE_OPTIONS
        if rest[0].text in ("--help", "--version"):
            return None
        rest = rest[1 + takes :]
    if not rest or rest[0].text in ("run", None):
        return None
    texts = [word.text for word in rest[:2]]
    if texts == ["db", "upgrade"]:
        return Run(remarks=(Remark("migration", "«flask db upgrade» runs before the server starts", rest[0].span),))
    return Run() if texts[0] in ("db", "routes", "shell", "init-db", "seed", "translate", "assets") else None
