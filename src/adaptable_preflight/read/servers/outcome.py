"""From what a server would notice on its way to listening, to what becomes of its command."""

from typing import NamedTuple

from adaptable_preflight.model import Failure, Remark, Run, Server
from adaptable_preflight.value import Unknown

Problem = Failure | Unknown


class Trouble(NamedTuple):
    """What keeps a server from listening."""

    problem: Problem
    status: int | None = 1
    """The exit status, where it is known."""


def outcome(server: Server, troubles: list[Trouble], remarks: tuple[Remark, ...] = ()) -> Run:
    """Return what becomes of the command: a certain failure counts before anything that cannot be told."""
    for problem, status in troubles:
        if isinstance(problem, Failure):
            return Run((server,), failure=problem, remarks=remarks, status=status)
    unknown = next((problem for problem, _ in troubles if isinstance(problem, Unknown)), None)
    return Run((server,), unknown=unknown, remarks=remarks)
