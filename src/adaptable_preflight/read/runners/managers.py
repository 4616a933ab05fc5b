"""Package managers that start a program in the project's environment, such as `poetry run` and `uv run`."""

import posixpath
import re
import shlex
from collections.abc import Mapping
from typing import Any

from adaptable_preflight.model import Environment, Failure, Launch, Remark, Run, Unreadable, Word
from adaptable_preflight.read import dotenv, homes
from adaptable_preflight.read.candidates import split
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.runners.prefixes import Prefix, take_options
from adaptable_preflight.read.shell import run_script
from adaptable_preflight.read.shell.excerpt import of_value
from adaptable_preflight.read.toml import load, table_at
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import FromEnv, Known, Unknown, Value, concat, text_of

Table = Mapping[str, Any]

_OPTIONS = {
    "poetry": Prefix(frozenset({"-C", "--directory", "-P", "--project"}), 1),
    "pipenv": Prefix(frozenset({"--python", "--pypi-mirror"}), 1),
    "pdm": Prefix(frozenset({"-c", "--config", "-p", "--project"}), 1),
    "hatch": Prefix(frozenset({"-e", "--env", "-p", "--project", "--data-dir", "--cache-dir", "--config"}), 1),
    "rye": Prefix(frozenset({"--pyproject"}), 1),
    "uv": Prefix(frozenset({"--directory", "--project", "--config-file", "--cache-dir"}), 1),
}
_UV_VALUED = frozenset(
    {
        "--extra", "--no-extra", "--group", "--no-group", "--only-group", "--env-file", "--with", "-w",
        "--with-editable", "--with-requirements", "--package", "-p", "--python", "--index", "--default-index", "-i",
        "--index-url", "--extra-index-url", "--find-links", "-f", "--directory", "--project", "--color", "-P",
        "--upgrade-package", "--refresh-package", "--reinstall-package", "--no-binary-package", "--no-build-package",
        "--link-mode", "--resolution", "--prerelease", "--exclude-newer", "--config-setting", "-C", "--cache-dir",
        "--config-file",
    }
)  # fmt: skip


def managed(launch: Launch, context: Context) -> Run:
    """Follow `MANAGER run PROGRAM`; its other commands end by themselves."""
    name = launch.program
    rest, own = take_options(launch.words[1:], _OPTIONS[name])
    if not own or own[0].text != "run":
        return _other(launch, own)
    if not rest:
        return Run(failure=Failure("rejected-option", f"«{name} run» is given no program", launch.words[0].span))
    return _MANAGERS[name](launch._replace(words=rest), context)


def _other(launch: Launch, own: list[Word]) -> Run:
    text = own[0].text if own else ""
    if text in ("install", "sync", "lock", "update", "add"):
        message = f"«{launch.program} {text}» runs before the server starts"
        return Run(remarks=(Remark("slow-step", message, launch.words[0].span),))
    return Run()


# --- the project's own scripts ---------------------------------------------------------------------------------


def _project(context: Context, folder: str, name: str) -> tuple[Source, Table] | None:
    """Return the nearest project file of a name, from the working directory upwards, as text and as a table."""
    if folder.startswith("/"):
        return None
    while True:
        source = context.checkout.text(posixpath.join(folder, name))
        if source is not None:
            table = load(source)
            return None if isinstance(table, Unreadable) else (source, table)
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def _place(source: Source, name: str, text: str) -> Span:
    """Return where a script's text stands in the project file."""
    at = source.text.find(text)
    if at < 0 or not text:
        at = max(source.text.find(name), 0)
        return source.span(at, at + len(name))
    return source.span(at, at + len(text))


def _split(text: str, span: Span) -> tuple[Word, ...]:
    return split(of_value(Known(text, span), span))


def expandvars(word: Word, env: Environment) -> Word:
    """Expand `$X` and `${X}` as Python's `os.path.expandvars` does: what is not set stays as it is."""
    text = word.text
    if text is None or "$" not in text:
        return word
    pieces: list[Value] = []
    at = 0
    for match in re.finditer(r"\$(?:(\w+)|\{([^}]*)\})", text, re.ASCII):
        name = match[1] or match[2]
        value = env.get(name) or (None if env.closed else FromEnv(name, None, word.span))
        pieces += [Known(text[at : match.start()], word.span), value or Known(match[0], word.span)]
        at = match.end()
    return word._replace(value=concat([*pieces, Known(text[at:], word.span)], word.span))


def _unread_function(word: Word) -> Run:
    return Run(unknown=Unknown(f"the project's own command «{word.text}» is a function that is not read", word.span))


# --- each manager ----------------------------------------------------------------------------------------------


def _poetry(launch: Launch, context: Context) -> Run:
    project = _project(context, launch.folder, "pyproject.toml")
    word = launch.words[0]
    if project is None:
        return Run(failure=Failure("missing-file", "poetry finds no pyproject.toml that it can read", word.span))
    if word.text in table_at(project[1], "tool", "poetry", "scripts") or word.text in table_at(
        project[1], "project", "scripts"
    ):
        return _unread_function(word)
    return context.follow(launch)


def _pipenv(launch: Launch, context: Context) -> Run:
    folder = _folder_above(context, launch.folder, "Pipfile")
    source = context.checkout.text(posixpath.join(folder, ".env"))
    env = dotenv.loaded(source, launch.env, override=True) if source is not None else launch.env
    words = launch.words
    project = _project(context, folder, "Pipfile")
    script = table_at(project[1], "scripts").get(words[0].text or "") if project else None
    if project and isinstance(script, str):
        try:
            words = (*_split(script, _place(project[0], words[0].text or "", script)), *words[1:])
        except ValueError:
            return Run(failure=Failure("rejected-option", "pipenv cannot read the script", words[0].span))
    elif script is not None:
        return _unread_function(words[0])
    words = (words[0], *(expandvars(word, env) for word in words[1:]))
    return context.follow(launch._replace(words=words, env=env))


def _folder_above(context: Context, folder: str, name: str) -> str:
    """Return the folder, from the working directory upwards, that holds a file; the working directory without one."""
    place = "" if folder.startswith("/") else folder
    while not context.checkout.is_file(posixpath.join(place, name)) and place:
        place = posixpath.dirname(place)
    return place if context.checkout.is_file(posixpath.join(place, name)) else folder


def _uv(launch: Launch, context: Context) -> Run:
    words, env, as_module, as_script = list(launch.words), launch.env, False, False
    while words and (text := words[0].text or "").startswith("-"):
        words = words[1:]
        if text == "--":
            break
        as_module |= text in ("-m", "--module")
        as_script |= text in ("-s", "--script")
        if text in ("--env-file",) or text.startswith("--env-file="):
            path = text.partition("=")[2] or (words[0].text or "" if words else "")
            source = context.checkout.text(homes.place(context, launch.folder, path) or "")
            if source is None:
                return Run(failure=Failure("missing-file", f"uv finds no file «{path}»", launch.words[0].span))
            env = dotenv.loaded(source, env, override=False)
        if text in _UV_VALUED:
            words = words[1:]
    if not words:
        return Run(failure=Failure("rejected-option", "«uv run» is given no program", launch.words[0].span))
    return _uv_program(launch._replace(words=tuple(words), env=env), context, as_module, as_script)


def _uv_program(launch: Launch, context: Context, as_module: bool, as_script: bool) -> Run:
    word = launch.words[0]
    python = Word(Known("python", word.span), word.span)
    if as_module:
        return context.follow(launch._replace(words=(python, Word(Known("-m"), word.span), *launch.words)))
    path = homes.place(context, launch.folder, word.text or "")
    if as_script or ((word.text or "").endswith(".py") and path is not None and context.checkout.is_file(path)):
        return context.follow(launch._replace(words=(python, *launch.words)))
    project = _project(context, launch.folder, "pyproject.toml")
    if project and word.text in table_at(project[1], "project", "scripts"):
        return _unread_function(word)
    return context.follow(launch)


def _pdm(launch: Launch, context: Context) -> Run:
    words, _ = take_options(launch.words, Prefix(frozenset({"-p", "--project"})))
    project = _project(context, launch.folder, "pyproject.toml")
    if not words:
        return Run()
    word = words[0]
    scripts = table_at(project[1], "tool", "pdm", "scripts") if project else {}
    script = scripts.get(word.text or "")
    if project is None or script is None:
        if project and word.text in table_at(project[1], "project", "scripts"):
            return _unread_function(word)
        return context.follow(launch._replace(words=words))
    table = {"cmd": script} if isinstance(script, str) else script if isinstance(script, Mapping) else {}
    if set(table) - {"cmd", "shell", "help", "env"} or set(scripts) & {"_"}:
        return Run(unknown=Unknown(f"the script «{word.text}» of pdm is not followed", word.span))
    env = launch.env
    for name, value in table_at(table, "env").items():
        env = env if env.get(name) is not None else env.with_variable(name, Known(str(value)))
    return _pdm_script(launch._replace(words=words, env=env), context, project[0], table)


def _pdm_script(launch: Launch, context: Context, source: Source, table: Table) -> Run:
    name = launch.words[0].text or ""
    if isinstance(table.get("shell"), str):
        span = _place(source, name, table["shell"])
        pieces = [Known(table["shell"], span), *(v for w in launch.words[1:] for v in (Known(" "), w.value))]
        return run_script(of_value(concat(pieces, span), span), context, launch.env, launch.folder, span=span)
    command = table.get("cmd")
    if isinstance(command, list) and all(isinstance(item, str) for item in command):
        span = _place(source, name, "")
        words = tuple(Word(Known(item, span), span) for item in command)
    elif isinstance(command, str):
        try:
            words = _split(command, _place(source, name, command))
        except ValueError:
            return Run(failure=Failure("rejected-option", "pdm cannot read the script", launch.words[0].span))
    else:
        return _unread_function(launch.words[0])
    words = tuple(expandvars(word, launch.env) for word in words)
    return context.follow(launch._replace(words=(*words, *launch.words[1:])))


def _hatch(launch: Launch, context: Context) -> Run:
    word = launch.words[0]
    project = _project(context, launch.folder, "pyproject.toml")
    environment, colon, name = (word.text or "").rpartition(":")
    scripts = table_at(project[1], "tool", "hatch", "envs", environment or "default", "scripts") if project else {}
    script = scripts.get(name)
    if project is None or script is None:
        if colon:
            word = Word(Known(name, word.span), word.span)
        return context.follow(launch._replace(words=(word, *launch.words[1:])))
    lines = [script] if isinstance(script, str) else script if isinstance(script, list) else []
    if not lines or not all(isinstance(line, str) for line in lines) or "{" in "".join(lines):
        return Run(unknown=Unknown(f"the script «{name}» of hatch is not followed", word.span))
    span = _place(project[0], name, lines[-1])
    arguments = "".join(" " + shlex.quote(text_of(w.value) or "") for w in launch.words[1:])
    text = " && ".join([*lines[:-1], lines[-1] + arguments])
    return run_script(of_value(Known(text, span), span), context, launch.env, launch.folder, span=span)


def _rye(launch: Launch, context: Context) -> Run:
    word = launch.words[0]
    project = _project(context, launch.folder, "pyproject.toml")
    script = table_at(project[1], "tool", "rye", "scripts").get(word.text or "") if project else None
    if isinstance(script, Mapping):
        script = script.get("cmd")
    if project and isinstance(script, str):
        words = _split(script, _place(project[0], word.text or "", script))
        return context.follow(launch._replace(words=(*words, *launch.words[1:])))
    if script is not None:
        return Run(unknown=Unknown(f"the script «{word.text}» of rye is not followed", word.span))
    return context.follow(launch)


_MANAGERS = {"poetry": _poetry, "pipenv": _pipenv, "uv": _uv, "pdm": _pdm, "hatch": _hatch, "rye": _rye}
