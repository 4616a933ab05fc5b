"""Programs that start another program, each from its own arguments to a new `Launch`."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from adaptable_preflight.model import Launch, Run
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.runners.prefixes import PREFIXES

Runner = Callable[[Launch, Context], Run]

RUNNERS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(PREFIXES, ("prefixes", "prefixed")),
    "timeout": ("prefixes", "timeout"),
    "env": ("environment", "env"),
    "dotenv": ("environment", "dotenv_run"),
    **dict.fromkeys(("poetry", "pipenv", "uv", "pdm", "hatch", "rye"), ("managers", "managed")),
    "honcho": ("honcho", "honcho"),
    "supervisord": ("supervisord", "supervisord"),
    "watchfiles": ("reloaders", "watchfiles"),
    "watchmedo": ("reloaders", "watchmedo"),
    "make": ("make", "make"),
}
"""The module and function that follow a program, by the program's name."""

MODULE_RUNNERS = frozenset({"dotenv", "honcho", "poetry", "pipenv", "uv", "pdm", "hatch", "watchfiles"})
"""Those that `python -m NAME` starts too."""


def by_program(name: str) -> Runner | None:
    """Return what follows a program that starts another one. It is imported when it is asked for."""
    place = RUNNERS.get(name)
    if place is None:
        return None
    return cast("Runner", getattr(import_module(f"{__name__}.{place[0]}"), place[1]))
