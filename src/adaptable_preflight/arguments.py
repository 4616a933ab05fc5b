"""argv → Arguments. Written by hand: the standard parser would cost a third of the whole start-up time."""

from collections.abc import Callable
from typing import NamedTuple

from adaptable_preflight.settings import KEYS, LISTS, Given, nearest


class UsageError(ValueError):
    """The command line cannot be understood; the message names the way out."""


class Option(NamedTuple):
    """One option, which always takes a value."""

    name: str
    value: str
    """What the value is called in the help text, or the words that it may be, joined by `|`."""
    help: str
    repeated: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that the value may be; empty when it is free."""
        return tuple(self.value.split("|")) if "|" in self.value else ()


class Command(NamedTuple):
    """One command with its options and the name of its positional argument (empty: it takes none)."""

    name: str
    help: str
    operand: str = ""
    operand_required: bool = False
    options: tuple[Option, ...] = ()


class Arguments(NamedTuple):
    """What was asked for. `command` is empty where the answer is `text` (help or the version)."""

    command: str
    operand: str = ""
    values: tuple[tuple[str, str], ...] = ()
    text: str = ""

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value that was given to an option, in order."""
        return tuple(value for option, value in self.values if option == name)

    def last(self, name: str, default: str = "") -> str:
        """Return the value that counts: the last one."""
        return (self.all(name) or (default,))[-1]


_SETTINGS = (
    Option("platform", "NAME", "the platform whose contract counts (default: adaptable)"),
    Option("start-command", "COMMAND", "what the platform starts, where no file of the repository says it"),
    Option("port", "NUMBER", "a fixed port that is set on the platform"),
    Option("python-version", "VERSION", "the Python version that is chosen on the platform"),
    Option("database", "postgres|mongodb|mssql|none", "the platform's database"),
    Option("builder", "paketo|nixpacks|dockerfile", "what builds the image"),
    Option("environment", "NAME[=VALUE]", "a variable that is set on the platform", repeated=True),
    Option("exclude", "PATH", "a file or folder to leave out", repeated=True),
)
_CHECK = (
    Option(
        "format", "text|json|sarif|github|summary|gitlab|junit", "how to report; once more for one more report", True
    ),
    Option("output", "FILE", "where the format of the same position goes (- or none: standard output)", repeated=True),
    Option("fail-on", "error|warning|notice|never", "the lowest severity that makes the check fail (default: error)"),
    Option("allow", "PATH[RULE] REASON", "accept the findings of one rule in one file", repeated=True),
)
_TABLE = (Option("format", "text|json", "how to print it"),)

COMMANDS = (
    Command("check", "Tell whether the deploy will work, and which line breaks it.", "PATH", False, _SETTINGS + _CHECK),
    Command(
        "facts",
        "Print what will run, as JSON.",
        "PATH",
        False,
        (*_SETTINGS, Option("env", "NAME=VALUE", "a variable of the process; the only ones there are", repeated=True)),
    ),
    Command("explain", "Print the page of a rule.", "RULE", True),
    Command("rules", "List the rules.", options=_TABLE),
    Command("platforms", "List the platforms.", options=_TABLE),
)


def given(arguments: Arguments) -> tuple[Given, ...]:
    """Return the settings among the options."""
    found = []
    for key in KEYS:
        values: list[object] = list(arguments.all(key))
        if key == "allow":
            values = [_allow(str(value)) for value in values]
        if values:
            found.append(Given(key, values if key in LISTS else values[-1], f"--{key}"))
    return tuple(found)


def _allow(text: str) -> dict[str, str]:
    path, bracket, rest = text.partition("[")
    rule, closing, reason = rest.partition("]")
    if not bracket or not closing:
        raise UsageError(f"--allow takes PATH[RULE] REASON, not «{text}»")
    return {"path": path.strip(), "rule": rule.strip(), "reason": reason.strip()}


def parse(argv: list[str], version: str) -> Arguments:
    """Return what is asked for.

    Raises UsageError for an unknown command or option, a missing value, or one that is not among the choices.
    """
    if not argv:
        raise UsageError(f"a command is missing: {_names(COMMANDS)}")
    if argv[0] in ("-h", "--help", "help"):
        return Arguments("", text=_overview())
    if argv[0] in ("-V", "--version"):
        return Arguments("", text=f"adaptable-preflight {version}\n")
    command = next((c for c in COMMANDS if c.name == argv[0]), None)
    if command is None:
        raise UsageError(f"there is no command «{argv[0]}»{nearest(argv[0], (c.name for c in COMMANDS))}")
    if any(word in ("-h", "--help") for word in argv[1:]):
        return Arguments("", text=_help(command))
    return _read(command, argv[1:])


def _read(command: Command, words: list[str]) -> Arguments:
    operands: list[str] = []
    values: list[tuple[str, str]] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            operands.extend(rest)
        elif word.startswith("-") and word != "-":
            values.append(_option(command, word, lambda: next(rest, None)))
        else:
            operands.append(word)
    if len(operands) > (1 if command.operand else 0):
        raise UsageError(f"«{operands[-1]}» is one argument too many: {_usage(command)}")
    if command.operand_required and not operands:
        raise UsageError(f"{command.operand} is missing: {_usage(command)}")
    return Arguments(command.name, operands[0] if operands else "", tuple(values))


def _option(command: Command, word: str, following: "Callable[[], str | None]") -> tuple[str, str]:
    name, has_value, value = word.partition("=")
    option = next((o for o in command.options if f"--{o.name}" == name), None)
    if option is None:
        raise UsageError(
            f"`{command.name}` has no option «{name}»{nearest(name, (f'--{o.name}' for o in command.options))}"
        )
    given = value if has_value else following()
    if given is None:
        raise UsageError(f"--{option.name} needs a value: {option.value}")
    if option.choices and given not in option.choices:
        raise UsageError(f"--{option.name} cannot be «{given}»{nearest(given, option.choices)}")
    return option.name, given


def _names(commands: tuple[Command, ...]) -> str:
    return ", ".join(command.name for command in commands)


def _usage(command: Command) -> str:
    operand = command.operand if command.operand_required else f"[{command.operand}]" if command.operand else ""
    options = "[OPTION]…" if command.options else ""
    return " ".join(filter(None, ("adaptable-preflight", command.name, operand, options)))


def _overview() -> str:
    lines = [f"  {command.name:<11}{command.help}" for command in COMMANDS]
    return "\n".join(
        [
            "Tells whether the deploy of a Python web app will work, which line breaks it, and what to write instead.",
            "",
            "usage: adaptable-preflight COMMAND …",
            "",
            *lines,
            "",
            "adaptable-preflight COMMAND --help lists the options.",
            "Exit codes: 0 fine · 1 findings · 2 usage or settings · 3 a bug of the tool · 4 nothing to check",
            "",
        ]
    )


def _help(command: Command) -> str:
    lines = [f"usage: {_usage(command)}", "", command.help, ""]
    for option in command.options:
        head = f"  --{option.name} {option.value}"
        again = " (may be repeated)" if option.repeated else ""
        lines += [head, f"        {option.help}{again}"]
    return "\n".join(lines) + "\n"
