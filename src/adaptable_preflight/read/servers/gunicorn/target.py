"""gunicorn's target: `MODULE[:NAME]` or `MODULE:NAME(literals)`.

Source: `gunicorn.util.import_app`; before 20.0 it evaluates whatever stands behind the colon among the module's names.
"""

from adaptable_preflight.model import Failure, Target, Word
from adaptable_preflight.read.servers.expressions import read_expression
from adaptable_preflight.read.servers.outcome import Problem
from adaptable_preflight.value import Unknown

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


APPS = frozenset({"app", "application", "wsgi", "server", "create_app", "make_app"})
"""What apps are called, and nothing in the library is."""


def attribute_of(expression: str) -> str:
    """Return the name before a call's parenthesis; without a name gunicorn looks for «application»."""
    return expression.partition("(")[0].strip() or "application"


def read_target(
    word: Word, folders: tuple[str, ...], *, finds_factories: bool, evaluates: bool = False
) -> Target | Problem:
    """Take a target apart whose text is known; `evaluates`: this gunicorn takes any expression for the app."""
    text = word.text or ""
    module, colon, expression = text.partition(":")
    if module.partition(".")[0] in IMPORTED and (module == "gunicorn" or attribute_of(expression) in APPS):
        message = f"«{module}» is a module of Python or of gunicorn, which is imported already"
        return Failure("missing-app", message, word.span)
    expression = expression if colon else "application"
    found = read_expression(expression)
    if found is None and evaluates:
        return Unknown(f"gunicorn evaluates «{expression}», which is not followed", word.span)
    if found is None or ("." in found.name and not evaluates):
        message = f"gunicorn does not understand «{expression}» as the name of an app or as a call with plain values"
        return Failure("missing-app", message, word.span)
    call = None if finds_factories and not found.call else found.call
    return Target(module, found.name, word.span, folders, call, found.arguments)
