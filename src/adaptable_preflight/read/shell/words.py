"""Words of a shell script: quotes, escapes and expansions, exactly as dash and bash take them apart."""

import re

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.read.shell.excerpt import Excerpt
from adaptable_preflight.read.shell.syntax import (
    Arithmetic,
    Parameter,
    Part,
    ShellWord,
    Substitution,
    SyntaxFault,
    Text,
    Unread,
)

_ENDS_WORD = frozenset(" \t\n;&|<>()")
_PLAIN = late_pattern(r"[^\s;&|<>()\\'\"$`]+")
_PLAIN_QUOTED = late_pattern(r"[^\\\"$`]+")
_NAME = late_pattern(r"[A-Za-z_]\w*|\d+|[@*#?$!-]", re.ASCII)
_DOLLAR_NAME = late_pattern(r"[A-Za-z_]\w*|[\d@*#?$!-]", re.ASCII)
_OPERATOR = late_pattern(r":?[-=?+]|##?|%%?")
_BASH_BRACES = late_pattern(r"\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}")
_BASH_EXPANSION = late_pattern(
    r"\$\{([A-Za-z_]\w*|[1-9](?!\[))(\[(?:[@*]|\d+)\]|:\d+(?::\d+)?|\^\^?|,,?|//?[\w .:-]+/[\w .:-]*)\}", re.ASCII
)
"""What bash alone knows and this tool follows: all items of an array, parts, capital letters, replacements."""
MAX_NESTING = 40


class ShellSyntaxError(ValueError):
    """The shell refuses the text."""

    def __init__(self, fault: SyntaxFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class WordReader:
    """A cursor over a script that reads words. `bash` chooses the dialect."""

    def __init__(self, excerpt: Excerpt, bash: bool = False) -> None:
        self.excerpt = excerpt
        self.text = excerpt.text
        self.at = 0
        self.bash = bash
        self.bashisms = False
        self._nesting = 0

    def fault(self, message: str, start: int | None = None, end: int | None = None) -> ShellSyntaxError:
        """Return the exception for text that the shell refuses, here or between two offsets."""
        start = min(self.at if start is None else start, len(self.text))
        span = self.excerpt.locate(start, end if end is not None else min(start + 1, len(self.text)))
        return ShellSyntaxError(SyntaxFault(message, span))

    def enter(self) -> None:
        """Count one more level of nesting."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise self.unread("commands that are nested this deep")

    def leave(self) -> None:
        """Count one level of nesting less."""
        self._nesting -= 1

    def skip_substitution(self) -> None:
        """Move behind the `)` that ends the commands at the cursor. The grammar knows where that is."""
        raise NotImplementedError

    def unread(self, what: str) -> ShellSyntaxError:
        """Return the exception for text at the cursor that the shell knows and this tool does not."""
        span = self.excerpt.locate(self.at, min(self.at + 1, len(self.text)))
        return ShellSyntaxError(SyntaxFault(f"{what} are not read by this tool", span, unread=True))

    def read_word(self) -> ShellWord:
        """Return the word at the cursor."""
        start, parts = self.at, list[Part]()
        text = self.text
        while self.at < len(text) and text[self.at] not in _ENDS_WORD:
            parts += self._piece()
        word = ShellWord(tuple(parts), self.excerpt.locate(start, self.at))
        return self._with_braces(word, start)

    def read_expression(self) -> ShellWord:
        """Return the regular expression behind `=~`: in one, `|` and what stands in parentheses are text.

        Source: `read_token_word` under `PST_REGEXP` in bash's `parse.y`
        """
        start, parts, depth = self.at, list[Part](), 0
        while self.at < len(self.text):
            character = self.text[self.at]
            if character in _ENDS_WORD:
                depth += (character == "(") - (character == ")")
                if depth < 0 or (depth == 0 and character not in "|)"):
                    break
                self.at += 1
                parts.append(self._text(character, self.at - 1, quoted=False))
            else:
                parts += self._piece()
        return ShellWord(tuple(parts), self.excerpt.locate(start, self.at))

    def _with_braces(self, word: ShellWord, start: int) -> ShellWord:
        plain = "".join(part.text for part in word.parts if isinstance(part, Text) and not part.quoted)
        if not _BASH_BRACES.search(plain):
            return word
        self.bashisms = True
        if not self.bash:
            return word
        span = self.excerpt.locate(start, self.at)
        return ShellWord((Unread("a brace expansion of bash is not followed", False, span),), span)

    def _piece(self) -> list[Part]:
        """Return the next part of a word outside of quotes."""
        text, start = self.text, self.at
        plain = _PLAIN.match(text, start)
        if plain:
            self.at = plain.end()
            return [self._text(plain[0], start, quoted=False)]
        character = text[start]
        if character == "\\":
            return self._escape()
        if character == "'":
            return [self._single_quoted()]
        if character == '"':
            return self._double_quoted()
        if character == "$":
            return self._dollar(quoted=False)
        if character == "`":
            return [self._backquoted(quoted=False)]
        self.at += 1  # a white space that no shell splits words at, such as a carriage return
        return [self._text(character, start, quoted=False)]

    def _text(self, text: str, start: int, quoted: bool) -> Text:
        return Text(text, quoted, self.excerpt.locate(start, self.at))

    def _escape(self) -> list[Part]:
        start = self.at
        following = self.text[start + 1 : start + 2]
        self.at += 2 if following else 1
        if following == "\n":
            return []
        return [self._text(following or "\\", start, quoted=True)]

    def _single_quoted(self) -> Text:
        start = self.at
        end = self.text.find("'", start + 1)
        if end < 0:
            raise self.fault("the quotation mark ' is never closed", start)
        self.at = end + 1
        return Text(self.text[start + 1 : end], True, self.excerpt.locate(start + 1, end))

    def _double_quoted(self) -> list[Part]:
        start = self.at
        self.at += 1
        parts: list[Part] = [Text("", True, self.excerpt.locate(start, self.at))]
        while True:
            if self.at >= len(self.text):
                raise self.fault('the quotation mark " is never closed', start)
            if self.text[self.at] == '"':
                self.at += 1
                return parts
            parts += self.quoted_piece()

    def quoted_piece(self, escapable: str = '$`"\\') -> list[Part]:
        """Return the next part inside of double quotes (or of a here-document, which escapes less)."""
        start = self.at
        plain = _PLAIN_QUOTED.match(self.text, start)
        if plain:
            self.at = plain.end()
            return [self._text(plain[0], start, quoted=True)]
        character = self.text[start]
        if character == "$":
            return self._dollar(quoted=True)
        if character == "`":
            return [self._backquoted(quoted=True)]
        following = self.text[start + 1 : start + 2]
        if character == "\\" and following and following in escapable + "\n":
            self.at += 2
            return [] if following == "\n" else [self._text(following, start, quoted=True)]
        self.at += 1
        return [self._text(character, start, quoted=True)]

    def _dollar(self, quoted: bool) -> list[Part]:
        start = self.at
        following = self.text[start + 1 : start + 2]
        if following == "{":
            return [self._braced(quoted)]
        if following == "(":
            return [self._parenthesised(quoted)]
        name = _DOLLAR_NAME.match(self.text, start + 1)
        if name:
            self.at = name.end()
            return [Parameter(name[0], "", None, quoted, self.excerpt.locate(start, self.at))]
        if following in ("'", '"') and following and not quoted:
            return self._dollar_quoted(following)
        self.at += 1
        return [self._text("$", start, quoted=True)]

    def _dollar_quoted(self, mark: str) -> list[Part]:
        """Read `$'…'` or `$"…"`, which only bash knows."""
        self.bashisms = True
        start = self.at
        self.at += 1
        if not self.bash:
            return [self._text("$", start, quoted=True)]
        if mark == '"':
            return self._double_quoted()
        part = self._single_quoted()
        if "\\" in part.text:
            return [Unread("escapes in $'…' are not followed", True, part.span)]
        return [part]

    def _braced(self, quoted: bool) -> Part:
        """Read `${…}`."""
        start = self.at
        self.at += 2
        length = re.compile(r"#(?=[A-Za-z_\d@*])").match(self.text, self.at)
        if length:
            self.at += 1
        name = _NAME.match(self.text, self.at)
        if not name:
            return self._bad_substitution(start, quoted)
        self.at = name.end()
        if self.text[self.at : self.at + 1] == "}":
            self.at += 1
            operator = "length" if length else ""
            return Parameter(name[0], operator, None, quoted, self.excerpt.locate(start, self.at))
        operator_match = _OPERATOR.match(self.text, self.at)
        if not operator_match or length:
            return self._bad_substitution(start, quoted)
        self.at = operator_match.end()
        argument = self._argument(start, quoted)
        return Parameter(name[0], operator_match[0], argument, quoted, self.excerpt.locate(start, self.at))

    def _argument(self, opened: int, quoted: bool) -> ShellWord:
        """Read the word behind an operator, up to the brace that closes the expansion."""
        self.enter()
        start, parts = self.at, list[Part]()
        while True:
            if self.at >= len(self.text):
                raise self.fault("the brace of «${» is never closed", opened, opened + 2)
            if self.text[self.at] == "}":
                break
            parts += self._argument_piece(quoted)
        self.at += 1
        self.leave()
        return ShellWord(tuple(parts), self.excerpt.locate(start, self.at - 1))

    def _argument_piece(self, quoted: bool) -> list[Part]:
        character = self.text[self.at]
        if character in '\\"$`' or (character == "'" and not quoted):
            if quoted and character != '"':
                return self.quoted_piece()
            return self._piece()
        start = self.at
        plain = re.compile(r"[^\\\"$`}']+|'").match(self.text, start)
        if plain is None:
            raise self.fault("the expansion cannot be read", start)
        self.at = plain.end()
        return [self._text(plain[0], start, quoted)]

    def _bad_substitution(self, start: int, quoted: bool) -> Part:
        """Read what dash refuses as a «bad substitution» when it gets there, and bash may know."""
        self.bashisms = True
        depth, at = 0, start + 1
        while at < len(self.text):
            depth += {"{": 1, "}": -1}.get(self.text[at], 0)
            at += 1
            if not depth:
                break
        else:
            raise self.fault("the brace of «${» is never closed", start, start + 2)
        self.at = at
        shown = self.text[start:at]
        known = _BASH_EXPANSION.fullmatch(shown)
        if self.bash and known:
            argument = Text(known[2], True, self.excerpt.locate(start, at))
            word = ShellWord((argument,), argument.span)
            return Parameter(known[1], "bash", word, quoted, argument.span)
        if not self.bash:
            return Parameter(shown, "bad", None, quoted, self.excerpt.locate(start, at))
        return Unread(f"the expansion «{shown}» is not followed", quoted, self.excerpt.locate(start, at))

    def _parenthesised(self, quoted: bool) -> Part:
        start = self.at
        if self.text.startswith("$((", start):
            end = _arithmetic_end(self.text, start + 3)
            if end is not None:
                self.at = end + 2
                return Arithmetic(self.text[start + 3 : end], quoted, self.excerpt.locate(start, self.at))
        self.at += 2
        self.enter()
        self.skip_substitution()
        self.leave()
        body = self.excerpt.part(start + 2, self.at - 1)
        return Substitution(body, quoted, self.excerpt.locate(start, self.at))

    def _backquoted(self, quoted: bool) -> Substitution:
        start = self.at
        end = start + 1
        while end < len(self.text) and self.text[end] != "`":
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise self.fault("the backquote ` is never closed", start)
        self.at = end + 1
        return Substitution(self.excerpt.part(start + 1, end), quoted, self.excerpt.locate(start, self.at))


def _arithmetic_end(text: str, at: int) -> int | None:
    """Return where the `))` stands that ends an arithmetic expansion."""
    depth = 0
    while at < len(text):
        if text[at] == "(":
            depth += 1
        elif text[at] == ")":
            if depth == 0:
                return at if text.startswith("))", at) else None
            depth -= 1
        at += 1
    return None
