"""Programs that start another one anew when a file changes."""

import re
import shlex

from adaptable_preflight.model import Failure, Launch, Run, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.shell.excerpt import of_value
from adaptable_preflight.value import Known, Unknown


def watchfiles(launch: Launch, context: Context) -> Run:
    """Follow `watchfiles 'COMMAND' [PATH…]`, which starts the command anew when a file changes."""
    rest = list(launch.words[1:])
    while rest and (rest[0].text or "").startswith("-"):
        takes = (rest[0].text or "").endswith("-timeout") or rest[0].text in (
            "--ignore-paths",
            "--target-type",
            "--filter",
            "--args",
            "--verbosity",
            "--grace-period",
        )
        rest = rest[1 + takes :]
    if not rest or rest[0].text is None:
        return Run(unknown=Unknown("what watchfiles runs is not known", launch.words[0].span), status=None)
    text = rest[0].text
    if re.fullmatch(r"[a-zA-Z_]\w*(\.\w+)+", text):
        return Run(unknown=Unknown("a function that watchfiles runs is not read", rest[0].span), status=None)
    pieces = of_value(rest[0].value, rest[0].span)
    try:
        words = shlex.split(text)
    except ValueError:
        return Run(failure=Failure("rejected-option", "watchfiles cannot read the command", rest[0].span))
    spans = (pieces.locate(at := text.find(word), at + len(word)) for word in words)
    return _reloaded(launch, context, tuple(Word(Known(w, s), s) for w, s in zip(words, spans, strict=True)))


def watchmedo(launch: Launch, context: Context) -> Run:
    """Follow `watchmedo auto-restart [options] [--] PROGRAM`."""
    if len(launch.words) < 3 or launch.words[1].text != "auto-restart":
        return Run(unknown=Unknown("what watchmedo runs is not known", launch.words[0].span), status=None)
    flags = (
        "-R",
        "--recursive",
        "-v",
        "-q",
        "--verbose",
        "--quiet",
        "--ignore-directories",
        "--no-restart-on-command-exit",
    )
    rest = list(launch.words[2:])
    while rest and (text := rest[0].text or "").startswith("-"):
        rest = rest[1 + (text not in (*flags, "--") and "=" not in text) :]
        if text == "--":
            break
    return _reloaded(launch, context, tuple(rest))


def _reloaded(launch: Launch, context: Context, words: tuple[Word, ...]) -> Run:
    """Follow a program that is started anew when files change."""
    if not words:
        return Run()
    run = context.follow(launch._replace(words=words))
    span = launch.words[0].span
    return run._replace(servers=tuple(server._replace(reload=server.reload or span) for server in run.servers))
