"""How sure a finding is that stands under conditions."""

from adaptable_preflight.facts.given import gives
from adaptable_preflight.finding import Confidence, Severity
from adaptable_preflight.model import Deployment, Guard, Phase

_CONFIDENCE: tuple[Confidence, ...] = ("high", "medium", "low")


def happens(deployment: Deployment, guards: tuple[Guard, ...]) -> bool:
    """Whether what stands under conditions may happen on the platform.

    It does not where a condition counted on the absence of variables that the platform sets.
    """
    return not any(g.assumed and g.variables and all(gives(deployment, v) for v in g.variables) for g in guards)


def unless(guards: tuple[Guard, ...]) -> str:
    """Return the end of a sentence that names a variable which would change what was taken for granted."""
    names = (name for guard in guards if guard.assumed for name in guard.variables)
    first = next(names, "")
    return f" unless {first} is set there" if first else ""


def doubts(guards: tuple[Guard, ...], phase: Phase = "import") -> int:
    """Return how many doubts the conditions leave: one for each set of variables that decides, one for all others.

    While a request is handled, conditions that ask for no variable are the ordinary course of things, unless they
    decide whether its handler is registered.
    """
    asked = {guard.variables for guard in guards if guard.variables}
    unasked = [guard for guard in guards if not guard.variables and not guard.assumed]
    others = any(phase == "import" or guard.registers for guard in unasked)
    return len(asked) + others


def weighed(severity: Severity, doubts: int) -> tuple[Severity, Confidence]:
    """Return severity and confidence of what some doubts are left about: one step lower for each of them."""
    return severity.lowered(doubts), _CONFIDENCE[min(doubts, 2)]
