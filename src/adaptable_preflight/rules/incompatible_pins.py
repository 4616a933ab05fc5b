"""`incompatible-pins`: versions that are known not to run together."""

from collections.abc import Iterator

from adaptable_preflight.facts.clashes import Clash, clashes
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.knowledge.tables import Break
from adaptable_preflight.model import Deployment

ID = "incompatible-pins"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "The versions that will be installed are known to break when the app is imported."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each pair that this deployment gets for sure, and one for all that another Python spares."""
    open_ones: dict[str, list[Clash]] = {}
    for clash in clashes(deployment.installed):
        if _is_open(clash, deployment):
            open_ones.setdefault(clash.requirement.span.path, []).append(clash)
        else:
            yield _finding(clash, deployment)
    for found in open_ones.values():
        yield _together(found, deployment)


def _is_open(clash: Clash, deployment: Deployment) -> bool:
    """Whether the pair breaks only on a Python that somebody may have replaced in the platform's own settings."""
    of_python = clash.pair.other == "python" and clash.pair.other_bounds != ">=3.0"
    return bool(clash.unless) or (of_python and not deployment.installed.python.sure)


def _finding(clash: Clash, deployment: Deployment) -> Finding:
    sure = clash.requirement.locked or "==" in clash.requirement.specifier
    return Finding(
        ID,
        Severity.ERROR if sure else SEVERITY,
        clash.requirement.span,
        f"{_said(clash, deployment)} on {deployment.platform.title}: {clash.pair.error}.",
        _advice(clash.pair),
        "high" if sure else "medium",
    )


def _together(found: list[Clash], deployment: Deployment) -> Finding:
    """Say of all pairs of a file at once what the Python decides that runs where nobody has set another."""
    first, *others = found
    title, python = deployment.platform.title, deployment.installed.python.version
    wanted = next((clash.unless for clash in found if clash.unless), "")
    more = f" (and {len(others)} more of its pins)" if others else ""
    return Finding(
        ID,
        Severity.NOTICE,
        first.requirement.span,
        f"{_said(first, deployment)}{more}, unless {f'Python {wanted}' if wanted else 'another Python version'} is set "
        f"on {title}, which runs Python {python} else: {first.pair.error}.",
        f"{_advice(first.pair)} Or set the Python that they want on {title}, and `python-version` in these settings.",
        "medium",
        tuple(Related(each.requirement.span, each.pair.error) for each in others[:6]),
    )


def _said(clash: Clash, deployment: Deployment) -> str:
    pair, requirement, _ = clash
    other = f"Python {deployment.installed.python.version}"
    if pair.other != "python":
        found = deployment.installed.find(pair.other)
        other = f"{pair.other}{found.specifier}" if found and found.specifier else f"the newest {pair.other}"
    return f"«{pair.package}{requirement.specifier}» does not run with {other}"


def _advice(pair: Break) -> str:
    if not pair.remedy:
        return f"Delete the line: Python itself has what «{pair.package}» brought."
    return f"Write «{pair.remedy}»."
