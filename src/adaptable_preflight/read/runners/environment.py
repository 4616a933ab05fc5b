"""Programs that change the environment and start another one: `env` and `dotenv run`."""

import re

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Environment, Failure, Launch, Run, Word
from adaptable_preflight.read import dotenv, homes
from adaptable_preflight.read.context import Context
from adaptable_preflight.value import Concat, Known, Unknown, concat, text_of

_NAME = late_pattern(r"[A-Za-z_]\w*", re.ASCII)


def env(launch: Launch, context: Context) -> Run:
    """Follow `env [-i] [-u NAME] [NAME=VALUE]… PROGRAM`."""
    words, environment, emptied = list(launch.words[1:]), launch.env, False
    while words and (text := words[0].text or "").startswith("-") and words[0].text is not None:
        if text in ("-i", "-", "--ignore-environment"):
            environment, emptied = Environment({}, closed=True, files=launch.env.files, made=launch.env.made), True
        elif text in ("-u", "--unset") and len(words) > 1:
            environment = environment.with_variable(words[1].text or "", None)
            words = words[1:]
        elif text.startswith(("-u", "--unset=")):
            environment = environment.with_variable(text.removeprefix("--unset=").removeprefix("-u"), None)
        elif text == "--":
            words = words[1:]
            break
        elif text not in ("-v", "--debug"):
            return Run(unknown=Unknown(f"the option «{text}» of env is not followed", words[0].span), status=None)
        words = words[1:]
    while words and (binding := _binding(words[0])) is not None:
        environment = environment.with_variable(*binding)
        words = words[1:]
    if not words:
        return Run()
    if emptied and environment.get("PATH") is None and "/" not in (words[0].text or "/"):
        why = Unknown("«env -i» takes PATH away: whether the program is found depends on the image", words[0].span)
        return Run(unknown=why, status=None)
    return context.follow(launch._replace(words=tuple(words), env=environment))


def _binding(word: Word) -> tuple[str, Known | Concat] | None:
    parts = word.value.parts if isinstance(word.value, Concat) else (word.value,)
    name, equals, rest = (text_of(parts[0]) or "").partition("=")
    if not equals or not _NAME.fullmatch(name):
        return None
    return name, concat([Known(rest, word.span), *parts[1:]], word.span)  # type: ignore[return-value]


def dotenv_run(launch: Launch, context: Context) -> Run:
    """Follow `dotenv [-f FILE] run [--no-override] PROGRAM`: the file wins over what the platform sets."""
    words, path, override, running = list(launch.words[1:]), ".env", True, False
    while words and ((text := words[0].text or "").startswith("-") or text == "run"):
        words = words[1:]
        if text == "--":
            break
        if text == "run":
            running = True
        elif text in ("-f", "--file", "-q", "--quote", "-e", "--export") and words:
            path = (words[0].text or "") if text in ("-f", "--file") else path
            words = words[1:]
        elif text.startswith("--file="):
            path = text.removeprefix("--file=")
        elif text in ("--override", "--no-override"):
            override = text == "--override"
        if running and words and not (words[0].text or "-").startswith("-"):
            break
    if not running:
        return Run()
    return _with_file(launch, context, tuple(words), path, override)


def _with_file(launch: Launch, context: Context, words: tuple[Word, ...], path: str, override: bool) -> Run:
    place = homes.place(context, launch.folder, path)
    source = context.checkout.text(place) if place is not None else None
    span = launch.words[0].span
    if source is None:
        return Run(failure=Failure("missing-file", f"«dotenv run» finds no file «{path}»", span))
    if not words:
        return Run(failure=Failure("rejected-option", "«dotenv run» is given no program to start", span))
    return context.follow(launch._replace(words=words, env=dotenv.loaded(source, launch.env, override)))
