"""The entry point of the GitHub Action: INPUT_* → Settings → preflight → annotations, summary, outputs, exit code."""

from adaptable_preflight.isolation import leave_checkout

leave_checkout()  # before anything else is imported

import os  # noqa: E402
import sys  # noqa: E402
from typing import TYPE_CHECKING, Final  # noqa: E402

from adaptable_preflight import cli, report  # noqa: E402
from adaptable_preflight.arguments import UsageError  # noqa: E402
from adaptable_preflight.finding import Severity  # noqa: E402
from adaptable_preflight.report.escape import one_line  # noqa: E402
from adaptable_preflight.report.github import Annotation, command  # noqa: E402
from adaptable_preflight.settings import Given, SettingsError  # noqa: E402

if TYPE_CHECKING:
    from adaptable_preflight.preflight import Preflight
    from adaptable_preflight.source import Span

INPUTS: Final = ("platform", "start-command", "port", "python-version", "database", "fail-on")
"""The inputs that are settings."""
FILES: Final = ("sarif", "json")
"""The reports that are written to a file where the input `FORMAT-file` names one."""


def main() -> int:
    """Run the action and return its exit code: that of the command, save that nothing to check is a success."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return _run()
    except (UsageError, SettingsError) as error:
        _say_error(str(error))
        return cli.USAGE
    except Exception as error:
        _say_error(cli.bug(error))
        return cli.BUG


def _run() -> int:
    from actions_toolkit import core

    flags = tuple(Given(name, text, f"the input «{name}»") for name in INPUTS if (text := core.get_input(name)))
    files = {form: path for form in FILES if (path := core.get_input(f"{form}-file"))}
    targets = {form: _target(path) for form, path in files.items()}
    path = os.path.join(os.environ.get("GITHUB_WORKSPACE") or ".", core.get_input("path"))
    around = report.Surroundings(*cli.whereabouts(os.path.realpath(path)))
    try:
        run = cli.checked(path, flags)
    except SettingsError as error:
        if error.span is None:
            raise
        _say_error(str(error), error.span._replace(path=around.prefix + error.span.path))
        return cli.USAGE
    code = cli.exit_code(run)
    if code == cli.NOTHING:
        empty = "" if run.deployment.paths else ". The folder is empty: is the step actions/checkout missing?"
        _say(command(Annotation(Severity.NOTICE, "adaptable-preflight", cli.NOTHING_THERE + empty)))
    _log(run, around)
    _append_summary(report.render("summary", run, around))
    for form, target in targets.items():
        _write(report.render(form, run, around), target)
    _set_outputs(run, files)
    return cli.PASSED if code == cli.NOTHING else code


def _log(run: "Preflight", around: report.Surroundings) -> None:
    """Print the annotations and the whole report; where debug logging is on, the facts too."""
    from actions_toolkit import core

    _say(report.render("github", run, around).rstrip())
    _say_apart("The report of adaptable-preflight", report.render("text", run, around))
    if core.is_debug():
        from adaptable_preflight.report import facts

        _say_apart("What adaptable-preflight found out", facts.render(run.deployment))


def _say_apart(title: str, text: str) -> None:
    """Print a long text in a group in which a runner obeys nothing."""
    token = os.urandom(16).hex()
    _say(f"::group::{title}")
    _say(f"::stop-commands::{token}")
    try:
        _say(text.rstrip())
    finally:
        _say(f"::{token}::")
        _say("::endgroup::")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _say_error(message: str, span: "Span | None" = None) -> None:
    in_file = span if span is not None and span.in_file else None
    _say(command(Annotation(Severity.ERROR, "adaptable-preflight", one_line(message), in_file)))


def _append_summary(text: str) -> None:
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)


def _target(path: str) -> str:
    """Return where a report goes: a path in the workspace.

    The checkout may hold links: the folder has to lie inside when they are followed.
    """
    workspace = os.path.realpath(os.environ.get("GITHUB_WORKSPACE") or ".")
    folder, name = os.path.split(os.path.normpath(os.path.join(workspace, path)))
    real = os.path.realpath(folder)
    if not name or (real != workspace and not real.startswith(workspace.rstrip("/") + "/")):
        raise UsageError(f"the report «{path}» would lie outside of the workspace")
    return os.path.join(real, name)


def _write(text: str, target: str) -> None:
    """Write a report; a link of its name is replaced and never followed."""
    folder, name = os.path.split(target)
    draft = os.path.join(folder, f".{name}.{os.urandom(4).hex()}")
    try:
        os.makedirs(folder, exist_ok=True)
        with open(draft, "x", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        os.replace(draft, target)
    except OSError as error:
        raise UsageError(f"the report «{target}» cannot be written: {error.strerror}") from None


def _set_outputs(run: "Preflight", files: dict[str, str]) -> None:
    from actions_toolkit import core

    if not os.environ.get("GITHUB_OUTPUT"):  # outside of a runner there is nobody to tell
        return
    verdict = run.verdict
    core.set_output("verdict", "fail" if verdict.failed else "pass")
    for severity in Severity:
        core.set_output(f"{severity}s", str(verdict.count(severity)))
    for form in FILES:
        core.set_output(f"{form}-file", files.get(form, ""))


if __name__ == "__main__":
    sys.exit(main())
