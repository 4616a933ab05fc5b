"""From a program that is about to be started to what becomes of it: the one place that knows who reads what."""

import posixpath
from collections.abc import Callable

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Failure, Launch, Run, Word
from adaptable_preflight.read import homes, interpreters, open_words, programs
from adaptable_preflight.read.alpine import without_bash
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.runners import by_program
from adaptable_preflight.read.served import with_app
from adaptable_preflight.read.servers import by_command
from adaptable_preflight.read.servers.table import SERVERS
from adaptable_preflight.value import Known, Unknown

_ONLY_IN_SHELLS = frozenset(
    {
        "cd", "exec", "source", "export", ".", ":", "eval", "set", "unset", "shift", "return", "break", "continue",
        "trap", "wait", "alias", "read", "local", "declare", "ulimit", "umask", "if", "for", "while", "case",
        "function",
    }
)  # fmt: skip
_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
_PROGRAMS = late_pattern(r"/s?bin\b|\bPATH\b")
"""What a step of the build names where it puts a program, or changes where programs are looked for."""
_SHELL = 'Start a shell for it: sh -c \'…\', or ["sh", "-c", "…"] in a list.'
_OPERATORS = frozenset({"&&", "||", "|", ";"})
MAX_DEPTH = 25
MAX_LAUNCHES = 400


def follower(context: Callable[[], Context]) -> Callable[[Launch], Run]:
    """Return what follows programs in a context; it bounds how deep and how often."""
    depth = launches = 0

    def follow(launch: Launch) -> Run:
        nonlocal depth, launches
        launches += 1
        if depth >= MAX_DEPTH or launches > MAX_LAUNCHES:
            span = launch.words[0].span
            return Run(unknown=Unknown("more programs start each other than this tool follows", span), status=None)
        depth += 1
        try:
            return start(launch, context())
        finally:
            depth -= 1

    return follow


def start(launch: Launch, context: Context, by_shell: bool = True) -> Run:
    """Return what becomes of a program. `by_shell`: a shell starts it, which also runs scripts without a `#!` line."""
    word = launch.words[0]
    if word.text is None:
        return Run(unknown=Unknown("which program is started is not known", word.span), status=None)
    if not word.text:
        return Run(failure=Failure("missing-program", "the name of the program is empty", word.span))
    if "/" in word.text:
        run = _by_path(launch, context, by_shell)
        if run is not None:
            return run
    return _by_name(launch, context, by_shell)


def without_shell(launch: Launch, context: Context) -> Run:
    """Return what becomes of a command that no shell runs: what would join two commands is a word like any other."""
    joint = next((word for word in launch.words[1:] if word.text in _OPERATORS), None)
    if joint is None or launch.program in ("sh", "bash", "dash", "find", "expr", *_ONLY_IN_SHELLS):
        return start(launch, context, by_shell=False)
    message = f"no shell runs this command, so that «{joint.text}» is handed to «{launch.program}» as an argument"
    return Run(failure=Failure("missing-program", message, joint.span, _SHELL))


def _by_path(launch: Launch, context: Context, by_shell: bool) -> Run | None:
    """Follow a program that is named with its folder; None where it is one that is installed on the machine."""
    word = launch.words[0]
    text = word.text or ""
    path = homes.place(context, launch.folder, text)
    if path is None:
        return None if _installed(text) else _foreign(launch)
    if context.checkout.is_file(path):
        return interpreters.executable(launch, context, path, by_shell)
    if context.checkout.is_folder(path):
        return Run(failure=Failure("bad-script", f"«{text}» is a folder", word.span))
    if context.build and _installed(path):
        return None  # a virtual environment that is made while the image is built
    run = interpreters.missing_script(word, path, context)
    return run._replace(status=127)


def _installed(path: str) -> bool:
    """Whether an absolute path leads to where programs are installed."""
    return posixpath.basename(posixpath.dirname(path)) in ("bin", "sbin")


def _foreign(launch: Launch) -> Run:
    word = launch.words[0]
    return Run(unknown=Unknown(f"«{word.text}» lies outside of the repository", word.span), status=None)


def _by_name(launch: Launch, context: Context, by_shell: bool) -> Run:
    """Follow a program that is installed."""
    name, word = launch.program, launch.words[0]
    if interpreters.PYTHON.fullmatch(name):
        return interpreters.python(launch, context)
    if name in interpreters.SHELLS:
        return without_bash(name, word.span, context) or interpreters.shell(launch, context)
    runner = by_program(name)
    if runner is not None:
        return runner(launch, context)
    run = _subcommand(launch)
    if run is not None:
        return run
    reader = by_command(name)
    if reader is not None:
        return with_app(open_words.read(launch, lambda one: reader.read(one, context)), launch, context)
    run = programs.quick(launch)
    if run is not None:
        return run
    run = _copied(launch, context, by_shell)
    if run is not None:
        return run
    if _cannot_be_a_program(name, launch, context):
        return Run(failure=Failure("missing-program", f"no program is called «{name}»", word.span), status=127)
    if name in _ONLY_IN_SHELLS:
        message = f"«{name}» is a command of the shell, and no shell runs this command"
        return Run(failure=Failure("missing-program", message, word.span, _SHELL), status=127)
    near = _misspelt(name)
    if near:
        message = f"no program is called «{name}»: it looks like «{near}» misspelt"
        return Run(failure=Failure("missing-program", message, word.span), status=127)
    return Run(unknown=Unknown(f"what «{name}» does is not known", word.span), status=None)


def _copied(launch: Launch, context: Context, by_shell: bool) -> Run | None:
    """Follow a script that the image holds where programs are looked for; None where it holds none of that name."""
    word = launch.words[0]
    if not context.build or not context.homes:
        return None
    path = homes.on_path(context, launch.program, _PATH)
    if path is not None:
        words = (Word(Known(path, word.span), word.span), *launch.words[1:])
        return _by_path(launch._replace(words=words), context, by_shell)
    here = homes.place(context, launch.folder, launch.program)
    if here is None or not context.checkout.is_file(here) or not _PROGRAMS.search(context.build):
        return None
    why = f"whether the image has «{launch.program}» among its programs is not known"
    return Run(unknown=Unknown(why, word.span), status=None)


def _subcommand(launch: Launch) -> Run | None:
    if launch.program in ("flask", "quart"):
        return programs.flask_command(launch.words)
    return programs.management(launch.words) if launch.program in ("django-admin", "django-admin.py") else None


def _misspelt(name: str) -> str:
    """Return the server whose program a name misses by one letter; empty where it misses none."""
    from difflib import SequenceMatcher  # late: hardly any start command comes here

    commands = (command for entry in SERVERS for command in entry.commands if len(command) > 6)
    near = (c for c in commands if abs(len(c) - len(name)) <= 1 and SequenceMatcher(None, c, name).ratio() > 0.9)
    return next(near, "")


def _cannot_be_a_program(name: str, launch: Launch, context: Context) -> bool:
    """Whether no package installs a program of that name: it holds a blank or a sign, or it names a file right here.

    Nor does one in `PORT = 8000`, which was meant to set a variable.
    """
    if len(launch.words) > 1 and launch.words[1].text == "=":
        return True
    if any(character in name for character in " \t\r\n'\"$&;|<>(){}[]=*`:#,%!?"):
        return True
    here = homes.place(context, launch.folder, name)
    return here is not None and context.checkout.is_file(here) and "." in name
