"""The command `adaptable-preflight`: argv → Settings → preflight → reporters → exit code."""

import gc
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from adaptable_preflight import __version__
from adaptable_preflight.arguments import Arguments, UsageError, given, parse
from adaptable_preflight.report.escape import log_safe, one_line
from adaptable_preflight.settings import Given, SettingsError, nearest

if TYPE_CHECKING:
    from adaptable_preflight.checkout import Checkout
    from adaptable_preflight.model import Environment
    from adaptable_preflight.platforms import Platform
    from adaptable_preflight.preflight import Preflight
    from adaptable_preflight.settings import Settings

PASSED, FAILED, USAGE, BUG, NOTHING = range(5)
NOTHING_THERE: Final = "nothing to check: there is no start command, no dependency file and no Python file"


def main(argv: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    gc.set_threshold(100_000, 50, 50)  # a run is short, and hardly anything that it makes is garbage
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        arguments = parse(sys.argv[1:] if argv is None else argv, __version__)
        return _COMMANDS[arguments.command](arguments)
    except (UsageError, SettingsError) as error:
        return complain(str(error), USAGE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PASSED
    except Exception as error:
        return complain(bug(error), BUG)


def complain(message: str, code: int) -> int:
    """Tell on standard error what is wrong, and return the exit code."""
    sys.stderr.write(log_safe(f"adaptable-preflight: {one_line(message)}") + "\n")
    return code


def bug(error: Exception) -> str:
    """Return what to say of an exception that nobody expected, as one line."""
    from traceback import extract_tb

    frames = [f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
    where = f"{type(error).__name__}: {error} ({' > '.join(frames[-6:])})"
    return f"a bug of adaptable-preflight: {where}; please report it with the output of `adaptable-preflight facts`"


def _print(arguments: Arguments) -> int:
    sys.stdout.write(arguments.text)
    return PASSED


def _check(arguments: Arguments) -> int:
    from adaptable_preflight import report

    reports = _reports(arguments)
    run = checked(arguments.operand or ".", given(arguments))
    for name, output in reports:
        terminal = sys.stdout.isatty() and output == "-"
        columns = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else 0
        around = report.Surroundings(*whereabouts(run.checkout.root), terminal and _may_colour(), columns)
        _write(report.render(name, run, around), output)
    code = exit_code(run)
    return complain(NOTHING_THERE, code) if code == NOTHING else code


def _facts(arguments: Arguments) -> int:
    from adaptable_preflight.assemble import assemble
    from adaptable_preflight.report import facts

    environment = _environment(arguments.all("env"))
    checkout, settings, platform = _repository(arguments.operand or ".", given(arguments))
    deployment = assemble(checkout, settings, platform, environment)
    sys.stdout.write(facts.render(deployment))
    return PASSED


def checked(path: str, flags: tuple[Given, ...]) -> "Preflight":
    """Check a folder. `flags`: the settings that count more than those of its settings file.

    Raises UsageError where there is no such folder, and SettingsError.
    """
    from adaptable_preflight.preflight import preflight

    return preflight(*_repository(path, flags))


def exit_code(run: "Preflight") -> int:
    """Return the exit code of a run, which is the same for every report."""
    from adaptable_preflight.triage import is_empty

    if is_empty(run.deployment):
        return NOTHING
    return FAILED if run.verdict.failed else PASSED


def whereabouts(root: str) -> tuple[str, str]:
    """Return the folder as seen from the runner's workspace, and the URL of the files at this commit."""
    workspace = os.environ.get("GITHUB_WORKSPACE", "")
    above = os.path.realpath(workspace) if workspace else root
    prefix = f"{os.path.relpath(root, above)}/" if root.startswith(above.rstrip("/") + "/") else ""
    server, repository, commit = (os.environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "SHA"))
    tree = f"{server}/{repository}/blob/{commit}" if server and repository and commit else ""
    return prefix, tree


def _may_colour() -> bool:
    """Whether nobody asked for plain text: https://no-color.org says how."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _environment(pairs: tuple[str, ...]) -> "Environment | None":
    """Return the closed environment that `--env` names; None without any."""
    from adaptable_preflight.model import Environment
    from adaptable_preflight.value import Known

    variables = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise UsageError(f"--env takes NAME=VALUE, not «{pair}»")
        variables[name] = Known(value)
    return Environment(variables, closed=True) if pairs else None


def _explain(arguments: Arguments) -> int:
    from adaptable_preflight.rules import RULES, page

    rule = next((rule for rule in RULES if arguments.operand == rule.ID), None)
    if rule is None:
        known = (rule.ID for rule in RULES)
        raise UsageError(f"there is no rule «{arguments.operand}»{nearest(arguments.operand, known)}")
    sys.stdout.write(page(rule))
    return PASSED


def _rules(arguments: Arguments) -> int:
    from adaptable_preflight.report import catalogue

    sys.stdout.write(catalogue.rules(arguments.last("format", "text")))
    return PASSED


def _platforms(arguments: Arguments) -> int:
    from adaptable_preflight.report import catalogue

    sys.stdout.write(catalogue.platforms(arguments.last("format", "text")))
    return PASSED


def _repository(path: str, flags: tuple[Given, ...]) -> "tuple[Checkout, Settings, Platform]":
    """Return the folder to check, the settings that its file and the flags give, and the platform that they name."""
    from adaptable_preflight import platforms
    from adaptable_preflight.checkout import Checkout
    from adaptable_preflight.settings import settings_of
    from adaptable_preflight.settings_file import given as given_by_file

    if not os.path.isdir(path):
        what = "is not a folder: name the folder of the repository" if os.path.exists(path) else "does not exist"
        raise UsageError(f"«{path}» {what}")
    everything = (*given_by_file(Checkout(path)), *flags)
    settings = settings_of(everything)
    try:
        platform = platforms.load(settings.platform)
    except platforms.UnknownPlatformError as error:
        where = [one for one in everything if one.key == "platform"][-1]
        raise SettingsError(f"{where.where}: {error}", where.span) from None
    return Checkout(path, settings.exclude), settings, platform


def _reports(arguments: Arguments) -> list[tuple[str, str]]:
    """Return each format with the file that it goes to; `-` is standard output."""
    formats = arguments.all("format") or ("text",)
    outputs = arguments.all("output")
    if len(outputs) > len(formats):
        raise UsageError(f"--output «{outputs[-1]}» has no --format that belongs to it")
    pairs = [(name, outputs[i] if i < len(outputs) else "-") for i, name in enumerate(formats)]
    if sum(output == "-" for _, output in pairs) > 1:
        raise UsageError("only one report can go to standard output: give each further --format an --output")
    return pairs


def _write(text: str, output: str) -> None:
    if output == "-":
        sys.stdout.write(text)
        return
    try:
        with open(output, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(
            f"the report cannot be written to «{output}»: {(error.strerror or 'it fails').lower()}"
        ) from None


_COMMANDS: "Final[dict[str, Callable[[Arguments], int]]]" = {
    "": _print,
    "check": _check,
    "facts": _facts,
    "explain": _explain,
    "rules": _rules,
    "platforms": _platforms,
}
