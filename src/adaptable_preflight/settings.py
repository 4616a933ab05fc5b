"""The settings of one run: flag or action input > settings file > platform > default."""

from typing import NamedTuple

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


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the file, the line and the way out."""
