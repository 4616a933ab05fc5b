"""Django: what `get_wsgi_application()` imports, from the settings module on.

Source: https://docs.djangoproject.com/en/stable/ref/applications/#initialization-process; `channels/asgi.py` of
Channels 1.1.8, whose `get_channel_layer()` calls `django.setup()`.
"""

from adaptable_preflight.knowledge.modules import familiar
from adaptable_preflight.model import OPEN
from adaptable_preflight.read.python import access, call, django_refusals, django_registry, frameworks, library
from adaptable_preflight.read.python.django_choice import VARIABLE, excusing, note_choice
from adaptable_preflight.read.python.django_names import Entry, entries, note_backends, note_import
from adaptable_preflight.read.python.logging_config import note_handlers
from adaptable_preflight.read.python.machine import Handler, Machine, Raise
from adaptable_preflight.read.python.objects import (
    Arguments,
    Class,
    External,
    Function,
    Instance,
    Mapping,
    Module,
    Object,
    Sequence,
    options_of,
)
from adaptable_preflight.read.python.public import public_arguments
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known, Unknown


def set_up(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`get_wsgi_application()`, `django.setup()`: settings, then every installed app, then the routes."""
    if not any(mapping.owner == access.DJANGO_SETTINGS for mapping in machine.configured):
        machine.set_up_at = len(machine.frames)
        settings = _settings(machine, span)
        if settings is not None:
            _load(machine, settings, span, serves=function.name.endswith("_application"))
    return External(function.name, span, instance=True, arguments=public_arguments(arguments))


def _load(machine: Machine, settings: Mapping, span: Span, *, serves: bool) -> None:
    """Import what the settings name; what that raises is raised once all of it is read. `serves`: an app is made."""
    try:
        _apps(machine, settings, span)
        absent = _middleware(machine, settings, span)
        note_backends(machine, settings, span)
        _routes(machine, settings, span)
        if machine.early is not None:
            raise machine.early
        with excusing(machine, _chosen(machine)):
            _refuse(machine, settings, span, absent if serves else None)
    finally:  # what is imported is what the module that counts says; of a setting others may have a say
        note_choice(machine, settings)
        _log(machine, settings, span)


def _log(machine: Machine, settings: Mapping, span: Span) -> None:
    """Hand LOGGING to the standard library, unless another function is chosen for that."""
    guards = settings.guards.get("LOGGING", ())
    if "LOGGING_CONFIG" not in settings.entries:
        machine.guards.extend(guards)
        note_handlers(machine, settings.entries.get("LOGGING"), settings.spans.get("LOGGING", span))
        del machine.guards[len(machine.guards) - len(guards) :]


def _refuse(machine: Machine, settings: Mapping, span: Span, absent: Raise | None) -> None:
    for error in django_refusals.refusals(machine, settings, span):
        raise error
    if absent is not None:
        raise absent


def _chosen(machine: Machine) -> str:
    """Return the name of the settings module; empty where it is not known."""
    name = machine.env.get(VARIABLE)
    return name.value if isinstance(name, Known) and isinstance(name.value, str) else ""


def _settings(machine: Machine, span: Span) -> Mapping | None:
    name, place = _chosen(machine), getattr(machine.env.get(VARIABLE), "span", None) or span
    if not name:
        library.gap(machine, "the name of the Django settings module is not known", span)
        return None
    with excusing(machine, name):
        module = machine.do.import_name(machine, name, place)
        if not isinstance(module, Module) and not familiar(name) and not machine.astray:
            raise Raise("ModuleNotFoundError", f"No module named '{name}'", place)
    if not isinstance(module, Module):
        library.gap(machine, f"the Django settings module «{name}» is not in the repository", span)
        return None
    made = Mapping({}, span, access.DJANGO_SETTINGS)
    made.complete = not module.open
    made.entries = {key: value for key, value in module.names.items() if key.isupper()}
    made.spans = {key: where for key, where in module.spans.items() if key.isupper()}
    made.guards = {key: guards for key, guards in module.guards.items() if key.isupper()}
    for key, guards in made.guards.items():
        if key not in made.entries and guards and isinstance(key, str):
            made.entries[key] = Unknown("it is set under a condition that a variable decides", guards[-1].span)
            made.spans.setdefault(key, guards[-1].span)
    _presume_engines(machine, made)
    if module.open:
        made.entries[OPEN], made.spans[OPEN] = Unknown("not all of the settings are known", place), place
    machine.configured.append(made)
    return made


def _presume_engines(machine: Machine, settings: Mapping) -> None:
    """Let databases whose engine counts while nobody sets a variable hang on that variable."""
    databases = settings.entries.get("DATABASES")
    entries = databases.entries.values() if isinstance(databases, Mapping) else ()
    engines = (entry.entries.get("ENGINE") for entry in entries if isinstance(entry, Mapping))
    spans = (engine.span for engine in engines if isinstance(engine, Known) and engine.span is not None)
    found = tuple(machine.presumed[span] for span in spans if span in machine.presumed)
    if found:
        settings.guards["DATABASES"] = (*settings.guards.get("DATABASES", ()), *found)


def _apps(machine: Machine, settings: Mapping, span: Span) -> None:
    ready: list[tuple[Class, Function]] = []
    packages: list[str] = []
    for entry in entries(settings, "INSTALLED_APPS", span):
        package, config = _app(machine, entry, span)
        if package:
            packages.append(package)
        method = config.find("ready") if config is not None else None
        if config is not None and isinstance(method, Function):
            ready.append((config, method))
    machine.apps_ready = True
    for package in packages:
        access.machine_import(machine, f"{package}.models", span)
    for config, method in ready:
        call.invoke(machine, method, Arguments((Instance(config, span),), {}, (span,)), span)
    for package in packages:
        access.machine_import(machine, f"{package}.admin", span)


def _app(machine: Machine, entry: Entry, span: Span) -> tuple[str, Class | None]:
    """Return the package of an entry of INSTALLED_APPS and its configuration class."""
    name = entry.name
    module = access.machine_import(machine, name, span)
    if module is not None:
        apps = access.machine_import(machine, f"{name}.apps", span)
        found = [v for v in apps.names.values() if isinstance(v, Class)] if apps is not None else []
        return name, found[0] if len(found) == 1 else None
    holder, _, last = name.rpartition(".")
    config = access.machine_import(machine, holder, span) if holder else None
    cls = config.names.get(last) if config is not None else None
    if config is None or not isinstance(cls, Class):
        if config is not None or machine.find(name.split(".")[0]) is not None:
            top = access.machine_import(machine, name.split(".")[0], span)
            if top is not None and top.source is not None and not machine.undecided and not machine.assumed:
                raise Raise("ModuleNotFoundError", f"No module named '{name}'", settings_span(machine) or span)
        else:
            note_import(machine, entry)
        return "", None
    package = cls.names.get("name")
    return str(package.value) if isinstance(package, Known) else holder.rpartition(".")[0], cls


def settings_span(machine: Machine) -> Span | None:
    """Return where INSTALLED_APPS is set."""
    found = (
        mapping.spans.get("INSTALLED_APPS") for mapping in machine.configured if mapping.owner == access.DJANGO_SETTINGS
    )
    return next(found, None)


def _middleware(machine: Machine, settings: Mapping, span: Span) -> Raise | None:
    """Import the middleware; return what Django raises where one is not there."""
    refused: Raise | None = None
    for entry in entries(settings, "MIDDLEWARE", span):
        holder, _, last = entry.name.rpartition(".")
        module = access.machine_import(machine, holder, span) if holder else None
        refused = refused or django_refusals.absent_middleware(machine, entry, module)
        if module is None:
            note_import(machine, entry)
        cls = module.names.get(last) if module is not None else None
        if isinstance(cls, Class):
            found = [cls.find(method) for method in ("__call__", "process_request", "process_response", "process_view")]
            machine.waiting.extend((method, "request") for method in found if isinstance(method, Function))
        elif isinstance(cls, Function):
            machine.waiting.append((cls, "request"))
    return refused


def _routes(machine: Machine, settings: Mapping, span: Span) -> None:
    """Import the routes, which Django does in the first request: what they raise leaves the server listening."""
    before = machine.fatal
    try:
        for name in options_of(settings.entries.get("ROOT_URLCONF", Known(None))):
            if isinstance(name, Known) and isinstance(name.value, str):
                access.machine_import(machine, name.value, span)
    except Raise as error:
        if before is None:
            machine.late = machine.late or error
            library.gap(machine, f"the routes cannot be imported: {error.kind}: {error.message}", error.span)
    if before is None and machine.fatal is not None:
        machine.late, machine.fatal = machine.fatal, None


def include(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`include("app.urls")`."""
    given = arguments.get(0)
    if isinstance(given, Sequence) and given.items:
        given = given.items[0]
    if isinstance(given, Known) and isinstance(given.value, str):
        access.machine_import(machine, given.value, span)
    return External(function.name, span, instance=True, arguments=public_arguments(arguments))


def register_viewset(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`router.register("users", UserViewSet)`: the methods of the class handle requests."""
    for given in arguments.positional:
        machine.waiting.extend((method, "request") for method in frameworks.functions_of(given))
    return External(function.name, span, instance=True, arguments=public_arguments(arguments))


_ROUTERS = ("rest_framework.routers.DefaultRouter", "rest_framework.routers.SimpleRouter")

HANDLERS: dict[str, Handler] = {
    "django.core.wsgi.get_wsgi_application": set_up,
    "django.core.asgi.get_asgi_application": set_up,
    "configurations.wsgi.get_wsgi_application": set_up,
    "channels.routing.get_default_application": set_up,
    "channels.asgi.get_channel_layer": set_up,
    "django.setup": set_up,
    "django.contrib.auth.get_user_model": django_registry.user_model,
    "django.urls.include": include,
    "django.conf.urls.include": include,
    **{f"{router}.register": register_viewset for router in _ROUTERS},
}
