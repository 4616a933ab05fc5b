"""Settings that classes and helpers declare and the environment fills: django-environ, environs, envparse, pydantic."""

import ast
from collections.abc import Iterator

from adaptable_preflight.read.python import needed
from adaptable_preflight.read.python.machine import Handler, Machine
from adaptable_preflight.read.python.objects import (
    Arguments,
    Class,
    External,
    Instance,
    Mapping,
    Object,
    Sequence,
    object_of,
)
from adaptable_preflight.read.python.validators import validated
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Known, Unknown

_CASTS = ("str", "bool", "int", "float", "list", "json", "url", "path", "tuple", "dict", "bytes", "__call__")
_CAST_SECOND = ("__call__", "list", "tuple", "dict")
"""What django-environ gives the cast in front of the default; environs and envparse have none in between."""


def read(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`env("NAME", default=…)`, `env.bool("NAME")` of django-environ, environs and envparse.

    Sources: `environ.environ.Env` of django-environ 0.14.0, `environs.Env` of environs 15.2.0, envparse.py of envparse
    0.2.0.
    """
    key = arguments.get(0, "name" if function.name.startswith("environs.") else "var")
    kind = function.name.rpartition(".")[2] if not function.instance else "__call__"
    cast_second = function.name.startswith("environ.") and kind in _CAST_SECOND
    default = arguments.get(2 if cast_second else 1, "default")
    holder = function if function.instance else function.receiver
    if default is None and isinstance(holder, External) and isinstance(key, Known):
        default = _declared(holder, str(key.value))
    if default is None:
        return needed.variable(machine, key or Unknown("no name"), span, "env")
    if not isinstance(key, Known) or not isinstance(key.value, str):
        return Unknown("the name of an environment variable is not known", span)
    value = machine.variable(key.value, default, span)
    if isinstance(value, FromEnv) and kind == "int":
        return value._replace(number=True)
    if isinstance(value, Known) and kind == "bool" and isinstance(value.value, str):
        return Known(value.value.lower() in ("true", "on", "ok", "y", "yes", "1"), span)
    return value if value is not None else default


def _declared(holder: External, name: str) -> Object | None:
    """Return the default that `environ.Env(NAME=(cast, default))` declares."""
    scheme = holder.attributes.get("scheme")
    pair = scheme.entries.get(name) if isinstance(scheme, Mapping) else None
    return pair.items[1] if isinstance(pair, Sequence) and len(pair.items) == 2 else None


def scheme(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`environ.Env(DEBUG=(bool, False))`."""
    del machine
    made = External(function.name, span, instance=True)
    entries: dict[object, Object] = {}
    entries.update(arguments.named)
    made.attributes["scheme"] = Mapping(entries)
    return made


# --- classes -------------------------------------------------------------------------------------------------------


def fields(cls: Class) -> Iterator[tuple[str, ast.AnnAssign, Class]]:
    """Yield the annotated names of a class and its bases, those of the bases first."""
    lineage = [one for one in cls.lineage() if isinstance(one, Class)]
    for one in reversed(lineage):
        for statement in one.node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                yield statement.target.id, statement, one


def fill(machine: Machine, made: Instance, arguments: Arguments, span: Span) -> None:
    """Give an object without `__init__` the attributes that a dataclass, NamedTuple or pydantic model would."""
    base = made.cls.library_base()
    names = list(dict.fromkeys(name for name, _, _ in fields(made.cls)))
    made.attributes.update(zip(names, arguments.positional, strict=False))
    made.attributes.update(arguments.named)
    if base is None or not base.name.endswith("BaseSettings"):
        return
    prefix = _prefix(made.cls)
    for name, statement, owner in fields(made.cls):
        if name not in arguments.named:
            made.attributes[name] = _field(machine, owner, name, statement, prefix, span)
    validated(machine, made, span)


def _field(machine: Machine, owner: Class, name: str, statement: ast.AnnAssign, prefix: str, span: Span) -> Object:
    """Return a field of pydantic's BaseSettings: its variable (whatever the case), else its default.

    Source: https://docs.pydantic.dev/latest/concepts/pydantic_settings/
    """
    default = owner.names.get(name)
    variable = f"{prefix}{name}".upper()
    if isinstance(default, External) and default.name.rpartition(".")[2] == "Field":
        alias = next((a.value for a in default.arguments if a.name in ("env", "alias", "validation_alias")), None)
        variable = str(alias.value) if isinstance(alias, Known) else variable
        default = _of_field(default, statement)
    source = owner.module.source
    where = source.node(statement) if source is not None else span
    if default is None and any(map(_has_default, _annotations(statement))):
        default = Unknown("the annotation gives the default", where)
    if default is None:
        return needed.variable(machine, Known(variable, where), where, "field")
    return machine.variable(variable, default, where) or default


def _of_field(field: External, statement: ast.AnnAssign) -> Object | None:
    """Return what `Field(…)` gives a field whose variable is not set; None where the field is required.

    Source: `pydantic.fields.FieldInfo` (https://docs.pydantic.dev/latest/api/fields/).
    """
    for argument in field.arguments:
        if argument.name == "default_factory":
            return Unknown("a function makes the default", argument.span)
        if argument.name in ("", "default"):
            required = isinstance(argument.value, Known) and argument.value.value is ...
            return None if required or _names_no_default(statement) else object_of(argument.value)
    return None


def _annotations(statement: ast.AnnAssign) -> Iterator[ast.Call]:
    """Yield the calls of `Field` in `Annotated[…, Field(…)]`."""
    annotation = statement.annotation
    if isinstance(annotation, ast.Subscript) and _name(annotation.value) == "Annotated":
        inner = annotation.slice.elts[1:] if isinstance(annotation.slice, ast.Tuple) else []
        yield from (node for node in inner if isinstance(node, ast.Call) and _name(node.func) == "Field")


def _has_default(call: ast.Call) -> bool:
    given = [*call.args[:1], *(k.value for k in call.keywords if k.arg in ("default", "default_factory"))]
    required = (isinstance(node, ast.Constant) and node.value is ... for node in given)
    return bool(given) and not any(required) and not _no_default(call)


def _names_no_default(statement: ast.AnnAssign) -> bool:
    return isinstance(statement.value, ast.Call) and _no_default(statement.value)


def _no_default(call: ast.Call) -> bool:
    """Whether `Field(…)` is given the object of pydantic that stands for no default."""
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "default")]
    return any(_name(node) in ("PydanticUndefined", "Undefined", "Required") for node in given)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _prefix(cls: Class) -> str:
    config = cls.find("model_config")
    if isinstance(config, External):
        found = next((a.value for a in config.arguments if a.name == "env_prefix"), None)
        return str(found.value) if isinstance(found, Known) else ""
    inner = cls.find("Config")
    value = inner.names.get("env_prefix") if isinstance(inner, Class) else None
    return str(value.value) if isinstance(value, Known) else ""


_HOLDERS = ("environ.Env", "environs.Env", "environ.FileAwareEnv", "envparse.Env", "envparse.env")

HANDLERS: dict[str, Handler] = {
    "envparse.env": read,
    **dict.fromkeys(_HOLDERS[:-1], scheme),
    **{f"{holder}()": read for holder in _HOLDERS},
    **{f"{holder}.{cast}": read for holder in _HOLDERS for cast in _CASTS},
}
