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
        return Unreadable(source.path, f"line {line} is no valid Python {version}: {why}", source.line_span(line))
    except (RecursionError, MemoryError):
        return Unreadable(source.path, "it is nested too deeply", source.start())
    except ValueError as error:
        return Unreadable(source.path, str(error), source.start())
