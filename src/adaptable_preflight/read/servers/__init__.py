"""Servers: one file each, from a command line (or a call in Python) to a `Server` with the values that count.

A server's file knows its defaults, options, variables and configuration files, and nothing else does.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from adaptable_preflight.model import Call, Environment, Launch, Run
from adaptable_preflight.read.context import Context

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
