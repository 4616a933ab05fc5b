"""Environment variables, `sys`, and the libraries by which people read the environment."""

import os
from collections.abc import Callable

from adaptable_preflight.checkout import join
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.read.python import library, needed, numbers
from adaptable_preflight.read.python.machine import Handler, Machine, Raise
from adaptable_preflight.read.python.objects import (
    Arguments,
    External,
    Mapping,
    Module,
    Object,
    Sequence,
    default_of,
)
from adaptable_preflight.read.python.paths import folder_of
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, FromEnv, Known, Unknown


def get(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`os.environ.get(name, default)`, `os.getenv(name, default)`."""
    del function
    key = arguments.get(0, "key")
    default = arguments.get(1, "default") or Known(None, span)
    if not isinstance(key, Known) or not isinstance(key.value, str):
        return Unknown("the name of an environment variable is not known", span)
    value = machine.variable(key.value, default, span)
    if isinstance(value, FromEnv):
        return value._replace(plain=True)
    return value if value is not None else default


def required(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`decouple.config(name, default=, cast=)` and the like: without a default the variable must be set."""
    key = arguments.get(0, "option")
    default = arguments.get(1, "default")
    del function
    if default is None:
        return needed.variable(machine, key or Unknown("no name"), span, "config")
    if not isinstance(key, Known) or not isinstance(key.value, str):
        return Unknown("the name of an environment variable is not known", span)
    value = machine.variable(key.value, default, span)
    cast = arguments.named.get("cast")
    return _cast(value if value is not None else default, cast, span)


def _cast(value: Object, cast: Object | None, span: Span) -> Object:
    if not isinstance(cast, External):
        return value
    if isinstance(value, FromEnv) and (default := default_of(value)) is not None:
        inner = _cast(default, cast, span)
        return value._replace(default=inner if isinstance(inner, Known) else None, number=cast.name == "int")
    if isinstance(value, Known) and cast.name == "bool":
        return Known(str(value.value).lower() in ("1", "true", "yes", "on", "y", "t"), span)
    if isinstance(value, Known) and cast.name == "int":
        return numbers.integer(value, span)
    return value


def set_default(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`os.environ.setdefault(name, value)`."""
    del function
    key, value = arguments.get(0), arguments.get(1) or Known(None, span)
    if not isinstance(key, Known) or not isinstance(key.value, str):
        return value
    if machine.env.get(key.value) is None:
        assign(machine, key.value, value)
        machine.stood_in[key.value] = span
    return machine.variable(key.value, None, span) or value


def pop(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`os.environ.pop(name, default)`."""
    found = get(machine, function, arguments, span)
    key = arguments.get(0)
    if isinstance(key, Known) and isinstance(key.value, str) and not machine.undecided:
        machine.env = machine.env.with_variable(key.value, None)
        machine.stood_in.pop(key.value, None)
    return found


def update(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`os.environ.update(…)`."""
    del function
    given = arguments.get(0)
    entries: dict[object, Object] = dict(given.entries) if isinstance(given, Mapping) else {}
    entries.update(arguments.named)
    for name, value in entries.items():
        if isinstance(name, str):
            assign(machine, name, value, span)
    return Known(None, span)


def assign(machine: Machine, name: str, value: Object | None, span: Span | None = None) -> None:
    """`os.environ[name] = value`; what only counts while nobody sets it stands in for the variable."""
    stands_in = machine.env.get(name) is None and any(g.assumed and g.variables == (name,) for g in machine.guards)
    if isinstance(value, FromEnv) and value.name == name and isinstance(value.default, Known):
        stands_in, value = stands_in or not machine.is_set(name), value.default
    machine.stood_in.pop(name, None)
    if stands_in and span is not None:
        machine.stood_in[name] = span
    if machine.undecided:
        value = Unknown(f"whether the code sets «{name}» depends on a condition that cannot be decided")
    if not isinstance(value, Known | FromEnv | Concat | Unknown):
        value = Unknown(f"the code computes «{name}»")
    machine.env = machine.env.with_variable(name, value)


def load_dotenv(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`dotenv.load_dotenv(path, override=)`: a `.env` in the repository sets what is not set yet.

    Unless it overrides, its value holds as long as the platform does not set the variable.
    """
    del function
    path = arguments.get(0, "dotenv_path")
    name = path.value if isinstance(path, Known) and isinstance(path.value, str) else ".env"
    given = arguments.get(99, "override")
    override = isinstance(given, Known) and given.value is True
    source = None
    for folder in (machine.source.path.rpartition("/")[0], machine.folder, ""):
        found = join(folder, os.path.basename(name) if name.startswith("/") else name)
        source = source or (machine.checkout.text(found) if found else None)
    for key, value in dotenv(source.text).items() if source is not None else ():
        if override or machine.env.get(key) is None:
            machine.env = machine.env.with_variable(key, Known(value, span))
            machine.stood_in.pop(key, None)
            if not override:
                machine.stood_in[key] = span
    return Known(source is not None, span)


_LINE = late_pattern(r"""^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(?:'([^']*)'|"([^"]*)"|([^#\n]*?))\s*(?:#.*)?$""")


def dotenv(text: str) -> dict[str, str]:
    """Return the variables of a `.env` file. Source: https://github.com/theskumar/python-dotenv (file format)."""
    found = (match for match in map(_LINE.match, text.splitlines()) if match)
    return {m[1]: next((g for g in m.groups()[1:] if g is not None), "") for m in found}


def exit_process(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`sys.exit(status)`."""
    del machine, function
    status = arguments.get(0)
    code = status.value if isinstance(status, Known) else 0 if status is None else 1
    number = code if isinstance(code, int) else 0 if code is None else 1
    raise Raise("SystemExit", f"the program ends itself with status {number}", span, exits=int(number))


def extend_path(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`sys.path.insert(0, folder)`, `sys.path.append(folder)`."""
    first = function.name.endswith("insert")
    folder = folder_of(machine, arguments.get(1 if first else 0))
    if folder is not None:
        machine.search.insert(0 if first else len(machine.search), folder)
    machine.astray = machine.astray or folder is None
    return Known(None, span)


def import_by_name(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`importlib.import_module("name")`, `__import__("name")`."""
    name = arguments.get(0, "name")
    if not isinstance(name, Known) or not isinstance(name.value, str) or name.value.startswith("."):
        library.gap(machine, "a module is imported whose name is computed", span)
        return Unknown("the name of the imported module is computed", span)
    module = machine.do.import_name(machine, name.value, span)
    if function.name == "__import__" and not isinstance(module, Module):
        return External(name.value.split(".")[0], span)
    return module


def arguments_given(machine: Machine, span: Span) -> Object:
    """`sys.argv`."""
    if machine.argv:
        return Sequence(list(machine.argv), "list", span)
    if machine.server_argv:
        program, *words = machine.server_argv
        name = Known(f"/{program.value}") if isinstance(program, Known) else Unknown("it is not known")
        return Sequence([Concat((Unknown("where the server is installed", span), name)), *words], "list", span)
    of_server = Sequence([Unknown("what the server was started with", span)], "list", span)
    of_server.complete = False
    return of_server


def flask_debug(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`flask.helpers.get_debug_flag()`: off, unless FLASK_DEBUG turns it on; what it is given stands in before 1.0.

    Flask 1.0 to 2.2 asks for FLASK_ENV next. Source: src/flask/helpers.py of Flask 0.12, 1.0, 2.2 and 3.0
    """
    del function
    told = machine.variable("FLASK_DEBUG", None, span)
    if isinstance(told, Known) and told.value:
        return Known(str(told.value).lower() not in ("0", "false", "no"), span)
    if machine.is_set("FLASK_DEBUG") and not isinstance(told, Known):
        return Unknown("FLASK_DEBUG is not known", span)
    if machine.is_set("FLASK_ENV"):
        return Unknown("whether FLASK_ENV decides depends on the version of Flask", span)
    off = arguments.get(0, "default") or Known(False, span)
    if machine.env.closed or machine.is_set("FLASK_DEBUG"):
        return off
    return FromEnv("FLASK_DEBUG", off if isinstance(off, Known) else Unknown("its default is not known", span), span)


def flask_env(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`flask.helpers.get_env()`: FLASK_ENV, else «production». Source: src/flask/helpers.py of Flask 1.0 and 2.2."""
    del function, arguments
    return machine.variable("FLASK_ENV", Known("production", span), span) or Known("production", span)


HANDLERS: dict[str, Handler] = {
    "os.environ.get": get,
    "os.getenv": get,
    "os.environ.setdefault": set_default,
    "os.environ.pop": pop,
    "os.environ.update": update,
    "decouple.config": required,
    "dotenv.load_dotenv": load_dotenv,
    "dotenv.main.load_dotenv": load_dotenv,
    "flask.helpers.get_debug_flag": flask_debug,
    "flask.helpers.get_env": flask_env,
    "platform.system": lambda _machine, _function, _arguments, span: Known("Linux", span),
    "sys.exit": exit_process,
    "exit": exit_process,
    "quit": exit_process,
    "os._exit": exit_process,
    "sys.path.insert": extend_path,
    "sys.path.append": extend_path,
    "importlib.import_module": import_by_name,
    "__import__": import_by_name,
    "werkzeug.utils.import_string": import_by_name,
}

CONSTANTS: dict[str, Callable[[Machine, Span], Object]] = {
    "sys.argv": arguments_given,
    "sys.platform": lambda _machine, span: Known("linux", span),
    "os.name": lambda _machine, span: Known("posix", span),
    "sys.maxsize": lambda _machine, span: Known(2**63 - 1, span),
    "typing.TYPE_CHECKING": lambda _machine, span: Known(False, span),
}
