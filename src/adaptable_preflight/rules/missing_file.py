"""`missing-file`: importing the app reads a file that is not in the repository."""

from collections.abc import Iterator

from adaptable_preflight.facts.doubt import doubts, happens, unless, weighed
from adaptable_preflight.facts.meant_paths import explained
from adaptable_preflight.facts.opened_files import Needed, missing_files, no_pickles
from adaptable_preflight.facts.opened_folders import missing_folders
from adaptable_preflight.facts.pickled_imports import of_another_program
from adaptable_preflight.facts.streamlit_secrets import SECRETS, secrets_in_vain
from adaptable_preflight.finding import Finding, Related, Severity
from adaptable_preflight.model import Deployment
from adaptable_preflight.source import Span

ID = "missing-file"
CLAUSE = "startup"
SEVERITY = Severity.ERROR
SUMMARY = "Importing the app needs a file or folder that is not in the repository, or unpickles what is no pickle."


_FAILS = {False: "Importing the app fails", True: "The script fails for each visitor"}


def check(deployment: Deployment) -> Iterator[Finding]:
    """Yield one finding for each function (or module) that reads such files, at the first one."""
    found: dict[tuple[str, str], list[Needed]] = {}
    for needed in missing_files(deployment):
        if happens(deployment, needed.call.guards):
            found.setdefault((needed.call.span.path, needed.call.function), []).append(needed)
    for (path, call, whole), *others in found.values():
        known = explained(path, whole, call.span.path, deployment.paths)
        built = deployment.installed.image is not None
        severity, confidence = weighed(SEVERITY, doubts(call.guards) + built)
        yield Finding(
            ID,
            severity,
            call.span,
            f"{_FAILS[call.phase == 'request']} on {deployment.platform.title}: {known.why}.",
            known.advice,
            confidence,
            tuple(Related(other.call.span, f"neither is «{other.path}»") for other in others[:5]),
        )
    yield from _without_folder(deployment)
    yield from _without_secrets(deployment)
    yield from _unpickled(deployment)
    yield from _of_another_program(deployment)


def _without_secrets(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding where Streamlit's secrets are read first and their file is not there."""
    for call in secrets_in_vain(deployment):
        if happens(deployment, call.guards):
            title = deployment.platform.title
            built = deployment.installed.image is not None
            yield Finding(
                ID,
                SEVERITY.lowered(1 + built),
                call.span,
                f"Whoever visits the app on {title} sees an error here{unless(call.guards)}: «{SECRETS}» is not in the "
                "repository.",
                f'Read a variable that is set on {title}, os.environ["…"], or let the start command write the file.',
            )
            return


def _without_folder(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each folder that has to be there, at the first call that needs it."""
    seen = set[str]()
    for path, call, _ in missing_folders(deployment):
        if path in seen or not happens(deployment, call.guards):
            continue
        seen.add(path)
        severity, confidence = weighed(SEVERITY, doubts(call.guards) + (deployment.installed.image is not None))
        yield Finding(
            ID,
            severity,
            call.span,
            f"Importing the app fails on {deployment.platform.title}: there is no folder «{path}» in the repository.",
            f"Commit a file in it, such as «{path}/.gitkeep», since git keeps no empty folder; or let the code make it "
            f'before: os.makedirs("{path}", exist_ok=True).',
            confidence,
        )


def _unpickled(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each file that is unpickled and cannot be."""
    for path, call, _ in no_pickles(deployment):
        if happens(deployment, call.guards):
            severity, confidence = weighed(SEVERITY, doubts(call.guards))
            yield Finding(
                ID,
                severity,
                call.span,
                f"Importing the app fails on {deployment.platform.title}: «{path}» is no pickle.",
                "Commit the real file, or fetch it while the image is built.",
                confidence,
                (Related(Span(path, 1, 1, 1, 1), "the file"),),
            )


def _of_another_program(deployment: Deployment) -> Iterator[Finding]:
    """Yield a finding for each pickle that needs what only the program which made it had."""
    server = deployment.web.server if deployment.web is not None else None
    for path, names, call in of_another_program(deployment):
        if server is not None and happens(deployment, call.guards):
            usual = SEVERITY if call.phase == "import" else Severity.WARNING
            severity, confidence = weighed(usual, doubts(call.guards, call.phase))
            yield Finding(
                ID,
                severity,
                call.span,
                f"Loading «{path}» fails on {deployment.platform.title}: it looks for «{names[0]}» in the program that "
                f"runs, and that is {server.name} (Can't get attribute '{names[0]}' on <module '__main__'>).",
                f"Define «{names[0]}» in a module of its own, import it from there in the program that writes the file "
                "and in the app, and write the file anew.",
                confidence,
            )
