"""The grammar of a shell script, as dash and bash read it: line by line, up to the first one that they refuse."""

import re

from adaptable_preflight.read.shell.compound import CompoundReader
from adaptable_preflight.read.shell.excerpt import Excerpt
from adaptable_preflight.read.shell.syntax import (
    AndOr,
    Assignment,
    Block,
    Command,
    Conditional,
    Function,
    Group,
    Opaque,
    Part,
    Pipeline,
    Redirect,
    Script,
    ShellWord,
    Simple,
    Text,
)
from adaptable_preflight.read.shell.words import ShellSyntaxError

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(\+?)=", re.ASCII)
_ARRAY = re.compile(r"[A-Za-z_]\w*(\[[^\]\n]*\])?\+?=\(|[A-Za-z_]\w*\[[^\]\n]*\]\+?=", re.ASCII)
_PLAIN_ARRAY = re.compile(r"([A-Za-z_]\w*)(\+?)=\(", re.ASCII)
_REDIRECT = re.compile(r"(\d*)(<<-|<<<|<<|<>|<&|>>|>\||>&|&>>|&>|<|>)")
_FUNCTION = re.compile(r"([A-Za-z_][\w.:-]*)[ \t]*\([ \t]*\)", re.ASCII)
_BASH_FUNCTION = re.compile(r"function[ \t]+([\w.:-]+)[ \t]*(\([ \t]*\))?", re.ASCII)
_BLANK = re.compile(r"(?:[ \t]|\\\n)*")
_COMMENT = re.compile(r"#[^\n]*")
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

    def __init__(self, excerpt: Excerpt, bash: bool = False) -> None:
        super().__init__(excerpt, bash)
        self._resume: dict[int, int] = {}
        """Where to go on behind the end of a line (by its offset) that here-documents follow."""

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
            self._next_line()

    def skip_blanks(self) -> None:
        """Move behind spaces, continued lines and a comment."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        comment = _COMMENT.match(self.text, self.at)
        if comment:
            self.at = comment.end()

    def skip_newlines(self) -> None:
        """Move behind empty lines."""
        self.skip_blanks()
        while self.at < len(self.text) and self.text[self.at] == "\n":
            self._next_line()
            self.skip_blanks()

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
            command = self._read_simple()
        elif not isinstance(command, Function):
            redirects = self._read_redirects()
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
                return Opaque("«((…))» is not followed", (), self.excerpt.locate(start, self.at))
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
            sign = re.compile(r"&&|\|\||[<>()]").match(self.text, self.at)
            if sign:
                span = self.excerpt.locate(self.at, sign.end())
                self.at = sign.end()
                words.append(ShellWord((Text(sign[0], False, span),), span))
                continue
            before = self.at
            word = self.read_word()
            if self.at == before:
                raise self.unexpected()
            if word.literal == "]]":
                return Conditional(tuple(words), (), self.excerpt.locate(start, self.at))
            words.append(word)

    def _read_simple(self) -> Simple:
        start = self.at
        assignments, words, redirects = list[Assignment](), list[ShellWord](), list[Redirect]()
        end = start
        while True:
            self.skip_blanks()
            redirect = self._read_redirect()
            if redirect is not None:
                redirects.append(redirect)
            elif not words and (assignment := self._read_assignment()) is not None:
                assignments.append(assignment)
            else:
                before = self.at
                word = self.read_word()
                if self.at == before:
                    break
                words.append(word)
            end = self.at
        if end == start or self.text.startswith("(", self.at):
            raise self.unexpected()
        return Simple(tuple(assignments), tuple(words), tuple(redirects), self.excerpt.locate(start, end))

    def _read_assignment(self) -> Assignment | None:
        start = self.at
        if _ARRAY.match(self.text, start):
            self.bashisms = True
            if self.bash:
                return self._read_array()
        match = _ASSIGNMENT.match(self.text, start)
        if match is None:
            return None
        if match[2]:
            self.bashisms = True
            if not self.bash:
                return None
        self.at = match.end()
        value = self.read_word()
        return Assignment(match[1], value, bool(match[2]), self.excerpt.locate(start, self.at))

    def _read_array(self) -> Assignment:
        """Read `NAME=(words)` or `NAME+=(words)`."""
        start = self.at
        match = _PLAIN_ARRAY.match(self.text, start)
        if match is None:
            raise self.unread("elements of arrays of bash")
        self.at = match.end()
        items = list[ShellWord]()
        self.skip_newlines()
        while not self.text.startswith(")", self.at):
            before = self.at
            items.append(self.read_word())
            if self.at == before:
                raise self.unexpected()
            self.skip_newlines()
        self.at += 1
        span = self.excerpt.locate(start, self.at)
        return Assignment(match[1], ShellWord((), span), bool(match[2]), span, tuple(items))

    def _read_redirects(self) -> tuple[Redirect, ...]:
        redirects = list[Redirect]()
        while True:
            self.skip_blanks()
            redirect = self._read_redirect()
            if redirect is None:
                return tuple(redirects)
            redirects.append(redirect)

    def _read_redirect(self) -> Redirect | None:
        match = _REDIRECT.match(self.text, self.at)
        if match is None or (match[2].startswith(("&>", "<<<")) and not self._in_bash()):
            if match is None or not match[2].startswith("<<<"):
                return None
            match = re.compile(r"(\d*)(<<)").match(self.text, self.at)
            if match is None:
                return None
        if match[2] in ("<", ">") and self.text.startswith("(", match.end()):
            self.bashisms = True
            if self.bash:
                raise self.unread("process substitutions of bash")
        self.at = match.end()
        self.skip_blanks()
        before = self.at
        target = self.read_word()
        if self.at == before:
            raise self.unexpected()
        redirect = Redirect(match[2], int(match[1]) if match[1] else None, target)
        if match[2] in ("<<", "<<-"):
            redirect = self._here_document(redirect)
        return redirect

    def _in_bash(self) -> bool:
        self.bashisms = True
        return self.bash

    def _here_document(self, redirect: Redirect) -> Redirect:
        """Read the text of a here-document, which begins on the next line; the cursor stays where it is."""
        parts = redirect.target.parts
        quoted = any(not isinstance(part, Text) or part.quoted for part in parts)
        delimiter = "".join(part.text for part in parts if isinstance(part, Text))
        newline = self.text.find("\n", self.at)
        newline = len(self.text) if newline < 0 else newline
        start = at = self._resume.get(newline, newline + 1)
        end = start
        while at < len(self.text):
            line = self.text[at:].partition("\n")[0]
            end, at = at, at + len(line) + 1
            if (line.lstrip("\t") if redirect.operator == "<<-" else line) == delimiter:
                break
            end = at
        self._resume[newline] = at
        body = self.excerpt.part(start, end)
        return redirect._replace(target=ShellWord(self._here_parts(body, quoted), body.locate(0, len(body.text))))

    def _here_parts(self, body: Excerpt, quoted: bool) -> tuple[Part, ...]:
        if quoted:
            return (Text(body.text, True, body.locate(0, len(body.text))),)
        reader, parts = Parser(body, self.bash), list[Part]()
        while reader.at < len(body.text):
            parts += reader.quoted_piece("$`\\")
        return tuple(parts)

    def _next_line(self) -> None:
        """Move behind the end of the line and the here-documents that follow it."""
        self.at = self._resume.get(self.at, self.at + 1)

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
