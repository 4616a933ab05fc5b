"""What the tool knows: the lists of its rules and platforms."""

from adaptable_preflight import platforms as profiles
from adaptable_preflight.report.escape import json_text
from adaptable_preflight.rules import RULES


def rules(form: str) -> str:
    """Return the rules in their order, as `text` or `json`."""
    if form == "json":
        return json_text(
            [
                {
                    "id": rule.ID,
                    "clause": rule.CLAUSE,
                    "severity": str(rule.SEVERITY),
                    "summary": rule.SUMMARY.rstrip("."),
                }
                for rule in RULES
            ]
        )
    width = max((len(rule.ID) for rule in RULES), default=0)
    return "".join(
        f"{rule.ID:<{width}}  {rule.CLAUSE:<13}  {rule.SEVERITY!s:<7}  {rule.SUMMARY.rstrip('.')}\n" for rule in RULES
    )


def rules_table() -> str:
    """Return the rules as the table of the README, each with a link to its page."""
    rows = [
        f"| [`{rule.ID}`](src/adaptable_preflight/rules/{rule.ID.replace('-', '_')}.md) | {rule.CLAUSE} "
        f"| {rule.SEVERITY} | {rule.SUMMARY.rstrip('.')} |"
        for rule in RULES
    ]
    return "\n".join(["| rule | clause | severity | finds |", "|---|---|---|---|", *rows]) + "\n"


def platforms_table() -> str:
    """Return the platforms as the table of the README."""
    loaded = [profiles.load(name) for name in profiles.names()]
    rows = [f"| `{each.name}` | {each.title} | {each.status} |" for each in loaded]
    return "\n".join(["| name | platform | state |", "|---|---|---|", *rows]) + "\n"


def platforms(form: str) -> str:
    """Return the platforms, the default first, as `text` or `json`."""
    loaded = [profiles.load(name) for name in profiles.names()]
    if form == "json":
        return json_text([{"name": each.name, "title": each.title, "status": each.status} for each in loaded])
    width = max(len(each.name) for each in loaded)
    return "".join(f"{each.name:<{width}}  {each.title}: {each.status}\n" for each in loaded)
