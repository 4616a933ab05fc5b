"""`background-scheduler`: jobs by the clock, in a process that only runs while requests are handled."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, weighed
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Call, Deployment
from adaptable_preflight.value import Known

ID = "background-scheduler"
CLAUSE = "no-background"
SEVERITY = Severity.ERROR
SUMMARY = "The web process runs jobs by the clock."

STARTS = frozenset(
    "flask_apscheduler.APScheduler.start schedule.run_pending schedule.Scheduler.run_pending "
    "rocketry.Rocketry.run rocketry.Rocketry.serve timeloop.Timeloop.start aiocron.crontab sched.scheduler.run "
    "fastapi_utils.tasks.repeat_every fastapi_utilities.repeat_every fastapi_utilities.repeat_at "
    "fastapi_restful.tasks.repeat_every apscheduler.Scheduler.start_in_background "
    "apscheduler.AsyncScheduler.start_in_background apscheduler.AsyncScheduler.run_until_stopped "
    "django_q.tasks.schedule".split()
)
"""Calls that run jobs by the clock; every class of `apscheduler.schedulers` starts by `start`."""


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each place where the web process starts a scheduler."""
    if deployment.platform.runtime.background_cpu:
        return
    for process in deployment.web_processes:
        for remark in process.remarks:
            if remark.kind == "timetable":
                yield Finding(ID, SEVERITY, remark.span, _message(deployment), _ADVICE, process=process)
    seen = set()
    for call in deployment.code.calls:
        if call.phase in ("cli", "task", "main") or not _starts(call) or call.span in seen:
            continue
        seen.add(call.span)
        if happens(deployment, call.guards):
            severity, confidence = weighed(SEVERITY, doubts(call.guards, call.phase))
            yield Finding(
                ID,
                severity,
                call.span,
                _message(deployment),
                _ADVICE,
                confidence,
            )


_ADVICE = "Let a cron service call a URL of the app at the wanted times, and do the job in that request."


def _message(deployment: Deployment) -> str:
    return (
        f"The scheduler runs in the web process, but {deployment.platform.title} gives it no processor time "
        "outside of requests: jobs run late or never, and once for every instance."
    )


def _starts(call: Call) -> bool:
    if call.name.startswith("apscheduler.schedulers."):
        return call.name.endswith(".start") and not _is_paused(call)
    return call.name in STARTS


def _is_paused(call: Call) -> bool:
    """Whether a scheduler of APScheduler is started only to take jobs, and runs none before it is resumed.

    Source: https://apscheduler.readthedocs.io/en/3.x/modules/schedulers/base.html
    """
    paused = call.argument(0, "paused")
    return paused is not None and isinstance(paused.value, Known) and paused.value.value is True
