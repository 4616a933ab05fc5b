"""One place decides what is shown: severities of the platform, lost start commands, allows, order."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.clauses import Clause, clauses
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment


class Known(Protocol):
    """What has to be known about a rule."""

    @property
    def ID(self) -> str:  # noqa: N802
        """The rule's name."""

    @property
    def CLAUSE(self) -> str:  # noqa: N802
        """The clause that it belongs to."""

    @property
    def SEVERITY(self) -> Severity:  # noqa: N802
        """Its usual severity."""


class Silenced(NamedTuple):
    """A finding that somebody allowed, and by what."""

    finding: Finding
    by: str


class Verdict(NamedTuple):
    """What is shown, what is not, and what that means."""

    shown: tuple[Finding, ...]
    silenced: tuple[Silenced, ...] = ()
    clauses: tuple[Clause, ...] = ()
    clause_of: Mapping[str, str] = MappingProxyType({})
    """The clause of each rule."""
    failed: bool = False
    """Whether something is at or above the severity that makes the check fail."""

    def count(self, severity: Severity) -> int:
        """Return how many findings of a severity are shown."""
        return sum(finding.severity == severity for finding in self.shown)


def judge(
    findings: tuple[Finding, ...], deployment: Deployment, checkout: Checkout, rules: tuple[Known, ...]
) -> Verdict:
    """Return what is shown of the findings, worst first, and what it means for the contract."""
    del checkout
    shown = tuple(sorted(findings, key=lambda f: (-f.severity, f.span, f.rule)))
    clause_of = {rule.ID: rule.CLAUSE for rule in rules}
    fail_on = deployment.settings.fail_on
    failed = fail_on != "never" and any(f.severity >= Severity[fail_on.upper()] for f in shown)
    return Verdict(shown, (), clauses(deployment, shown, clause_of), clause_of, failed)


def is_empty(deployment: Deployment) -> bool:
    """Whether there is nothing to check: no start command, no dependency file, and no Python file."""
    code = any(path.endswith(".py") for path in deployment.paths)
    return not (deployment.processes or deployment.installed.manifests or code)
