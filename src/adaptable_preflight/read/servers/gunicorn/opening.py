"""What gunicorn opens and loads before it listens: log files, the pid file, the worker class, the logger.

Source: `gunicorn.arbiter.Arbiter.setup` and `start`, `gunicorn.glogging`, `gunicorn.workers.workertmp`.
"""

from adaptable_preflight.model import Environment, Failure, Target
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers.gunicorn import workers as worker_classes
from adaptable_preflight.read.servers.gunicorn.settings import Configuration, Setting
from adaptable_preflight.read.servers.modules import module_at
from adaptable_preflight.read.servers.outcome import Trouble
from adaptable_preflight.read.servers.places import can_hold, file_exists, is_folder
from adaptable_preflight.value import Known, Unknown, show, text_of

LOGGERS = frozenset({"simple", "gunicorn.glogging.Logger", "gunicorn.instrument.statsd.Statsd"})
USERS = frozenset(
    "root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc nobody _apt nogroup adm tty "
    "disk users staff".split()
)
"""Users and groups that every Debian image has."""


def opened(configuration: Configuration, folders: tuple[str, ...], env: Environment, context: Context) -> list[Trouble]:
    """Tell what of all this cannot be opened or loaded."""
    troubles = _classes(configuration, folders, env, context)
    for name in ("errorlog", "accesslog", "pidfile"):
        setting = configuration.settings.get(name)
        if setting is not None and _is_file(setting):
            troubles += _room(setting, configuration.folder, context, name)
    for name in ("logconfig", "logconfig_json"):
        setting = configuration.settings.get(name)
        if setting is not None and file_exists(context.checkout, configuration.folder, setting.value) is False:
            troubles.append(_missing(setting, f"there is no file «{show(setting.value)}»"))
    place = configuration.settings.get("worker_tmp_dir")
    if place is not None and is_folder(context.checkout, configuration.folder, place.value) is False:
        troubles.append(_missing(place, f"there is no folder «{show(place.value)}»"))
    return troubles + _users(configuration)


def _is_file(setting: Setting) -> bool:
    return isinstance(setting.value, Known) and setting.value.value not in (None, "-")


def _missing(setting: Setting, message: str) -> Trouble:
    return Trouble(Failure("missing-file", message, setting.words[-1].span))


def _room(setting: Setting, folder: str, context: Context, name: str) -> list[Trouble]:
    """Tell why a file cannot be made; an empty name is none, save for the pid file."""
    if setting.text is None:
        return [] if name == "pidfile" else [_missing(setting, "gunicorn cannot write to a file without a name")]
    room = can_hold(context.checkout, folder, setting.value)
    if room is False:
        return [_missing(setting, f"the folder of «{show(setting.value)}» does not exist")]
    if room is None:
        why = f"it cannot be told whether the folder of «{show(setting.value)}» exists"
        return [Trouble(Unknown(why, setting.words[-1].span), None)]
    return []


def _users(configuration: Configuration) -> list[Trouble]:
    for name in ("user", "group"):
        setting = configuration.settings.get(name)
        text = setting.text if setting is not None else None
        if setting is not None and text is not None and not text.isdigit() and text not in USERS:
            why = f"it cannot be told whether there is a {name} «{text}»"
            return [Trouble(Unknown(why, setting.words[-1].span), None)]
    return []


def _classes(
    configuration: Configuration, folders: tuple[str, ...], env: Environment, context: Context
) -> list[Trouble]:
    troubles = []
    for name, known in (("worker_class", None), ("logger_class", LOGGERS)):
        setting = configuration.settings.get(name)
        text = text_of(setting.value) if setting is not None else None
        if setting is None or text is None or (known is not None and text in known):
            continue
        why = worker_classes.refusal(text, context.installed) if known is None else None
        if why is not None:
            troubles.append(Trouble(Failure("rejected-option", why, setting.words[-1].span)))
        elif known is not None or not worker_classes.is_known(text):
            troubles += _strange(text, setting, folders, env, context)
    return troubles


def _strange(
    name: str, setting: Setting, folders: tuple[str, ...], env: Environment, context: Context
) -> list[Trouble]:
    """Look a class up that is none of gunicorn's: in the repository it has to exist, elsewhere nobody can tell."""
    module, _, attribute = name.rpartition(".")
    span = setting.words[-1].span
    first = module.partition(".")[0]
    places = [module_at(context.checkout, folder, first) for folder in folders]
    if module and any(place is not None and place.path is not None for place in places):
        loaded = context.python.load(Target(module, attribute, span, folders), env, folders[0])
        if loaded.run.failure is not None or loaded.app.found is False:
            return [Trouble(Failure("rejected-option", f"there is no class «{name}»", span))]
        return []
    return [Trouble(Unknown(f"it cannot be told whether there is a class «{name}»", span), None)]
