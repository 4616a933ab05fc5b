"""URLs that become an entry of Django's `DATABASES`: dj_database_url, and `env.db()` of django-environ.

Source: https://github.com/jazzband/dj-database-url/blob/master/dj_database_url/__init__.py and `DB_SCHEMES` in
https://github.com/joke2k/django-environ/blob/main/environ/environ.py, both read on 2026-11-22.
"""

from adaptable_preflight.read.python import needed
from adaptable_preflight.read.python.machine import Handler, Machine
from adaptable_preflight.read.python.objects import Arguments, External, Mapping, Object, object_of
from adaptable_preflight.read.python.public import public, public_arguments
from adaptable_preflight.source import Span
from adaptable_preflight.value import Argument, Concat, Known, Unknown, leading, text_of, without_leading

PARSE = "dj_database_url.parse"
_VARIABLE = "DATABASE_URL"
_POSTGRESQL, _MYSQL = "django.db.backends.postgresql", "django.db.backends.mysql"
_ENGINES = {
    "postgres": _POSTGRESQL,
    "postgresql": _POSTGRESQL,
    "pgsql": _POSTGRESQL,
    "postgis": "django.contrib.gis.db.backends.postgis",
    "mysql": _MYSQL,
    "mysql2": _MYSQL,
    "oracle": "django.db.backends.oracle",
    "sqlite": "django.db.backends.sqlite3",
}
"""Schemes that both libraries take for the same engine."""


def parse(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`dj_database_url.parse(url, engine=…, ssl_require=…)`."""
    del machine, function
    return entry(arguments.get(0, "url") or Unknown("no URL is given", span), span, arguments)


def config(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`dj_database_url.config(env="DATABASE_URL", default=…)`: nothing where neither is set."""
    del function
    name, default = text_of(_plain(arguments.get(0, "env") or Known(_VARIABLE))), arguments.get(1, "default")
    if name is None:
        return _unread(Unknown("the name of an environment variable is not known", span), span)
    if isinstance(default, Known) and not default.value:
        default = None
    url = machine.variable(name, default, span)
    return entry(url, span, arguments) if url is not None else Mapping({}, span)


def of_variable(machine: Machine, function: External, arguments: Arguments, span: Span) -> Object:
    """`env.db("DATABASE_URL", default=…)`."""
    del function
    key, default = arguments.get(0, "var") or Known(_VARIABLE, span), arguments.get(1, "default")
    name = text_of(_plain(key))
    found = machine.variable(name, default, span) if name is not None and default is not None else None
    return entry(found if found is not None else needed.variable(machine, key, span, "env"), span)


def entry(url: Object, span: Span, arguments: Arguments = Arguments()) -> Object:  # noqa: B008, it is immutable
    """Return what a URL becomes; where nothing tells its engine, the object that stands for the call."""
    text = url if isinstance(url, Known | Concat) else None
    scheme = leading(text).partition(":")[0] if text is not None else ""
    engine = text_of(_plain(arguments.get(99, "engine"))) or _ENGINES.get(scheme)
    tls = [a for a in public_arguments(arguments) if a.name == "ssl_require"]
    if text is None or engine is None:
        return _unread(url, span, *tls)
    place = text.span if text.span is not None and text.span.in_file else span
    entries: dict[object, Object] = {"ENGINE": Known(engine, place), **_parts(text, place)}
    if any(isinstance(a.value, Known) and a.value.value is True for a in tls):
        entries["OPTIONS"] = Mapping({"sslmode": Known("require", tls[0].span)}, tls[0].span)
    return Mapping(entries, span)


def _plain(value: Object | None) -> Known | None:
    return value if isinstance(value, Known) else None


def _unread(url: Object, span: Span, *more: Argument) -> External:
    return External(PARSE, span, instance=True, arguments=(Argument(public(url), span), *more))


def _parts(url: Known | Concat, place: Span) -> dict[object, Object]:
    """Return the parts of a URL; one of which not all is known tells the path of its file at most."""
    if isinstance(url, Known):
        from urllib.parse import unquote, urlsplit  # late: few repositories hold a whole URL

        try:
            found = urlsplit(str(url.value))
            told = {"NAME": unquote(found.path[1:]), "HOST": unquote(found.hostname or "")}
            told |= {"USER": unquote(found.username or ""), "PASSWORD": unquote(found.password or "")}
        except ValueError:
            return {}
        options = Unknown("it is the URL's query", place) if found.query else None
        return {**{k: Known(v, place) for k, v in told.items()}, **({"OPTIONS": options} if options else {})}
    if leading(url).startswith("sqlite:///"):
        return {"NAME": object_of(without_leading(url, len("sqlite:///")))}
    names = ("NAME", "HOST", "PORT", "USER", "PASSWORD", "OPTIONS")
    return dict.fromkeys(names, Unknown("it is a part of the database's URL", place))


_HOLDERS = ("environ.Env", "environs.Env", "environ.FileAwareEnv")

HANDLERS: dict[str, Handler] = {
    PARSE: parse,
    "dj_database_url.config": config,
    **{f"{holder}.{name}": of_variable for holder in _HOLDERS for name in ("db", "db_url")},
    "environs.Env.dj_db_url": of_variable,
}
