"""Expansions: from the words of a script to the values that a program gets as its arguments."""

import re
from collections.abc import Callable

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Word
from adaptable_preflight.read.shell.arithmetic import calculate
from adaptable_preflight.read.shell.patterns import matching_paths, of_bash, strip_pattern
from adaptable_preflight.read.shell.state import State
from adaptable_preflight.read.shell.syntax import Arithmetic, Parameter, Part, ShellWord, Substitution, Text
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, FromEnv, Known, Unknown, Value, concat, part_of, text_of

Substitute = Callable[[Substitution, State], Value]
"""Tells what commands in `$(…)` write."""

_GLOB = late_pattern(r"[*?\[]")
_SPACES = late_pattern(r"[ \t\n]+")


class ExpansionError(Exception):
    """An expansion ends the shell: `${X?}` of an unset variable, `set -u`, a bad substitution."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


class Expander:
    """Expands words in one state of a shell."""

    def __init__(self, state: State, substitute: Substitute) -> None:
        self.state = state
        self.substitute = substitute

    def words(self, words: tuple[ShellWord, ...]) -> list[Word]:
        """Return the arguments that the words become: split, with paths for patterns."""
        found = list[Word]()
        for word in words:
            for argument in self.fields(word):
                found.append(self._certain(argument, word, found[-1].text or "" if found else None))
        return found

    def _certain(self, argument: Word, word: ShellWord, before: str | None) -> Word:
        """Return an argument; one that may be none or several, because nobody knows its variable, becomes unknown.

        Behind an option it is taken for the option's value.
        """
        value, part = argument.value, word.parts[0] if len(word.parts) == 1 else None
        if (
            not isinstance(value, FromEnv)
            or value.default is not None
            or not isinstance(part, Parameter)
            or part.quoted
        ):
            return argument
        if value.name in self.state.promised or before is None or (before.startswith("-") and "=" not in before):
            return argument
        return Word(Unknown(f"«${value.name}» may stand for any number of arguments", argument.span), argument.span)

    def fields(self, word: ShellWord) -> list[Word]:
        """Return what one word becomes: none, one or several arguments."""
        if len(word.parts) == 1 and isinstance(word.parts[0], Text):
            only = word.parts[0]
            if only.quoted or not (_GLOB.search(only.text) or only.text.startswith("~")):
                return [Word(self._literal(only), word.span)]
        fields = _Fields(self._separators())
        for index, part in enumerate(word.parts):
            self._add(fields, part, first=index == 0)
        return [self._finish(field, word.span, expanded) for field, expanded in fields.done()]

    def _separators(self) -> re.Pattern[str]:
        """Return what parts the arguments in a value: white space, or the characters of `IFS`."""
        signs = text_of(self.state.variables.get("IFS"))
        if signs is None or not signs.strip():
            return _SPACES
        blank = "[" + re.escape("".join(sign for sign in signs if sign.isspace()) or "\0") + "]"
        return re.compile(f"{blank}*[{re.escape(signs.strip())}]{blank}*|{blank}+")

    def _finish(self, field: list[Value], span: Span, pattern: bool) -> Word:
        value = concat(field, span if len(field) != 1 else None)
        text = text_of(value)
        if pattern and text is not None:
            found = matching_paths(self.state, text)
            if len(found) == 1:
                return Word(Known(found[0], span), span)
            if found:
                return Word(Unknown(f"«{text}» stands for several files", span), span)
        return Word(value, span)

    def _add(self, fields: "_Fields", part: Part, first: bool) -> None:
        if isinstance(part, Parameter) and part.name in ("@", "*") and not part.operator:
            fields.arguments(self.state.arguments, part)
            return
        if isinstance(part, Parameter) and part.operator == "bash" and self._text(part) in ("[@]", "[*]"):
            fields.arguments(self.state.arrays.get(part.name, ()), part)
            return
        value = self.part(part, first)
        if isinstance(part, Text) or part.quoted:
            glob = isinstance(part, Text) and not part.quoted and bool(_GLOB.search(part.text))
            fields.append(value, glob)
        else:
            fields.split(value)

    def value(self, word: ShellWord) -> Value:
        """Return what a word becomes where nothing is split: in an assignment, a redirection, a `case`."""
        return concat([self.part(part, index == 0) for index, part in enumerate(word.parts)], word.span)

    def part(self, part: Part, first: bool = False) -> Value:
        """Return the value of one part of a word."""
        if isinstance(part, Text):
            if first and not part.quoted and part.text.startswith("~"):
                return self._home(part)
            return self._literal(part)
        if isinstance(part, Parameter):
            return self._parameter(part)
        if isinstance(part, Substitution):
            return self.substitute(part, self.state)
        if isinstance(part, Arithmetic):
            return self._arithmetic(part)
        return Unknown(part.why, part.span)

    def _literal(self, part: Text) -> Value:
        values = self.state.placeholders
        if not values or not any(c in values for c in part.text):
            return Known(part.text, part.span)
        pieces = re.split(f"([{''.join(values)}])", part.text)
        return concat([values.get(piece, Known(piece, part.span)) for piece in pieces], part.span)

    def _home(self, part: Text) -> Value:
        head, slash, tail = part.text[1:].partition("/")
        home = self.state.lookup("HOME", part.span)
        if head or home is None:
            return Known(part.text, part.span)
        return concat([home, Known(slash + tail)], part.span)

    def _parameter(self, part: Parameter) -> Value:
        if part.operator == "bad":
            raise ExpansionError(f"«{part.name}» is a bad substitution", part.span)
        value = self.variable(part.name, part.span)
        if not part.operator:
            return self._bare(part, value)
        if part.operator == "bash" and self._text(part).startswith("["):
            return self._item(part.name, int(self._text(part).strip("[]@*") or 0))
        if part.operator == "bash":
            return of_bash(value or Known(""), self._text(part), part.span)
        if part.operator == "length":
            text = text_of(value or Known(""))
            return Known(str(len(text)), part.span) if text is not None else Unknown("the length of a value", part.span)
        if part.operator[0] in "#%":
            pattern = self.value(part.argument) if part.argument else Known("")
            return strip_pattern(value or Known(""), part.operator, pattern, part.span)
        return self._alternative(part, value)

    def _item(self, name: str, index: int) -> Value:
        """Return one item of an array of bash."""
        if name == "BASH_SOURCE" and index == 0:
            return self.state.name
        items = self.state.arrays.get(name, ())
        open_end = any(item.text is None for item in items)
        beyond = Unknown(f"it cannot be told how many items «{name}» has") if open_end else Known("")
        return items[index].value if index < len(items) else beyond

    def _text(self, part: Parameter) -> str:
        """Return an argument that stands for itself."""
        return (text_of(self.value(part.argument)) or "") if part.argument else ""

    def _bare(self, part: Parameter, value: Value | None) -> Value:
        if value is not None:
            return value
        if "u" in self.state.options and part.name not in "@*":
            raise ExpansionError(f"«{part.name}» is not set, and `set -u` forbids to use it", part.span)
        return Known("", part.span)

    def _alternative(self, part: Parameter, value: Value | None) -> Value:
        """Work out `${X:-a}`, `${X:=a}`, `${X:?a}` and `${X:+a}`."""
        missing = self._missing(part, value)
        kind = part.operator[-1]
        other = self.value(part.argument) if part.argument else Known("", part.span)
        if kind == "+":
            if missing is None:
                return Unknown(f"it depends on whether «{part.name}» is set", part.span)
            return Known("", part.span) if missing else other
        if kind == "?":
            if missing:
                raise ExpansionError(f"«{part.name}» is not set: {text_of(other) or 'parameter not set'}", part.span)
            return value if value is not None else Known("")
        result = self._default(part, value, missing, other)
        if kind == "=":
            self.state.assign(part.name, result)
        return result

    def _missing(self, part: Parameter, value: Value | None) -> bool | None:
        if value is None:
            return True
        if part.operator[0] == ":":
            return self.state.is_empty(value)
        if isinstance(value, FromEnv) and value.name == part.name:
            return False if part.name in self.state.promised else None
        return False

    def _default(self, part: Parameter, value: Value | None, missing: bool | None, other: Value) -> Value:
        if missing or value is None:
            return other
        if isinstance(value, FromEnv) and value.default is None:
            return value._replace(default=other, span=part.span)
        if missing is None:
            return Unknown(f"it depends on whether «{part.name}» is empty", part.span)
        return value

    def variable(self, name: str, span: Span) -> Value | None:
        """Return the value of a variable or of one of the shell's own parameters; None where it is not set."""
        state = self.state
        if name.isdigit():
            index = int(name)
            if index == 0:
                return state.name
            return state.arguments[index - 1].value if index <= len(state.arguments) else None
        if name == "#":
            return Known(str(len(state.arguments)), span)
        if name == "?":
            return Known(str(state.previous), span) if state.previous is not None else Unknown("a status", span)
        if name in ("@", "*"):
            pieces = [v for word in state.arguments for v in (Known(" "), word.value)][1:]
            return concat(pieces, span) if pieces else None
        if name in ("$", "!", "-"):
            return Unknown("it is a process's number", span) if name != "-" else Known("", span)
        if name in ("RANDOM", "SECONDS", "LINENO", "HOSTNAME", "EUID", "UID"):
            return state.variables.get(name, Unknown(f"«{name}» is known only when it runs", span))
        return state.lookup(name, span)

    def _arithmetic(self, part: Arithmetic) -> Value:
        result = calculate(self.filled(part.body, part.span))
        if result is None:
            return Unknown("the result of a calculation", part.span)
        return Known(str(result), part.span)

    def filled(self, text: str, span: Span) -> str:
        """Return the text of a calculation with the values of its variables; `?` stands for what is not known."""

        def replace(match: re.Match[str]) -> str:
            value = self.variable(match[1], span)
            return (text_of(value) or "?") if value is not None else "0"

        return re.sub(r"\$?\{?([A-Za-z_]\w*)\}?", replace, text)


class _Fields:
    """The arguments that one word becomes, while they grow."""

    def __init__(self, separators: re.Pattern[str]) -> None:
        self._separators = separators
        self._fields: list[tuple[list[Value], bool]] = []
        self._current: list[Value] | None = None
        self._pattern = False

    def append(self, value: Value, pattern: bool = False) -> None:
        """Add to the current argument what is not split."""
        self._current = [*(self._current or []), value]
        self._pattern |= pattern

    def _close(self) -> None:
        if self._current is not None:
            self._fields.append((self._current, self._pattern))
        self._current, self._pattern = None, False

    def split(self, value: Value) -> None:
        """Add the value of an expansion without quotes: white space in it ends an argument."""
        for piece in value.parts if isinstance(value, Concat) else (value,):
            text = text_of(piece)
            if text is None:
                self.append(piece)
                continue
            at = 0
            for gap in [*self._separators.finditer(text), None]:
                known = text[at : gap.start() if gap else len(text)]
                if known:
                    self.append(part_of(Known(text, piece.span), at, at + len(known)), bool(_GLOB.search(known)))
                if gap:
                    self._close()
                    at = gap.end()

    def arguments(self, words: tuple[Word, ...], part: Parameter) -> None:
        """Add `$@` or `$*`."""
        if part.quoted and part.name == "*":
            pieces = [v for word in words for v in (Known(" "), word.value)][1:]
            self.append(concat(pieces, part.span))
            return
        if self._current and all(text_of(value) == "" for value in self._current):
            self._current = None  # the quotation mark of "$@" itself
        for index, word in enumerate(words):
            if index:
                self._close()
            if part.quoted:
                self.append(word.value)
            else:
                self.split(word.value)

    def done(self) -> list[tuple[list[Value], bool]]:
        """Return the arguments with whether each is a pattern."""
        self._close()
        return self._fields
