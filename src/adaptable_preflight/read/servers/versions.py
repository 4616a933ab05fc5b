"""Which version of a server is installed, and what follows from it for its options.

The dependency files choose it; without a bound, pip takes the newest.
"""

from adaptable_preflight.knowledge.versions import held_below
from adaptable_preflight.model import Failure, Installed
from adaptable_preflight.read.servers.grammar import Parsed


def refused_option(parsed: Parsed, installed: Installed, server: str) -> Failure | None:
    """Tell which option the installed version does not have yet, or has no more."""
    for given in parsed.given:
        since, until = given.option.since, given.option.until
        if since and held_below(installed, server, since):
            message = f"{server} has {given.flag} since {since}, and the dependencies hold it below that"
            return Failure("rejected-option", message, given.span)
        if until and not held_below(installed, server, until):
            return Failure("rejected-option", f"{server} {until} has no {given.flag} any more", given.span)
    return None
