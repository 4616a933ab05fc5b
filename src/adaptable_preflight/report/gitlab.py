"""The code quality report that GitLab reads: https://docs.gitlab.com/ci/testing/code_quality/ says how."""

from collections import Counter
from typing import Final

from adaptable_preflight.finding import Severity
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report.escape import json_text, masked
from adaptable_preflight.report.fingerprint import fingerprint
from adaptable_preflight.report.phrases import in_a_file

_SEVERITIES: Final = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTICE: "info"}


def render(run: Preflight, prefix: str = "") -> str:
    """Return the findings that are shown. `prefix`: the checked folder, seen from the repository's root."""
    seen: Counter[str] = Counter()
    issues = []
    for finding in run.verdict.shown:
        mark, span = fingerprint(finding, run), in_a_file(finding.span, run)
        seen[mark] += 1
        issues.append(
            {
                "description": masked(finding.message),
                "check_name": finding.rule,
                "fingerprint": f"{mark}{seen[mark]}",
                "severity": _SEVERITIES[finding.severity],
                "location": {
                    "path": prefix + span.path,
                    "lines": {"begin": span.line, "end": span.end_line},
                },
            }
        )
    return json_text(issues)
