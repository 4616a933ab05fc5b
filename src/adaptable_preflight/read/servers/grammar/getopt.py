"""The command-line grammars of Python's `getopt.getopt` and of GNU's `getopt_long`.

Sources: https://github.com/python/cpython/blob/3.11/Lib/getopt.py and getopt_long(3).
"""

from typing import NamedTuple

from adaptable_preflight.model import Failure, Word
from adaptable_preflight.read.servers.grammar import Given, Option, Parsed, narrowed
from adaptable_preflight.value import leading, show, split_first, text_of, without_leading


class Grammar(NamedTuple):
    """A parser: its options, and whether options may follow arguments, as GNU's getopt lets them."""

    program: str
    options: tuple[Option, ...]
    permutes: bool = False


def parse(words: tuple[Word, ...], grammar: Grammar) -> Parsed:
    """Take a command line apart; the first word is the program's own. An option takes one argument or none.

    An option that `takes` «?» takes an argument only if it is glued to it, as `optional_argument` of GNU's getopt.
    """
    return _Run(words[1:], grammar).parse()


class _Run:
    def __init__(self, words: tuple[Word, ...], grammar: Grammar) -> None:
        self.rest = list(words)
        self.grammar = grammar
        self.flags = {flag: option for option in grammar.options for flag in (*option.flags, *option.negative)}
        self.given: list[Given] = []
        self.arguments: list[Word] = []

    def parse(self) -> Parsed:
        failure: Failure | None = None
        while self.rest and failure is None:
            word = self.rest.pop(0)
            start = leading(word.value)
            if word.text == "--":
                break
            if start.startswith("--"):
                failure = self._long(word)
            elif start.startswith("-") and word.text != "-":
                failure = self._short(word)
            else:
                self.arguments.append(word)
                if not self.grammar.permutes:
                    break
        return Parsed(tuple(self.given), (*self.arguments, *self.rest), failure)

    def _long(self, word: Word) -> Failure | None:
        pieces = split_first(word.value, "=")
        name = text_of(pieces[0]) if pieces else word.text
        if name is None:
            return self._rejected(f"option {show(word.value)} not recognized", word)
        glued = narrowed(word, pieces[1], len(name) + 1) if pieces else None
        if name not in self.flags:
            found = [flag for flag in self.flags if flag.startswith(name)]
            if len({(self.flags[flag].name, self.flags[flag].takes) for flag in found}) != 1:
                problem = "not a unique prefix" if found else "not recognized"
                return self._rejected(f"option {name} {problem}", word)
            name = found[0]
        return self._take(self.flags[name], name, word, glued)

    def _short(self, word: Word) -> Failure | None:
        start = leading(word.value)
        for at, letter in enumerate(start[1:], 1):
            flag = f"-{letter}"
            option = self.flags.get(flag)
            if option is None:
                return self._rejected(f"option {flag} not recognized", word)
            rest = without_leading(word.value, at + 1)
            if option.takes != "0":
                glued = None if text_of(rest) == "" else narrowed(word, rest, at + 1)
                return self._take(option, flag, word, glued)
            self.given.append(Given(option, (), word.span, flag))
        return None

    def _take(self, option: Option, flag: str, word: Word, glued: Word | None) -> Failure | None:
        if option.takes == "0":
            if glued is not None:
                return self._rejected(f"option {flag} must not have an argument", word)
            self.given.append(Given(option, (), word.span, flag))
            return None
        if glued is None and option.takes != "?":
            if not self.rest:
                return self._rejected(f"option {flag} requires an argument", word)
            glued = self.rest.pop(0)
        self.given.append(Given(option, (glued,) if glued is not None else (), word.span, flag))
        return None

    def _rejected(self, message: str, word: Word) -> Failure:
        return Failure("rejected-option", f"{self.grammar.program} rejects its options: {message}", word.span)
