"""Blueprints and routers: under which conditions the app takes their handlers."""

from adaptable_preflight.model import Guard
from adaptable_preflight.read.python.machine import Machine
from adaptable_preflight.read.python.objects import Arguments, External, Function, Object

MAX_DEPTH = 8
"""Routers in routers."""


def note(machine: Machine, function: External, arguments: Arguments) -> None:
    """`app.register_blueprint(blueprint)`: note the conditions around."""
    taken, owner = arguments.get(0), function.receiver
    if taken is not None and owner is not None:
        guards = tuple(guard._replace(registers=True) for guard in machine.guards)
        machine.mounts.append((taken, owner, guards))


def conditions(machine: Machine, handler: Function) -> tuple[Guard, ...]:
    """Return the conditions under which a handler is registered, by the way that leaves the fewest open."""
    ways = [_around(machine, owner, MAX_DEPTH) for owner in machine.owners.get(handler, ())]
    return min(ways, key=len, default=())


def _around(machine: Machine, owner: Object, depth: int) -> tuple[Guard, ...]:
    found = [one for one in machine.mounts if one[0] is owner] if depth else []
    ways = [(*_around(machine, parent, depth - 1), *guards) for _, parent, guards in found]
    return min(ways, key=len, default=())
