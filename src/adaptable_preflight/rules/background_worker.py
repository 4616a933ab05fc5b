"""`background-worker`: the worker of a job queue inside of the web process."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.value import Items, Value, leading, text_of

ID = "background-worker"
CLAUSE = "no-background"
SEVERITY = Severity.ERROR
SUMMARY = "The start command or the code starts a worker beside the web server."

WORKERS = frozenset(
    "celery.Celery.worker_main celery.Celery.start celery.Celery.Worker celery.Celery.Beat rq.Worker.work "
    "rq.worker.Worker.work rq.SimpleWorker.work huey.consumer.Consumer.run huey.Huey.create_consumer "
    "huey.RedisHuey.create_consumer dramatiq.Worker.start dramatiq.worker.Worker.start arq.worker.run_worker "
    "arq.run_worker celery.bin.worker.worker.run".split()
)
PROGRAMS = ("celery", "rq", "rqworker", "huey_consumer", "huey_consumer.py", "dramatiq", "arq", "rqscheduler", "flower")
LAUNCHES = frozenset("subprocess.Popen subprocess.run subprocess.call subprocess.check_call os.system os.popen".split())


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each worker that runs beside the web server."""
    if deployment.platform.runtime.background_cpu:
        return
    yield from _of_commands(deployment)
    seen = set()
    for call in deployment.code.calls:
        launched = call.name in LAUNCHES and bool(call.arguments) and _program(call.arguments[0].value) in PROGRAMS
        if (launched or call.name in WORKERS) and call.phase not in ("cli", "task", "main") and call.span not in seen:
            seen.add(call.span)
            if happens(deployment, call.guards):
                severity, confidence = weighed(SEVERITY, doubts(call.guards, call.phase))
                yield Finding(ID, severity, call.span, _message(deployment), ADVICE, confidence)


ADVICE = "Do the work in the request, or let a queue that delivers by HTTP call a URL of the app for each job."


def _of_commands(deployment: Deployment) -> Iterator[Finding]:
    for process in deployment.web_processes:
        for remark in process.remarks:
            if remark.kind == "background-command":
                message = f"This runs beside the server: {_message(deployment)}"
                yield Finding(ID, Severity.WARNING, remark.span, message, ADVICE, "medium", process=process)


def _message(deployment: Deployment) -> str:
    return (
        f"{deployment.platform.title} gives the app no processor time outside of requests, so a worker stands still "
        "and its jobs are never done."
    )


def _program(value: Value) -> str:
    """Return the program that a launch names."""
    text = text_of(value.items[0]) or "" if isinstance(value, Items) and value.items else leading(value)
    words = text.split()
    return words[0].rpartition("/")[2] if words else ""
