"""What a platform demands and gives, as dated data: one TOML file each, loaded into a frozen `Platform`."""

import os
import tomllib
from typing import Any, NamedTuple

_FOLDER = os.path.dirname(__file__)


class Fact(NamedTuple):
    """Where a part of a profile comes from."""

    source: str
    """A URL or the title of a document."""
    checked: str
    """The day on which somebody read it there, as YYYY-MM-DD."""


class Listen(NamedTuple):
    """Where the web process has to listen."""

    fact: Fact
    host: str
    """The address that has to be bound."""
    port_variable: str
    """The variable that tells the port; empty where the platform sets none."""
    port: int
    """The port when nobody says otherwise."""
    fixed_port_setting: bool
    """Whether the platform can be told another, fixed port."""


class Start(NamedTuple):
    """Where the start command comes from and how it is run."""

    fact: Fact
    sources: tuple[str, ...]
    """Files that the platform takes the command from, first hit wins; `setting` stands for a setting of its own."""
    kept_outside: bool
    """Whether the command is usually kept in the platform's settings and not in the repository."""
    where: str
    """Where to put a start command, for messages."""
    shell: bool
    """Whether a shell runs the command."""
    limit_seconds: int
    """How long the app may take until it listens."""
    web_processes: tuple[str, ...]
    """The process types of a Procfile that the platform runs."""
    release: bool
    """Whether a `release:` process of a Procfile is run before the web process."""
    scale: str = ""
    """The command that lets the platform run another process, with `{name}` in it; empty: there is none."""


class Runtime(NamedTuple):
    """What the running container has."""

    fact: Fact
    persistent_disk: bool
    background_cpu: bool
    """Whether the processor is there while no request is handled."""
    ends_tls: bool
    """Whether the platform ends TLS, so that the app must speak plain HTTP."""
    memory_mb: int
    """Memory of the smallest instance; 0: not known."""
    host_suffix: str
    """The domain below which apps get their public name; empty: not known."""


class Proxy(NamedTuple):
    """What stands in front of the app."""

    fact: Fact
    depth_variable: str
    """The variable that tells how many proxies to trust; empty where there is none."""
    depth: int
    """The number of proxies; 0: not known."""
    local: bool | None = None
    """Whether the last one runs beside the app and reaches it from loopback, which servers believe by default; None:
    not known."""


class Database(NamedTuple):
    """The databases that the platform offers, and what it tells the app of them."""

    fact: Fact
    kinds: tuple[str, ...]
    url_variable: str
    scheme: str
    """The scheme of the PostgreSQL URL."""
    tls: str
    """`verify-full`: the server refuses plain connections and its certificate can be verified; `require`; or empty."""


class Build(NamedTuple):
    """How the image is built."""

    fact: Fact
    builder: str
    manifests: tuple[str, ...]
    """The files that choose the package manager, first hit wins."""
    python: tuple[str, ...]
    """The versions that are offered, oldest first; empty: not known."""
    default_python: str
    python_pins: tuple[str, ...]
    """The files that pin the version; empty where a setting of the platform does."""
    supplied: tuple[str, ...]
    """Distributions that the platform installs by itself."""
    runtime_variables: bool
    """Whether the variables of the running app are there while the image is built."""
    project_tool: str = "pip"
    """What installs a `pyproject.toml` that no lock of another tool accompanies: `pip` or `poetry`."""
    exclusive: bool = False
    """Whether the build fails where several of the manifests are there."""
    collects_static: str = ""
    """Whether the builder runs Django's `collectstatic` by itself: `yes` or `no`; empty: that, or a build command that
    the platform keeps, may."""
    imports_root: bool = False
    """Whether modules of the repository's root are found whichever file is started, because it is on PYTHONPATH."""
    system: tuple[str, ...] = ()
    """Libraries of the system, by their Debian names, that the builder has for packages that are compiled."""
    packages: tuple[str, ...] | None = None
    """What the image in which the app runs has of programs and libraries that apps ask for, by the names of Debian's
    packages; None: not known."""


class Platform(NamedTuple):
    """The contract of one platform."""

    name: str
    title: str
    status: str
    """One sentence on whether one can deploy there today."""
    listen: Listen
    start: Start
    runtime: Runtime
    proxy: Proxy
    database: Database
    build: Build
    variables: tuple[str, ...]
    """Names of the variables that every app gets at run time."""
    database_variables: dict[str, tuple[str, ...]]
    """The further variables for each kind of database."""
    severities: dict[str, str]
    """Rules whose severity differs here."""


def builder(name: str, platform: Platform) -> Build:
    """Return how another builder than the platform's own makes the image; the platform's where it is not known."""
    path = os.path.join(_FOLDER, "builders", f"{name}.toml")
    if not name or name == platform.build.builder or not os.path.isfile(path):
        return platform.build
    with open(path, "rb") as file:
        table = tomllib.load(file)
    return Build(**_section(table))


class UnknownPlatformError(ValueError):
    """No profile of that name; the message names the nearest."""


def names() -> tuple[str, ...]:
    """Return the names of all profiles, sorted, the default first."""
    found = sorted(name[:-5] for name in os.listdir(_FOLDER) if name.endswith(".toml"))
    return tuple(sorted(found, key=lambda name: name != DEFAULT))


DEFAULT = "adaptable"


def load(name: str) -> Platform:
    """Return the profile of a platform.

    Raises UnknownPlatformError where there is none of that name.
    """
    if name not in names():
        from difflib import get_close_matches

        near = get_close_matches(name, names(), 1, 0.4)
        hint = f"did you mean «{near[0]}»?" if near else f"there are {', '.join(names())}"
        raise UnknownPlatformError(f"no platform is called «{name}»: {hint}")
    return _platform(_table(name))


def _table(name: str) -> dict[str, Any]:
    with open(os.path.join(_FOLDER, f"{name}.toml"), "rb") as file:
        table = tomllib.load(file)
    parent = table.pop("extends", None)
    return _merged(_table(parent), table) if parent else table


def _merged(parent: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    merged = dict(parent)
    for key, value in child.items():
        replaces = key in ("severities", "database_variables") or not isinstance(value, dict)
        merged[key] = value if replaces else _merged(parent.get(key, {}), value)
    return merged


def _section(table: dict[str, Any]) -> dict[str, Any]:
    """Turn lists to tuples, and the keys `source` and `checked` to a Fact."""
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    fields["fact"] = Fact(fields.pop("source"), fields.pop("checked"))
    return fields


def _platform(table: dict[str, Any]) -> Platform:
    return Platform(
        name=table["name"],
        title=table["title"],
        status=table["status"],
        listen=Listen(**_section(table["listen"])),
        start=Start(**_section(table["start"])),
        runtime=Runtime(**_section(table["runtime"])),
        proxy=Proxy(**_section(table["proxy"])),
        database=Database(**_section(table["database"])),
        build=Build(**_section(table["build"])),
        variables=tuple(table["variables"]["always"]),
        database_variables={
            kind: tuple(v) for kind, v in table["variables"].items() if kind in table["database"]["kinds"]
        },
        severities=table.get("severities", {}),
    )
