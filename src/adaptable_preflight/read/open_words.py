"""Words of a command of which nothing is known, such as `$GUNICORN_OPTS`: a shell makes none of one, or several."""

from collections.abc import Callable

from adaptable_preflight.model import Launch, Run, Word
from adaptable_preflight.value import Either, FromEnv, Unknown, show, text_of

Reads = Callable[[Launch], Run]


def read(launch: Launch, reads: Reads) -> Run:
    """Return what becomes of a command; where its parser rejects it and a word is open, what becomes of it without.

    A variable that nobody is known to set is dropped by the shell. What else a word may stand for leaves it open.
    """
    run = reads(launch)
    if not any(_is_open(word, launch) for word in launch.words[1:]):
        return run
    if not _is_rejected(run):
        return _left_open(run, launch)
    for kept in (_without(launch, values=False), _without(launch, values=True)):
        again = reads(launch._replace(words=kept))
        full = next((word for word in launch.words if word not in kept and not _may_be_empty(word)), None)
        sure = full is None and not any(_is_open(word, launch) for word in kept)
        if sure or not _is_rejected(again):
            return again if full is None or again.failure is not None else _doubted(again, full)
    return _doubted(Run(run.servers), next(word for word in launch.words[1:] if _is_open(word, launch)))


def _left_open(run: Run, launch: Launch) -> Run:
    """Return what becomes of a command that its parser takes, whatever an open word stands for."""
    kept = _without(launch, values=False)
    first = next((word for word in launch.words if word not in kept and _may_be_several(word)), None)
    return run if first is None or run.failure is not None else _doubted(run, first)


def _doubted(run: Run, word: Word) -> Run:
    """Return what a command starts, without what further options may decide of it."""
    servers = tuple(server._replace(workers=None, threads=None, parallel=None) for server in run.servers)
    return run._replace(servers=servers, unknown=run.unknown or _unknown(word))


def _may_be_several(word: Word) -> bool:
    """Whether a word may stand for no argument as well as for options: nothing stands in for its variable."""
    return isinstance(word.value, Unknown) or _may_be_empty(word)


def _is_rejected(run: Run) -> bool:
    """Whether the command line itself is wrong: no app was looked for yet."""
    return run.failure is not None and run.failure.kind in ("rejected-option", "missing-app")


def _without(launch: Launch, *, values: bool) -> tuple[Word, ...]:
    """Return the words without the open ones; `values`: also without those that may be an option's value."""
    pairs = zip(launch.words, ("", *(word.text or "" for word in launch.words)), strict=False)
    return tuple(word for word, before in pairs if not _is_open(word, launch) or (before[:1] == "-" and not values))


def _is_open(word: Word, launch: Launch) -> bool:
    """Whether nothing of a word is known; a variable that is set, such as PORT, is one word."""
    if isinstance(word.value, FromEnv):
        return launch.env.get(word.value.name) is None
    return isinstance(word.value, Either | Unknown)


def _may_be_empty(word: Word) -> bool:
    """Whether a word is empty while nobody sets a variable, or after one way of a condition."""
    value = word.value
    if isinstance(value, FromEnv):
        return value.default is None or text_of(value.default) == ""
    return isinstance(value, Either) and any(text_of(option) == "" for option in value.options)


def _unknown(word: Word) -> Unknown:
    why = word.value.why if isinstance(word.value, Unknown) else f"what «{show(word.value)}» stands for is not known"
    return Unknown(why, word.span)
