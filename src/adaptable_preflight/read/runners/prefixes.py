"""Programs that stand in front of another one and start it, such as `nohup`, `nice`, `dumb-init` and `ddtrace-run`."""

from typing import NamedTuple

from adaptable_preflight.model import Failure, Launch, Run, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.programs import OBSERVED_SECONDS, duration
from adaptable_preflight.value import Unknown


class Prefix(NamedTuple):
    """How such a program takes its own arguments apart from those of the program that it starts."""

    valued: frozenset[str] = frozenset()
    """Options that take a value as the next argument (or glued to them)."""
    positional: int = 0
    """How many arguments of its own follow the options."""
    any_long_value: bool = False
    """Whether every long option without `=` takes a value."""


def _options(text: str) -> frozenset[str]:
    return frozenset(text.split())


PREFIXES = {
    "nohup": Prefix(),
    "setsid": Prefix(),
    "time": Prefix(_options("-f --format -o --output")),
    "nice": Prefix(_options("-n --adjustment")),
    "ionice": Prefix(_options("-c --class -n --classdata")),
    "chrt": Prefix(positional=1),
    "taskset": Prefix(positional=1),
    "stdbuf": Prefix(_options("-i -o -e --input --output --error")),
    "unbuffer": Prefix(),
    "catchsegv": Prefix(),
    "xvfb-run": Prefix(_options("-e -f -n -p -s -w --server-args --server-num --error-file --auth-file")),
    "tini": Prefix(_options("-p -e")),
    "docker-init": Prefix(_options("-p -e")),
    "catatonit": Prefix(),
    "dumb-init": Prefix(_options("-r --rewrite")),
    "gosu": Prefix(positional=1),
    "su-exec": Prefix(positional=1),
    "setpriv": Prefix(any_long_value=True),
    "chpst": Prefix(_options("-u -U -b -e -/ -C -n -l -L -m -d -o -p -f -c -t")),
    "s6-setuidgid": Prefix(positional=1),
    "with-contenv": Prefix(),
    "newrelic-admin": Prefix(positional=1),
    "ddtrace-run": Prefix(),
    "opentelemetry-instrument": Prefix(any_long_value=True),
    "splunk-py-trace": Prefix(any_long_value=True),
    "sl-trace": Prefix(),
    "doppler": Prefix(_options("-p --project -c --config -t --token --fallback --command-timeout"), positional=1),
    "infisical": Prefix(_options("--env --path --projectId --token"), positional=1),
    "chamber": Prefix(_options("-b --backend -r --retries"), positional=2),
    "direnv": Prefix(positional=2),
    "conda": Prefix(_options("-n --name -p --prefix --cwd"), positional=1),
    "mamba": Prefix(_options("-n --name -p --prefix --cwd"), positional=1),
    "micromamba": Prefix(_options("-n --name -p --prefix --cwd"), positional=1),
}
_RUNS = {
    "newrelic-admin": "run-program",
    "doppler": "run",
    "infisical": "run",
    "chamber": "exec",
    "direnv": "exec",
    "conda": "run",
    "mamba": "run",
    "micromamba": "run",
}
"""The subcommand that starts a program."""


def prefixed(launch: Launch, context: Context) -> Run:
    """Follow the program behind the prefix."""
    name, span = launch.program, launch.words[0].span
    prefix = PREFIXES[name]
    words, own = take_options(launch.words[1:], prefix)
    subcommand = _RUNS.get(name)
    if subcommand is not None:
        if not own or own[0].text != subcommand:
            return Run(status=0)
        words, _ = take_options(words, prefix._replace(positional=0))
    if not words:
        return Run(failure=Failure("ends", f"«{name}» is given no program to start", span))
    return context.follow(launch._replace(words=words))


def take_options(words: tuple[Word, ...], prefix: Prefix) -> tuple[tuple[Word, ...], list[Word]]:
    """Return the words behind a prefix's own options and arguments, and those arguments."""
    rest, own = list(words), list[Word]()
    while rest:
        text = rest[0].text
        if text == "--":
            rest = rest[1:]
            break
        if text is not None and text.startswith("-") and len(text) > 1:
            rest = rest[1 + _takes_next(text, prefix) :]
        elif len(own) < prefix.positional:
            own.append(rest[0])
            rest = rest[1:]
            if prefix.positional == len(own):
                break
        else:
            break
    while rest and len(own) < prefix.positional:
        own.append(rest[0])
        rest = rest[1:]
    if rest and own and rest[0].text == "--":
        rest = rest[1:]
    return tuple(rest), own


def _takes_next(option: str, prefix: Prefix) -> bool:
    if prefix.any_long_value and option.startswith("--"):
        return "=" not in option
    return option in prefix.valued


def timeout(launch: Launch, context: Context) -> Run:
    """Follow `timeout DURATION PROGRAM`: a short one ends the server."""
    valued = _options("-k --kill-after -s --signal")
    words, own = take_options(launch.words[1:], Prefix(valued, positional=1))
    seconds = duration(own[0]) if own else None
    if seconds is None or not words:
        why = Unknown("how long «timeout» waits is not known", launch.words[0].span)
        return Run(unknown=why, status=None)
    run = context.follow(launch._replace(words=words))
    if run.stays and 0 < seconds <= OBSERVED_SECONDS:
        why = Unknown(f"«timeout» ends the server after {seconds:g} seconds", own[0].span)
        return run._replace(unknown=why)
    return run
