"""The settings of one run: flag or action input > settings file > platform > default."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from adaptable_preflight.source import Span


class Allow(NamedTuple):
    """A finding that somebody accepts, and why."""

    path: str
    """The file it stands in; may hold the wildcards of `fnmatch`."""
    rule: str
    reason: str
    span: Span


class Settings(NamedTuple):
    """What the user tells about the deployment and about the check."""

    platform: str = "adaptable"
    start_command: str = ""
    start_command_span: Span | None = None
    """Where the start command stands, if it stands in a settings file."""
    port: int | None = None
    """A fixed port that is set on the platform."""
    python_version: str = ""
    database: str = ""
    """`postgres`, `mongodb`, `mssql`, `none`; empty: not told."""
    builder: str = ""
    """`paketo`, `nixpacks`, `dockerfile`; empty: the platform's own."""
    environment: tuple[tuple[str, str | None], ...] = ()
    """Names of variables that are set on the platform, with their values where they were told."""
    fail_on: str = "error"
    allow: tuple[Allow, ...] = ()
    exclude: tuple[str, ...] = ()


class Given(NamedTuple):
    """One setting as somebody wrote it, not yet judged."""

    key: str
    value: object
    where: str
    """What to call the place in a message: `pyproject.toml:7`, `--port`, the input `port`."""
    span: Span | None = None
    """Where the value stands, if it stands in a file."""
    parts: "tuple[tuple[str, Span | None], ...]" = ()
    """For a list: what to call the place of each entry, and its span."""


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the file, the line and the way out."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.span = span


KEYS: Final = (
    "platform",
    "start-command",
    "port",
    "python-version",
    "database",
    "builder",
    "environment",
    "fail-on",
    "allow",
    "exclude",
)
LISTS: Final = ("environment", "allow", "exclude")
"""The settings that hold several entries."""
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "database": ("postgres", "mongodb", "mssql", "none"),
    "builder": ("paketo", "nixpacks", "dockerfile"),
    "fail-on": ("error", "warning", "notice", "never"),
}


def settings_of(given: Iterable[Given]) -> Settings:
    """Return the settings; a later one replaces an earlier one of the same name, and adds to a list.

    Raises SettingsError for an unknown key or a value that cannot be used.
    """
    settings = Settings()
    for one in given:
        if one.key not in KEYS:
            raise SettingsError(f"{one.where}: there is no setting «{one.key}»{nearest(one.key, KEYS)}")
        settings = _FIELDS[one.key](settings, one)
    return settings


def _text(one: Given) -> str:
    if isinstance(one.value, str) and one.value.strip():
        return one.value
    raise SettingsError(f"{one.where}: {one.key} must be text, not {_shown(one.value)}")


def _shown(value: object) -> str:
    kinds = {dict: "a table", list: "a list", bool: "true or false", type(None): "nothing", str: "empty text"}
    return kinds.get(type(value), f"«{value}»")


def _choice(one: Given) -> str:
    text = _text(one)
    if text not in _CHOICES[one.key]:
        raise SettingsError(f"{one.where}: {one.key} cannot be «{text}»{nearest(text, _CHOICES[one.key])}")
    return text


def _platform(settings: Settings, one: Given) -> Settings:
    return settings._replace(platform=_text(one))


def _start_command(settings: Settings, one: Given) -> Settings:
    if one.value == "":
        return settings
    return settings._replace(start_command=_text(one), start_command_span=one.span)


def _port(settings: Settings, one: Given) -> Settings:
    text = str(one.value).strip()
    if isinstance(one.value, bool) or not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= 65535:
        raise SettingsError(f"{one.where}: port must be a number from 1 to 65535, not «{one.value}»")
    return settings._replace(port=int(text))


def _python_version(settings: Settings, one: Given) -> Settings:
    text = str(one.value)
    if isinstance(one.value, bool) or not all(part.isascii() and part.isdigit() for part in text.split(".")):
        raise SettingsError(f"{one.where}: python-version must be a version such as 3.11, not «{one.value}»")
    return settings._replace(python_version=text)


def _database(settings: Settings, one: Given) -> Settings:
    return settings._replace(database=_choice(one))


def _builder(settings: Settings, one: Given) -> Settings:
    return settings._replace(builder=_choice(one))


def _fail_on(settings: Settings, one: Given) -> Settings:
    return settings._replace(fail_on=_choice(one))


def _environment(settings: Settings, one: Given) -> Settings:
    entries = dict(settings.environment)
    for text, where in _texts(one):
        name, told, value = text.partition("=")
        if not (name.isascii() and name.isidentifier()):
            raise SettingsError(f"{where}: «{name}» is no name of a variable: write NAME or NAME=VALUE")
        entries[name] = value if told else None
    return settings._replace(environment=tuple(entries.items()))


def _exclude(settings: Settings, one: Given) -> Settings:
    paths = tuple(text for text, _ in _texts(one))
    return settings._replace(exclude=tuple(dict.fromkeys(settings.exclude + paths)))


def _texts(one: Given) -> list[tuple[str, str]]:
    """Return the texts of a list (or of a table, as NAME=VALUE) and what to call their places."""
    if isinstance(one.value, dict):
        return [(f"{name}={value}", one.where) for name, value in one.value.items()]
    if not isinstance(one.value, list | tuple):
        raise SettingsError(f"{one.where}: {one.key} must be a list, not {_shown(one.value)}")
    places = [where for where, _ in one.parts] or [one.where] * len(one.value)
    for text, where in zip(one.value, places, strict=True):
        if not isinstance(text, str) or not text:
            raise SettingsError(f"{where}: an entry of {one.key} must be text, not {_shown(text)}")
    return list(zip(one.value, places, strict=True))


_ALLOW_KEYS: Final = ("path", "rule", "reason")


def _allow(settings: Settings, one: Given) -> Settings:
    if not isinstance(one.value, list):
        raise SettingsError(f"{one.where}: allow must be a list of entries with path, rule and reason")
    parts = one.parts or ((one.where, one.span),) * len(one.value)
    entries = tuple(_allowed(entry, *part) for entry, part in zip(one.value, parts, strict=True))
    return settings._replace(allow=settings.allow + entries)


def _allowed(entry: object, where: str, span: Span | None) -> Allow:
    if not isinstance(entry, dict):
        raise SettingsError(f"{where}: an entry of allow has path, rule and reason, and is not {_shown(entry)}")
    for key in entry:
        if key not in _ALLOW_KEYS:
            raise SettingsError(f"{where}: an entry of allow has no «{key}»{nearest(str(key), _ALLOW_KEYS)}")
    for key in _ALLOW_KEYS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            hint = ": say why the finding is accepted" if key == "reason" else ""
            raise SettingsError(f"{where}: the entry of allow has no {key}{hint}")
    return Allow(entry["path"], entry["rule"], entry["reason"], span or Span(f"<{where}>", 1, 1, 1, 1))


_FIELDS: Final[Mapping[str, Callable[[Settings, Given], Settings]]] = {
    "platform": _platform,
    "start-command": _start_command,
    "port": _port,
    "python-version": _python_version,
    "database": _database,
    "builder": _builder,
    "environment": _environment,
    "fail-on": _fail_on,
    "allow": _allow,
    "exclude": _exclude,
}


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a message on an unknown word: the nearest known one, or all of them."""
    from difflib import get_close_matches

    names = tuple(known)
    near = get_close_matches(word, names, 1, 0.5)
    if near:
        return f": did you mean «{near[0]}»?"
    return f": there {'is' if len(names) == 1 else 'are'} {', '.join(names)}" if names else ": it takes none"
