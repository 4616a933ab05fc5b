"""`test`, `[` and bash's `[[`: true, false, or not to be told."""

import re

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Word
from adaptable_preflight.read.shell.expand import Expander
from adaptable_preflight.read.shell.patterns import matches
from adaptable_preflight.read.shell.state import State
from adaptable_preflight.read.shell.syntax import Conditional, ShellWord
from adaptable_preflight.value import Known, Value, text_of

_NUMBER = late_pattern(r"\s*[+-]?\d+\s*")
_COMPARE = {"-eq", "-ne", "-lt", "-le", "-gt", "-ge"}
_BINARY = {"=", "!=", "==", "<", ">", "=~", "-nt", "-ot", "-ef"} | _COMPARE
_ERROR = 2


class BadTestError(Exception):
    """The words are no test that the shell understands."""


def status_of(truth: bool | None) -> int | None:
    """Return the exit status that tells a truth."""
    return None if truth is None else int(not truth)


def test(words: list[Word], state: State) -> int | None:
    """Return the status of `test words`."""
    return _status([word.value for word in words], state)


def conditional(command: Conditional, expander: Expander, state: State) -> int | None:
    """Return the status of `[[ words ]]`: words are not split there."""
    return _status([_operand(word, expander) for word in command.words], state, bash=True)


def _status(values: list[Value], state: State, bash: bool = False) -> int | None:
    """Return the status of a test; where it is open, take note of what it comes to while nobody sets a variable."""
    try:
        status = status_of(_Test(values, state, bash).whole())
        if status is None:
            twin = state.copy()
            twin.all_unset = True
            state.status_unset = status_of(_Test(values, twin, bash).whole())
    except BadTestError:
        return _ERROR
    return status


def _operand(word: ShellWord, expander: Expander) -> Value:
    return expander.value(word)


def _matches_expression(text: str, expression: str) -> bool | None:
    """Whether text fits an extended regular expression; None where Python's may read it differently."""
    if len(text) > 200 or not re.fullmatch(r"[\w^$.\[\]+*?|/:@%=-]{1,60}", expression) or "[:" in expression:
        return None
    try:
        return re.search(expression, text) is not None
    except re.error:
        return None


class _Test:
    """A recursive reading of a test's words."""

    def __init__(self, values: list[Value], state: State, bash: bool = False) -> None:
        self.values = values
        self.state = state
        self.bash = bash
        self.at = 0

    def whole(self) -> bool | None:
        if not self.values:
            return False
        truth = self.either()
        if self.at != len(self.values):
            raise BadTestError
        return truth

    def _peek(self, offset: int = 0) -> str | None:
        index = self.at + offset
        return text_of(self.values[index]) if index < len(self.values) else None

    def _take(self) -> Value:
        if self.at >= len(self.values):
            raise BadTestError
        self.at += 1
        return self.values[self.at - 1]

    def either(self) -> bool | None:
        truth = self.both()
        while self._peek() in (("||",) if self.bash else ("-o",)):
            self.at += 1
            other = self.both()
            truth = True if truth or other else None if truth is None or other is None else False
        return truth

    def both(self) -> bool | None:
        truth = self.negation()
        while self._peek() in (("&&",) if self.bash else ("-a",)):
            self.at += 1
            other = self.negation()
            truth = False if truth is False or other is False else None if truth is None or other is None else True
        return truth

    def negation(self) -> bool | None:
        if self._peek() == "!" and len(self.values) - self.at > 1:
            self.at += 1
            truth = self.negation()
            return None if truth is None else not truth
        return self.primary()

    def primary(self) -> bool | None:
        left = len(self.values) - self.at
        operator = self._peek(1)
        if left >= 3 and operator in _BINARY:
            return self._binary()
        first = self._peek()
        if first == "(" and left > 1:
            self.at += 1
            truth = self.either()
            if self._peek() != ")":
                raise BadTestError
            self.at += 1
            return truth
        if left >= 2 and first is not None and re.fullmatch(r"-[a-zA-Z]", first):
            self.at += 1
            return self._unary(first[1], self._take())
        empty = self.state.is_empty(self._take())
        return None if empty is None else not empty

    def _unary(self, operator: str, value: Value) -> bool | None:
        if operator in "nz":
            empty = self.state.is_empty(value)
            return empty if operator == "z" or empty is None else not empty
        text = text_of(value)
        if operator in "fdesrxhLw" and text is not None:
            return self._file(operator, text)
        if operator == "v" and text is not None:
            return text in self.state.variables or (False if self.state.closed else None)
        if operator in "tpSbcgkuOGN":
            return None
        raise BadTestError

    def _file(self, operator: str, path: str) -> bool | None:
        if not path:
            return False
        place = self.state.place(path)
        if place is None:
            return None
        checkout = self.state.checkout
        if self.state.makes(place) or (checkout.is_file(place) and operator in "hL"):
            return None
        is_file, is_folder = checkout.is_file(place), checkout.is_folder(place)
        if operator == "f":
            return is_file
        if operator == "d":
            return is_folder
        if operator == "x":
            return is_folder or checkout.is_executable(place)
        if operator == "s" and is_file:
            source = checkout.text(place)
            return None if source is None else bool(source.text)
        return is_file or is_folder

    def _binary(self) -> bool | None:
        first = self._take()
        operator = text_of(self._take()) or ""
        second = self._take()
        if operator in _COMPARE:
            return self._compare(first, operator, second)
        if operator in ("=", "==", "!="):
            if operator == "==" and not self.bash:
                return self._double_equals(first, second)
            same = self._same(first, second)
            return same if operator != "!=" or same is None else not same
        one, other = text_of(first), text_of(second)
        if operator == "=~" and self.bash and one is not None and other is not None:
            return _matches_expression(one, other)
        return None

    def _double_equals(self, first: Value, second: Value) -> bool | None:
        """Compare with `==`, which dash does not know."""
        self.state.notes.dialects_differ = True
        if not self.state.bash:
            raise BadTestError
        return self._same(first, second)

    def _same(self, first: Value, second: Value) -> bool | None:
        if self.state.all_unset:
            first, second = self.state.while_unset(first), self.state.while_unset(second)
        one, other = text_of(first), text_of(second)
        if one is not None and other is not None:
            return matches(one, other) if self.bash else one == other
        if first == second and not isinstance(first, Known):
            return True
        known, open_value = (one, second) if one is not None else (other, first)
        if known == "":
            return self.state.is_empty(open_value)
        return None

    def _compare(self, first: Value, operator: str, second: Value) -> bool | None:
        one, other = text_of(first), text_of(second)
        if one is None or other is None:
            return None
        if not _NUMBER.fullmatch(one) or not _NUMBER.fullmatch(other):
            raise BadTestError
        a, b = int(one), int(other)
        return {"-eq": a == b, "-ne": a != b, "-lt": a < b, "-le": a <= b, "-gt": a > b, "-ge": a >= b}[operator]
