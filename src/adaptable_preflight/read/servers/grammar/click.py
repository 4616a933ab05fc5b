"""The command-line grammar of `click` 8, with the variables that stand in for options.

Source: https://github.com/pallets/click/blob/8.1.8/src/click/parser.py and `click.core.Parameter.value_from_envvar`.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from adaptable_preflight.model import Environment, Failure, Word
from adaptable_preflight.read.servers.grammar import CHECKS, Check, Given, Option, Parsed, accepts, narrowed
from adaptable_preflight.value import Known, leading, on_text, show, split_first, text_of, without_leading

_TRUE = frozenset({"1", "true", "t", "yes", "y", "on"})
_FALSE = frozenset({"0", "false", "f", "no", "n", "off"})


def is_boolean(text: str) -> bool:
    """Whether click's `BOOL` takes the text."""
    return text.strip().lower() in _TRUE | _FALSE


def is_true(text: str) -> bool:
    """Whether click's `BOOL` makes `True` of the text."""
    return text.strip().lower() in _TRUE


def is_duration(text: str) -> bool:
    """Whether the text is a number of seconds, or a duration such as `1h30m`, as granian takes it."""
    return re.fullmatch(r"\d+|(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?", text) is not None


def is_octal(text: str) -> bool:
    """Whether the text is a number in octal notation."""
    return re.fullmatch(r"(0o)?[0-7]+", text) is not None


CLICK_CHECKS: dict[str, Check] = CHECKS | {"bool": is_boolean, "octal": is_octal, "duration": is_duration}


class Grammar(NamedTuple):
    """A command: its options and how many arguments it takes."""

    program: str
    options: tuple[Option, ...]
    arguments: int | None = 1
    """How many arguments there may be; None: any number."""
    required: bool = True
    """Whether the arguments have to be there."""
    prefix: str = ""
    """What the names of variables begin with that stand in for options, as `auto_envvar_prefix`; empty: none do."""
    interspersed: bool = True
    """Whether options may follow arguments; a group of commands stops at its first argument."""
    argument_variable: str = ""
    """A variable that stands in for the argument."""
    folds_case: bool = False
    """Whether choices are taken in any case."""


def parse(
    words: tuple[Word, ...], grammar: Grammar, env: Environment, exists: Callable[[Word], bool | None] | None = None
) -> Parsed:
    """Take a command line apart; the first word is the program's own.

    `exists` tells whether the file that an option of kind `path` names is there.
    """
    run = _Run(words[1:], grammar)
    failure = run.parse()
    if failure is None:
        run.read_variables(env, words[0])
        failure = _ending(run.given) or _bad_value(run.given, grammar, exists) or run.count(env, words[0])
    return Parsed(tuple(run.given), tuple(run.arguments), failure)


class _Run:
    def __init__(self, words: tuple[Word, ...], grammar: Grammar) -> None:
        self.rest = list(words)
        self.grammar = grammar
        self.flags = {flag: option for option in grammar.options for flag in (*option.flags, *option.negative)}
        self.given: list[Given] = []
        self.arguments: list[Word] = []

    def parse(self) -> Failure | None:
        while self.rest:
            word = self.rest.pop(0)
            start = leading(word.value)
            if word.text == "--":
                break
            if start.startswith("-") and word.text != "-":
                failure = self._option(word)
                if failure is not None:
                    return failure
            elif self.grammar.interspersed:
                self.arguments.append(word)
            else:
                self.rest.insert(0, word)
                break
        self.arguments += self.rest
        return None

    def _option(self, word: Word) -> Failure | None:
        pieces = split_first(word.value, "=")
        name = text_of(pieces[0]) if pieces else word.text
        if name is not None and name in self.flags and len(name) > len("-p"):
            glued = narrowed(word, pieces[1], len(name) + 1) if pieces else None
            return self._take(self.flags[name], name, word, glued)
        if leading(word.value).startswith("--"):
            return self._rejected(f"no such option: {name or show(word.value)}", word)
        return self._cluster(word)

    def _cluster(self, word: Word) -> Failure | None:
        start = leading(word.value)
        for at, letter in enumerate(start[1:], 1):
            option = self.flags.get(f"-{letter}")
            if option is None:
                return self._rejected(f"no such option: -{letter}", word)
            rest = without_leading(word.value, at + 1)
            if option.takes != "0":
                glued = None if text_of(rest) == "" else narrowed(word, rest, at + 1)
                return self._take(option, f"-{letter}", word, glued)
            self.given.append(Given(option, (), word.span, f"-{letter}"))
        return None

    def _take(self, option: Option, flag: str, word: Word, glued: Word | None) -> Failure | None:
        if option.takes == "0":
            if glued is not None:
                return self._rejected(f"option {flag} does not take a value", word)
            self.given.append(Given(option, (), word.span, flag))
            return None
        if glued is None:
            if not self.rest:
                return self._rejected(f"option {flag} requires an argument", word)
            glued = self.rest.pop(0)
        self.given.append(Given(option, (glued,), word.span, flag))
        return None

    def _rejected(self, message: str, word: Word) -> Failure:
        return Failure("rejected-option", f"{self.grammar.program} rejects its options: {message}", word.span)

    def read_variables(self, env: Environment, program: Word) -> None:
        """Take options that the command line does not give from variables; an empty one counts as not set."""
        present = {given.option.name for given in self.given}
        for option in self.grammar.options:
            made = f"{self.grammar.prefix}_{option.name}".upper().replace("-", "_") if self.grammar.prefix else ""
            name = option.variable or made
            value = env.get(name) if name and option.name not in present else None
            text = text_of(value) if value is not None else None
            if value is None or text == "" or option.ends:
                continue
            span = value.span or program.span
            if option.takes != "0":
                self.given.append(Given(option, (Word(value, span),), span, name))
            elif text is None or is_true(text):
                self.given.append(Given(option, (), span, option.flags[0]))
            elif not is_boolean(text):
                checked = option._replace(kind="bool")
                self.given.append(Given(checked, (Word(value, span),), span, name))
            elif option.negative:
                self.given.append(Given(option, (), span, option.negative[0]))

    def count(self, env: Environment, program: Word) -> Failure | None:
        """Compare the number of arguments with what the command takes."""
        limit, variable = self.grammar.arguments, self.grammar.argument_variable
        value = env.get(variable) if variable else None
        if value is not None and not self.arguments and text_of(value) != "":
            self.arguments.append(Word(value, value.span or program.span))
        if limit is not None and len(self.arguments) > limit:
            extra = self.arguments[limit]
            return self._rejected(f"got unexpected extra argument ({show(extra.value)})", extra)
        if self.grammar.required and limit and len(self.arguments) < limit:
            return self._rejected("an argument is missing", program)
        return None


def _ending(given: list[Given]) -> Failure | None:
    ending = next((one for one in given if one.option.ends), None)
    if ending is None:
        return None
    return Failure("ends", f"«{ending.flag}» makes it print a text and end", ending.span)


def _bad_value(given: list[Given], grammar: Grammar, exists: Callable[[Word], bool | None] | None) -> Failure | None:
    for one in given:
        for word in one.words:
            value = on_text(word.value, str.lower) if grammar.folds_case and one.option.choices else word.value
            missing = one.option.kind == "path" and exists is not None and exists(word) is False
            if missing or accepts(one.option, value, CLICK_CHECKS) is False:
                what = "does not exist" if missing else f"is not a valid {one.option.kind}"
                message = f"{grammar.program} rejects its options: «{show(word.value)}» of {one.flag} {what}"
                return Failure("rejected-option", message, word.span)
    return None


def truth(parsed: Parsed, name: str, default: bool) -> bool:
    """Return a flag's value: the last one counts."""
    given = parsed.last(name)
    return default if given is None else given.flag not in given.option.negative


def words_by_name(parsed: Parsed) -> dict[str, Word]:
    """Return what was given by name: the last value of each option, and `True` or `False` for a flag."""
    found = {}
    for given in parsed.given:
        value = Word(Known(given.flag not in given.option.negative), given.span)
        found[given.option.name] = given.words[-1] if given.words else value
    return found
