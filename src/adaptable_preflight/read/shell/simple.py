"""Simple commands: what a line is made of between its signs, with assignments, redirections and here-documents."""

import re

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.read.shell.excerpt import Excerpt
from adaptable_preflight.read.shell.syntax import Assignment, Part, Redirect, ShellWord, Simple, Text
from adaptable_preflight.read.shell.words import ShellSyntaxError, WordReader

_ASSIGNMENT = late_pattern(r"([A-Za-z_]\w*)(\+?)=", re.ASCII)
_ARRAY = late_pattern(r"[A-Za-z_]\w*(\[[^\]\n]*\])?\+?=\(|[A-Za-z_]\w*\[[^\]\n]*\]\+?=", re.ASCII)
_PLAIN_ARRAY = late_pattern(r"([A-Za-z_]\w*)(\+?)=\(", re.ASCII)
_REDIRECT = late_pattern(r"(\d*)(<<-|<<<|<<|<>|<&|>>|>\||>&|&>>|&>|<|>)")
_BLANK = late_pattern(r"(?:[ \t]|\\\n)*")
_COMMENT = late_pattern(r"#[^\n]*")
_RESERVED = late_pattern(r"(?:[a-z]+|[!{}]|\[\[)(?=[\s;&|<>()]|\Z)")
_SIGN = late_pattern(r"&&|\|\||;;|[;&|()<>\n]")
_WORD = late_pattern(r"[^\s;&|<>()]+")


class SimpleReader(WordReader):
    """Reads simple commands, and what stands between commands: blanks, comments, ends of lines."""

    def __init__(self, excerpt: Excerpt, bash: bool = False) -> None:
        super().__init__(excerpt, bash)
        self._resume: dict[int, int] = {}
        """Where to go on behind the end of a line (by its offset) that here-documents follow."""

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
            self.next_line()
            self.skip_blanks()

    def peek_word(self) -> str:
        """Return the word at the cursor where it could be a reserved one."""
        match = _RESERVED.match(self.text, self.at)
        return match[0] if match else ""

    def unexpected(self) -> ShellSyntaxError:
        """Return the exception for a sign or word that may not stand here."""
        self.skip_blanks()
        match = _SIGN.match(self.text, self.at) or _WORD.match(self.text, self.at)
        if match is None:
            return self.fault("the command ends too early: something is missing behind it")
        if match[0] == "\n":
            return self.fault("the line ends too early: something is missing behind it")
        return self.fault(f"«{match[0]}» may not stand here", self.at, match.end())

    def read_simple(self) -> Simple:
        """Return the simple command at the cursor."""
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

    def read_redirects(self) -> tuple[Redirect, ...]:
        """Return the redirections at the cursor."""
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
        reader, parts = type(self)(body, self.bash), list[Part]()
        while reader.at < len(body.text):
            parts += reader.quoted_piece("$`\\")
        return tuple(parts)

    def next_line(self) -> None:
        """Move behind the end of the line and the here-documents that follow it."""
        self.at = self._resume.get(self.at, self.at + 1)
