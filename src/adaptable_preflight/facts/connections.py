"""Which databases the code connects to: what URL or parts reach which library."""

from collections.abc import Iterator
from typing import NamedTuple

from adaptable_preflight.facts.connectors import CALLS, GROUPS, PARTS, SETTINGS, Library, Url
from adaptable_preflight.model import Call, Code, Guard, Phase, Setting
from adaptable_preflight.source import Span
from adaptable_preflight.value import Argument, Concat, Either, FromEnv, Known, Table, Thing, Value, leading, text_of


class Part(NamedTuple):
    """One fact of a connection: a host, a password, whether TLS is asked for."""

    name: str
    """`host`, `user`, `password`, `name`, `port`, `tls`, `options`."""
    value: Value
    span: Span


class Connection(NamedTuple):
    """A database as the code tells a library of it."""

    library: str
    """The import name of the library that reads the URL or the parts: `sqlalchemy`, `psycopg2`, `pymongo`."""
    reads: Url
    url: Value | None
    """The URL, connection string or path; of several possible ones the likeliest. None: only parts are told."""
    others: tuple[Value, ...]
    """What else the URL may be: other branches, and what stands in for a variable that nobody is known to set."""
    parts: tuple[Part, ...]
    dialect: str
    """`postgresql`, `sqlite`, `mysql`, `mssql`, `mongodb` …; empty: it cannot be told. As it is written: `postgres`."""
    driver: str
    """The driver that the URL names behind `+`; empty: the library's default."""
    span: Span
    """The text that decides: the URL's literal or the variable's look-up, else the argument or the setting."""
    made: Span
    """The whole call or setting."""
    phase: Phase
    guards: tuple[Guard, ...] = ()
    asynchronous: bool = False
    """Whether only a driver will do whose calls are awaited."""

    def part(self, name: str) -> Part | None:
        """Return a fact of the connection by its name."""
        return next((part for part in self.parts if part.name == name), None)


def connections(code: Code) -> tuple[Connection, ...]:
    """Return each database that the served code names, in the order in which it does."""
    served = (call for call in code.calls if call.phase in ("import", "request", "background"))
    return (*_of_settings(code), *(use for call in served for use in _of_call(call)))


def passed_over(code: Code) -> tuple[Connection, ...]:
    """Return the databases of the configurations that a variable would choose if somebody set it."""
    return tuple(_of_settings(code._replace(settings=code.alternatives)))


def scheme_of(value: Value | None) -> tuple[str, str]:
    """Return dialect and driver of a URL whose beginning is known: `mysql+pymysql://…`; empty where it is not."""
    if isinstance(value, Thing):  # sqlalchemy.URL.create("postgresql", host=…), make_url(url)
        first = next((a.value for a in value.arguments if a.name in ("", "drivername", "name_or_url")), None)
        name = text_of(first)
        if value.name.endswith("make_url"):
            return scheme_of(first)
        return _split_driver(name) if name and _is_url_object(value) else ("", "")
    head, separator, _ = leading(value).partition(":") if value is not None else ("", "", "")
    return _split_driver(head) if separator and "/" not in head and " " not in head else ("", "")


def _split_driver(scheme: str) -> tuple[str, str]:
    dialect, _, driver = scheme.partition("+")
    return dialect.lower(), driver.lower()


def _is_url_object(value: Thing) -> bool:
    return value.name.endswith(("URL.create", "engine.URL", "url.URL", "sqlalchemy.URL"))


def options_of(value: Value) -> tuple[Value, ...]:
    """Return what a value may be, the likeliest first; of a variable that may not be set also its default."""
    if isinstance(value, Either):
        return tuple(one for option in value.options for one in options_of(option))
    if isinstance(value, FromEnv) and value.default is not None:
        return (value._replace(default=None), *options_of(value.default))
    return (value,)


# --- from calls ----------------------------------------------------------------------------------------------------


def _of_call(call: Call) -> Iterator[Connection]:
    library = CALLS.get(call.name)
    if library is None:
        return
    argument = call.argument(library.position, library.keyword) if library.position >= 0 else None
    parts = tuple(_parts(call.arguments))
    if argument is not None and not argument.name and isinstance(argument.value, Thing):
        parts = (*parts, *_parts(argument.value.arguments))
    url = argument.value if argument is not None else None
    if argument is None and library.default and call.complete:
        url = Known(library.default)
    if url is None and not parts:
        return
    span = argument.span if argument is not None else call.span
    yield _use(library, url, parts, span, call.span)._replace(phase=call.phase, guards=call.guards)


def _parts(arguments: tuple[Argument, ...]) -> Iterator[Part]:
    for argument in arguments:
        if argument.name in PARTS:
            yield Part(PARTS[argument.name], argument.value, argument.span)


def _use(library: Library, url: Value | None, parts: tuple[Part, ...], span: Span, made: Span) -> Connection:
    first, *others = options_of(url) if url is not None else (None,)
    dialect, driver = scheme_of(first) if library.dialect in ("", "mongodb") else ("", "")
    written = first.span if isinstance(first, Known | FromEnv | Concat) and first.span is not None else None
    return Connection(
        library.library,
        library.reads,
        first,
        tuple(value for value in others if value is not None),
        parts,
        library.dialect or dialect,
        driver,
        written if written is not None and written.in_file else span,
        made,
        "import",
        asynchronous=library.asynchronous,
    )


# --- from settings -------------------------------------------------------------------------------------------------


def _of_settings(code: Code) -> Iterator[Connection]:
    imported = {name.module for name in code.imports}
    for setting in code.settings:
        known = SETTINGS.get(setting.name)
        if known is not None and known[0] in imported and setting.owner != "django.settings":
            yield _use(known[1], setting.value, (), setting.span, setting.span)._replace(guards=setting.guards)
        if setting.name == "DATABASES" and setting.owner == "django.settings":
            yield from _of_django(setting)
    for prefix, (extension, library) in GROUPS.items():
        if extension in imported:
            yield from _of_group(code, prefix, library)


def _of_group(code: Code, prefix: str, library: Library) -> Iterator[Connection]:
    """Yield the database that settings such as `MYSQL_HOST` and `MYSQL_PASSWORD` describe together."""
    found = [s for s in code.settings if s.name.startswith(prefix) and s.name[len(prefix) :].lower() in PARTS]
    parts = tuple(Part(PARTS[s.name[len(prefix) :].lower()], s.value, s.span) for s in found)
    if parts:
        place = next((part.span for part in parts if part.name == "host"), parts[0].span)
        yield _use(library, None, parts, place, place)


_DJANGO = Library("django", reads="django")
_ENGINES = {
    "django.db.backends.postgresql": Library("psycopg2", reads="django", dialect="postgresql"),
    "django.db.backends.postgresql_psycopg2": Library("psycopg2", reads="django", dialect="postgresql"),
    "django.contrib.gis.db.backends.postgis": Library("psycopg2", reads="django", dialect="postgresql"),
    "django.db.backends.mysql": Library("MySQLdb", reads="django", dialect="mysql"),
    "django.db.backends.sqlite3": Library("sqlite3", reads="django", dialect="sqlite"),
    "django.db.backends.oracle": Library("oracledb", reads="django", dialect="oracle"),
    "mssql": Library("pyodbc", reads="django", dialect="mssql"),
    "djongo": Library("pymongo", reads="django", dialect="mongodb"),
}
"""Source: https://docs.djangoproject.com/en/stable/ref/settings/#engine, and the third-party back ends' own pages."""


def _of_django(setting: Setting) -> Iterator[Connection]:
    for value in options_of(setting.value):
        for alias, entry in value.entries if isinstance(value, Table) else ():
            if text_of(alias) is not None:
                yield from (_of_entry(setting, option) for option in options_of(entry))


def _of_url(setting: Setting, entry: Value) -> Connection:
    """Return the entry that a library makes of a URL whose engine is not known."""
    made = entry.arguments if isinstance(entry, Thing) and entry.name == "dj_database_url.parse" else ()
    url = next((a.value for a in made if not a.name), None)
    tls = next(
        (a for a in made if isinstance(a.value, Known) and a.name == "ssl_require" and a.value.value is True), None
    )
    chosen = (Part("tls", Known("require"), tls.span),) if tls is not None else ()
    span = getattr(entry, "span", None) or setting.span
    return _use(_DJANGO, url, chosen, span, setting.span)._replace(guards=setting.guards)


def _of_entry(setting: Setting, entry: Value) -> Connection:
    """Return one entry of `DATABASES`: a dictionary, or what a library makes of a URL."""
    if not isinstance(entry, Table):
        return _of_url(setting, entry)
    library = _ENGINES.get(text_of(entry.get("ENGINE")) or "", _DJANGO)
    if not entry.complete:  # `DATABASES["default"].update(…)`: what stands there may be replaced
        return _use(_DJANGO, None, (), setting.span, setting.span)._replace(guards=setting.guards)
    names = {key: value for key, value in ((text_of(k), v) for k, v in entry.entries) if key is not None}
    parts = tuple(
        Part(PARTS[key.lower()], value, getattr(value, "span", None) or setting.span)
        for key, value in names.items()
        if key.lower() in PARTS and key != "NAME"
    )
    path = entry.get("NAME") if library.dialect == "sqlite" else None
    name = [Part("name", v, getattr(v, "span", None) or setting.span) for k, v in names.items() if k == "NAME"]
    options = [Part("options", v, getattr(v, "span", None) or setting.span) for k, v in names.items() if k == "OPTIONS"]
    engine = getattr(entry.get("ENGINE"), "span", None) or setting.span
    use = _use(library, path, (*parts, *name, *options), engine, setting.span)
    return use._replace(guards=setting.guards)
