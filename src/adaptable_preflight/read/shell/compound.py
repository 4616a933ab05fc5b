"""Compound commands: `if`, `while`, `for`, `case` and groups."""

from adaptable_preflight.read.shell.simple import SimpleReader
from adaptable_preflight.read.shell.syntax import (
    Block,
    Case,
    Command,
    For,
    Group,
    If,
    ShellWord,
    While,
)


class CompoundReader(SimpleReader):
    """Reads compound commands; the grammar that builds on it reads what stands in them."""

    def read_block(self) -> Block:
        """Return the commands up to what ends them."""
        raise NotImplementedError

    def group(self, closing: str, subshell: bool) -> Group:
        """Read a group."""
        raise NotImplementedError

    def _expect(self, word: str) -> None:
        self.skip_newlines()
        if self.peek_word() != word:
            raise self.unexpected()
        self.at += len(word)

    def _take(self, *words: str) -> str:
        self.skip_newlines()
        word = self.peek_word()
        if word not in words:
            raise self.unexpected()
        self.at += len(word)
        return word

    def read_compound(self) -> Command | None:
        """Return the compound command at the cursor; None where none begins."""
        if self.text.startswith("(", self.at):
            return self.group(")", subshell=True)
        word = self.peek_word()
        if word == "{":
            return self.group("}", subshell=False)
        if word == "if":
            return self._if()
        if word in ("while", "until"):
            return self._while(word)
        if word == "for":
            return self._for()
        return self._case() if word == "case" else None

    def _if(self) -> If:
        start, branches, otherwise = self.at, list[tuple[Block, Block]](), Block()
        word = self._take("if")
        while word in ("if", "elif"):
            condition = self.read_block()
            self._expect("then")
            branches.append((condition, self.read_block()))
            word = self._take("elif", "else", "fi")
        if word == "else":
            otherwise = self.read_block()
            self._expect("fi")
        return If(tuple(branches), otherwise, (), self.excerpt.locate(start, self.at))

    def _while(self, word: str) -> While:
        start = self.at
        self.at += len(word)
        condition = self.read_block()
        self._expect("do")
        body = self.read_block()
        self._expect("done")
        return While(condition, body, word == "until", (), self.excerpt.locate(start, self.at))

    def _for(self) -> For:
        start = self.at
        self.at += 3
        self.skip_blanks()
        if self.text.startswith("((", self.at):
            self.bashisms = True
            if self.bash:
                raise self.unread("«for ((…))» loops of bash")
        name = self.read_word().literal
        if not name or not name.isidentifier():
            raise self.unexpected()
        words: list[ShellWord] | None = None
        self.skip_newlines()
        if self.peek_word() == "in":
            self.at += 2
            words = self._words()
        self.skip_blanks()
        if self.text.startswith(";", self.at):
            self.at += 1
        self._expect("do")
        body = self.read_block()
        self._expect("done")
        span = self.excerpt.locate(start, self.at)
        return For(name, None if words is None else tuple(words), body, (), span)

    def _words(self) -> list[ShellWord]:
        words = list[ShellWord]()
        while True:
            self.skip_blanks()
            before = self.at
            word = self.read_word()
            if self.at == before:
                return words
            words.append(word)

    def _case(self) -> Case:
        start = self.at
        self.at += 4
        self.skip_blanks()
        word = self.read_word()
        self._expect("in")
        branches = list[tuple[tuple[ShellWord, ...], Block]]()
        self.skip_newlines()
        while self.peek_word() != "esac":
            branches.append(self._case_branch())
            self.skip_newlines()
        self.at += 4
        return Case(word, tuple(branches), (), self.excerpt.locate(start, self.at))

    def _case_branch(self) -> tuple[tuple[ShellWord, ...], Block]:
        if self.text.startswith("(", self.at):
            self.at += 1
        patterns = list[ShellWord]()
        while True:
            self.skip_blanks()
            before = self.at
            patterns.append(self.read_word())
            if self.at == before:
                raise self.unexpected()
            self.skip_blanks()
            self.at += 1
            if self.text[self.at - 1 : self.at] == ")":
                break
            if self.text[self.at - 1 : self.at] != "|":
                self.at -= 1
                raise self.unexpected()
        self.skip_newlines()
        ends = self.text.startswith(";;", self.at) or self.peek_word() == "esac"
        body = () if ends else self.read_block()
        self.skip_newlines()
        if self.text.startswith(";;", self.at):
            self.at += 2
        elif self.peek_word() != "esac":
            raise self.unexpected()
        return tuple(patterns), body
