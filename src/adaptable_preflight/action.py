"""The entry point of the GitHub Action: INPUT_* → Settings → preflight → annotations, summary, outputs, exit code."""

import os
import sys
from typing import TYPE_CHECKING, Final

from adaptable_preflight.isolation import leave_checkout

leave_checkout()

from adaptable_preflight import cli, report  # noqa: E402
from adaptable_preflight.arguments import UsageError  # noqa: E402
from adaptable_preflight.finding import Severity  # noqa: E402
from adaptable_preflight.platforms import UnknownPlatformError  # noqa: E402
from adaptable_preflight.report.github import Annotation, command  # noqa: E402
from adaptable_preflight.settings import Given, SettingsError  # noqa: E402

if TYPE_CHECKING:
    from adaptable_preflight.preflight import Preflight

INPUTS: Final = ("platform", "start-command", "port", "python-version", "database", "fail-on")
"""The inputs that are settings."""


def main() -> int:
    """Run the action and return its exit code: that of the command, save that nothing to check is a success."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return _run()
    except (UsageError, SettingsError, UnknownPlatformError) as error:
        span = error.span if isinstance(error, SettingsError) else None
        return _failed(str(error), cli.USAGE, Annotation(Severity.ERROR, "adaptable-preflight", str(error), span))
    except Exception as error:
        return _failed(cli.bug(error), cli.BUG)


def _failed(message: str, code: int, annotation: Annotation | None = None) -> int:
    _say(command(annotation or Annotation(Severity.ERROR, "adaptable-preflight", message)))
    return code


def _run() -> int:
    from actions_toolkit import core

    texts = {name: core.get_input(name) for name in (*INPUTS, "path", "sarif-file", "json-file")}
    flags = tuple(Given(name, texts[name], f"the input «{name}»") for name in INPUTS if texts[name])
    run = cli.checked(texts["path"] or ".", flags)
    code = cli.exit_code(run)
    if code == cli.NOTHING:
        _say(command(Annotation(Severity.NOTICE, "adaptable-preflight", cli.NOTHING_THERE)))
    around = report.Surroundings(*cli.whereabouts(run.checkout.root))
    _log(run, around)
    _append_summary(report.render("summary", run, around))
    files = {
        form: _write(report.render(form, run, around), texts[f"{form}-file"])
        for form in ("sarif", "json")
        if texts[f"{form}-file"]
    }
    _set_outputs(run, files)
    return cli.PASSED if code == cli.NOTHING else code


def _log(run: "Preflight", around: report.Surroundings) -> None:
    """Print the annotations, and the whole report in a group in which a runner obeys nothing."""
    _say(report.render("github", run, around).rstrip())
    token = os.urandom(16).hex()
    _say("::group::The report of adaptable-preflight")
    _say(f"::stop-commands::{token}")
    try:
        _say(report.render("text", run, around).rstrip())
    finally:
        _say(f"::{token}::")
        _say("::endgroup::")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _append_summary(text: str) -> None:
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)


def _write(text: str, path: str) -> str:
    """Write a report to a path in the workspace and return that path.

    The checkout may hold a link of that name: it is replaced and never followed, and its folder has to lie inside.
    """
    workspace = os.path.realpath(os.environ.get("GITHUB_WORKSPACE") or ".")
    folder, name = os.path.split(os.path.normpath(os.path.join(workspace, path)))
    real = os.path.realpath(folder)
    if real != workspace and not real.startswith(workspace.rstrip("/") + "/"):
        raise UsageError(f"the report «{path}» would lie outside of the workspace")
    draft = os.path.join(real, f".{name}.{os.urandom(4).hex()}")
    try:
        os.makedirs(real, exist_ok=True)
        with open(draft, "x", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        os.replace(draft, os.path.join(real, name))
    except OSError as error:
        raise UsageError(f"the report «{path}» cannot be written: {error.strerror}") from None
    return path


def _set_outputs(run: "Preflight", files: dict[str, str]) -> None:
    from actions_toolkit import core

    if not os.environ.get("GITHUB_OUTPUT"):  # outside of a runner there is nobody to tell
        return
    verdict = run.verdict
    core.set_output("verdict", "fail" if verdict.failed else "pass")
    for severity in Severity:
        core.set_output(f"{severity}s", str(verdict.count(severity)))
    for form in ("sarif", "json"):
        core.set_output(f"{form}-file", files.get(form, ""))


if __name__ == "__main__":
    sys.exit(main())
