"""What uWSGI does beside serving: jobs by the clock, workers of queues, other programs, a way to the background.

Sources: https://uwsgi-docs.readthedocs.io/en/latest/Cron.html, …/Spooler.html, …/Mules.html, …/AttachingDaemons.html
"""

from adaptable_preflight.model import Remark
from adaptable_preflight.read.servers.uwsgi.settings import Settings

_BY_THE_CLOCK = ("cron", "cron2", "unique-cron", "legion-cron", "cron-legion", "unique-legion-cron")
_BESIDE = ("spooler", "mule", "mules", "attach-daemon", "attach-daemon2", "smart-attach-daemon", "smart-attach-daemon2")


def remarks(settings: Settings) -> tuple[Remark, ...]:
    """Return what a rule may judge."""
    daemon = settings.last("daemonize", "daemonize2")
    found = [Remark("detached", "uwsgi goes to the background", daemon.span)] if daemon is not None else []
    found += [Remark("timetable", "uwsgi runs it by the clock", word.span) for word in settings.words(*_BY_THE_CLOCK)]
    found += [Remark("background-command", "uwsgi runs it beside", word.span) for word in settings.words(*_BESIDE)]
    return tuple(found)
