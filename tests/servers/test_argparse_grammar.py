"""The grammar answers as Python's own `argparse` does."""

import argparse
import random
import sys

import pytest

from adaptable_preflight.model import Word
from adaptable_preflight.read.servers.grammar import table
from adaptable_preflight.read.servers.grammar.argparse import Grammar, parse
from adaptable_preflight.source import Span
from adaptable_preflight.value import Known

OPTIONS = table(
    """
bind -b --bind
workers -w --workers int
worker_class -k --worker-class
daemon -D --daemon flag
mode -m --proxy takes=?
many --many takes=*
"""
)
PIECES = [
    "-b", "--bind", "--bi", "-w", "2", "-w2", "--workers=3", "--work", "-D", "-Dw", "-Db", "-D=1", "app:app", "--", "-",
    "", "-1", "-x", "--nope", "--nope=1", "a b", "-a b", "-b=", "--bind=x=y", "-m", "--proxy", "--many", "-Dx", "-5x",
]  # fmt: skip


def theirs(words: list[str]) -> object:
    parser = argparse.ArgumentParser(prog="p", exit_on_error=True, add_help=False)
    seen = []

    class Record(argparse.Action):
        def __call__(self, _parser: object, _namespace: object, values: object, _option: str | None = None) -> None:
            listed = list(values) if isinstance(values, list) else [] if values is None else [values]
            seen.append((self.dest, [str(value) for value in listed]))

    for option in OPTIONS:
        takes = {"1": None, "0": 0, "?": "?", "*": "*"}[option.takes]
        parser.add_argument(
            *option.flags, dest=option.name, action=Record, nargs=takes, type=int if option.kind == "int" else str
        )
    parser.add_argument("args", nargs="*")
    try:
        namespace = parser.parse_args(words)
    except SystemExit:
        return "rejected"
    return seen, namespace.args


def ours(words: list[str]) -> object:
    span = Span("x", 1, 1, 1, 2)
    parsed = parse(tuple(Word(Known(word), span) for word in ["p", *words]), Grammar("p", OPTIONS, ("*",)))
    if parsed.failure is not None:
        return "rejected"
    number = {"2": "2", "3": "3"}
    given = [(g.option.name, [number.get(w.text or "", w.text or "") for w in g.words]) for g in parsed.given]
    return given, [word.text for word in parsed.positionals]


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="argparse changed after the 3.11 that the grammar follows")
def test_thousands_of_command_lines_come_out_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    dice = random.Random(11)
    for _ in range(4000):
        words = [dice.choice(PIECES) for _ in range(dice.randrange(6))]
        assert ours(words) == theirs(words), words
    capsys.readouterr()
