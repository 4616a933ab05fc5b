"""A Python file as a syntax tree, or why it is none."""

import ast
import re
import sys
import warnings
from collections.abc import Iterator
from functools import lru_cache

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Interpreter, Unreadable
from adaptable_preflight.read.python import grammar
from adaptable_preflight.source import Source

OWN = sys.version_info[:2]
"""The Python that runs this tool: what it refuses another may read."""

OLDEST = (3, 7)
"""The first Python whose grammar every later one reads too."""

NOBODY = Interpreter("")


def parse(source: Source, python: Interpreter = NOBODY) -> ast.Module | Unreadable:
    """Return the syntax tree of a module that `python` will run; never raises.

    What only newer ones read than any that may run is refused too, though the Python that runs here reads it.
    """
    older = _older(python)
    try:
        tree = _tree(source, older and max(older, OLDEST))
        return tree if older is None or older >= grammar.NESTED_STRINGS else _nested(tree, source, python)
    except SyntaxError as error:
        return _refused(source, error, python)
    except (RecursionError, MemoryError):
        return Unreadable(source.path, "it is nested too deeply", source.start())
    except ValueError as error:
        return Unreadable(source.path, str(error), source.start())


_MANAGERS = "Parenthesized context managers"
_CLOSING = late_pattern(r"(?:\s|#[^\n]*)*\)")


def _tree(source: Source, version: grammar.Version | None) -> ast.Module:
    """Return what `ast` makes of a text that a version of Python has to read.

    Of `with (open("a")):` it says that 3.8 does not read it, which it does: only several managers, a name or a comma
    within the parentheses are new. Source: https://docs.python.org/3/whatsnew/3.10.html#parenthesized-context-managers
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.text, source.path, feature_version=version)
    except SyntaxError as error:
        if version is None or version >= (3, 9) or not error.msg.startswith(_MANAGERS):
            raise
        tree = _tree(source, (3, 9))
        found = (node for node in ast.walk(tree) if isinstance(node, ast.With) and _is_of_several(node, source))
        error.lineno = min((node.lineno for node in found), default=None)
        if error.lineno is None:
            return tree
        raise


def _is_of_several(node: ast.With, source: Source) -> bool:
    """Whether parentheses stand around more than the first context manager's expression."""
    place = source.node(node.items[0].context_expr)
    first, end = source.offset(place.line, place.column), source.offset(place.end_line, place.end_column)
    begin = source.offset(node.lineno, source.node(node).column)
    if first is None or end is None or begin is None:
        return False
    return "(" in source.text[begin:first] and _CLOSING.match(source.text, end) is None


@lru_cache(maxsize=64)
def bound_names(source: Source) -> frozenset[str]:
    """Return every name that any statement of a module may bind, in whatever scope, and some more."""
    tree = parse(source)
    return frozenset(_bound(tree)) if isinstance(tree, ast.Module) else frozenset()


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from names
            case _:  # functions, classes, parameters, handlers of exceptions, patterns
                told = (getattr(node, field, None) for field in ("name", "arg", "rest"))
                yield from (one for one in told if isinstance(one, str))


def is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Whether a function yields: calling it executes nothing of it."""
    pending: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    while pending:
        one = pending.pop()
        if isinstance(one, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            pending.extend(ast.iter_child_nodes(one))
    return False


def _refused(source: Source, error: SyntaxError, python: Interpreter) -> Unreadable:
    """Say of a text that this tool's Python refuses whether the deployed one does."""
    line = min(max(error.lineno or 1, 1), source.text.count("\n") + 1)
    said = (error.msg or "invalid syntax").split(" (<")[0].split(". Did you mean")[0]
    line = _of_statement(source, said, line)
    certain = _is_refused_by(python, source.text, error)
    why = f"line {line} is no valid {_named(python)}: {said}"
    asked = grammar.asked_for(source.text) if certain else None
    if asked is not None and asked > OWN and _VERSION not in said:
        why += f"; a line like it is read since {asked[0]}.{asked[1]}"
    if not certain:
        own = ".".join(map(str, OWN))
        other = "another" if (_numbers(python.version) or OWN) == OWN else _named(python)
        why = f"line {line} is not read by Python {own}, and {other} may read it: {said}"
    return Unreadable(source.path, why, source.line_span(line), breaks=True if certain else None)


_VERSION = "only supported in Python"
"""How a complaint tells since which version a statement is read."""
_STATEMENTS: dict[str, type[ast.stmt]] = {"Pattern matching": ast.Match, "Exception groups": ast.TryStar}
"""Statements of which an older grammar complains at their end, by the beginning of the complaint."""


def _of_statement(source: Source, said: str, line: int) -> int:
    """Return the line where the statement begins of which an older grammar complains."""
    kind = next((kind for words, kind in _STATEMENTS.items() if said.startswith(words)), None)
    if kind is None:
        return line
    try:
        tree = _tree(source, None)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # of another line, which no version reads
        return line
    return max((n.lineno for n in ast.walk(tree) if isinstance(n, kind) and n.lineno <= line), default=line)


def _nested(tree: ast.Module, source: Source, python: Interpreter) -> ast.Module | Unreadable:
    """Return the tree, or why a Python before PEP 701 refuses the text: a string within a string."""
    line = grammar.nested_string(source.text)
    if line is None:
        return tree
    said = "the expression of an f-string holds its quotation marks or a backslash, which is read since 3.12"
    why = f"line {line} is no valid {_named(python)}: {said}"
    return Unreadable(source.path, why, source.line_span(line))


def newest_version(python: Interpreter) -> grammar.Version | None:
    """Return the newest version that an app may run on; None where that is not known."""
    return _numbers(python.version if python.sure else python.newest)


def _older(python: Interpreter) -> grammar.Version | None:
    """Return the newest Python 3 that may run where it is older than the one that runs here."""
    deployed = newest_version(python)
    return deployed if deployed is not None and (3, 0) <= deployed < OWN else None


def _named(python: Interpreter) -> str:
    return f"Python {python.version}" if python.version else "Python"


_OLD = ("print ", "exec ")
_MARKS = ("<<<<<<<", "=======", ">>>>>>>")


def _is_refused_by(python: Interpreter, text: str, error: SyntaxError) -> bool:
    """Whether the deployed Python refuses for certain what the one that runs here refuses."""
    deployed = _numbers(python.version)
    if deployed is not None and not OLDEST <= deployed <= max(OWN, grammar.NEWEST):
        return False
    if (error.text or "").lstrip().startswith((*_OLD, *_MARKS)):
        return True
    asked = grammar.asked_for(text)
    if asked is None or asked <= OWN:
        return True
    newest = newest_version(python)
    return newest is not None and newest < asked


def _numbers(version: str) -> grammar.Version | None:
    found = re.match(r"(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found is not None else None
