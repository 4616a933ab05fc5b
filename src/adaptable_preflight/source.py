"""Text with positions: everything that reaches a user carries a `Span`."""

from bisect import bisect_right
from typing import NamedTuple, Protocol

START_COMMAND = "<start-command>"
"""The path of a start command that was given by a flag, an action input or the environment: it stands in no file."""


class Span(NamedTuple):
    """A piece of text. Lines and columns count from 1, columns in characters; the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def narrowed(self, start: int, end: int) -> "Span":
        """Return the part between two character offsets; the whole span when it covers several lines."""
        if self.line != self.end_line or end > self.end_column - self.column:
            return self
        return self._replace(column=self.column + start, end_column=self.column + end)

    def contains(self, other: "Span") -> bool:
        """Whether another piece of text stands within this one."""
        starts = (self.line, self.column) <= (other.line, other.column)
        ends = (other.end_line, other.end_column) <= (self.end_line, self.end_column)
        return self.path == other.path and starts and ends

    @property
    def in_file(self) -> bool:
        """Whether the text stands in a file of the repository."""
        return not self.path.startswith("<")


class Node(Protocol):
    """What Python's own syntax tree tells about a place; columns count UTF-8 bytes from 0."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


class Source:
    """One file of the repository (or one setting) as text.

    `path` is relative to the checked folder, with `/`; `text` is decoded (`encoding` says from what), its line ends as
    they are in the file.
    """

    __slots__ = ("_lines", "_starts", "_wide", "encoding", "path", "text")

    def __init__(self, path: str, text: str, encoding: str = "utf-8") -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self._starts: list[int] | None = None
        self._lines: list[str] | None = None
        self._wide: dict[int, str] | None = None
        """The lines in which characters and bytes count differently."""

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._starts = starts
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column (from 1) of a character offset (from 0)."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int | None:
        """Return the character offset (from 0) of a line and column (from 1); None where there is no such place."""
        starts = self._line_starts()
        if not 1 <= line <= len(starts) or column < 1:
            return None
        offset = starts[line - 1] + column - 1
        return offset if offset <= len(self.text) else None

    def span(self, start: int, end: int) -> Span:
        """Return the span between two character offsets."""
        return Span(self.path, *self.position(start), *self.position(end))

    def line(self, number: int) -> str:
        """Return the text of a line (from 1) without its end; empty when there is no such line."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines[number - 1].rstrip("\r") if 0 < number <= len(self._lines) else ""

    def line_span(self, number: int) -> Span:
        """Return the span of a whole line (from 1) without the white space around its text."""
        text = self.line(number)
        start = len(text) - len(text.lstrip())
        return Span(self.path, number, start + 1, number, max(len(text.rstrip()), start) + 1)

    def start(self) -> Span:
        """Return the empty span at the file's first character."""
        return Span(self.path, 1, 1, 1, 1)

    def end(self) -> Span:
        """Return the empty span behind the file's last character."""
        return self.span(len(self.text), len(self.text))

    def node(self, node: Node) -> Span:
        """Return the span of a node of Python's syntax tree."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset
        start = self._characters(node.lineno, node.col_offset)
        end = start if end_column is None else self._characters(end_line, end_column)
        return Span(self.path, node.lineno, start + 1, end_line, end + 1)

    def _characters(self, line: int, byte_column: int) -> int:
        if self._wide is None:
            lines = () if self.text.isascii() else enumerate(self.text.split("\n"), 1)
            self._wide = {number: text for number, text in lines if not text.isascii()}
        text = self._wide.get(line)
        if text is None:
            return byte_column
        return len(text.encode("utf-8", "surrogatepass")[:byte_column].decode("utf-8", "replace"))
