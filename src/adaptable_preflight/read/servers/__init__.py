"""Servers: one file each, from a command line (or a call in Python) to a `Server` with the values that count.

A server's file knows its defaults, options, variables and configuration files, and nothing else does.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Protocol, cast

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Call, Environment, Launch, Run
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers.table import SERVERS, Entry
from adaptable_preflight.value import text_of

FromCall = Callable[[Call, Environment, Context], Run]


class ServerReader(Protocol):
    """What a module of this package offers; each part may be left empty."""

    COMMANDS: frozenset[str]
    """Programs that start the server."""
    MODULES: frozenset[str]
    """Modules that start it by `python -m`; the launch's first word is then the module's name."""
    CALLS: Mapping[str, FromCall]
    """Calls that start it, by their dotted names; a method carries the name of what its object was made by:
    `uvicorn.run`, `flask.Flask.run`, `wsgiref.simple_server.make_server.serve_forever`."""

    def read(self, launch: Launch, context: Context) -> Run:
        """Return what becomes of the command. A server is named even when the command fails."""


def _load(entry: Entry) -> ServerReader:
    return cast("ServerReader", import_module(f"{__name__}.{entry.module}"))


def by_command(program: str) -> ServerReader | None:
    """Return the reader of the server that a program starts, by the program's name without its folder."""
    return next((_load(entry) for entry in SERVERS if program in entry.commands), None)


def by_module(name: str) -> ServerReader | None:
    """Return the reader of the server that `python -m NAME` starts."""
    return next((_ByModule(_load(entry)) for entry in SERVERS if name in entry.modules), None)


class _ByModule:
    """A reader for launches by `python -m`."""

    def __init__(self, reader: ServerReader) -> None:
        self.COMMANDS, self.MODULES, self.CALLS = reader.COMMANDS, reader.MODULES, reader.CALLS
        self._read = reader.read

    def read(self, launch: Launch, context: Context) -> Run:
        return self._read(launch._replace(by_module=True), context)


def call_reader(name: str) -> FromCall | None:
    """Return what reads a call by its dotted name; None where the call starts no server."""
    entry = next((entry for entry in SERVERS if name in entry.calls), None)
    return None if entry is None else _load(entry).CALLS[name]


def calls() -> frozenset[str]:
    """Return the dotted names of every call that starts a server."""
    return frozenset(name for entry in SERVERS for name in entry.calls)


def folders_of_path(env: Environment, folder: str) -> tuple[str, ...]:
    """Return the folders of the checkout that `PYTHONPATH` adds for a program started in `folder`."""
    value = env.get("PYTHONPATH")
    text = text_of(value) if value is not None else None
    if text is None:
        return ()
    found = (join(folder, part or ".") for part in text.split(":")) if text else ()
    return tuple(path for path in found if path is not None)
