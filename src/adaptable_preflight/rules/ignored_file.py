"""`ignored-file`: a file that the start needs does not reach the platform as it is here."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import happens
from adaptable_preflight.facts.opened_files import pointers
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.knowledge.modules import of_python
from adaptable_preflight.knowledge.presence import is_brought
from adaptable_preflight.model import Absent, Call, Deployment, Import
from adaptable_preflight.source import Span

ID = "ignored-file"
CLAUSE = "build"
SEVERITY = Severity.WARNING
SUMMARY = "A file that the start needs is ignored by git, is a Git LFS pointer, or is spelt in another case."


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each file that the platform gets otherwise than it stands here."""
    title = deployment.platform.title
    for file in deployment.repository.untracked:
        yield Finding(
            ID,
            SEVERITY,
            file.pattern,
            f"«{file.path}» does not reach {title}: git ignores it, and the start needs it.",
            f"Take the pattern out, or commit the file with `git add --force {file.path}`.",
            related=(Related(Span(file.path, 1, 1, 1, 1), "the file that is ignored"),),
        )
    told = {unreadable.path for unreadable in deployment.installed.unreadable}
    for path in (path for path in deployment.repository.pointers if path not in told):
        yield Finding(
            ID,
            SEVERITY,
            Span(path, 1, 1, 1, 1),
            f"«{path}» is a Git LFS pointer here; the start fails where {title} does not fetch LFS objects.",
            "Keep code and dependency files out of Git LFS: `git lfs untrack`, and commit the file itself.",
        )
    for each in deployment.absent:
        if each.evidence == "left-out":
            yield _left_out(each, deployment)
    for path, call in _unfetched(deployment).items():
        when = "when it starts" if call.phase == "import" else "in a request"
        yield Finding(
            ID,
            SEVERITY,
            call.span,
            f"The app reads «{path}» {when}, a Git LFS pointer: that fails where {title} fetches no LFS objects.",
            "Let the build fetch it, keep it in an object storage, or take it out of Git LFS: `git lfs untrack`.",
            related=(Related(Span(path, 1, 1, 1, 1), "the pointer"),),
        )
    by_lower_case = {path.lower(): path for path in deployment.paths if path.endswith(".py")}
    for one in deployment.code.imports:
        other = _other_case(one, by_lower_case)
        if other and not one.guarded and not of_python(one.module) and not is_brought(deployment.installed, one.module):
            yield Finding(
                ID,
                SEVERITY,
                one.span,
                f"«{one.module}» is not found on Linux, where the case of letters counts: the file is «{other}».",
                f"Import it as «{other.rpartition('/')[2].removesuffix('.py')}», or rename the file.",
            )


def _left_out(absent: Absent, deployment: Deployment) -> Finding:
    """Report a module that only its author has: the app cannot be imported anywhere else."""
    out = next(each for each in deployment.repository.left_out if each.path == absent.path)
    title, one = deployment.platform.title, absent.one
    shown = f"only «{out.example}» is in the repository" if out.example else "git ignores it"
    when = "when it starts" if one.phase == "import" else "in a request"
    lowered = (one.phase != "import") + (deployment.installed.image is not None)
    return Finding(
        ID,
        Severity.ERROR.lowered(lowered),
        one.span,
        f"«{absent.path}» does not reach {title}: {shown}, and the app imports «{one.module}» {when}.",
        f"Take the values from the environment (`os.environ[…]`, set on {title}); commit the module without secrets.",
        "medium" if lowered else "high",
        () if out.example else (Related(out.span, "the pattern that ignores it"),),
    )


def _unfetched(deployment: Deployment) -> dict[str, Call]:
    """Return the files of which only a pointer is here, each with the first call that reads it."""
    found: dict[str, Call] = {}
    for path, call, _ in pointers(deployment):
        if happens(deployment, call.guards):
            found.setdefault(path, call)
    return found


def _other_case(one: Import, paths: dict[str, str]) -> str:
    """Return the file or folder that a module would be if the case of letters did not count."""
    top = one.module.partition(".")[0]
    for place in one.folders:
        start = f"{place}/" if place else ""
        for wanted in (f"{start}{top}.py", f"{start}{top}/__init__.py"):
            found = paths.get(wanted.lower(), wanted)
            if found != wanted:
                return found.removesuffix("/__init__.py")
    return ""
