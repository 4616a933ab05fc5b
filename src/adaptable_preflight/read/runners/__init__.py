"""Programs that start another program, each from its own arguments to a new `Launch`."""

from collections.abc import Callable, Mapping

from adaptable_preflight.model import Launch, Run
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.runners import environment, prefixes

Runner = Callable[[Launch, Context], Run]

RUNNERS: Mapping[str, Runner] = {
    **dict.fromkeys(prefixes.PREFIXES, prefixes.prefixed),
    "timeout": prefixes.timeout,
    "env": environment.env,
    "dotenv": environment.dotenv_run,
}
"""Each by the program's name."""

MODULE_RUNNERS: Mapping[str, Runner] = {"dotenv": environment.dotenv_run}
"""Those that `python -m NAME` starts; the launch's first word is the module's name."""
