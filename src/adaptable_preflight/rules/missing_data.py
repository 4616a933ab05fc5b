"""`missing-data`: the app loads language data that nothing puts on the platform."""

from collections.abc import Iterator

from adaptable_preflight.facts.missing_data import Missing, missing_data
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment

ID = "missing-data"
CLAUSE = "startup"
SEVERITY = Severity.WARNING
SUMMARY = "The app loads language data that is neither installed nor fetched."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each name of data, at the use that weighs most."""
    found: dict[str, list[Missing]] = {}
    for missing in missing_data(deployment):
        found.setdefault(missing.name, []).append(missing)
    for uses in found.values():
        first, *others = sorted(uses, key=lambda missing: -_severity(missing, deployment))
        then = "the app does not start" if first.at_start else "it fails in a request"
        severity = _severity(first, deployment)
        yield Finding(
            ID,
            severity,
            first.used.span,
            f"«{first.name}» is not on {deployment.platform.title}: no requirement installs it, and nothing fetches "
            f"it; {then} ({first.need.error.rstrip('.')}).",
            _advice(first),
            "medium" if severity < Severity.ERROR else "high",
            tuple(Related(other.used.span, "so does this") for other in others[:5]),
            ends_start=first.at_start,
        )


def _severity(missing: Missing, deployment: Deployment) -> Severity:
    """Lower what only a request meets, and what an image may hold of which nobody sees the beginnings."""
    stops = missing.at_start and not deployment.app_is_guessed
    return (Severity.ERROR if stops else SEVERITY).lowered(missing.doubts + (deployment.installed.image is not None))


def _advice(missing: Missing) -> str:
    if missing.need.package == "spacy":
        return (
            f"List the model's wheel among the dependencies, in the version that fits spaCy: «{missing.name} @ "
            "https://github.com/explosion/spacy-models/releases/download/…»."
        )
    return (
        f"Keep it in the repository: `python -m nltk.downloader -d nltk_data {missing.name}`, and set NLTK_DATA to "
        f'that folder; or fetch it before it is used: nltk.download("{missing.name}").'
    )
