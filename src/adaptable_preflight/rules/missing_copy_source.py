"""`missing-copy-source`: the Dockerfile copies what is not there when the image is built."""

from collections.abc import Iterator

from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment, MissingSource

ID = "missing-copy-source"
CLAUSE = "build"
SEVERITY = Severity.ERROR
SUMMARY = "The Dockerfile copies a file that the repository does not have or keeps from the build."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each cause why a Dockerfile's build does not have what it copies, at the first such line."""
    found: dict[tuple[object, ...], list[MissingSource]] = {}
    for missing in deployment.installed.missing_sources:
        cause = missing.span.path, missing.why, missing.made, missing.other, missing.pattern
        found.setdefault(cause, []).append(missing)
    for first, *others in found.values():
        yield _finding(first, others, deployment.platform.title)


def _finding(missing: MissingSource, others: list[MissingSource], title: str) -> Finding:
    pattern = [Related(missing.pattern, "the pattern")] if missing.pattern is not None else []
    return Finding(
        ID,
        SEVERITY.lowered(missing.made),
        missing.span,
        f"The image cannot be built on {title}: {_why(missing)}.",
        _advice(missing, title),
        "medium" if missing.made else "high",
        (*pattern, *(Related(one.span, f"nor is «{one.path}»") for one in others[:5])),
    )


def _why(missing: MissingSource) -> str:
    if missing.why == "shell":
        return f"no shell reads this line, so that «{missing.path}» is taken for a file to copy"
    if missing.why == "kept-out":
        return f"a line of .dockerignore keeps «{missing.path}» from the build, and it is copied here"
    if missing.other:
        return f"«{missing.path}» is copied, and the file is called «{missing.other}»; the case of letters counts"
    ignored = ", where git ignores it" if missing.pattern is not None else ""
    return f"«{missing.path}» is copied, and it is not in the repository{ignored}"


def _advice(missing: MissingSource, title: str) -> str:
    if missing.why == "shell":
        return "Name a file that may be absent by a pattern behind another file: `COPY app.py notes.tx[t] ./`."
    if missing.why == "kept-out":
        return "Take the pattern out of .dockerignore, or add an exception that begins with «!»."
    if missing.other:
        return f"Write «{missing.other}»."
    if missing.path.rpartition("/")[2].startswith(".env"):
        return f"Take the line out, and set the variables on {title}: they come before what a file says."
    return "Commit the file, take the line out, or make the file in a step of the build."
