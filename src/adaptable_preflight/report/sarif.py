"""SARIF 2.1.0 for code scanning: relative paths, help for every rule, fingerprints that survive moved lines.

https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from collections import Counter
from typing import Any, Final
from urllib.parse import quote

from adaptable_preflight import __version__
from adaptable_preflight.finding import Edit, Finding, Severity
from adaptable_preflight.preflight import Preflight
from adaptable_preflight.report.escape import json_text, masked
from adaptable_preflight.report.fingerprint import fingerprint
from adaptable_preflight.report.phrases import in_a_file
from adaptable_preflight.rules import RULES, Rule, page
from adaptable_preflight.source import Span

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}

Json = dict[str, Any]


def render(run: Preflight, prefix: str = "") -> str:
    """Return the findings that are shown. `prefix`: the checked folder, seen from the repository's root."""
    index = {rule.ID: number for number, rule in enumerate(RULES)}
    seen: Counter[str] = Counter()
    results = [_result(finding, run, prefix, index, seen) for finding in run.verdict.shown]
    driver = {
        "name": "adaptable-preflight",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": "https://pypi.org/project/adaptable-preflight/",
        "rules": [_rule(rule) for rule in RULES],
    }
    log = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"adaptable-preflight/{run.deployment.platform.name}/{prefix}"},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the repository."}}},
        "results": results,
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [log]})


def _rule(rule: Rule) -> Json:
    text, summary = page(rule), f"{rule.SUMMARY.rstrip('.')}."
    return {
        "id": rule.ID,
        "name": "".join(word.capitalize() for word in rule.ID.split("-")),
        "shortDescription": {"text": summary},
        "fullDescription": {"text": _section(text, "What it finds") or summary},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[rule.SEVERITY]},
        "properties": {"tags": ["deployment", rule.CLAUSE], "problem.severity": _problem(rule.SEVERITY)},
    }


def _problem(severity: Severity) -> str:
    return "recommendation" if severity == Severity.NOTICE else str(severity)


def _section(text: str, heading: str) -> str:
    _, _, rest = text.partition(f"## {heading}\n")
    return rest.partition("\n## ")[0].strip()


def _result(finding: Finding, run: Preflight, prefix: str, index: dict[str, int], seen: Counter[str]) -> Json:
    text = masked(f"{finding.message}\nHelp: {finding.advice}" if finding.advice else finding.message)
    mark = fingerprint(finding, run)
    seen[mark] += 1
    result = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [_location(finding.span, run, prefix)],
        "partialFingerprints": {"primaryLocationLineHash": f"{mark}:{seen[mark]}"},
        "properties": {"confidence": finding.confidence},
    }
    related = [
        {"id": number, "message": {"text": masked(each.message)}, **_location(each.span, run, prefix)}
        for number, each in enumerate(finding.related, 1)
    ]
    if related:
        result["relatedLocations"] = related
    if finding.fix is not None and all(edit.span.in_file for edit in finding.fix.edits):
        result["fixes"] = [_fix(finding.fix.edits, finding.advice or finding.message, prefix)]
    return result


def _location(span: Span, run: Preflight, prefix: str) -> Json:
    shown = in_a_file(span, run)
    return {"physicalLocation": {"artifactLocation": _artifact(prefix + shown.path), "region": _region(shown)}}


def _artifact(path: str) -> Json:
    return {"uri": quote(path.encode("utf-8", "surrogateescape")), "uriBaseId": "SRCROOT"}


def _region(span: Span) -> Json:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fix(edits: tuple[Edit, ...], text: str, prefix: str) -> Json:
    files: dict[str, list[Json]] = {}
    for edit in edits:
        change = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        files.setdefault(prefix + edit.span.path, []).append(change)
    changes = [{"artifactLocation": _artifact(path), "replacements": each} for path, each in files.items()]
    return {"description": {"text": masked(text)}, "artifactChanges": changes}
