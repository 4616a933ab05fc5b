"""`unreadable-manifest`: a dependency file that the installer rejects."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Severity
from adaptable_preflight.model import Deployment, Unreadable
from adaptable_preflight.source import Span

ID = "unreadable-manifest"
CLAUSE = "build"
SEVERITY = Severity.ERROR
SUMMARY = "A dependency file cannot be read, so that the build fails or installs something else than it says."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each place that cannot be read, and a notice for each file in UTF-16."""
    for unreadable in deployment.installed.unreadable:
        yield _broken(unreadable, deployment)
    several = [m.path for m in deployment.installed.manifests]
    if deployment.platform.build.exclusive and len(several) > 1 and deployment.installed.image is None:
        yield Finding(
            ID,
            SEVERITY,
            Span(several[1], 1, 1, 1, 1),
            f"The build on {deployment.platform.title} fails, because {several[0]} and {several[1]} ask for two "
            "package managers.",
            f"Keep one of {', '.join(several)}.",
        )
    for manifest in deployment.installed.manifests:
        if manifest.used and manifest.encoding:
            yield Finding(
                ID,
                Severity.NOTICE,
                Span(manifest.path, 1, 1, 1, 1),
                f"{manifest.path} is written in UTF-16: pip reads it, other tools that look at it may not.",
                "Save it as UTF-8 (in PowerShell: `pip freeze | Out-File -Encoding utf8 requirements.txt`).",
            )


def _broken(unreadable: Unreadable, deployment: Deployment) -> Finding:
    if unreadable.breaks:
        message = f"The build on {deployment.platform.title} fails, because {unreadable.path} cannot be read: "
        advice = _advice(unreadable)
        return Finding(ID, SEVERITY, unreadable.span, f"{message}{unreadable.why}.", advice)
    message = f"What {unreadable.path} installs was not checked: {unreadable.why}."
    return Finding(ID, Severity.NOTICE, unreadable.span, message, _advice(unreadable), "low")


def _advice(unreadable: Unreadable) -> str:
    why = unreadable.why
    if "merge" in why:
        return "Settle the merge: keep the lines that belong, and delete the marker lines."
    if "Git LFS" in why:
        return f"Commit the file itself: `git lfs untrack {unreadable.path}`, then `git add --renormalize .`."
    if "NUL" in why:
        return "Write the file anew as UTF-8: `pip freeze > requirements.txt` in a shell that writes UTF-8."
    if "no file «" in why:
        return "Commit the file, or take the line out."
    if "includes itself" in why:
        return "Take the line out: what it names is being read already."
    return "Correct the place, or delete it; `pip install --dry-run -r` tells whether the file is right."
