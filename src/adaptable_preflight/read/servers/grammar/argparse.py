"""The command-line grammar of Python's `argparse`, as of Python 3.11.

Source: https://github.com/python/cpython/blob/3.11/Lib/argparse.py (`_parse_known_args`, `_parse_optional`,
`_get_option_tuples`).
"""

import re
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Failure, Word
from adaptable_preflight.read.servers.grammar import (
    CHECKS,
    Check,
    Given,
    Option,
    Parsed,
    Takes,
    accepts,
    narrowed,
)
from adaptable_preflight.value import leading, show, split_first, text_of, without_leading

_NEGATIVE_NUMBER = late_pattern(r"-\d+$|-\d*\.\d+$")

_PATTERNS: dict[str, str] = {"1": "(A)", "?": "(A?)", "*": "(A*)", "+": "(A+)", "0": "()"}
"""`ArgumentParser._get_nargs_pattern`: `A` is an argument, `O` an option, `-` the word `--`."""
_POSITIONAL_PATTERNS: dict[str, str] = {"1": "(-*A-*)", "?": "(-*A?-*)", "*": "(-*[A-]*)", "+": "(-*A[A-]*)"}


class Grammar(NamedTuple):
    """A parser: its options and what it takes besides."""

    program: str
    options: tuple[Option, ...]
    positionals: tuple[Takes, ...] = ()
    checks: dict[str, Check] = CHECKS
    abbreviations: bool = True
    takes_unknown: bool = False
    """Whether what it does not know is left over for somebody else, as by `parse_known_args`."""

    @property
    def flags(self) -> dict[str, Option]:
        """Every spelling of every option."""
        return {flag: option for option in self.options for flag in option.flags}


class _Found(NamedTuple):
    """A word that is an option: which, in which spelling, and what is glued to it."""

    option: Option | None
    flag: str
    glued: Word | None = None


class _RejectionError(Exception):
    """The parser prints an error and exits with 2."""

    def __init__(self, message: str, word: Word) -> None:
        super().__init__(message)
        self.word = word


class _EndError(Exception):
    """The parser prints help or its version and exits with 0."""

    def __init__(self, word: Word) -> None:
        super().__init__()
        self.word = word


def parse(words: tuple[Word, ...], grammar: Grammar) -> Parsed:
    """Take a command line apart; the first word is the program's own.

    `positionals` of the result are the words that the parser's positional arguments take, in order.
    """
    run = _Run(words, grammar)
    try:
        run.parse()
    except _RejectionError as rejected:
        message = f"{grammar.program} rejects its options: {rejected}"
        return run.result(Failure("rejected-option", message, rejected.word.span))
    except _EndError as ends:
        message = f"«{show(ends.word.value)}» makes {grammar.program} print a text and end"
        return run.result(Failure("ends", message, ends.word.span))
    return run.result(None)


class _Run:
    """One pass over a command line."""

    def __init__(self, words: tuple[Word, ...], grammar: Grammar) -> None:
        self.program, *rest = words
        self.words = tuple(rest)
        self.grammar = grammar
        self.flags = grammar.flags
        self.given: list[Given] = []
        self.taken: list[Word] = []
        self.found: dict[int, _Found] = {}
        self.pattern = ""
        self.pending = list(grammar.positionals)
        self.extra: list[Word] = []

    def result(self, failure: Failure | None) -> Parsed:
        return Parsed(tuple(self.given), tuple(self.taken), failure)

    def parse(self) -> None:
        self._classify()
        at, last = 0, max(self.found, default=-1)
        while at <= last:
            following = min(index for index in self.found if index >= at)
            if at != following:
                end = self._positionals(at)
                if end > at:
                    at = end
                    continue
            if at not in self.found:
                self.extra += self.words[at:following]
                at = following
            at = self._option(at)
        at = self._positionals(at)
        self.extra += self.words[at:]
        self._finish()

    def _finish(self) -> None:
        if any(takes in ("1", "+") for takes in self.pending):
            raise _RejectionError("an argument is missing", self.words[-1] if self.words else self.program)
        if self.extra and not self.grammar.takes_unknown:
            text = " ".join(show(word.value) for word in self.extra)
            raise _RejectionError(f"unrecognized arguments: {text}", self.extra[0])

    def _classify(self) -> None:
        """Tell options from arguments: `_parse_optional` for each word."""
        marks = []
        for index, word in enumerate(self.words):
            if word.text == "--":
                marks += ["-", *"A" * (len(self.words) - index - 1)]
                break
            found = self._optional(word)
            if found is not None:
                self.found[index] = found
            marks.append("A" if found is None else "O")
        self.pattern = "".join(marks)

    def _optional(self, word: Word) -> _Found | None:
        start, text = leading(word.value), word.text
        if not start.startswith("-"):
            return None
        if text is not None and text in self.flags:
            return _Found(self.flags[text], text)
        if text == "-":
            return None
        name, glued = self._split(word)
        if glued is not None and name in self.flags:
            return _Found(self.flags[name], name, glued)
        candidates = self._abbreviated(word, name, glued)
        if len(candidates) > 1:
            options = ", ".join(found.flag for found in candidates)
            raise _RejectionError(f"ambiguous option: {show(word.value)} could match {options}", word)
        if candidates:
            return candidates[0]
        if text is not None and _NEGATIVE_NUMBER.match(text):
            return None
        if " " in start:
            return None
        return _Found(None, show(word.value))

    def _split(self, word: Word) -> tuple[str, Word | None]:
        pieces = split_first(word.value, "=")
        if pieces is None:
            return word.text or leading(word.value), None
        name = text_of(pieces[0])
        if name is None:
            return leading(word.value), None
        return name, narrowed(word, pieces[1], len(name) + 1)

    def _abbreviated(self, word: Word, name: str, glued: Word | None) -> list[_Found]:
        start = leading(word.value)
        if start.startswith("--"):
            if not self.grammar.abbreviations or (glued is None and word.text is None):
                return []
            return [_Found(self.flags[flag], flag, glued) for flag in self.flags if flag.startswith(name)]
        short = start[:2]
        rest = narrowed(word, without_leading(word.value, 2), 2)
        found = []
        for flag, option in self.flags.items():
            if flag == short:
                found.append(_Found(option, flag, rest))
            elif word.text is not None and flag.startswith(word.text):
                found.append(_Found(option, flag))
        return found

    def _option(self, at: int) -> int:
        word, found = self.words[at], self.found[at]
        while True:
            if found.option is None:
                self.extra.append(word)
                return at + 1
            option = found.option
            if found.glued is None:
                return self._spaced(at, found, option)
            if option.takes != "0":
                self._take(option, (found.glued,), word, found.flag)
                return at + 1
            found = self._cluster(word, found, option)

    def _cluster(self, word: Word, found: _Found, option: Option) -> _Found:
        """Take a flag of a cluster such as `-Dw2`, and return what follows it."""
        glued = found.glued
        start = leading(glued.value) if glued is not None else ""
        if glued is None or found.flag.startswith("--") or not start:
            raise _RejectionError(f"argument {'/'.join(option.flags)}: ignored explicit argument", word)
        flag = "-" + start[0]
        self._take(option, (), word, found.flag)
        rest = without_leading(glued.value, 1)
        following = self.flags.get(flag)
        if following is None:
            raise _RejectionError(f"argument {'/'.join(option.flags)}: ignored explicit argument {start!r}", word)
        left = None if text_of(rest) == "" else narrowed(glued, rest, 1)
        return _Found(following, flag, left)

    def _spaced(self, at: int, found: _Found, option: Option) -> int:
        match = re.match(_PATTERNS[option.takes], self.pattern[at + 1 :])
        if match is None:
            raise _RejectionError(f"argument {'/'.join(option.flags)}: expected one argument", self.words[at])
        count = len(match[1])
        words = tuple(w for w in self.words[at + 1 : at + 1 + count] if w.text != "--")
        self._take(option, words, self.words[at], found.flag)
        return at + 1 + count

    def _take(self, option: Option, words: tuple[Word, ...], word: Word, flag: str) -> None:
        for argument in words:
            if accepts(option, argument.value, self.grammar.checks) is False:
                what = "choice" if option.choices else f"{option.kind} value"
                shown = f"argument {'/'.join(option.flags)}: invalid {what}: '{show(argument.value)}'"
                raise _RejectionError(shown, argument)
        self.given.append(Given(option, words, word.span, flag))
        if option.ends:
            raise _EndError(word)

    def _positionals(self, at: int) -> int:
        """Give as many arguments to positionals as `match_partial` does; return where the rest begins."""
        for count in range(len(self.pending), 0, -1):
            pattern = "".join(_POSITIONAL_PATTERNS[takes] for takes in self.pending[:count])
            match = re.match(pattern, self.pattern[at:])
            if match is None:
                continue
            for group in match.groups():
                self.taken += self._plain(at, len(group))
                at += len(group)
            del self.pending[:count]
            break
        return at

    def _plain(self, at: int, count: int) -> list[Word]:
        words = list(self.words[at : at + count])
        for index, word in enumerate(words):
            if word.text == "--":
                del words[index]
                break
        return words
