"""How an option is written where it has to stand: in a shell's line, a JSON list, a Python file or an ini file."""

import re
from typing import Literal

from adaptable_preflight.model import Process, Server
from adaptable_preflight.source import Span

Place = Literal["line", "list", "python", "ini"]

_ONLY_A_SHELL = "only a shell puts a variable's value in"


def added(process: Process, server: Server, span: Span, options: str) -> str:
    """Return the advice to add options, which are given as a shell's line has them, for what stands at `span`."""
    place = place_of(process, server, span)
    if server.in_code or place == "line":
        return f"Add «{options}»."
    if place == "list" and "$" in options:
        return (
            f"Add «{options}», and write the command without the brackets and quotation marks of the list: "
            f"{_ONLY_A_SHELL}."
        )
    if place == "list":
        return f"Add «{_elements(options)}» to the list."
    return f"Write {_assignments(options, place)} into {span.path}."


def instead(process: Process, server: Server, span: Span, options: str) -> str:
    """Return the advice to write options in place of what stands at `span`."""
    place = place_of(process, server, span)
    if server.in_code or place == "line":
        return f"Write «{options}» instead."
    if place == "list":
        return f"Write «{options}» instead, and no brackets and quotation marks of a list: {_ONLY_A_SHELL}."
    return f"Write {_assignments(options, place)} instead."


def instead_of_value(process: Process, server: Server, span: Span, option: str) -> str:
    """Return the advice to write an option's value in place of the one at `span`."""
    assigned = not server.in_code and place_of(process, server, span) in ("python", "ini")
    return instead(process, server, span, option if assigned else re.split(r"[ =]", option)[-1])


def from_variable(process: Process, server: Server, span: Span, variable: str) -> str:
    """Return how the value of an environment variable is written at a place."""
    match place_of(process, server, span):
        case "python":
            return f'os.environ["{variable}"]'
        case "ini":
            return f"$({variable})"
        case "list":
            return f"${variable} (in a command without the brackets of the list: {_ONLY_A_SHELL})"
        case _:
            return f"${variable}"


def place_of(process: Process, server: Server, span: Span) -> Place:
    """Return what kind of text surrounds a place that decides how a server runs."""
    if span.path == process.origin.span.path:
        return "list" if not process.shell and _is_element(process, server.span) else "line"
    if span.path.endswith(".py"):
        return "python"
    return "ini" if span.path.endswith(".ini") and server.span.path != span.path else "line"


def _is_element(process: Process, span: Span) -> bool:
    """Whether a text of the command is an element of a JSON list, and not a part of one such as `sh -c` has."""
    whole, lines = process.origin.span, process.command.split("\n")
    row = span.line - whole.line
    if not 0 <= row < len(lines) or span.line != span.end_line:
        return False
    shift = whole.column if row == 0 else 1
    start, end = span.column - shift, span.end_column - shift
    return start > 0 and lines[row][start - 1] == '"' == lines[row][end : end + 1]


def _elements(options: str) -> str:
    return ", ".join(f'"{word}"' for word in options.replace("=", " ").split())


def _assignments(options: str, place: Place) -> str:
    """Return the lines of a file that say what options say: `--threads 4` becomes `threads = 4`."""
    found: list[tuple[str, list[str]]] = []
    for word in options.replace("=", " ").split():
        if word.startswith("-"):
            found.append((word.lstrip("-"), []))
        elif found:
            found[-1][1].append(word)
    write = _python if place == "python" else _ini
    return " and ".join(f"«{write(name, ' '.join(values))}»" for name, values in found)


def _ini(name: str, value: str) -> str:
    before, dollar, variable = value.partition("$")
    return f"{name} = {before}$({variable})" if dollar else f"{name} = {value or 'true'}"


def _python(name: str, value: str) -> str:
    name = name.replace("-", "_")
    before, dollar, variable = value.partition("$")
    if dollar:
        return f'{name} = "{before}" + os.environ["{variable}"]'
    return f"{name} = {value or 'True'}" if value.isdigit() or not value else f'{name} = "{value}"'
