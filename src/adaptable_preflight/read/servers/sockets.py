"""Sockets that are no TCP addresses: paths and descriptors, and whether they can be opened."""

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import Bind, Descriptor, Failure, Unix
from adaptable_preflight.read.servers.outcome import Problem
from adaptable_preflight.read.servers.places import can_hold, file_exists
from adaptable_preflight.value import Unknown, show, text_of


def unusable_socket(binds: tuple[Bind, ...], checkout: Checkout, folder: str) -> Problem | None:
    """Tell why a unix socket or a descriptor cannot be opened; None where they can."""
    for bind in binds:
        problem: Problem | None = None
        if isinstance(bind, Descriptor):
            problem = Failure(
                "bad-address", f"nothing hands over an open socket as descriptor {bind.number}", bind.span
            )
        elif isinstance(bind, Unix) and text_of(bind.path) is not None:
            problem = _path_problem(bind, checkout, folder)
        if problem is not None:
            return problem
    return None


def _path_problem(bind: Unix, checkout: Checkout, folder: str) -> Problem | None:
    room = can_hold(checkout, folder, bind.path)
    if room is None:
        return Unknown(f"it cannot be told whether the folder of the socket «{show(bind.path)}» exists", bind.span)
    if room is False:
        return Failure("bad-address", f"the folder of the socket «{show(bind.path)}» does not exist", bind.span)
    if file_exists(checkout, folder, bind.path):
        return Failure("bad-address", f"the socket «{show(bind.path)}» is a file already", bind.span)
    return None
