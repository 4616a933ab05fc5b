"""How a shell leaves the usual order of its commands."""

from adaptable_preflight.model import Run, Server
from adaptable_preflight.value import Unknown


class StaysError(Exception):
    """A program runs on in the foreground: what follows it never starts."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run


class ExitsError(Exception):
    """The shell ends."""

    def __init__(self, status: int | None) -> None:
        super().__init__()
        self.status = status


class ReturnsError(Exception):
    """A function, or a file that is read by `.`, ends."""

    def __init__(self, status: int | None) -> None:
        super().__init__()
        self.status = status


class LeavesLoopError(Exception):
    """`break` or `continue` of some loops."""

    def __init__(self, levels: int, goes_on: bool) -> None:
        super().__init__()
        self.levels = levels
        self.goes_on = goes_on


class UndecidedError(Exception):
    """What happens from here on cannot be told; `servers` are those of the likeliest way."""

    def __init__(self, why: Unknown, servers: tuple[Server, ...] = ()) -> None:
        super().__init__(why.why)
        self.why = why
        self.servers = servers
