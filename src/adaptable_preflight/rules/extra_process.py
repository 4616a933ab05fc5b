"""`extra-process`: the Procfile lists processes that the platform does not run."""

import itertools
from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, Process

ID = "extra-process"
CLAUSE = "server"
SEVERITY = Severity.WARNING
SUMMARY = "The Procfile lists processes beside the web process that the platform will not run."


_TOPICS = {
    "ps": {"scale", "restart", "stop", "resize", "type", "wait", "exec"},
    "dyno": {"scale", "restart", "stop", "resize", "type", "kill"},
    "config": {"set", "get", "unset", "edit"},
    "buildpacks": {"add", "set", "clear", "remove"},
    "addons": {"create", "attach", "open", "wait"},
    "git": {"remote", "clone"},
    "stack": {"set"},
    "labs": {"enable", "disable"},
    "features": {"enable", "disable"},
    "domains": {"add", "remove"},
    "apps": {"create", "destroy", "info", "rename"},
    "pg": {"push", "pull", "reset", "info", "promote", "psql"},
    "run": {"detached", "inside"},
}
"""Commands of Heroku's command line, which are written `topic:command` as a process is written `name: command`
(https://devcenter.heroku.com/articles/heroku-cli-commands, 2026-11)."""


_HOOKS = ("release", "postdeploy")
"""Names of commands that run once with each deploy, before the web process or beside its start, and end by themselves
(https://devcenter.heroku.com/articles/release-phase, https://doc.scalingo.com/platform/app/postdeploy-hook)."""


_ENDING = frozenset(
    "changepassword check clearsessions collectstatic compilemessages createcachetable createsuperuser dbshell "
    "diffsettings dumpdata findstatic flush inspectdb loaddata makemessages makemigrations migrate optimizemigration "
    "remove_stale_contenttypes sendtestemail shell showmigrations sqlflush sqlmigrate sqlsequencereset "
    "squashmigrations test".split()
)
"""Django's commands that end by themselves (https://docs.djangoproject.com/en/6.0/ref/django-admin/)."""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each process of the Procfile that nobody starts."""
    start, web = deployment.platform.start, deployment.web
    unnamed = {each.path for each in deployment.misfits} if web is None or web.origin.kind == "found-app" else set()
    for process in deployment.processes:
        if process.origin.kind != "procfile" or process.name in start.web_processes or process.name == "web":
            continue
        if _is_for_a_terminal(process):
            yield _line(process, deployment)
        elif process.origin.span.path in unnamed:
            continue  # this may be the line that should be named «web», as `misnamed-procfile` says
        elif process.name in _HOOKS:
            if not (start.release and process.name == "release"):
                yield _release(process, deployment)
        else:
            yield _extra(process, deployment)


def _is_for_a_terminal(process: Process) -> bool:
    """Whether a line is a command that somebody gives in a terminal, and names no process."""
    program = process.command.split(None, 1)[0]
    return program in ("heroku", *_TOPICS.get(process.name, ()))


def _line(process: Process, deployment: Deployment) -> Finding:
    return Finding(
        ID,
        Severity.NOTICE,
        process.origin.span,
        f"This line is a command for Heroku's command line and no process: {deployment.platform.title} does nothing "
        "with it.",
        "Delete the line.",
        process=process,
    )


def _ends(process: Process) -> bool:
    """Whether a line is one of Django's commands that nobody keeps running."""
    words = process.command.split()
    pairs = itertools.pairwise(words)
    return any(word.endswith(("manage.py", "django-admin")) and verb in _ENDING for word, verb in pairs)


def _extra(process: Process, deployment: Deployment) -> Finding:
    scale, title = deployment.platform.start.scale, deployment.platform.title
    severity = Severity.NOTICE if _ends(process) or scale else SEVERITY
    message = f"{title} runs the web process alone: «{process.name}» never starts."
    advice = _advice(process, deployment)
    if scale:
        message = f"{title} runs the web process alone at first: «{process.name}» starts once somebody scales it."
        advice = advice if _ends(process) else f"Run «{scale.format(name=process.name)}» after the deploy."
    return Finding(ID, severity, process.origin.span, message, advice, process=process)


def _advice(process: Process, deployment: Deployment) -> str:
    if _ends(process):
        return "It ends by itself: run it by hand, or in front of the server in the start command."
    if process.server is None:
        return "Run it as a service of its own, or have its work called by a request, such as one of an external cron."
    if deployment.web is None:
        return "It starts a web server: name the process «web»."
    if process.app is not None and process.app == deployment.web.app:
        return "Delete the line: «web» serves the same app already."
    return "It starts a web server too: deploy that as an app of its own."


def _release(process: Process, deployment: Deployment) -> Finding:
    """Judge a command that another platform runs with each deploy."""
    return Finding(
        ID,
        Severity.NOTICE,
        process.origin.span,
        f"{deployment.platform.title} runs no «{process.name}» process: this command never runs.",
        f"Run it in front of the server in the start command: {process.command} && …",
        process=process,
    )
