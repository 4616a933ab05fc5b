"""gunicorn's target: `MODULE[:NAME]` or `MODULE:NAME(literals)`.

Source: `gunicorn.util.import_app`.
"""

import re

from adaptable_preflight.model import Failure, Target, Word

_IMPORTED = """
    abc argparse array ast atexit base64 binascii bisect builtins bz2 calendar codecs collections
    contextlib copy copyreg csv datetime dis email encodings enum errno fcntl fnmatch functools
    genericpath gettext glob grp gunicorn heapq html importlib inspect io ipaddress itertools json
    keyword linecache locale logging lzma marshal math ntpath opcode operator os pathlib pickle platform
    posix posixpath pwd queue quopri random re reprlib select selectors shlex shutil signal site socket
    socketserver ssl stat string struct sys tempfile textwrap threading time token tokenize traceback
    types typing urllib warnings weakref zipfile zipimport zlib
"""
IMPORTED = frozenset(_IMPORTED.split())
"""Modules that gunicorn has imported when it looks for the app: the library's win over files of the same name."""

_NAME = re.compile(r"[^\W\d]\w*")


def read_target(word: Word, folders: tuple[str, ...], *, finds_factories: bool) -> Target | Failure:
    """Take a target apart whose text is known."""
    text = word.text or ""
    module, colon, expression = text.partition(":")
    if module.partition(".")[0] in IMPORTED:
        message = f"«{module}» is a module of Python or of gunicorn, which is imported already"
        return Failure("missing-app", message, word.span)
    expression = expression if colon else "application"
    name = expression.strip(" \t\n")
    target = Target(module, name, word.span, folders, None if finds_factories else False)
    if name == expression.lstrip() and _NAME.fullmatch(name):
        return target
    count = _arguments(expression)
    if count is None:
        message = f"gunicorn does not understand «{expression}» as the name of an app or as a call with plain values"
        return Failure("missing-app", message, word.span)
    attribute, argument_count = count
    return target._replace(
        attribute=attribute,
        call=None if argument_count < 0 and finds_factories else argument_count >= 0,
        arguments=max(argument_count, 0),
    )


def _arguments(expression: str) -> tuple[str, int] | None:
    """Return the name and the number of arguments of a call (-1: no call); None for anything else."""
    import ast

    try:
        parsed = ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if isinstance(parsed, ast.Name):
        return parsed.id, -1
    if not isinstance(parsed, ast.Call) or not isinstance(parsed.func, ast.Name):
        return None
    values = [*parsed.args, *(keyword.value for keyword in parsed.keywords)]
    try:
        for value in values:
            ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    return parsed.func.id, len(values)
