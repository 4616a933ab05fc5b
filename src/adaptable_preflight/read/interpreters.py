"""Programs that run a text of the repository: Python, shells, and scripts by their `#!` line."""

import posixpath
import re

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Failure, Launch, Remark, Run, Word
from adaptable_preflight.read import homes, open_words, programs
from adaptable_preflight.read.alpine import without_bash
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.runners import MODULE_RUNNERS, by_program
from adaptable_preflight.read.served import with_app
from adaptable_preflight.read.servers import by_module
from adaptable_preflight.read.servers.places import may_be_made
from adaptable_preflight.read.shell import run_script
from adaptable_preflight.read.shell.excerpt import of_source, of_value
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import Known, Unknown

PYTHON = late_pattern(r"(?:python|pypy)[\d.]*(?:\.exe)?")
_CERTAIN_PYTHON = late_pattern(r"(?:python|pypy)3?")
SHELLS = {"sh": "sh", "dash": "sh", "ash": "sh", "bash": "bash", "rbash": "bash"}
OTHER_SHELLS = frozenset({"zsh", "ksh", "fish", "csh", "tcsh", "pwsh"})
_LONG_OPTIONS = {"errexit": {"e"}, "nounset": {"u"}, "allexport": {"a"}}
_FLAGS = late_pattern(r"-[bBdEiIOPqRsSuvVxt]*")
_QUIET_CODE = late_pattern(r"(?:print\([^()]*\)|import [\w., ]+|pass|[\s;])*")


# --- Python ----------------------------------------------------------------------------------------------------


def python(launch: Launch, context: Context) -> Run:
    """Return what becomes of `python …`."""
    words = launch.words
    if not _CERTAIN_PYTHON.fullmatch(launch.program):
        why = Unknown(f"whether there is a «{launch.program}» depends on the image", words[0].span)
        return Run(unknown=why, status=None)
    index = 1
    while index < len(words):
        text = words[index].text
        if text is None:
            return Run(unknown=Unknown("what Python runs is not known", words[index].span), status=None)
        flag = re.fullmatch(r"(-[bBdEiIOPqRsSuvxt]*)([cmWX])(.*)", text, re.DOTALL)
        if flag and flag[2] in "WX":
            index += 1 if flag[3] else 2
        elif flag:
            return _switch(launch, context, index, flag[2], flag[3])
        elif _FLAGS.fullmatch(text) and text != "-":
            index += 1
        elif text in ("--version", "--help", "-h", "-"):
            return Run()
        else:
            return _file(launch._replace(words=words[index:]), context)
    return Run()


def _switch(launch: Launch, context: Context, index: int, letter: str, glued: str) -> Run:
    """Follow `-m MODULE` or `-c CODE`; what follows belongs to it."""
    words = launch.words
    if glued:
        span = words[index].span
        argument = Word(Known(glued, span.narrowed(span.end_column - span.column - len(glued), 10**6)), span)
        rest = (argument, *words[index + 1 :])
    else:
        rest = words[index + 1 :]
    if not rest:
        return Run(
            failure=Failure("rejected-option", f"Python wants an argument behind «-{letter}»", words[index].span)
        )
    if letter == "c":
        code = rest[0].text
        if code is not None and _QUIET_CODE.fullmatch(code):
            return Run()
        return Run(unknown=Unknown("code that is given with -c is not read", rest[0].span), status=None)
    return _module(launch._replace(words=rest), context)


def _module(launch: Launch, context: Context) -> Run:
    """Follow `python -m MODULE`."""
    name, span = launch.words[0].text, launch.words[0].span
    if name is None:
        return Run(unknown=Unknown("the module that Python runs is not known", span), status=None)
    own = context.python.run_module(name, launch.words, launch.env, launch.folder)
    if own is not None:
        return with_app(own, launch, context)
    runner = by_program(name) if name in MODULE_RUNNERS else None
    if runner is not None:
        return runner(launch, context)
    program = launch._replace(words=(Word(Known(name, span), span), *launch.words[1:]))
    run = (programs.flask_command(launch.words) if name == "flask" else None) or (
        programs.management(launch.words) if name == "django" else None
    )
    if run is not None:
        return run
    reader = by_module(name)
    if reader is not None:
        return with_app(open_words.read(launch, lambda one: reader.read(one, context)), launch, context)
    quick = programs.quick(program)
    if quick is not None:
        return quick
    if name in (
        "compileall",
        "venv",
        "ensurepip",
        "json.tool",
        "site",
        "sysconfig",
        "this",
        "unittest",
        "nltk.downloader",
    ):
        return Run()
    return Run(
        unknown=Unknown(f"the module «{name}» stands outside of the repository and is not read", span), status=None
    )


def _file(launch: Launch, context: Context) -> Run:
    """Follow `python FILE`."""
    word = launch.words[0]
    path = homes.place(context, launch.folder, word.text or "")
    if path is None and posixpath.basename(posixpath.dirname(word.text or "")) == "bin":
        return context.follow(launch)  # a program that is installed, named with its folder
    if path is None or launch.folder.startswith("/"):
        return Run(unknown=Unknown(f"«{word.text}» lies outside of the repository", word.span), status=None)
    if context.checkout.is_folder(path):
        path = posixpath.join(path, "__main__.py")
    if not context.checkout.is_file(path):
        return missing_script(word, path, context)
    if posixpath.basename(path) == "manage.py" and _is_management(context, path):
        run = programs.management(launch.words)
        if run is not None:
            return run
    return with_app(context.python.run_file(path, launch.words, launch.env, launch.folder), launch, context)


def _is_management(context: Context, path: str) -> bool:
    source = context.checkout.text(path)
    return source is not None and "execute_from_command_line" in source.text


def missing_script(word: Word, path: str, context: Context) -> Run:
    """Return the failure of a program that runs a file which is not there."""
    folder, name = posixpath.split(path)
    twin = next((other for other in context.checkout.names(folder) if other.lower() == name.lower()), "")
    if may_be_made(context, name):
        why = Unknown(f"«{word.text}» may be made while the image is built", word.span)
        return Run(unknown=why, status=None)
    hint = f"; there is «{twin}»" if twin else ""
    return Run(failure=Failure("missing-script", f"there is no file «{word.text}» in the repository{hint}", word.span))


# --- shells ----------------------------------------------------------------------------------------------------


def shell(launch: Launch, context: Context) -> Run:
    """Return what becomes of `sh …` or `bash …`."""
    dialect = SHELLS[launch.program]
    options, rest, command = set[str](), list(launch.words[1:]), False
    while rest and (text := rest[0].text or "")[:1] in ("-", "+") and len(text) > 1 and not command:
        rest = rest[1:]
        if text == "--":
            break
        if text.startswith("--"):
            if text in ("--rcfile", "--init-file"):
                rest = rest[1:]
            continue
        if text[-1] in "oO":
            options |= _LONG_OPTIONS.get((rest[0].text or "") if rest else "", set())
            rest = rest[1:]
        options |= set(text[1:]) if text[0] == "-" else set()
    if "c" in options:
        return _command(launch, context, rest, dialect, options)
    if not rest or "s" in options:
        return Run(status=None)
    return _script(launch._replace(words=tuple(rest)), context, dialect, options)


def _command(launch: Launch, context: Context, rest: list[Word], dialect: str, options: set[str]) -> Run:
    """Follow `sh -c TEXT [NAME [ARGUMENT…]]`."""
    if not rest:
        failure = Failure("rejected-option", "the shell wants a command behind «-c»", launch.words[0].span)
        return Run(failure=failure)
    word = rest[0]
    return run_script(
        of_value(word.value, word.span),
        context,
        launch.env,
        launch.folder,
        span=word.span,
        dialect=dialect,
        name=rest[1].value if len(rest) > 1 else launch.words[0].value,
        arguments=tuple(rest[2:]),
        options=frozenset(options & set("eua")),
    )


def _script(launch: Launch, context: Context, dialect: str, options: set[str]) -> Run:
    """Follow `sh FILE [ARGUMENT…]`."""
    word = launch.words[0]
    if word.text is None:
        return Run(unknown=Unknown("the script that the shell runs is not known", word.span), status=None)
    path = homes.place(context, launch.folder, word.text)
    if path is None or launch.folder.startswith("/"):
        return Run(unknown=Unknown(f"«{word.text}» lies outside of the repository", word.span), status=None)
    if not context.checkout.is_file(path):
        return missing_script(word, path, context)
    source = context.checkout.text(path)
    if source is None:
        return Run(unknown=Unknown(f"«{word.text}» cannot be read", word.span), status=None)
    return run_source(source, launch, context, dialect, frozenset(options & set("eua")))


def run_source(source: Source, launch: Launch, context: Context, dialect: str, options: frozenset[str]) -> Run:
    """Return what becomes of a shell script; the launch's first word names it."""
    word = launch.words[0]
    run = run_script(
        of_source(source),
        context,
        launch.env,
        launch.folder,
        span=word.span,
        dialect=dialect,
        name=word.value,
        arguments=launch.words[1:],
        options=options,
    )
    remark = crlf(source)
    return run._replace(remarks=(*run.remarks, remark)) if remark else run


def crlf(source: Source) -> Remark | None:
    """Return the remark on a script with the line ends of Windows."""
    at = source.text.find("\r\n")
    if at < 0:
        return None
    return Remark("crlf-script", f"«{source.path}» has CRLF line ends", source.line_span(source.position(at)[0]))


# --- scripts by their first line -------------------------------------------------------------------------------


def executable(launch: Launch, context: Context, path: str, by_shell: bool) -> Run:
    """Return what becomes of a file of the checkout that is run as a program. `by_shell`: a shell starts it."""
    word = launch.words[0]
    made_executable = "chmod" in context.build
    if not context.checkout.is_executable(path) and not made_executable:
        message = f"«{word.text}» is not executable: permission denied"
        return Run(failure=Failure("bad-script", message, word.span))
    source = context.checkout.text(path)
    if source is None:
        return Run(unknown=Unknown(f"«{word.text}» is a program that cannot be read", word.span), status=None)
    if not source.text.startswith("#!"):
        if not by_shell:
            message = f"«{word.text}» has no «#!» line: exec format error"
            return Run(failure=Failure("bad-script", message, source.start()))
        return run_source(source, launch, context, "sh", frozenset())
    return _by_first_line(source, launch, context, path)


def _by_first_line(source: Source, launch: Launch, context: Context, path: str) -> Run:
    line = source.text[2:].partition("\n")[0]
    span = source.line_span(1)
    if line.endswith("\r"):
        message = f"the «#!» line of «{source.path}» ends in CR: its program is not found"
        remark = crlf(source)
        return Run(failure=Failure("bad-script", message, span), remarks=(remark,) if remark else (), status=127)
    parts = line.strip().split(None, 1)
    name = posixpath.basename(parts[0]) if parts else "sh"
    extra = parts[1].split() if len(parts) > 1 else []
    if name == "env" and len(extra) > 1 and extra[0] != "-S" and "=" not in extra[0]:
        message = f"«env» looks for a program «{' '.join(extra)}», because Linux takes it for one name"
        return Run(failure=Failure("bad-script", message, span), status=127)
    if name == "env":
        extra = [part for part in extra if part != "-S"]
        name, extra = (extra[0], extra[1:]) if extra else ("", [])
    if name in SHELLS:
        lacking = without_bash(name, span, context)
        if lacking is not None:
            return lacking
        letters = {letter for part in extra if part.startswith("-") for letter in part[1:]}
        return run_source(source, launch, context, SHELLS[name], frozenset(letters & set("eua")))
    if PYTHON.fullmatch(name):
        if posixpath.basename(path) == "manage.py" and _is_management(context, path):
            run = programs.management(launch.words)
            if run is not None:
                return run
        return with_app(context.python.run_file(path, launch.words, launch.env, launch.folder), launch, context)
    return _other_interpreter(name, span)


def _other_interpreter(name: str, span: Span) -> Run:
    return Run(unknown=Unknown(f"scripts of «{name}» are not read", span), status=None)
