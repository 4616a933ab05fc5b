"""One place decides what is shown: severities of the platform, lost start commands, allows, order."""

from typing import NamedTuple

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment


class Silenced(NamedTuple):
    """A finding that somebody allowed, and by what."""

    finding: Finding
    by: str


class Verdict(NamedTuple):
    """What is shown, what is not, and what that means."""

    shown: tuple[Finding, ...]
    silenced: tuple[Silenced, ...] = ()


def judge(findings: tuple[Finding, ...], deployment: Deployment, checkout: Checkout) -> Verdict:
    """Order the findings, worst first."""
    del deployment, checkout
    return Verdict(tuple(sorted(findings, key=lambda f: (-f.severity, f.span, f.rule))))
