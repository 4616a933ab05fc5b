"""The grammar of a shell script, as dash and bash read it: line by line, up to the first one that they refuse."""

import re

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.read.shell.compound import CompoundReader
from adaptable_preflight.read.shell.excerpt import Excerpt
from adaptable_preflight.read.shell.syntax import (
    AndOr,
    Block,
    Calculation,
    Command,
    Conditional,
    Function,
    Group,
    Pipeline,
    Script,
    ShellWord,
    Text,
)
from adaptable_preflight.read.shell.words import ShellSyntaxError

_FUNCTION = late_pattern(r"([A-Za-z_][\w.:-]*)[ \t]*\([ \t]*\)", re.ASCII)
_BASH_FUNCTION = late_pattern(r"function[ \t]+([\w.:-]+)[ \t]*(\([ \t]*\))?", re.ASCII)
_SIGN = late_pattern(r"&&|\|\||[<>()]")
_ENDING_WORDS = frozenset({"then", "else", "elif", "fi", "do", "done", "esac", "}"})
MAX_SCRIPT = 200_000


def parse(excerpt: Excerpt, bash: bool = False) -> Script:
    """Return the script's lines; what the shell would refuse ends them, as a fault."""
    if len(excerpt.text) > MAX_SCRIPT:
        return Script((), Parser(excerpt.part(0, 1)).unread("scripts of this length").fault)
    parser = Parser(excerpt, bash)
    lines = list[Block]()
    fault = None
    try:
        while (line := parser.read_line()) is not None:
            lines.append(line)
    except ShellSyntaxError as error:
        fault = error.fault
    return Script(tuple(lines), fault, parser.bashisms)


class Parser(CompoundReader):
    """A cursor over a script that reads commands."""

    def read_line(self) -> Block | None:
        """Return the commands up to the end of the line that completes them; None at the end of the script."""
        self.skip_newlines()
        if self.at >= len(self.text):
            return None
        block = self._read_list(stops_at_newline=True)
        self._end_line()
        return block

    def _end_line(self) -> None:
        self.skip_blanks()
        if self.at < len(self.text):
            if self.text[self.at] != "\n":
                raise self.unexpected()
            self.next_line()

    def read_block(self) -> Block:
        """Return the commands up to a word or sign that ends a compound command; there is at least one."""
        self.skip_newlines()
        block = self._read_list(stops_at_newline=False)
        if not block:
            raise self.unexpected()
        return block

    def _read_list(self, stops_at_newline: bool) -> Block:
        commands = list[AndOr]()
        while not self._at_end():
            command = self._read_and_or()
            self.skip_blanks()
            sign = self.text[self.at : self.at + 2]
            if sign[:1] == "&" and sign != "&&":
                command = command._replace(background=True)
                self.at += 1
            elif sign[:1] == ";" and sign not in (";;", ";&"):
                self.at += 1
            elif sign[:1] != "\n" or stops_at_newline:
                commands.append(command)
                break
            commands.append(command)
            if stops_at_newline:
                self.skip_blanks()
                if self.text[self.at : self.at + 1] == "\n":
                    break
            else:
                self.skip_newlines()
        return tuple(commands)

    def _at_end(self) -> bool:
        self.skip_blanks()
        if self.at >= len(self.text) or self.text[self.at] in "\n)" or self.text.startswith((";;", ";&"), self.at):
            return True
        return self.peek_word() in _ENDING_WORDS

    def _read_and_or(self) -> AndOr:
        start = self.at
        steps = [("", self._read_pipeline())]
        while True:
            self.skip_blanks()
            operator = self.text[self.at : self.at + 2]
            if operator not in ("&&", "||"):
                break
            self.at += 2
            self.skip_newlines()
            steps.append((operator, self._read_pipeline()))
        return AndOr(tuple(steps), False, self.excerpt.locate(start, self.at))

    def _read_pipeline(self) -> Pipeline:
        self.skip_blanks()
        start, negated = self.at, False
        while self.peek_word() == "!" or (self.peek_word() == "time" and self.bash):
            negated ^= self.text[self.at] == "!"
            self.at += 1 if self.text[self.at] == "!" else 4
            self.skip_blanks()
        if self.peek_word() == "time":
            self.bashisms = True
        commands = [self._read_command()]
        while True:
            self.skip_blanks()
            if not self.text.startswith("|", self.at) or self.text.startswith("||", self.at):
                break
            self.at += 1
            if self.text.startswith("&", self.at):
                self.bashisms = True
                if not self.bash:
                    raise self.unexpected()
                self.at += 1
            self.skip_newlines()
            commands.append(self._read_command())
        return Pipeline(tuple(commands), negated, self.excerpt.locate(start, self.at))

    def _read_command(self) -> Command:
        self.skip_blanks()
        start = self.at
        self.enter()
        command = self._read_function() or self._read_bash_compound() or self.read_compound()
        if command is None:
            command = self.read_simple()
        elif not isinstance(command, Function):
            redirects = self.read_redirects()
            span = self.excerpt.locate(start, self.at)
            command = command._replace(redirects=redirects, span=span)
        self.leave()
        return command

    def _read_function(self) -> Function | None:
        match = _FUNCTION.match(self.text, self.at)
        if match is None and self.peek_word() == "function":
            self.bashisms = True
            match = _BASH_FUNCTION.match(self.text, self.at) if self.bash else None
        if match is None or match[1] in ("if", "while", "until", "for", "case"):
            return None
        start, self.at = self.at, match.end()
        self.skip_newlines()
        body = self._read_command()
        return Function(match[1], body, self.excerpt.locate(start, self.at))

    def _read_bash_compound(self) -> Command | None:
        start = self.at
        if self.text.startswith("((", start):
            end = self.text.find("))", start)
            self.bashisms = True
            if self.bash and end > 0:
                self.at = end + 2
                return Calculation(self.text[start + 2 : end], (), self.excerpt.locate(start, self.at))
        if self.peek_word() == "select":
            self.bashisms = True
            if self.bash:
                raise self.unread("«select» loops of bash")
        if self.peek_word() != "[[":
            return None
        self.bashisms = True
        return self._read_conditional() if self.bash else None

    def _read_conditional(self) -> Conditional:
        start = self.at
        self.at += 2
        words = list[ShellWord]()
        while True:
            self.skip_newlines()
            if self.at >= len(self.text):
                raise self.fault("«[[» is never closed", start, start + 2)
            sign = _SIGN.match(self.text, self.at)
            if sign and not (words and words[-1].literal == "=~"):
                span = self.excerpt.locate(self.at, sign.end())
                self.at = sign.end()
                words.append(ShellWord((Text(sign[0], False, span),), span))
                continue
            before = self.at
            word = self.read_expression() if words and words[-1].literal == "=~" else self.read_word()
            if self.at == before:
                raise self.unexpected()
            if word.literal == "]]":
                return Conditional(tuple(words), (), self.excerpt.locate(start, self.at))
            words.append(word)

    def skip_substitution(self) -> None:
        """Move behind the `)` that ends the commands at the cursor."""
        self.skip_newlines()
        self._read_list(stops_at_newline=False)
        self.skip_newlines()
        if not self.text.startswith(")", self.at):
            raise (
                self.fault("the parenthesis of «$(» is never closed")
                if self.at >= len(self.text)
                else self.unexpected()
            )
        self.at += 1

    def group(self, closing: str, subshell: bool) -> Group:
        """Read the rest of `( … )` or `{ … }`."""
        start = self.at
        self.at += 1
        body = self.read_block()
        self.skip_newlines()
        if not self.text.startswith(closing, self.at):
            raise self.unexpected()
        self.at += 1
        return Group(body, subshell, (), self.excerpt.locate(start, self.at))
