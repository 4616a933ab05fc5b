"""The machine-readable report of `check`; its schema is published as `docs/check.schema.json`."""

from typing import Any

from adaptable_preflight.finding import Edit, Finding
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report.escape import json_text, masked
from adaptable_preflight.report.facts import SCHEMA_VERSION, processes

Json = dict[str, Any]


def render(run: Preflight) -> str:
    """Return the verdict with all findings, clauses and processes."""
    verdict = run.verdict
    return json_text(
        {
            "schema_version": SCHEMA_VERSION,
            "platform": run.deployment.platform.name,
            "verdict": "fail" if verdict.failed else "pass",
            "findings": [_finding(finding, run) for finding in verdict.shown],
            "silenced": [{**_finding(each.finding, run), "silenced_by": each.by} for each in verdict.silenced],
            "clauses": [
                {
                    "id": clause.id,
                    "status": clause.status,
                    "why": masked(clause.why),
                    "evidence": [{"path": span.path, "line": span.line} for span in clause.evidence],
                }
                for clause in verdict.clauses
            ],
            "processes": processes(run.deployment),
        }
    )


def _finding(finding: Finding, run: Preflight) -> Json:
    span = finding.span
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "confidence": finding.confidence,
        "clause": run.verdict.clause_of[finding.rule],
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "message": masked(f"{finding.message} {finding.advice}".rstrip()),
        "related": [
            {"path": related.span.path, "line": related.span.line, "message": masked(related.message)}
            for related in finding.related
        ],
        "fix": _fix(finding),
    }


def _fix(finding: Finding) -> Json | None:
    fix = finding.fix
    if fix is None or any(masked(edit.text) != edit.text for edit in fix.edits):
        return None
    return {"safe": fix.safe, "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: Edit) -> Json:
    span = edit.span
    return {
        "path": span.path,
        "start_line": span.line,
        "start_column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "text": edit.text,
    }
