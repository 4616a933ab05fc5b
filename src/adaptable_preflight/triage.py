"""One place decides what is shown: severities of the platform, lost start commands, allows, order."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from adaptable_preflight.allows import Silenced, silence
from adaptable_preflight.checkout import Checkout
from adaptable_preflight.clauses import Clause, clauses
from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.rules import Rule


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


def judge(findings: Iterable[Finding], deployment: Deployment, checkout: Checkout, rules: tuple[Rule, ...]) -> Verdict:
    """Return what is shown of the findings, worst first, and what it means for the contract.

    Raises SettingsError where an allow names a rule that does not exist.
    """
    usual = {rule.ID: rule.SEVERITY for rule in rules}
    weighed = [_weighed(finding, deployment, usual) for finding in findings]
    every = _once(finding for finding in weighed if finding is not None)
    shown, silenced = silence(every, deployment.settings.allow, checkout, tuple(usual))
    clause_of = {rule.ID: rule.CLAUSE for rule in rules}
    failed = any(at_least(finding.severity, deployment.settings.fail_on) for finding in shown)
    judged = clauses(deployment, every, clause_of)
    return Verdict(tuple(sorted(shown, key=_order)), silenced, judged, clause_of, failed)


def at_least(severity: Severity, fail_on: str) -> bool:
    """Whether a finding of this severity makes the check fail."""
    return fail_on != "never" and severity >= Severity[fail_on.upper()]


def _order(finding: Finding) -> tuple[object, ...]:
    return (-finding.severity, finding.span, finding.rule, finding.message)


def _weighed(finding: Finding, deployment: Deployment, usual: Mapping[str, Severity]) -> Finding | None:
    """Return the finding as it weighs in this deployment; None where the platform makes it harmless."""
    override = deployment.platform.severities.get(finding.rule, "")
    if override == "off":
        return None
    finding = _on_platform(finding, override, usual)
    if finding.process is not None and not finding.process.origin.chosen:
        message = f"If the platform starts from {finding.process.origin.span.path}: {finding.message}"
        for_development = finding.process.origin.kind == "compose"
        heaviest = Severity.NOTICE if for_development or deployment.web is not None else Severity.WARNING
        return finding._replace(severity=min(finding.severity, heaviest), message=message)
    doubts = (finding.from_absence and bool(deployment.code.gaps)) + _is_one_of_several(finding)
    of_code = finding.span.path.endswith(".py") and finding.rule not in _HOWEVER_STARTED
    guessed = of_code and deployment.app_is_guessed
    return finding._replace(severity=finding.severity.lowered(doubts + guessed))


def _is_one_of_several(finding: Finding) -> bool:
    """Whether it is about one of the servers of which a condition that nobody can decide starts one."""
    process = finding.process
    return process is not None and process.outcome == "unknown" and len(process.servers) > 1


_HOWEVER_STARTED = ("missing-start-command", "missing-manifest", "undeclared-import")
"""Rules whose findings stand in code and hold whichever command starts the app."""


def _on_platform(finding: Finding, override: str, usual: Mapping[str, Severity]) -> Finding:
    """Move a finding as far as the platform moves its rule's usual severity."""
    if not override:
        return finding
    moved = finding.severity + Severity[override.upper()] - usual.get(finding.rule, finding.severity)
    return finding._replace(severity=Severity(min(max(moved, Severity.NOTICE), Severity.ERROR)))


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return each finding once: two ways to start may lead to the same line, and the worse one counts."""
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = (finding.rule, finding.span)
        if key not in found or finding.severity > found[key].severity:
            found[key] = finding
    return tuple(sorted(found.values(), key=_order))


def is_empty(deployment: Deployment) -> bool:
    """Whether there is nothing to check: no start command, no dependency file, and no Python file.

    A file that cannot be read is something.
    """
    code = any(path.endswith(".py") for path in deployment.paths)
    parts, unreadable = deployment.installed, deployment.unreadable
    return not (deployment.processes or parts.manifests or parts.unreadable or unreadable or code)
