"""`committed-virtualenv`: a virtual environment is part of the repository."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.source import Span

ID = "committed-virtualenv"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "A virtual environment is tracked in the repository."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each `pyvenv.cfg` that is tracked."""
    for path in deployment.repository.environments:
        folder = path.rpartition("/")[0] or "."
        yield Finding(
            ID,
            SEVERITY,
            Span(path, 1, 1, 1, 1),
            f"The virtual environment «{folder}» is committed: it holds programs of one machine, swells every build, "
            f"and can hide what {deployment.platform.title} installs.",
            f"Take it out with `git rm -r --cached {folder}` and add «{folder}/» to .gitignore.",
        )
