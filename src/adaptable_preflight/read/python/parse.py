"""A Python file as a syntax tree, or why it is none."""

import ast
import sys
import warnings

from adaptable_preflight.model import Unreadable
from adaptable_preflight.source import Source


def parse(source: Source) -> ast.Module | Unreadable:
    """Return the syntax tree of a module; never raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.text, source.path)
    except SyntaxError as error:
        line = min(max(error.lineno or 1, 1), source.text.count("\n") + 1)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        why = (error.msg or "invalid syntax").split(" (<")[0]
        breaks = None if _may_be_newer(error, why) else True
        return Unreadable(
            source.path, f"line {line} is no valid Python {version}: {why}", source.line_span(line), breaks
        )
    except (RecursionError, MemoryError):
        return Unreadable(source.path, "it is nested too deeply", source.start())
    except ValueError as error:
        return Unreadable(source.path, str(error), source.start())


NEWEST = (3, 14)
"""The newest Python whose grammar is known here; one that runs this tool reads whatever any platform reads."""

_OF_ANY_VERSION = (
    "never closed",
    "unmatched",
    "does not match",
    "unterminated string",
    "unterminated triple-quoted",
    "Missing parentheses in call to",
    "unexpected indent",
    "expected an indented block",
    "unindent does not match",
    "inconsistent use of tabs",
    "leading zeros in decimal",
    "cannot assign to",
    "outside function",
    "outside loop",
    "invalid decimal literal",
    "merge conflict",
)
"""Parts of the messages of errors that no version of Python reads over."""


def _may_be_newer(error: SyntaxError, why: str) -> bool:
    """Whether a Python newer than the one that runs here may read it."""
    if sys.version_info[:2] >= NEWEST:
        return False
    text = (error.text or "").lstrip()
    if text.startswith(("print ", "exec ", "<<<<<<<", "=======", ">>>>>>>")):
        return False
    return not any(part in why for part in _OF_ANY_VERSION)
