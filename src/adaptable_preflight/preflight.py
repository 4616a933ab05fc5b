"""The whole pipeline on one screen: Sources → Deployment → Findings → Verdict → text."""

from typing import NamedTuple

from adaptable_preflight.assemble import assemble
from adaptable_preflight.checkout import Checkout
from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment, Environment
from adaptable_preflight.platforms import Platform
from adaptable_preflight.rules import RULES
from adaptable_preflight.settings import Settings
from adaptable_preflight.triage import Verdict, judge


class Preflight(NamedTuple):
    """One run: what was read, what will be deployed, and what there is to say about it."""

    checkout: Checkout
    deployment: Deployment
    verdict: Verdict


def preflight(checkout: Checkout, settings: Settings, platform: Platform, env: Environment | None = None) -> Preflight:
    """Check a repository. `env`: a closed environment instead of the platform's."""
    deployment = assemble(checkout, settings, platform, env)
    return Preflight(checkout, deployment, judge(check(deployment), deployment, checkout, RULES))


def check(deployment: Deployment) -> tuple[Finding, ...]:
    """Hold the deployment against the platform's contract: every rule, once."""
    return tuple(finding for rule in RULES for finding in rule.check(deployment))
