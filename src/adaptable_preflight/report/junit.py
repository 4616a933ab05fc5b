"""JUnit XML: each clause of the contract is a test, which fails by the findings that make the check fail."""

from xml.sax.saxutils import escape, quoteattr

from adaptable_preflight.clauses import CLAUSES, Clause
from adaptable_preflight.finding import Finding
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report.escape import log_safe, one_line
from adaptable_preflight.report.phrases import advised, place
from adaptable_preflight.triage import at_least


def render(run: Preflight) -> str:
    """Return one test suite with the ten clauses, and a test for the findings that belong to none of them."""
    verdict, fail_on = run.verdict, run.deployment.settings.fail_on
    failing = [finding for finding in verdict.shown if at_least(finding.severity, fail_on)]
    by_clause = {
        clause.id: [f for f in failing if verdict.clause_of[f.rule] == clause.id] for clause in verdict.clauses
    }
    other = [finding for finding in failing if verdict.clause_of[finding.rule] not in CLAUSES]
    cases = [_case(clause, by_clause[clause.id]) for clause in verdict.clauses]
    if other:
        cases.append(_case(Clause("settings", "violated", ""), other))
    failures = sum(map(bool, (*by_clause.values(), other)))
    skipped = sum(clause.status == "unknown" for clause in verdict.clauses)
    head = f'<testsuite name="adaptable-preflight" tests="{len(cases)}" failures="{failures}" skipped="{skipped}">'
    return log_safe("\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>", ""]))


def _case(clause: Clause, findings: list[Finding]) -> str:
    head = f'  <testcase classname="adaptable-preflight" name="{clause.id}"'
    if findings:
        texts = "\n".join(f"{place(f.span, columns=True)}: {_one(f)}" for f in findings)
        return (
            f"{head}><failure message={quoteattr(one_line(findings[0].message))}>{escape(texts)}</failure></testcase>"
        )
    if clause.status == "unknown":
        return f"{head}><skipped message={quoteattr(one_line(clause.why))}/></testcase>"
    return f"{head}/>"


def _one(finding: Finding) -> str:
    advice = f" Help: {advised(finding)}" if finding.advice else ""
    return f"{finding.severity}[{finding.rule}]: {one_line(finding.message)}{advice}"
